"""Reads around a plan: its periods, the leader's results it hangs on, and what is still uneven."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from appraisal.models import PerformancePlan, WorkResult
from appraisal.rules.cascade import CascadeFindings, ResultNode, coverage
from appraisal.rules.lifecycle import PlanState
from appraisal.rules.targets import Stretch, periods_in_force
from bukittinggi_kinerja.common.errors import NotVisible
from bukittinggi_kinerja.common.period import Period, PeriodKind
from employees.models import AppraisalRegime, Posting, Regime, UnitKind
from employees.queries import line_of
from employees.rules.viewing import Viewer


def get_plan(viewer: Viewer, plan_id: int) -> PerformancePlan:
    """The plan with what its pages show, or NotVisible."""
    plans = PerformancePlan.objects.visible_to(viewer).select_related("employee", "unit", "position", "posting", "assessor")
    found = plans.filter(pk=plan_id).first()
    if found is None:
        raise NotVisible(_("SKP ini tidak ada, atau bukan untuk Anda."))
    return found


def stretches_of(group_id: int, start: dt.date, end: dt.date) -> list[Stretch]:
    """Days in which a group is appraised here, and by what period."""
    regimes = AppraisalRegime.objects.adopted().filter(group_id=group_id, regime=Regime.LOCAL, valid__overlap=(start, end))
    return [
        Stretch(r.valid.lower or dt.date.min, r.valid.upper or dt.date.max, PeriodKind(r.cycle_kind)) for r in regimes.order_by("valid")
    ]


def plan_periods(plan: PerformancePlan) -> list[Period]:
    """The periods of which a day lies in the plan."""
    start, end = plan.valid.lower, plan.valid.upper
    return periods_in_force(stretches_of(plan.position.group_id, start, end), start, end)


def leader_results(plan: PerformancePlan) -> QuerySet[WorkResult]:
    """What a main result may support: results of the assessor's plans of the same days, once he has signed them."""
    if plan.assessor_id is None:
        return WorkResult.objects.none()
    signed = PerformancePlan.objects.filter(employee_id=plan.assessor_id, valid__overlap=plan.valid).exclude(
        state=PlanState.DRAFT, revision=0
    )
    return WorkResult.objects.filter(plan__in=signed).order_by("plan_id", "order", "id")


def leader_has_agreed_plan(plan: PerformancePlan) -> bool:
    if plan.assessor_id is None:
        return False
    return PerformancePlan.objects.agreed().filter(employee_id=plan.assessor_id, valid__overlap=plan.valid).exists()


def needs_parent(plan: PerformancePlan) -> bool:
    """Whether main results hang on the leader's: not for the head of an agency, nor under one who has no plan here."""
    heads_agency = plan.posting is not None and plan.posting.heads_unit and plan.unit.kind == UnitKind.AGENCY
    if heads_agency or plan.assessor_id is None:
        return False
    day = plan.valid.lower
    leader = Posting.objects.in_force(on=day).filter(employee_id=plan.assessor_id).values_list("position__group_id", flat=True).first()
    return leader is not None and bool(stretches_of(leader, day, day + dt.timedelta(days=1)))


def nodes_of(plan: PerformancePlan) -> list[ResultNode]:
    return [ResultNode(*row) for row in plan.work_results.values_list("id", "kind", "parent_id", "share")]


def cascade_of(plan: PerformancePlan) -> CascadeFindings:
    """Results of this leader nobody supports, and those whose direct shares are not 100 %."""
    own = nodes_of(plan)
    below = WorkResult.objects.filter(parent__plan=plan, indicators__retired_on=None).exclude(plan__state=PlanState.DRAFT, plan__revision=0)
    children = [ResultNode(*row) for row in below.distinct().values_list("id", "kind", "parent_id", "share")]
    return coverage(own, children)


def posting_for(plan: PerformancePlan, *, on: dt.date) -> Posting | None:
    """The posting behind a plan now: the same post, perhaps under another leader or in a unit that came from the plan's."""
    day = max(plan.valid.lower, min(on, plan.valid.upper - dt.timedelta(days=1)))
    held = Posting.objects.in_force(on=day).filter(employee_id=plan.employee_id, position_id=plan.position_id).first()
    if held is None or plan.unit_id not in {origin.unit for origin in line_of({held.unit_id})}:
        return None
    return held


def ancestors_of(result: WorkResult) -> dict[int, int | None]:
    """The chain of results above one, child to parent; a few steps, as offices are a few levels deep."""
    chain: dict[int, int | None] = {}
    at: int | None = result.pk
    while at is not None and at not in chain:
        chain[at] = WorkResult.objects.filter(pk=at).values_list("parent_id", flat=True).first()
        at = chain[at]
    return chain
