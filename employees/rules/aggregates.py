"""Which part of the city a viewer may see in totals, and whether persons in it may be told apart. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from bukittinggi_kinerja.common.errors import NotAllowed
from employees.rules.viewing import Viewer

#: Fewer results than this would tell about single people; totals of smaller groups are left out for who may not see persons.
SMALLEST_CELL = 5


@dataclass(frozen=True)
class AggregateScope:
    """Subtrees of the unit tree by path, outermost only; ``everything`` is the whole city.

    ``names_people`` is False for who sees totals alone.
    """

    paths: tuple[str, ...]
    names_people: bool
    everything: bool = False

    def group_of(self, path: str) -> str:
        """The row a unit counts in: the next level below its subtree, or the subtree itself."""
        root = next((root for root in self.paths if path.startswith(root)), "")
        depth = root.count("/") + (1 if len(self.paths) <= 1 else 0)
        if self.everything:
            depth = 2
        return "/".join(path.split("/")[:depth]) + "/"


def aggregate_scope(viewer: Viewer, *, path: str | None, refusal: object) -> AggregateScope:
    """The totals this viewer may have of the subtree at ``path``, or of all that is his.

    Raises NotAllowed with the sentence ``refusal`` outside his rights.
    """
    if viewer.sees_all_aggregates:
        return AggregateScope((path,) if path else (), viewer.sees_all_people, everything=path is None)
    own = outermost(viewer.unit_paths)
    if not own:
        raise NotAllowed(refusal)
    if path is None:
        return AggregateScope(own, names_people=True)
    if not any(path.startswith(root) for root in own):
        raise NotAllowed(refusal)
    return AggregateScope((path,), names_people=True)


def outermost(paths: tuple[str, ...]) -> tuple[str, ...]:
    """Paths that lie in no other of them."""
    return tuple(p for p in sorted(set(paths)) if not any(p != other and p.startswith(other) for other in paths))
