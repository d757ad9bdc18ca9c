"""Ratings and plans that a move left without an owner, and what one person still owes as an official."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Q, QuerySet

from appraisal.models import Assessment, PerformancePlan
from appraisal.rules.lifecycle import AssessmentState, PlanState
from bukittinggi_kinerja.common.period import Period, PeriodKind
from employees.models import Employee
from employees.queries.handover import unowned
from employees.rules.viewing import Viewer

from .deadlines import STILL_OPEN, is_still_open
from .late import TAKES_LATE
from .targets import left_empty

#: What a rater has still to finish in the period itself, or by a deadline of the case that outlasts it.
UNFINISHED = STILL_OPEN & Q(state=AssessmentState.DRAFT.value)

#: Plans that hold only once a rater has signed them.
UNSIGNED = (PlanState.SUBMITTED.value, PlanState.REVISING.value)


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
    """Plans in reach that wait for the signature of somebody who cannot give it, and those he could not sign once revised."""
    people = Employee.objects.visible_to(viewer).values("pk")
    waiting = PerformancePlan.objects.filter(unowned(viewer.on, "assessor", "employee"), state__in=UNSIGNED, employee__in=people)
    return waiting.select_related("employee", "assessor", "unit").order_by("unit__path", "employee__name", "pk")


@dataclass(frozen=True)
class Owed:
    """What one official leaves: ratings of open periods, of closed ones, plans to sign; and his own last whole month."""

    open_ratings: int
    late_ratings: int
    plans: int
    last_month: str
    last_month_state: str
    #: Figures of that month that wait for him, and until when they are taken; nothing where no case of it is open.
    last_figures: int = 0
    last_due: dt.datetime | None = None
    last_plan: int | None = None

    @property
    def nothing(self) -> bool:
        return not (self.open_ratings or self.late_ratings or self.plans)


def owed_by(employee_id: int, *, last_day: dt.date) -> Owed:
    """Four queries."""
    month = Period.containing(last_day + dt.timedelta(days=1), PeriodKind.MONTH).previous()
    mine = Assessment.objects.current().filter(assessor_id=employee_id)
    own = Assessment.objects.current().filter(employee_id=employee_id, cycle__period=month.key).select_related("cycle")
    last: Any = own.annotate(waiting=ArraySubquery(left_empty().values("pk"))).order_by("-stretch_end").first()
    is_open = last is not None and last.plan_id is not None and last.state == AssessmentState.DRAFT and is_still_open(last)
    return Owed(
        open_ratings=mine.filter(UNFINISHED).count(),
        late_ratings=mine.filter(TAKES_LATE).count(),
        plans=PerformancePlan.objects.filter(assessor_id=employee_id, state__in=UNSIGNED).count(),
        last_month=month.key,
        last_month_state=last.state if last is not None else "",
        last_figures=len(last.waiting) if is_open else 0,
        last_due=last.progress_due if is_open else None,
        last_plan=last.plan_id if is_open else None,
    )


def unfinished_of(people: Collection[int]) -> int:
    """Ratings of these people that are not published yet."""
    open_now = UNFINISHED | Q(state=AssessmentState.RATED.value)
    return Assessment.objects.current().filter(open_now, employee_id__in=people).count()


def unsigned_of(people: Collection[int]) -> int:
    """Plans of these people that wait for a signature."""
    return PerformancePlan.objects.filter(state__in=UNSIGNED, employee_id__in=people).count()


def first_day_without_rater(employee_id: int) -> dt.date | None:
    """The last day of the earliest stretch of this person that no official rates: who is set from that day on rates it."""
    cases = Assessment.objects.current().filter(UNFINISHED, employee_id=employee_id, assessor=None)
    end = cases.order_by("stretch_end").values_list("stretch_end", flat=True).first()
    return end - dt.timedelta(days=1) if end else None
