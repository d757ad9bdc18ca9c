"""Which plans take figures of which periods, and whose ratings are finished: the same for a file as for a figure that is typed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, field

from django.db.models import QuerySet

from appraisal.models import Assessment, Cycle, PerformancePlan, PeriodTarget
from appraisal.queries.cycles import held_cycles
from appraisal.queries.deadlines import takes_progress
from appraisal.rules.lifecycle import AssessmentState

Place = tuple[int, str]


@dataclass
class Windows:
    """Places are a plan and a period."""

    open: set[Place] = field(default_factory=set)
    rated: set[Place] = field(default_factory=set)


def hold_plans(plans: QuerySet[PerformancePlan]) -> None:
    """As for a figure that is typed: the plan first, then its cycle and its rating, so that nobody waits for the other in a ring."""
    list(plans.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk", flat=True))


def windows_of(targets: Collection[PeriodTarget], *, now: dt.datetime, lock: bool) -> Windows:
    """Three queries. With ``lock`` the cycles and cases stay as they are until the caller's transaction ends.

    The targets come with ``indicator__plan__position``.
    """
    groups = {(target.indicator.plan_id, target.period): target.indicator.plan.position.group_id for target in targets}
    cycles = _cycles({(group, period) for (_plan, period), group in groups.items()}, lock=lock)
    cases = Assessment.objects.current().filter(
        cycle__in=[cycle.pk for cycle in cycles.values()], plan__in={plan for plan, _period in groups}
    )
    rows = cases.select_for_update(of=("self",)) if lock else cases
    of_place = {(case.cycle_id, case.plan_id): case for case in rows.order_by("pk")}
    found = Windows()
    for place, group in groups.items():
        cycle = cycles.get((group, place[1]))
        if cycle is None:
            continue
        case = of_place.get((cycle.pk, place[0]))
        if takes_progress(cycle, case, now):
            found.open.add(place)
        if case is not None and case.state == AssessmentState.RATED:
            found.rated.add(place)
    return found


def _cycles(wanted: set[tuple[int, str]], *, lock: bool) -> dict[tuple[int, str], Cycle]:
    rows = Cycle.objects.filter(group__in={group for group, _period in wanted}, period__in={period for _group, period in wanted})
    held = held_cycles(rows.values_list("pk", flat=True)) if lock else list(rows)
    return {(cycle.group_id, cycle.period): cycle for cycle in held if (cycle.group_id, cycle.period) in wanted}
