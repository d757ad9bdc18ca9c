"""How a fair judgement is asked for: what, in which order, and when to look again. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

from bukittinggi_kinerja.common.period import Period, PeriodKind

from .vocabulary import Depth

#: Below this many people equal marks say nothing.
ENOUGH_TO_COMPARE = 4

_GRAIN = {Depth.MONTHLY: PeriodKind.MONTH, Depth.QUARTERLY: PeriodKind.QUARTER, Depth.YEARLY: PeriodKind.YEAR}


def asks_values(depth: Depth, period: Period) -> bool:
    """Whether the seven values are marked in this period: where it ends together with the policy's grain."""
    return depth == Depth.MONTHLY or Period.containing(period.last_day, _GRAIN[depth]).end == period.end


def judging_order(people: Iterable[int], *, rater: int | None, period: str) -> list[int]:
    """Ids in an order that is random, yet the same for one rater throughout one period.

    Nobody is always first or last, and no rater loses his place between two visits.
    """

    def place(person: int) -> bytes:
        return hashlib.sha256(f"{rater}:{period}:{person}".encode()).digest()

    return sorted(people, key=place)


def looks_uniform(marks: Sequence[int | None]) -> bool:
    """A full column with one mark for everybody: worth a second look, never a refusal."""
    given = {mark for mark in marks if mark is not None}
    return len(marks) >= ENOUGH_TO_COMPARE and None not in marks and len(given) == 1
