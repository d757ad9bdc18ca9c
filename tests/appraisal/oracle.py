"""A second, slow and obvious reading of the scoring rule, in fractions: the tests hold the real one against it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

THREE_BY_THREE = {
    (3, 3): "SANGAT_BAIK",
    (3, 2): "BAIK",
    (3, 1): "KURANG",
    (2, 3): "BAIK",
    (2, 2): "BAIK",
    (2, 1): "KURANG",
    (1, 3): "BUTUH_PERBAIKAN",
    (1, 2): "BUTUH_PERBAIKAN",
    (1, 1): "SANGAT_KURANG",
}


@dataclass(frozen=True)
class Case:
    form: str
    direction: str = "NAIK"
    target: Decimal | None = None
    target_max: Decimal | None = None
    target_date: dt.date | None = None
    start: dt.date = dt.date(2026, 1, 1)
    value: Decimal | None = None
    on: dt.date | None = None
    weight: int = 1


def rounded(value: Fraction, places: int) -> Decimal:
    """Half up, for values that are not negative."""
    scaled = value * 10**places
    whole = (scaled + Fraction(1, 2)).__floor__()
    return (Decimal(whole) / 10**places).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def percent_of(case: Case) -> Fraction | None:
    if case.form == "TANGGAL" or (case.form == "PERNYATAAN" and case.target_date is not None):
        return _dated(case)
    if case.form == "PERNYATAAN" or case.value is None or case.target is None:
        return None
    low = Fraction(case.target)
    high = Fraction(case.target_max) if case.form == "RENTANG" and case.target_max is not None else low
    if high == 0:
        return None
    real = Fraction(case.value)
    if low <= real <= high:
        return Fraction(100)
    if real < low:
        return (2 * low - real) / low * 100 if case.direction == "TURUN" else real / low * 100
    if case.direction == "NAIK":
        return real / high * 100
    if case.direction == "TEPAT":
        return high / real * 100
    return max(Fraction(0), (2 * high - real) / high * 100)


def _dated(case: Case) -> Fraction | None:
    if case.on is None or case.target_date is None:
        return None
    if case.on <= case.target_date:
        return Fraction(100)
    planned = (case.target_date - case.start).days
    if planned <= 0:
        return Fraction(0)
    late = (case.on - case.target_date).days
    return max(Fraction(0), 100 - Fraction(late, planned) * 100)


def achievement_of(case: Case, cap: int = 120) -> Decimal | None:
    exact = percent_of(case)
    return None if exact is None else rounded(min(max(exact, Fraction(0)), Fraction(cap)), 2)


def weighted(cases: list[Case]) -> Decimal | None:
    judged = [(case.weight, achieved) for case in cases if (achieved := achievement_of(case)) is not None]
    if not judged:
        return None
    total = sum((Fraction(weight) * Fraction(achieved) for weight, achieved in judged), Fraction(0))
    return rounded(total / sum(weight for weight, _achieved in judged), 2)


def mean_mark(marks: list[int | None]) -> Decimal | None:
    given = [m for m in marks if m is not None]
    return rounded(Fraction(sum(given), len(given)), 2) if given else None
