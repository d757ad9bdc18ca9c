"""Opening a draft for a post: whose it may be, its days, and where the plan of an earlier post ends."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from appraisal.models import PerformancePlan
from appraisal.policies import manages_unit
from appraisal.queries.leaders import leader_of
from appraisal.queries.plans import plan_periods
from appraisal.rules.lifecycle import PLAN_MOVES, PlanState, may_move
from bukittinggi_kinerja.common.errors import NotNow, NotVisible
from employees.models import Posting
from employees.rules.viewing import Viewer

from .plan_items import touch


def posting_to_plan(viewer: Viewer, posting_id: int) -> Posting:
    """A posting that the owner, or the pengelola of his OPD, may draft a plan for; raises NotVisible."""
    found = Posting.objects.known().select_related("employee", "unit", "position").filter(pk=posting_id).first()
    if found is None or not (found.employee_id == viewer.employee_id or manages_unit(viewer, found.unit)):
        raise NotVisible(_("Penempatan ini tidak ada, atau bukan untuk Anda."))
    return found


def open_draft(posting: Posting, *, year: int, on: dt.date, approach: str = "KUANTITATIF") -> tuple[PerformancePlan, list[int]]:
    """The saved draft, and the plans of earlier posts that end where it begins. Raises NotNow.

    Its assessor leads the post on the day, or on the plan's first; a vacant post passes to the next leader above.
    """
    start, end = _days_of(posting, year)
    plan = PerformancePlan(
        employee=posting.employee,
        unit=posting.unit,
        position=posting.position,
        posting=posting,
        assessor_id=leader_of(posting, on=max(start, min(on, end - dt.timedelta(days=1)))),
        year=year,
        valid=DateRange(start, end),
        approach=approach,
    )
    if not plan_periods(plan):
        raise NotNow(_("Kelompok pegawai ini tidak dinilai di sini pada tahun itu."))
    ended = _end_earlier(plan)
    try:
        with transaction.atomic():
            plan.save()
    except IntegrityError as clash:
        raise NotNow(_("Pegawai ini sudah mempunyai SKP pada tanggal itu.")) from clash
    return plan, ended


def _days_of(posting: Posting, year: int) -> tuple[dt.date, dt.date]:
    start = max(posting.valid.lower or dt.date.min, dt.date(year, 1, 1))
    end = min(posting.valid.upper or dt.date.max, dt.date(year + 1, 1, 1))
    if start >= end:
        raise NotNow(_("Penempatan ini tidak berlaku pada tahun itu."))
    return start, end


def _end_earlier(plan: PerformancePlan) -> list[int]:
    """Plans of an earlier post that reach into this one end where it begins; what they counted stays."""
    ended = []
    others = PerformancePlan.objects.select_for_update(no_key=True).filter(employee_id=plan.employee_id, valid__overlap=plan.valid)
    for other in others:
        if other.posting_id == plan.posting_id or other.valid.lower >= plan.valid.lower:
            raise NotNow(_("Pegawai ini sudah mempunyai SKP pada tanggal itu."))
        other.valid = DateRange(other.valid.lower, plan.valid.lower)
        if may_move(PLAN_MOVES, PlanState(other.state), PlanState.CLOSED):
            other.state = PlanState.CLOSED.value
        touch(other, "valid", "state")
        for indicator in other.indicators.all():
            indicator.period_targets.filter(start__gte=plan.valid.lower, entries=None).delete()
        ended.append(other.pk)
    return ended
