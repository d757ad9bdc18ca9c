"""Cases that closed without a rating, as the rater and his superior find them: by period, and by name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Max, Q

from appraisal.models import Assessment
from appraisal.models.assessments import AssessmentQuerySet
from appraisal.rules.lifecycle import AssessmentState, CycleState
from employees.rules.viewing import Viewer

#: ``Assessment.takes_late_rating`` of a current case, in sets.
TAKES_LATE = Q(state=AssessmentState.NOT_RATED.value, cycle__state=CycleState.PUBLISHED.value)


@dataclass(frozen=True)
class LatePeriod:
    """One closed period: how many the viewer may still rate late, and how many of them are his own ratees."""

    period: str
    rating_due: dt.datetime
    total: int
    own: int


def unrated_of(people: Collection[int]) -> AssessmentQuerySet:
    """Current cases that closed unrated and may be rated late, whose rater or rater's superior is one of these people."""
    chain = Q(assessor_id__in=people) | Q(reviewer_id__in=people)
    return Assessment.objects.current().filter(chain, TAKES_LATE)


def late_periods(viewer: Viewer) -> list[LatePeriod]:
    """Periods in which somebody waits for a late rating by this viewer, the latest first; one query."""
    if viewer.employee_id is None:
        return []
    rows = (
        _for(viewer)
        .values("cycle__period")
        .annotate(due=Max("cycle__rating_due"), total=Count("id"), own=Count("id", filter=Q(assessor_id__in=viewer.principals)))
        .order_by("-due", "cycle__period")
    )
    return [LatePeriod(row["cycle__period"], row["due"], row["total"], row["own"]) for row in rows]


def late_cases(viewer: Viewer, period: str) -> list[Assessment]:
    """The people of one period whom this viewer may rate late, by rater and name."""
    if viewer.employee_id is None:
        return []
    cases = _for(viewer).filter(cycle__period=period).select_related("employee", "assessor", "cycle")
    return list(cases.order_by("assessor__name", "employee__name", "id"))


def _for(viewer: Viewer) -> AssessmentQuerySet:
    """Never the viewer's own case, whosever mandate he holds."""
    return unrated_of(viewer.principals).exclude(employee_id__in=[viewer.employee_id])
