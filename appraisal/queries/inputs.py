"""What enters a score, read live: one row per indicator and period of an assessment."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Avg, DateField, DecimalField, F, Func, Max, Q, QuerySet, Sum
from django.db.models.functions import Cast

from appraisal import scoring
from appraisal.models import AppraisalPolicy, Assessment, PeriodTarget, ProgressEntry, ScoredIndicator
from appraisal.rules.vocabulary import Accumulation

from .targets import IN_USE

SNAPSHOT_FIELDS = (
    "assessment",
    "indicator",
    "weight",
    "form",
    "direction",
    "accumulation",
    "target",
    "target_max",
    "target_date",
    "period_start",
    "entry_ids",
    "realisation",
    "realised_on",
    "raw",
    "achievement",
)


class FirstOf(Func):
    """First element of an array, null for none."""

    template = "(%(expressions)s)[1]"
    output_field = DecimalField(max_digits=18, decimal_places=4)


_CURRENT = Q(entries__isnull=False, entries__withdrawn_at=None)
_VALUE = Q(entries__withdrawn_at=None, entries__value__isnull=False)
#: Putting values in order is the dearest part of a snapshot, so it is done only where the last one counts.
_LAST = _VALUE & Q(indicator__accumulation=Accumulation.LAST)
_DATED = Q(entries__withdrawn_at=None, entries__realised_on__isnull=False)


def live_inputs(assessments: QuerySet[Assessment], *, policy: AppraisalPolicy) -> QuerySet[PeriodTarget, Any]:
    """Indicators of these assessments with realisation and achievement, in SNAPSHOT_FIELDS order.

    The aggregates repeat in the statement text, but PostgreSQL computes equal aggregates once.
    """
    in_period = Q(indicator__plan__assessments__cycle__period=F("period"))
    rows = PeriodTarget.objects.filter(in_period & IN_USE, indicator__plan__assessments__in=assessments)
    return (
        rows.annotate(
            assessment=F("indicator__plan__assessments__id"),
            weight=F("indicator__weight"),
            form=F("indicator__form"),
            direction=F("indicator__direction"),
            accumulation=F("indicator__accumulation"),
            period_start=Cast("indicator__plan__valid__startswith", DateField()),
        )
        .values(
            "assessment", "indicator", "weight", "form", "direction", "accumulation", "target", "target_max", "target_date", "period_start"
        )
        .annotate(
            entry_ids=ArrayAgg("entries__id", filter=_CURRENT, default=[], order_by="entries__id"),
            realisation=scoring.realisation(
                total=Sum("entries__value", filter=_VALUE),
                mean=Avg("entries__value", filter=_VALUE),
                last=FirstOf(ArrayAgg("entries__value", filter=_LAST, order_by=("-entries__entered_at", "-entries__id"))),
            ),
            realised_on=Max("entries__realised_on", filter=_DATED),
        )
        .annotate(raw=scoring.raw_achievement())
        .annotate(achievement=scoring.achievement("raw", cap=policy.achievement_cap))
        .order_by("assessment", "indicator")
        .values_list(*SNAPSHOT_FIELDS)
    )


def frozen_inputs(rows: QuerySet[ScoredIndicator], *, policy: AppraisalPolicy, case: str = "assessment") -> QuerySet[ScoredIndicator, Any]:
    """Frozen rows in SNAPSHOT_FIELDS order under the case that ``case`` leads to, achievements computed again by a rule version."""
    names = [name for name in SNAPSHOT_FIELDS if name not in {"assessment", "raw", "achievement"}]
    return (
        rows.annotate(under=F(case), what=F("indicator_id"), again=scoring.raw_achievement())
        .annotate(limited_again=scoring.achievement("again", cap=policy.achievement_cap))
        .order_by("assessment_id", "indicator_id")
        .values_list("under", *("what" if name == "indicator" else name for name in names), "again", "limited_again")
    )


def with_sealed_evidence(assessments: Iterable[int]) -> set[int]:
    """Ids of cases whose period holds a file or measured rows: links are unsealed and support nothing above."""
    plan = "target__indicator__plan__assessments"
    entries = ProgressEntry.objects.current().filter(
        Q(source="TERUKUR") | Q(evidence__kind="BERKAS"),
        target__period=F(f"{plan}__cycle__period"),
        **{f"{plan}__in": list(assessments)},
    )
    return set(entries.values_list(f"{plan}__id", flat=True))
