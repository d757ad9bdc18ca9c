"""Which part of the city a viewer may see in totals, and what totals must not tell. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

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
        """How many levels of a unit's path its row keeps: one below the subtrees, as a unit and the one it came from.

        None where they stand at different levels and each is one row.
        """
        if not self.paths:
            return AGENCY_LEVEL
        depths = {path.count("/") for path in self.paths}
        return depths.pop() + 1 if len(depths) == 1 else None

    def above(self) -> list[tuple[AggregateScope, str]]:
        """The totals in which this one subtree is a row or within a row, from the city downwards, each with that row's path."""
        steps = []
        for path in self.paths:
            parts = path.rstrip("/").split("/")
            heads = ["/".join(parts[:count]) + "/" for count in range(AGENCY_LEVEL, len(parts) + 1)]
            for upper, row in zip([None, *heads], heads, strict=False):
                steps.append((replace(self, paths=(upper,) if upper else ()), row))
        return steps


def aggregate_scope(viewer: Viewer, *, path: str | None, refusal: object) -> AggregateScope:
    """The totals this viewer may have of the subtree at ``path``, or of all that is his.

    Of which of them small groups are kept from him is a matter of the figures: the report hides them.
    Raises NotAllowed with the sentence ``refusal`` outside his rights.
    """
    if viewer.sees_all_aggregates:
        whole = path is None or path.count("/") < AGENCY_LEVEL
        return AggregateScope(() if whole or path is None else (path,), viewer.sees_all_people)
    own = outermost(viewer.unit_paths)
    if not own or (path is not None and not any(path.startswith(root) for root in own)):
        raise NotAllowed(refusal)
    return AggregateScope((path,) if path else own, names_people=True)


def outermost(paths: Sequence[str]) -> tuple[str, ...]:
    """Paths that lie in no other of them."""
    return tuple(p for p in sorted(set(paths)) if not any(p != other and p.startswith(other) for other in paths))


def cells_to_hide(people: Sequence[int], *, smallest: int) -> frozenset[int]:
    """Places of rows with fewer than ``smallest`` people, and of as many more as it takes to keep them hidden.

    The total less the rows that are told is the sum of the hidden ones: that must be two rows at least, and cover
    ``smallest`` people. A row without people tells nothing about anybody and stays.
    """
    order = sorted((place for place, count in enumerate(people) if count), key=lambda place: (people[place], place))
    small = sum(people[place] < smallest for place in order)
    taken = small
    while small and taken < len(order) and (taken < 2 or sum(people[place] for place in order[:taken]) < smallest):
        taken += 1
    return frozenset(order[:taken])
