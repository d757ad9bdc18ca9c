"""Results and indicators before they are rows: out of a file, a template or last year's plan. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from bukittinggi_kinerja.common.period import Period

from .cascade import MAIN
from .targets import NUMERIC_FORMS, Target, YearlyTarget, spread, sums_back
from .vocabulary import Accumulation, TargetForm


@dataclass(frozen=True)
class IndicatorWords:
    """An indicator as it is written down; the target in one of its forms, weight a positive integer."""

    name: str
    aspect: str = "KUANTITAS"
    unit_name: str = ""
    form: str = TargetForm.SINGLE.value
    direction: str = "NAIK"
    accumulation: str = Accumulation.SUM.value
    target: Decimal | None = None
    target_max: Decimal | None = None
    target_date: dt.date | None = None
    statement: str = ""
    weight: int = 1
    measure: str = ""


@dataclass(frozen=True)
class IndicatorDraft(IndicatorWords):
    """An indicator as wanted; ``targets`` by period key where somebody set them by hand, else they are spread."""

    targets: Mapping[str, Target] = field(default_factory=dict)
    unchecked_from: int | None = None

    @property
    def yearly(self) -> YearlyTarget:
        return YearlyTarget(TargetForm(self.form), Accumulation(self.accumulation), Target(self.target, self.target_max, self.target_date))


@dataclass(frozen=True)
class ResultDraft:
    """``leader_title`` names the leader's result this one supports."""

    title: str
    kind: str = MAIN
    leader_title: str = ""
    share: Decimal | None = None
    indicators: Sequence[IndicatorDraft] = ()


def same_words(text: str) -> str:
    """Two titles are one when only case and blanks differ."""
    return " ".join(text.split()).casefold()


def moved_by(day: dt.date, *, years: int) -> dt.date:
    """The same day some years on; 29 February becomes the 28th where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def moved_period(key: str, *, years: int) -> str:
    period = Period.parse(key)
    return Period.containing(moved_by(period.start, years=years), period.kind).key


def for_year(results: Iterable[ResultDraft], *, old: int, new: int) -> list[ResultDraft]:
    """Last year's promises for another year: dates and periods moved, every line marked as not looked at."""
    return [replace(result, indicators=tuple(_moved(one, old, new - old) for one in result.indicators)) for result in results]


def _moved(one: IndicatorDraft, old: int, years: int) -> IndicatorDraft:
    targets = {
        moved_period(key, years=years): replace(target, date=moved_by(target.date, years=years) if target.date else None)
        for key, target in one.targets.items()
    }
    day = moved_by(one.target_date, years=years) if one.target_date else None
    return replace(one, target_date=day, targets=targets, unchecked_from=old)


def period_targets(one: IndicatorDraft, periods: Sequence[Period]) -> dict[Period, Target]:
    """Targets set by hand where they speak of exactly these periods and add up; else the yearly target, spread."""
    given = {period: one.targets[period.key] for period in periods if period.key in one.targets}
    if one.targets and len(given) == len(periods) == len(one.targets) and sums_back(one.yearly, given):
        return given
    return spread(one.yearly, periods)


def problems_of(one: IndicatorDraft) -> dict[str, str]:
    """Field -> code of what is wrong with the target; the database asks the same."""
    found: dict[str, str] = {}
    form = TargetForm(one.form)
    if form in NUMERIC_FORMS and one.target is None:
        found["target"] = "no_target"
    if form == TargetForm.RANGE and one.target is not None and (one.target_max is None or one.target_max < one.target):
        found["target_max"] = "no_range"
    if form == TargetForm.DATE and one.target_date is None:
        found["target_date"] = "no_date"
    if form == TargetForm.STATEMENT and not one.statement:
        found["statement"] = "no_statement"
    return found


def unmarked(results: Iterable[ResultDraft]) -> list[ResultDraft]:
    """Without the mark of a copy: a template is nobody's plan."""
    return [replace(r, indicators=tuple(replace(one, unchecked_from=None) for one in r.indicators)) for r in results]


_KEPT = ("name", "aspect", "unit_name", "form", "direction", "accumulation", "statement", "weight", "measure")
_NUMBERS = ("target", "target_max")


def as_template(results: Iterable[ResultDraft]) -> list[dict[str, Any]]:
    """Plain values for JSON: no shares, no targets by period, numbers and dates as text."""
    return [
        {
            "kind": result.kind,
            "title": result.title,
            "leader_title": result.leader_title,
            "indicators": [
                {name: getattr(one, name) for name in _KEPT}
                | {name: None if getattr(one, name) is None else format(getattr(one, name), "f") for name in _NUMBERS}
                | {"target_date": one.target_date.isoformat() if one.target_date else None}
                for one in result.indicators
            ],
        }
        for result in results
    ]


def of_template(content: Iterable[Mapping[str, Any]]) -> list[ResultDraft]:
    return [
        ResultDraft(
            title=row["title"],
            kind=row["kind"],
            leader_title=row["leader_title"],
            indicators=tuple(_of_text(one) for one in row["indicators"]),
        )
        for row in content
    ]


def _of_text(one: Mapping[str, Any]) -> IndicatorDraft:
    fields: dict[str, Any] = {name: one[name] for name in _KEPT}
    fields |= {name: None if one[name] is None else Decimal(one[name]) for name in _NUMBERS}
    day = dt.date.fromisoformat(one["target_date"]) if one["target_date"] else None
    return IndicatorDraft(**fields, target_date=day)
