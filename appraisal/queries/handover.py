"""Ratings and plans that a move left without an owner, and what one person still owes as an official."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from appraisal.models import Assessment, PerformancePlan
from appraisal.rules.lifecycle import AssessmentState, PlanState
from bukittinggi_kinerja.common.period import Period, PeriodKind
from employees.models import Employee
from employees.queries.handover import unowned
from employees.rules.viewing import Viewer

from .deadlines import STILL_OPEN
from .late import TAKES_LATE

#: What a rater has still to finish in the period itself, or by a deadline of the case that outlasts it.
UNFINISHED = STILL_OPEN & Q(state=AssessmentState.DRAFT.value)


def ratings_without_owner(viewer: Viewer) -> QuerySet[Assessment]:
    """Unfinished ratings in reach that nobody can finish: no official, or one who cannot act and has no able substitute.

    What closed unrated has an owner while the superior of the official can act.
    """
    people = Employee.objects.visible_to(viewer).values("pk")
    nobody = UNFINISHED & unowned(viewer.on, "assessor", "employee")
    lapsed = TAKES_LATE & unowned(viewer.on, "assessor", "employee") & unowned(viewer.on, "reviewer", "employee")
    cases = Assessment.objects.current().filter(nobody | lapsed, employee__in=people)
    return cases.select_related("employee", "assessor", "reviewer", "unit", "cycle").order_by(
        "cycle__start", "unit__path", "employee__name", "pk"
    )


def plans_without_owner(viewer: Viewer) -> QuerySet[PerformancePlan]:
    """Plans in reach that wait for the signature of somebody who cannot give it."""
    people = Employee.objects.visible_to(viewer).values("pk")
    waiting = PerformancePlan.objects.filter(
        unowned(viewer.on, "assessor", "employee"), state=PlanState.SUBMITTED.value, employee__in=people
    )
    return waiting.select_related("employee", "assessor", "unit").order_by("unit__path", "employee__name", "pk")


@dataclass(frozen=True)
class Owed:
    """What one official leaves: ratings of open periods, of closed ones, plans to sign; and his own last whole month."""

    open_ratings: int
    late_ratings: int
    plans: int
    last_month: str
    last_month_state: str

    @property
    def nothing(self) -> bool:
        return not (self.open_ratings or self.late_ratings or self.plans)


def owed_by(employee_id: int, *, last_day: dt.date) -> Owed:
    """Four queries."""
    month = Period.containing(last_day + dt.timedelta(days=1), PeriodKind.MONTH).previous()
    mine = Assessment.objects.current().filter(assessor_id=employee_id)
    own = Assessment.objects.current().filter(employee_id=employee_id, cycle__period=month.key)
    return Owed(
        open_ratings=mine.filter(UNFINISHED).count(),
        late_ratings=mine.filter(TAKES_LATE).count(),
        plans=PerformancePlan.objects.filter(assessor_id=employee_id, state=PlanState.SUBMITTED.value).count(),
        last_month=month.key,
        last_month_state=own.order_by("-stretch_end").values_list("state", flat=True).first() or "",
    )


def unfinished_of(people: Collection[int]) -> int:
    """Ratings of these people that are not published yet."""
    open_now = UNFINISHED | Q(state=AssessmentState.RATED.value)
    return Assessment.objects.current().filter(open_now, employee_id__in=people).count()


def unsigned_of(people: Collection[int]) -> int:
    """Plans of these people that wait for a signature."""
    waiting = [PlanState.SUBMITTED.value, PlanState.REVISING.value]
    return PerformancePlan.objects.filter(state__in=waiting, employee_id__in=people).count()


def first_day_without_rater(employee_id: int) -> dt.date | None:
    """The last day of the earliest stretch of this person that no official rates: who is set from that day on rates it."""
    cases = Assessment.objects.current().filter(UNFINISHED, employee_id=employee_id, assessor=None)
    end = cases.order_by("stretch_end").values_list("stretch_end", flat=True).first()
    return end - dt.timedelta(days=1) if end else None
