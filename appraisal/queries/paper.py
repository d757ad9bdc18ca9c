"""Forms on paper for people without a phone: whose, and what stands on one."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from appraisal.models import Assessment, Cycle, PerformancePlan, PeriodTarget
from appraisal.rules.lifecycle import OPEN_CYCLES
from bukittinggi_kinerja.common.errors import NotVisible
from employees.queries import managed_paths
from employees.rules.viewing import Viewer

from .deadlines import outlasting_progress
from .plans import get_plan


@dataclass(frozen=True)
class PaperForm:
    """The typed indicators of a plan in a period; measured ones need no paper."""

    plan: PerformancePlan
    period: str
    cycle: Cycle | None
    targets: list[PeriodTarget]
    #: Until when its figures may come; None where the period was never opened.
    due: dt.datetime | None


def open_periods(viewer: Viewer, now: dt.datetime) -> list[str]:
    """Periods that take figures of somebody here, the earliest deadline first."""
    longer = Assessment.objects.current().filter(_managed(viewer), outlasting_progress(now), cycle=OuterRef("pk"))
    rows = Cycle.objects.visible_to(viewer).filter(Q(state__in=OPEN_CYCLES) | Exists(longer)).order_by("progress_due", "period")
    return list(dict.fromkeys(rows.values_list("period", flat=True)))


def plans_on_paper(viewer: Viewer, period: str, now: dt.datetime) -> QuerySet[PerformancePlan]:
    """Agreed plans of the units this pengelola manages that take figures of the period; ``asked`` typed indicators, ``filled`` of them."""
    open_cycle = Cycle.objects.filter(group=OuterRef("position__group"), period=period, state__in=OPEN_CYCLES)
    longer = Assessment.objects.current().filter(outlasting_progress(now), plan=OuterRef("pk"), cycle__period=period)
    typed = Q(indicators__period_targets__period=period, indicators__measure="", indicators__retired_on=None)
    plans = (
        PerformancePlan.objects.agreed()
        .filter(_managed(viewer), Exists(open_cycle) | Exists(longer))
        .exclude(employee_id__in=[viewer.employee_id])
    )
    plans = plans.annotate(
        asked=Count("indicators__period_targets", filter=typed, distinct=True),
        filled=Count(
            "indicators__period_targets",
            filter=typed & Q(indicators__period_targets__entries__isnull=False, indicators__period_targets__entries__withdrawn_at=None),
            distinct=True,
        ),
    )
    return plans.filter(asked__gt=0).select_related("employee", "unit", "position").order_by("employee__name", "pk")


def _managed(viewer: Viewer) -> Q:
    """Plans and cases of the units this pengelola manages."""
    managed = Q(pk__in=[])
    for path in managed_paths(viewer):
        managed |= Q(unit__path__startswith=path)
    return managed


def paper_form(viewer: Viewer, plan_id: int, period: str) -> PaperForm:
    """Raises NotVisible for another's plan, or a period without a target in it."""
    plan = get_plan(viewer, plan_id)
    targets = PeriodTarget.objects.filter(indicator__plan=plan, period=period, indicator__measure="", indicator__retired_on=None)
    rows = list(targets.select_related("indicator__work_result").order_by("indicator__order", "indicator_id"))
    if not rows:
        raise NotVisible(_("SKP ini tidak mempunyai indikator yang diisi pada periode itu."))
    cycle = Cycle.objects.select_related("policy").filter(group_id=plan.position.group_id, period=period).first()
    case = Assessment.objects.current().filter(plan=plan, cycle=cycle).select_related("cycle").first() if cycle is not None else None
    due = case.progress_due if case is not None else cycle.progress_due if cycle is not None else None
    return PaperForm(plan=plan, period=period, cycle=cycle, targets=rows, due=due)
