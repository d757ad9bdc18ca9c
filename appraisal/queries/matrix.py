"""The cascade of one unit as a matrix: results of its head against the people he leads. A fixed number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from appraisal.models import PerformancePlan, WorkResult
from appraisal.rules.lifecycle import PlanState
from appraisal.rules.matrix import Findings, Support, matrix
from bukittinggi_kinerja.common.errors import NotVisible
from employees.models import AppraisalRegime, Employee, OrgUnit, Posting, Regime
from employees.rules.viewing import Viewer

from .plan_copy import day_in
from .stretches import GONE


@dataclass(frozen=True)
class Cascade:
    """``people`` by name; ``plans`` of those who have one. A plan that nobody signed yet shows too: it is January."""

    unit: OrgUnit
    year: int
    head: Employee | None
    head_plan: PerformancePlan | None
    results: dict[int, WorkResult]
    people: dict[int, Posting]
    plans: dict[int, PerformancePlan]
    found: Findings
    below: Sequence[OrgUnit]

    def is_draft(self, person: int) -> bool:
        plan = self.plans.get(person)
        return plan is not None and plan.state in {PlanState.DRAFT, PlanState.SUBMITTED} and not plan.revision


def unit_of(viewer: Viewer, unit_id: int) -> OrgUnit:
    """A unit whose plans this viewer prepares or checks; raises NotVisible."""
    unit = OrgUnit.objects.filter(pk=unit_id).first()
    paths = set(viewer.headed_paths) | (set(viewer.unit_paths) if viewer.is_unit_hr else set())
    if unit is None or not (viewer.sees_all_people or any(unit.path.startswith(path) for path in paths)):
        raise NotVisible(_("Unit kerja ini tidak ada, atau bukan untuk Anda."))
    return unit


def cascade_of_unit(viewer: Viewer, unit_id: int, *, year: int) -> Cascade:
    """Seven queries, whatever the number of people."""
    unit = unit_of(viewer, unit_id)
    day = day_in(year, viewer.on)
    head = Posting.objects.in_force(on=day).filter(unit=unit, heads_unit=True).select_related("employee").first()
    people: dict[int, Posting] = {}
    if head is not None:
        below = Posting.objects.in_force(on=day).filter(supervisor=head.employee_id).exclude(employee__status__in=GONE)
        here = AppraisalRegime.objects.adopted().filter(regime=Regime.LOCAL, group=OuterRef("position__group"), valid__contains=day)
        rows = below.filter(Exists(here)).select_related("employee", "position", "unit").order_by("employee__name", "pk")
        people = {post.employee_id: post for post in rows}
    wanted = {*people, *({head.employee_id} if head else set())}
    plans = {plan.employee_id: plan for plan in PerformancePlan.objects.filter(employee__in=wanted, valid__contains=day).order_by("pk")}
    head_plan = plans.get(head.employee_id) if head else None
    results = {row.pk: row for row in _in_use(WorkResult.objects.filter(plan=head_plan))} if head_plan else {}
    supports = [
        Support(row.plan.employee_id, row.parent_id, row.title, row.kind, row.share)
        for row in _in_use(WorkResult.objects.filter(plan__in=[plans[p] for p in people if p in plans]).select_related("plan"))
    ]
    return Cascade(
        unit=unit,
        year=year,
        head=head.employee if head else None,
        head_plan=head_plan,
        results=results,
        people=people,
        plans=plans,
        found=matrix({pk: row.kind for pk, row in results.items()}, people, plans, supports),
        below=list(OrgUnit.objects.in_force(on=day).filter(parent=unit, postings__heads_unit=True).distinct().order_by("name")),
    )


def _in_use(rows: QuerySet[WorkResult]) -> QuerySet[WorkResult]:
    """Without results all of whose indicators have ended."""
    ended = WorkResult.objects.filter(pk=OuterRef("pk"), indicators__isnull=False).exclude(
        pk__in=WorkResult.objects.filter(indicators__retired_on=None, indicators__isnull=False).values("pk")
    )
    return rows.filter(~Exists(ended)).order_by("plan_id", "order", "id")
