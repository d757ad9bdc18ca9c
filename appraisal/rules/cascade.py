"""How work results (RHK) hang on the results of the leader. Pure.

A main result supports a result of the assessor, but for the head of an agency, whose results come from the
agency's contract. Direct children carry shares of the parent's target that should add up to 100 %.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

MAIN = "UTAMA"
FULL_SHARE = Decimal(100)


@dataclass(frozen=True)
class ResultNode:
    """``share`` is the percent of a direct parent target, None for a supporting (non-direct) result."""

    id: int
    kind: str
    parent: int | None = None
    share: Decimal | None = None


@dataclass(frozen=True)
class CascadeFindings:
    """Ids of results: ``orphans`` refuse a signature, ``gaps`` and ``uneven`` only warn."""

    orphans: tuple[int, ...] = ()
    gaps: tuple[int, ...] = ()
    uneven: tuple[tuple[int, Decimal], ...] = ()


def orphans(results: Iterable[ResultNode], *, leader_results: frozenset[int], needs_parent: bool) -> tuple[int, ...]:
    """Main results without a parent among the leader's results, where one is needed."""
    if not needs_parent:
        return ()
    return tuple(r.id for r in results if r.kind == MAIN and (r.parent is None or r.parent not in leader_results))


def makes_a_loop(parents: Mapping[int, int | None], *, child: int, parent: int) -> bool:
    """Whether hanging ``child`` under ``parent`` would lead back to ``child``."""
    seen: set[int] = set()
    at: int | None = parent
    while at is not None and at not in seen:
        if at == child:
            return True
        seen.add(at)
        at = parents.get(at)
    return False


def coverage(own: Iterable[ResultNode], children: Iterable[ResultNode]) -> CascadeFindings:
    """The leader's main results nobody supports, and those whose direct shares do not add up to 100 %."""
    below: dict[int, list[ResultNode]] = {}
    for child in children:
        if child.parent is not None:
            below.setdefault(child.parent, []).append(child)
    gaps, uneven = [], []
    for result in own:
        supporters = below.get(result.id, [])
        if not supporters and result.kind == MAIN:
            gaps.append(result.id)
        shares = [c.share for c in supporters if c.share is not None]
        if shares and sum(shares) != FULL_SHARE:
            uneven.append((result.id, sum(shares, Decimal(0))))
    return CascadeFindings(gaps=tuple(gaps), uneven=tuple(uneven))
