"""Chains of supervisors. Pure."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import TypeVar

K = TypeVar("K", bound=Hashable)


def loops(above: Mapping[str, str | None]) -> list[list[str]]:
    """Circles in "each has at most one above": every circle once, in order of the chain."""
    done: set[str] = set()
    found: list[list[str]] = []
    for start in above:
        trail: list[str] = []
        place: dict[str, int] = {}
        here: str | None = start
        while here is not None and here not in done and here not in place:
            place[here] = len(trail)
            trail.append(here)
            here = above.get(here)
        if here is not None and here in place:
            found.append(trail[place[here] :])
        done.update(trail)
    return found


def circle_above(start: K, above: Callable[[K], K | None]) -> list[K]:
    """The circle that the way up from somebody ends in, in order of the chain; empty where it ends at the top."""
    trail: list[K] = []
    place: dict[K, int] = {}
    here: K | None = start
    while here is not None and here not in place:
        place[here] = len(trail)
        trail.append(here)
        here = above(here)
    return [] if here is None else trail[place[here] :]
