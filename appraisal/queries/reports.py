"""Reports in sets: the same figures for screen, REST and file; exact numbers, one statement each.

A period counts the cycles that lie within it: a month itself, a quarter its months or its quarterly cycle, and so on.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from typing import Any

from django.db.models import Case, CharField, Count, Exists, F, Func, OuterRef, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce

from appraisal.models import AppraisalPolicy, Assessment
from appraisal.rules.lifecycle import OPEN_RATINGS, AssessmentState
from appraisal.rules.vocabulary import Predicate
from bukittinggi_kinerja.common.money import half_up, share
from bukittinggi_kinerja.common.period import Period
from employees.models import OrgUnit
from employees.rules.aggregates import AggregateScope, cells_to_hide

from .deadlines import due_rating, settled
from .targets import left_empty

NOBODY_NAMED: dict[str, Any] = {"rater_nip": None, "rater_name": None}
RATED = (AssessmentState.RATED.value, AssessmentState.PUBLISHED.value)


@dataclass(frozen=True)
class SummaryRow:
    """Results of one unit with all below. ``people`` are counted once, ``results`` once a cycle and plan.

    Marks count from their publication on. ``mean_score`` is the mean of H over published results and
    ``published_share`` the published part of what had to be rated, both percent, half-up at 2 decimals; None where
    there is nothing to divide, or where ``hidden`` keeps a small group.
    """

    unit: str
    unit_name: str
    people: int
    results: int
    published: int | None
    open: int | None
    not_rated: int | None
    exempt: int | None
    very_good: int | None
    good: int | None
    needs_improvement: int | None
    poor: int | None
    very_poor: int | None
    scored: int | None
    score_sum: Decimal | None
    hidden: bool = False

    @property
    def mean_score(self) -> Decimal | None:
        return half_up(self.score_sum / self.scored, 2) if self.scored and self.score_sum is not None else None

    @property
    def published_share(self) -> Decimal | None:
        if self.published is None or self.exempt is None:
            return None
        return share(self.published, self.results - self.exempt)


@dataclass(frozen=True)
class LatenessRow:
    """Ratings of one rater in one unit, or of a unit with all below where persons are not told.

    ``missing`` were not rated by the deadline and still are not; ``late`` were rated after it; ``open`` still have
    time. ``without_progress`` are cases whose owner let the progress deadline pass with an indicator left empty.
    ``on_time_share`` is the punctual part of what was due, percent, half-up at 2 decimals.
    """

    unit: str
    unit_name: str
    rater_nip: str | None
    rater_name: str | None
    people: int
    cases: int
    on_time: int | None
    late: int | None
    missing: int | None
    open: int | None
    without_progress: int | None
    hidden: bool = False

    @property
    def on_time_share(self) -> Decimal | None:
        if self.on_time is None or self.late is None or self.missing is None:
            return None
        return share(self.on_time, self.on_time + self.late + self.missing)


@dataclass(frozen=True)
class Report:
    """``total`` is None where nothing was counted; ``rule_versions`` are the policies that computed them."""

    rows: Sequence[Any]
    total: Any
    rule_versions: tuple[str, ...]


def performance_summary(*, period: Period, scope: AggregateScope) -> Report:
    """Predicates, open and missing ratings by unit; the number of queries does not depend on the size of the city."""
    cases = _cases(period, scope)
    counted = cases.annotate(row=_row_path(scope)).values("row").annotate(**_summary_counts())
    rows = [SummaryRow(**found) for found in _with_units(counted)]
    return _report(rows, cases, period, scope, kept=("unit", "unit_name", "people", "results"))


def rating_lateness(*, period: Period, scope: AggregateScope, now: dt.datetime) -> Report:
    """Who rated when: by rater for those who may see persons, else by unit.

    Nobody is late with a person whom a decree that was known after closing gave him.
    """
    cases = _cases(period, scope).exclude(state=AssessmentState.EXEMPT).exclude(belated=True)
    counts = _lateness_counts(now)
    if scope.names_people:
        told = {"row": F("unit__path"), "rater_nip": F("assessor__nip"), "rater_name": F("assessor__name")}
        grouped = cases.annotate(**told).values(*told, "assessor_id")
    else:
        grouped = cases.annotate(row=_row_path(scope)).values("row")
    rows = [LatenessRow(**NOBODY_NAMED | found) for found in _with_units(grouped.annotate(**counts), leave_out=("assessor_id",))]
    return _report(rows, cases, period, scope, kept=("unit", "unit_name", "rater_nip", "rater_name", "people", "cases"))


def _cases(period: Period, scope: AggregateScope) -> QuerySet[Assessment]:
    cases = Assessment.objects.current().filter(cycle__start__gte=period.start, cycle__end__lte=period.end)
    within = Q(pk__in=[]) if scope.paths else Q()
    for path in scope.paths:
        within |= Q(unit__path__startswith=path)
    return cases.filter(within)


def _row_path(scope: AggregateScope) -> Any:
    """Path of the unit whose row a case counts in."""
    if scope.level is None:
        return Case(*(When(unit__path__startswith=p, then=Value(p)) for p in scope.paths), output_field=CharField())
    return Func(
        F("unit__path"),
        Value("/"),
        template=f"array_to_string((string_to_array(rtrim(%(expressions)s), '/'))[1:{int(scope.level)}], '/') || '/'",
        output_field=CharField(),
    )


def _summary_counts() -> dict[str, Any]:
    seen = Q(published_at__isnull=False)
    names = {
        Predicate.VERY_GOOD: "very_good",
        Predicate.GOOD: "good",
        Predicate.NEEDS_IMPROVEMENT: "needs_improvement",
        Predicate.POOR: "poor",
        Predicate.VERY_POOR: "very_poor",
    }
    scored = seen & Q(score_row__result_score__isnull=False)
    return dict(
        people=Count("employee", distinct=True),
        results=Count("id"),
        published=Count("id", filter=Q(state=AssessmentState.PUBLISHED)),
        open=Count("id", filter=Q(state__in=OPEN_RATINGS)),
        not_rated=Count("id", filter=Q(state=AssessmentState.NOT_RATED)),
        exempt=Count("id", filter=Q(state=AssessmentState.EXEMPT)),
        scored=Count("id", filter=scored),
        score_sum=Sum("score_row__result_score", filter=scored),
        **{name: Count("id", filter=seen & Q(score_row__predicate=value)) for value, name in names.items()},
    )


def _lateness_counts(now: dt.datetime) -> dict[str, Any]:
    punctual = Q(rated_at__lte=due_rating()) | Q(Exists(_punctual_before()))
    due = Q(cycle__rating_due__lt=now) & settled(now)
    unrated = Q(state=AssessmentState.NOT_RATED) | (Q(state=AssessmentState.DRAFT) & due)
    return {
        "people": Count("employee", distinct=True),
        "cases": Count("id"),
        "on_time": Count("id", filter=Q(state__in=RATED) & punctual),
        "late": Count("id", filter=Q(state__in=RATED) & ~punctual),
        "missing": Count("id", filter=unrated),
        "open": Count("id", filter=Q(state=AssessmentState.DRAFT) & ~due),
        "without_progress": Count(
            "id", filter=Q(Exists(left_empty()), cycle__progress_due__lt=now) & (Q(own_progress_due=None) | Q(own_progress_due__lt=now))
        ),
    }


def _punctual_before() -> QuerySet[Assessment]:
    """An earlier version that was rated in time: who corrects a result later does not become late by that."""
    # The days of a case stay as they are once the month closed, and tell it from the part before a transfer.
    earlier = Assessment.objects.filter(
        cycle=OuterRef("cycle"),
        employee=OuterRef("employee"),
        stretch_start=OuterRef("stretch_start"),
        version__lt=OuterRef("version"),
        published_at__isnull=False,
    )
    return earlier.filter(rated_at__lte=due_rating())


def _with_units(counted: Iterable[Any], *, leave_out: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Code and name in place of the path, in the order of the tree and of names."""
    found = sorted(counted, key=lambda row: (row["row"], row.get("rater_name") or "", row.get("rater_nip") or ""))
    named = {unit.path: unit for unit in OrgUnit.objects.filter(path__in={row["row"] for row in found})}
    return [
        {name: value for name, value in row.items() if name not in {"row", *leave_out}}
        | {"unit": named[row["row"]].code, "unit_name": named[row["row"]].name}
        for row in found
    ]


