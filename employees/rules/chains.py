"""Chains of supervisors. Pure."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
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


def turns_round(start: K, above: Mapping[K, K | None]) -> bool:
    """Whether the way up from somebody never ends."""
    met: set[K] = set()
    here: K | None = start
    while here is not None and here not in met:
        met.add(here)
        here = above.get(here)
    return here is not None
