"""Which part of the city a viewer may see in totals, and what totals must not tell. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bukittinggi_kinerja.common.errors import NotAllowed
from employees.rules.viewing import Viewer

#: Levels of the tree that a row of the whole city keeps: the city and the OPD.
AGENCY_LEVEL = 2


@dataclass(frozen=True)
class AggregateScope:
    """Subtrees of the unit tree by path, outermost only; none is the whole city.

    ``names_people`` is False for who sees totals alone.
    """

    paths: tuple[str, ...]
    names_people: bool

    @property
    def level(self) -> int | None:
        """How many levels of a unit's path its row keeps; None where each subtree is one row."""
        if not self.paths:
            return AGENCY_LEVEL
        return self.paths[0].count("/") + 1 if len(self.paths) == 1 else None


def aggregate_scope(viewer: Viewer, *, path: str | None, refusal: object) -> AggregateScope:
    """The totals this viewer may have of the subtree at ``path``, or of all that is his.

    Raises NotAllowed with the sentence ``refusal`` outside his rights.
    """
    if viewer.sees_all_aggregates:
        return AggregateScope((path,) if path else (), viewer.sees_all_people)
    own = outermost(viewer.unit_paths)
    if not own or (path is not None and not any(path.startswith(root) for root in own)):
        raise NotAllowed(refusal)
    return AggregateScope((path,) if path else own, names_people=True)


def outermost(paths: Sequence[str]) -> tuple[str, ...]:
    """Paths that lie in no other of them."""
    return tuple(p for p in sorted(set(paths)) if not any(p != other and p.startswith(other) for other in paths))


def cells_to_hide(people: Sequence[int], *, smallest: int) -> frozenset[int]:
    """Places of rows with fewer than ``smallest`` people; never one alone, which the total would give away.

    A row without people tells nothing about anybody and stays.
    """
    hidden = {place for place, count in enumerate(people) if 0 < count < smallest}
    if len(hidden) == 1 and (rest := [place for place, count in enumerate(people) if count and place not in hidden]):
        hidden.add(min(rest, key=lambda place: (people[place], place)))
    return frozenset(hidden)
