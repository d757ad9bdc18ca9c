"""What the pages of plans show, in a fixed number of queries."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Case, Exists, IntegerField, OuterRef, Prefetch, Value, When

from appraisal.models import Indicator, PerformancePlan, WorkResult
from appraisal.rules.cascade import CascadeFindings
from appraisal.rules.lifecycle import PlanState
from employees.models import Employee, Posting
from employees.queries import line_of
from employees.rules.spans import Span
from employees.rules.viewing import Viewer

from .plans import cascade_of, get_plan


@dataclass(frozen=True)
class PlanPage:
    """``gaps`` and ``uneven`` speak of this person's results as a leader; empty for who leads nobody."""

    plan: PerformancePlan
    results: Sequence[WorkResult]
    gaps: Sequence[WorkResult] = ()
    uneven: Sequence[tuple[WorkResult, object]] = ()


@dataclass(frozen=True)
class OwnPlans:
    plans: Sequence[PerformancePlan]
    without_plan: Sequence[Posting] = ()

    def source_for(self, posting: Posting, year: int) -> PerformancePlan | None:
        """The agreed plan of the same post from the year before, which may be copied."""
        agreed = {PlanState.AGREED, PlanState.CLOSED}
        same = (p for p in self.plans if p.year == year - 1 and p.position_id == posting.position_id and p.state in agreed)
        return next(same, None)


@dataclass(frozen=True)
class TeamPlans:
    waiting: list[PerformancePlan] = field(default_factory=list)
    others: list[PerformancePlan] = field(default_factory=list)
    without_plan: list[Employee] = field(default_factory=list)


def plan_page(viewer: Viewer, plan_id: int) -> PlanPage:
    """A plan with its results, indicators and period targets; raises NotVisible."""
    plan = get_plan(viewer, plan_id)
    indicators = Indicator.objects.order_by("order", "id").prefetch_related("period_targets")
    results = list(
        plan.work_results.select_related("parent").prefetch_related(Prefetch("indicators", queryset=indicators)).order_by("order", "id")
    )
    found = cascade_of(plan) if plan.posting is not None and plan.posting.heads_unit else CascadeFindings()
    by_id = {result.pk: result for result in results}
    return PlanPage(plan, results, [by_id[n] for n in found.gaps], [(by_id[n], total) for n, total in found.uneven])


def own_plans(viewer: Viewer) -> OwnPlans:
    """A person's plans, latest first, and this year's posts that have none.

    A post in a unit that was renamed, moved, merged or split is the post of the plan made in the unit before. Who comes
    back to a post whose plan ended meanwhile needs a new one.
    """
    if viewer.employee_id is None:
        return OwnPlans([])
    plans = list(PerformancePlan.objects.filter(employee_id=viewer.employee_id).select_related("unit", "assessor").order_by("-valid"))
    year = dt.date(viewer.on.year, 1, 1), dt.date(viewer.on.year + 1, 1, 1)
    postings = (
        Posting.objects.overlapping(*year).filter(employee_id=viewer.employee_id).select_related("unit", "position").order_by("valid")
    )
    heirs: dict[int, set[int]] = defaultdict(set)
    for origin in line_of({posting.unit_id for posting in postings}):
        heirs[origin.unit].add(origin.heir)
    spans: dict[tuple[int, int], list[Span]] = defaultdict(list)
    for plan in plans:
        if plan.year == viewer.on.year:
            for unit in heirs[plan.unit_id]:
                spans[unit, plan.position_id].append(Span(plan.valid.lower, plan.valid.upper))
    return OwnPlans(plans, [p for p in postings if _lacks_plan(p, spans[p.unit_id, p.position_id], viewer.on)])


def _lacks_plan(posting: Posting, spans: Sequence[Span], on: dt.date) -> bool:
    """No plan of the post at all; or none in these days, while they are not over."""
    days = Span(posting.valid.lower, posting.valid.upper)
    return not spans or ((days.end is None or days.end > on) and not any(span.overlaps(days) for span in spans))


def team_plans(viewer: Viewer) -> TeamPlans:
    """This year's plans whose assessor is the viewer or whom he substitutes for; those that wait for him first."""
    if viewer.employee_id is None:
        return TeamPlans()
    waits = Case(When(state=PlanState.SUBMITTED, then=Value(0)), default=Value(1), output_field=IntegerField())
    plans = (
        PerformancePlan.objects.filter(assessor_id__in=viewer.principals, year=viewer.on.year)
        .exclude(employee_id=viewer.employee_id)
        .select_related("employee", "unit")
        .annotate(waits=waits)
        .order_by("waits", "employee__name", "id")
    )
    found = TeamPlans()
    for plan in plans:
        (found.waiting if plan.state == PlanState.SUBMITTED else found.others).append(plan)
    # A plan agreed with the leader before stays: his successor has no plan to ask for.
    planned = PerformancePlan.objects.filter(employee=OuterRef("pk"), valid__contains=viewer.on)
    people = Employee.objects.filter(~Exists(planned), id__in=viewer.rates - {plan.employee_id for plan in plans}).order_by("name")
    found.without_plan.extend(people)
    return found
