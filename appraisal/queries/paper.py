"""Forms on paper for people without a phone: whose, and what stands on one."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from appraisal.models import Cycle, PerformancePlan, PeriodTarget
from appraisal.rules.lifecycle import OPEN_CYCLES
from bukittinggi_kinerja.common.errors import NotVisible
from employees.queries import managed_paths
from employees.rules.viewing import Viewer

from .plans import get_plan


@dataclass(frozen=True)
class PaperForm:
    """The typed indicators of a plan in a period; measured ones need no paper."""

    plan: PerformancePlan
    period: str
    cycle: Cycle | None
    targets: list[PeriodTarget]


def open_periods(viewer: Viewer) -> list[str]:
    """Periods that take figures, the earliest deadline first."""
    rows = Cycle.objects.visible_to(viewer).filter(state__in=OPEN_CYCLES).order_by("progress_due", "period")
    return list(dict.fromkeys(rows.values_list("period", flat=True)))


def plans_on_paper(viewer: Viewer, period: str) -> QuerySet[PerformancePlan]:
    """Agreed plans of the units this pengelola manages with a target in the period; ``asked`` typed indicators, ``filled`` of them."""
    managed = Q(pk__in=[])
    for path in managed_paths(viewer):
        managed |= Q(unit__path__startswith=path)
    typed = Q(indicators__period_targets__period=period, indicators__measure="", indicators__retired_on=None)
    plans = PerformancePlan.objects.agreed().filter(managed).exclude(employee_id__in=[viewer.employee_id])
    plans = plans.annotate(
        asked=Count("indicators__period_targets", filter=typed, distinct=True),
        filled=Count(
            "indicators__period_targets",
            filter=typed & Q(indicators__period_targets__entries__isnull=False, indicators__period_targets__entries__withdrawn_at=None),
            distinct=True,
        ),
    )
    return plans.filter(asked__gt=0).select_related("employee", "unit", "position").order_by("employee__name", "pk")


def paper_form(viewer: Viewer, plan_id: int, period: str) -> PaperForm:
    """Raises NotVisible for another's plan, or a period without a target in it."""
    plan = get_plan(viewer, plan_id)
    targets = PeriodTarget.objects.filter(indicator__plan=plan, period=period, indicator__measure="", indicator__retired_on=None)
    rows = list(targets.select_related("indicator__work_result").order_by("indicator__order", "indicator_id"))
    if not rows:
        raise NotVisible(_("SKP ini tidak mempunyai indikator yang diisi pada periode itu."))
    cycle = Cycle.objects.select_related("policy").filter(group_id=plan.position.group_id, period=period).first()
    return PaperForm(plan=plan, period=period, cycle=cycle, targets=rows)
