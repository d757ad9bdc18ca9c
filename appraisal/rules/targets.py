"""The target of a period out of the yearly target. Pure; docs/rules/target-periode.md has the worked table.

SUM: the yearly target divided by the periods, half-up at 2 decimals, the last period takes the remainder.
LAST and MEAN: every period has the yearly target. A date or a statement is the same in every period.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from bukittinggi_kinerja.common.money import half_up
from bukittinggi_kinerja.common.period import Period, PeriodKind

from .vocabulary import Accumulation, TargetForm

HUNDREDTHS = 2
_STEP = Decimal("0.01")
NUMERIC_FORMS = frozenset({TargetForm.SINGLE, TargetForm.RANGE})


@dataclass(frozen=True)
class Target:
    """A target in one of three forms: a value or range, a date, a statement (all empty)."""

    value: Decimal | None = None
    maximum: Decimal | None = None
    date: dt.date | None = None


@dataclass(frozen=True)
class YearlyTarget:
    form: TargetForm
    accumulation: Accumulation
    target: Target


@dataclass(frozen=True)
class Stretch:
    """Days ``[start, end)`` in which a group is appraised here by periods of one kind."""

    start: dt.date
    end: dt.date
    kind: PeriodKind


class TargetBelowClosed(ValueError):
    """The yearly target is smaller than what closed periods already hold; carries that sum."""

    def __init__(self, closed: Decimal) -> None:
        super().__init__(closed)
        self.closed = closed


def spread(yearly: YearlyTarget, periods: Sequence[Period], *, closed: Sequence[Target] = ()) -> dict[Period, Target]:
    """Targets of ``periods``; with ``closed`` targets of earlier periods only the rest is spread.

    Raises TargetBelowClosed when a sum is already passed.
    """
    if not periods:
        return {}
    if yearly.accumulation != Accumulation.SUM or yearly.form not in NUMERIC_FORMS or yearly.target.value is None:
        return dict.fromkeys(periods, yearly.target)
    count = len(periods)
    low = _split(yearly.target.value - _sum(t.value for t in closed), count)
    if yearly.form == TargetForm.SINGLE or yearly.target.maximum is None:
        return {period: Target(value) for period, value in zip(periods, low, strict=True)}
    high = _split(yearly.target.maximum - _sum(t.maximum for t in closed), count)
    if any(most < least for least, most in zip(low, high, strict=True)):
        # Rounding turned the last range round: split its width instead, so that both ends still sum back.
        width = _split(_sum(high) - _sum(low), count)
        high = [least + more for least, more in zip(low, width, strict=True)]
    return {period: Target(least, most) for period, least, most in zip(periods, low, high, strict=True)}


def _split(total: Decimal, count: int) -> list[Decimal]:
    """``count`` parts that sum back exactly; rounded down where half-up would leave a negative remainder."""
    if total < 0:
        raise TargetBelowClosed(-total)
    part = half_up(total / count, HUNDREDTHS)
    if part * (count - 1) > total:
        part = (total / count).quantize(_STEP, ROUND_DOWN)
    return [part] * (count - 1) + [total - part * (count - 1)]


def _sum(values: Iterable[Decimal | None]) -> Decimal:
    return sum((v for v in values if v is not None), Decimal(0))


def sums_back(yearly: YearlyTarget, targets: Mapping[Period, Target]) -> bool:
    """Whether the targets of a SUM indicator add up to its yearly target; always so for the others."""
    if yearly.accumulation != Accumulation.SUM or yearly.form not in NUMERIC_FORMS:
        return True
    low = _sum(t.value for t in targets.values())
    high = _sum(t.maximum for t in targets.values())
    return low == (yearly.target.value or 0) and (yearly.form == TargetForm.SINGLE or high == (yearly.target.maximum or 0))


def periods_in_force(stretches: Sequence[Stretch], start: dt.date, end: dt.date) -> list[Period]:
    """Periods that hold a day of ``[start, end)``; days outside the stretches are appraised elsewhere.

    A month cut by a transfer is a period of both plans. Where the kind of period changes, the next period
    begins after the one before, so no day is counted twice.
    """
    found: list[Period] = []
    day = start
    while day < end:
        stretch = next((s for s in stretches if s.start <= day < s.end), None)
        if stretch is None:
            later = [s.start for s in stretches if s.start > day]
            day = min([end, *later])
            continue
        period = Period.containing(day, stretch.kind)
        found.append(period)
        day = period.end
    return found
