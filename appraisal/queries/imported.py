"""Results from elsewhere: a person's own, those of a period, and where they differ from the ones made here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from appraisal.models import Assessment, ImportedResult, ResultSource, Source
from appraisal.rules.imported import Difference, ToDo, difference, to_do
from appraisal.rules.lifecycle import AssessmentState
from employees.models import AppraisalRegime, Posting, Regime
from employees.rules.viewing import Viewer

OWN_SHOWN = 24
#: Both sources speak, or the imported one alone where results are made here.
DIFFERS = Q(local__isnull=False) & ~Q(local=F("predicate"))
ONLY_IMPORTED = Q(local=None, official=Source.LOCAL.value)


def own_imported(viewer: Viewer) -> list[ImportedResult]:
    """A person's own results from elsewhere, the latest first; nobody else's."""
    if viewer.employee_id is None:
        return []
    return list(ImportedResult.objects.current().filter(employee_id=viewer.employee_id).order_by("-start", "-end")[:OWN_SHOWN])


def imported_periods(viewer: Viewer) -> list[str]:
    """Periods with results from elsewhere in the viewer's reach, the latest first."""
    rows = ImportedResult.objects.current().filter(in_reach(viewer)).values_list("period", "start").distinct()
    return [period for period, _start in rows.order_by("-start", "period")]


def in_reach(viewer: Viewer) -> Q:
    """The whole city for its HR and the auditor, the units he manages for a pengelola; by the posts of today."""
    if viewer.sees_all_people:
        return Q()
    return Q(employee_id__in=Posting.objects.in_force(on=viewer.on).under(viewer.unit_paths).values("employee_id"))


def results_of_period(viewer: Viewer, period: str) -> QuerySet[ImportedResult, Any]:
    """Current results of a period with ``local`` (predicate made here and published), ``unit_name`` and ``official`` source.

    A month with two stretches has two results here; the one of the last days counts. The group is that of the last post
    in the period. Where no row names the source of a group, it follows from how the group is appraised.
    """
    published = Assessment.objects.current().filter(
        employee=OuterRef("employee"), cycle__period=OuterRef("period"), state=AssessmentState.PUBLISHED
    )
    posts = Posting.objects.known().filter(employee=OuterRef("employee"), valid__startswith__lt=OuterRef("end"))
    last_post, last_case = posts.order_by("-valid__startswith"), published.order_by("-stretch_end")
    rows = ImportedResult.objects.current().filter(in_reach(viewer), period=period)
    rows = rows.annotate(
        group=Subquery(last_post.values("position__group")[:1]),
        unit_name=Subquery(last_post.values("unit__name")[:1]),
        local=Subquery(last_case.values("score_row__predicate")[:1], output_field=IntegerField()),
        assessment=Subquery(last_case.values("pk")[:1]),
    )
    named = ResultSource.objects.adopted().filter(group=OuterRef("group"), valid__contains=OuterRef("start"))
    here = AppraisalRegime.objects.adopted().filter(group=OuterRef("group"), valid__contains=OuterRef("start"), regime=Regime.LOCAL)
    official = Coalesce(
        Subquery(named.values("source")[:1]),
        Subquery(here.annotate(word=Value(Source.LOCAL.value, output_field=CharField())).values("word")[:1]),
        Value(Source.BKN.value),
        output_field=CharField(),
    )
    return rows.annotate(official=official).select_related("employee").order_by("employee__name", "pk")


def differences(viewer: Viewer, period: str) -> QuerySet[ImportedResult, Any]:
    """People of whom the two sources say different things; a row leaves the list once they agree."""
    return results_of_period(viewer, period).filter(DIFFERS | ONLY_IMPORTED)


@dataclass(frozen=True)
class SourceCounts:
    total: int
    agreeing: int
    at_bkn: int
    here: int

    @property
    def differing(self) -> int:
        return self.at_bkn + self.here


def counts_of_period(viewer: Viewer, period: str) -> SourceCounts:
    """How many results came in, and where corrections are owed; one query."""
    open_rows = DIFFERS | ONLY_IMPORTED
    found = (
        results_of_period(viewer, period)
        .order_by()
        .aggregate(
            total=Count("pk"),
            at_bkn=Count("pk", filter=open_rows & Q(official=Source.LOCAL.value)),
            here=Count("pk", filter=open_rows & Q(official=Source.BKN.value)),
            agreeing=Count("pk", filter=Q(local=F("predicate"))),
        )
    )
    return SourceCounts(**found)


def difference_of(row: Any) -> tuple[Difference | None, ToDo]:
    return difference(imported=row.predicate, local=row.local), to_do(row.official)
