"""Share within the standard, median and quantiles from counted values, in exact numbers. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal

from bukittinggi_kinerja.common.money import half_up, share

PLACES = 2
MEDIAN, P90 = Decimal("0.5"), Decimal("0.9")


def on_time_share(outcomes: Iterable[bool | None]) -> Decimal | None:
    """Percent of the cases whose outcome is known."""
    known = [outcome for outcome in outcomes if outcome is not None]
    return share(sum(known), len(known))


def median(days: Iterable[int | None]) -> Decimal | None:
    """Median of the known values, half-up to 2 decimals."""
    return quantile(Counter(day for day in days if day is not None), MEDIAN)


def quantile(counts: Mapping[int, int], at: Decimal) -> Decimal | None:
    """The value at ``at`` (0..1) of values counted in ``counts``, linear between neighbours, half-up to 2 decimals."""
    total = sum(counts.values())
    if not total:
        return None
    place = at * (total - 1)
    low, part = int(place), place - int(place)
    below, above = _at(counts, low), _at(counts, min(low + 1, total - 1))
    return half_up(below + part * (above - below), PLACES)


def _at(counts: Mapping[int, int], place: int) -> Decimal:
    """The value at a place (from 0) of the ordered values."""
    for value in sorted(counts):
        place -= counts[value]
        if place < 0:
            return Decimal(value)
    raise IndexError(place)