def _report(rows: Sequence[Any], cases: QuerySet[Assessment], period: Period, scope: AggregateScope, *, kept: Sequence[str]) -> Report:
    """Small groups are hidden from those who may see totals only; ``kept`` tells nothing about a person."""
    rule = Coalesce("score_row__policy__code", "cycle__policy__code")
    versions = cases.annotate(rule_code=rule).values_list("rule_code", flat=True).order_by("rule_code").distinct()
    total = _total(rows, cases) if rows else None
    if total is not None and not scope.names_people:
        smallest = _smallest_cell(period)
        hide = cells_to_hide([row.people for row in rows], smallest=smallest)
        secret = total.people < smallest or _hidden_further_up(period, scope, smallest)
        rows = [_hidden(row, kept) if secret or place in hide else row for place, row in enumerate(rows)]
        total = _hidden(total, kept) if secret else total
    return Report(rows, total, tuple(versions))


def _total(rows: Sequence[Any], cases: QuerySet[Assessment]) -> Any:
    """The sums of the rows; people who stand in two rows are one."""
    texts = {"unit": "", "unit_name": ""} | (NOBODY_NAMED if hasattr(rows[0], "rater_nip") else {})
    names = [field.name for field in fields(rows[0]) if field.name not in {*texts, "people", "hidden"}]
    told = {name: [value for row in rows if (value := getattr(row, name)) is not None] for name in names}
    sums = {name: sum(values) if values else None for name, values in told.items()}
    people = cases.aggregate(people=Count("employee", distinct=True))["people"]
    return replace(rows[0], **texts, **sums, people=people)


def _hidden_further_up(period: Period, scope: AggregateScope, smallest: int) -> bool:
    """A unit that the report above it hides, to keep a smaller one hidden, stays so when it is asked for itself.

    So does all below it: a total less the ones told would be the one kept back. One query for each level of the tree.
    """
    return any(row in _hidden_rows(period, upper, smallest) for upper, row in scope.above())


def _hidden_rows(period: Period, scope: AggregateScope, smallest: int) -> set[str]:
    counted = _cases(period, scope).annotate(row=_row_path(scope)).values("row").annotate(people=Count("employee", distinct=True))
    found = list(counted.order_by("row").values_list("row", "people"))
    hide = cells_to_hide([people for _path, people in found], smallest=smallest)
    return {path for place, (path, _people) in enumerate(found) if place in hide}


def _smallest_cell(period: Period) -> int:
    """By the policy in force at the end of the period, else the strictest there is."""
    policies = AppraisalPolicy.objects.adopted()
    policy = policies.in_force(on=period.last_day).first() or policies.order_by("-smallest_cell").first()
    return policy.smallest_cell if policy else int(AppraisalPolicy._meta.get_field("smallest_cell").get_default())


def _hidden(row: Any, kept: Sequence[str]) -> Any:
    return replace(row, hidden=True, **{field.name: None for field in fields(row) if field.name not in {*kept, "hidden"}})
