"""The deadline that holds for a case, in sets, and the decisions that moved it.

``Assessment.progress_due`` and ``rating_due`` say the same of one case.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import F, Max, Min, Q, QuerySet
from django.db.models.functions import Greatest

from appraisal.models import Assessment, Cycle, DeadlineChange, DeadlinePolicy
from appraisal.rules.deadlines import Scope
from appraisal.rules.lifecycle import OPEN_CYCLES, OPEN_RATINGS, CycleState
from employees.rules.viewing import Viewer

#: Cases whose figures and marks may still come: of open cycles, and those whose own deadline outlasts their cycle.
STILL_OPEN = Q(cycle__state__in=OPEN_CYCLES) | Q(state__in=OPEN_RATINGS, own_rating_due__isnull=False)


def due_progress() -> Greatest:
    """GREATEST leaves NULL out: without a date of its own a case follows its cycle."""
    return Greatest(F("cycle__progress_due"), F("own_progress_due"))


def due_rating() -> Greatest:
    return Greatest(F("cycle__rating_due"), F("own_rating_due"))


def is_still_open(case: Assessment) -> bool:
    """``STILL_OPEN`` of one case."""
    return case.cycle.state in OPEN_CYCLES or (case.state in OPEN_RATINGS and case.own_rating_due is not None)


def takes_progress(cycle: Cycle, case: Assessment | None, now: dt.datetime) -> bool:
    """Whether figures of a plan may still come: by its cycle, or by a deadline of its case that outlasts it."""
    own = case.own_progress_due if case is not None and case.state in OPEN_RATINGS else None
    return (own is not None and now <= own) or (cycle.state in OPEN_CYCLES and now <= cycle.progress_due)


def outlasting_progress(now: dt.datetime) -> Q:
    """Cases that take figures by a deadline of their own, whatever became of their cycle."""
    return Q(state__in=OPEN_RATINGS, own_progress_due__gte=now)


def is_moved(case: Assessment) -> bool:
    """Whether some decision stands behind its deadlines."""
    cycle = case.cycle
    return any((case.own_progress_due, case.own_rating_due, cycle.opened_progress_due, cycle.opened_rating_due))


def settled(moment: Any) -> Q:
    """Cases of a closed cycle that no deadline of their own keeps open at this moment."""
    return Q(own_rating_due__isnull=True) | Q(own_rating_due__lt=moment)


def overdue_extended(now: Any) -> QuerySet[Assessment]:
    """Cases that outlasted their published cycle, and whose own deadline has now passed."""
    return Assessment.objects.current().filter(cycle__state=CycleState.PUBLISHED, state__in=OPEN_RATINGS, own_rating_due__lt=now)


def in_scope(change: DeadlineChange) -> Q:
    """The cases a change speaks of."""
    if change.scope == Scope.UNIT:
        assert change.unit is not None
        return Q(unit__path__startswith=change.unit.path)
    return Q(employee_id=change.employee_id) if change.scope == Scope.PERSON else Q()


def changes_of(periods: Iterable[str]) -> QuerySet[DeadlineChange]:
    """Decisions about these periods, the latest first, with what their sentences name."""
    rows = DeadlineChange.objects.filter(period__in=set(periods))
    return rows.select_related("unit", "employee", "outage", "decided_by__employee", "revoked_by__employee").order_by("-until", "-id")


def reasons_of(case: Assessment, changes: Iterable[DeadlineChange]) -> list[DeadlineChange]:
    """Of the changes of its period those that speak of this case; ``case.unit`` must be loaded."""
    return [change for change in changes if change.period == case.cycle.period and _speaks_of(change, case.unit.path, case.employee_id)]


def _speaks_of(change: DeadlineChange, path: str, employee: int) -> bool:
    if change.scope == Scope.UNIT:
        return change.unit is not None and path.startswith(change.unit.path)
    return change.scope == Scope.CITY or change.employee_id == employee


def latest_dues(cases: QuerySet[Assessment]) -> dict[str, Any]:
    """The latest progress and rating deadline among these cases."""
    return cases.aggregate(progress=Max(due_progress()), rating=Max(due_rating()))


def earliest_dues(cases: QuerySet[Assessment]) -> dict[str, Any]:
    """The earliest progress and rating deadline among these cases: whoever closes first is cut off first."""
    return cases.aggregate(progress=Min(due_progress()), rating=Min(due_rating()))


def deadline_policy(on: Any) -> DeadlinePolicy:
    """The version in force; before a city adopted one, the numbers it begins with."""
    found: DeadlinePolicy | None = DeadlinePolicy.objects.in_force(on=on).first()
    return found or DeadlinePolicy()


def changes_in_reach(viewer: Viewer, period: str) -> QuerySet[DeadlineChange]:
    """Decisions of a period that this office reads: all of them, or those that touch the units given to it."""
    rows = changes_of([period])
    if viewer.sees_all_people:
        return rows
    seen = Q(scope=Scope.CITY.value)
    for path in viewer.unit_paths if viewer.is_unit_hr else ():
        above = [path[: place + 1] for place, letter in enumerate(path) if letter == "/"]
        people = Assessment.objects.filter(cycle__period=period, unit__path__startswith=path).values("employee")
        seen |= Q(unit__path__startswith=path) | Q(unit__path__in=above) | Q(employee__in=people)
    return rows.filter(seen)


def public_changes(viewer: Viewer) -> dict[str, list[DeadlineChange]]:
    """Standing decisions by period: of the city and its units, and of single people the viewer's own; one query."""
    rows = DeadlineChange.objects.filter(revoked_at=None).select_related("unit", "decided_by__employee").order_by("id")
    found: dict[str, list[DeadlineChange]] = defaultdict(list)
    for row in rows.filter(~Q(scope=Scope.PERSON.value) | Q(employee_id__isnull=False, employee_id=viewer.employee_id)):
        found[row.period].append(row)
    return found


def decided_by(change: DeadlineChange) -> str:
    """The official's name; an account without a person speaks for the office."""
    person = change.decided_by.employee
    return person.name if person is not None else "BKPSDM"
