"""Templates of plans: kept out of a plan, by version; taken up by an empty draft."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from appraisal.models import PerformancePlan, PlanTemplate
from appraisal.policies import may_end_template, may_keep_template
from appraisal.queries.plan_copy import templates_for
from appraisal.queries.plans import get_plan
from appraisal.rules.drafts import as_template, for_year, of_template, unmarked
from appraisal.rules.lifecycle import PlanState
from bukittinggi_kinerja.common.errors import NotAllowed, NotNow, NotVisible, Unacceptable
from bukittinggi_kinerja.common.events import record_event
from bukittinggi_kinerja.common.texts import clean_line
from employees.rules.viewing import Viewer

from .plan_drafts import YearBook, drafts_in, fill, signed_results
from .plan_items import editable_plan, touch

REASON_LENGTH = 300


@transaction.atomic
def save_template(*, viewer: Viewer, plan_id: int, everywhere: bool, reason: str, now: dt.datetime) -> PlanTemplate:
    """What this plan promises becomes the template of its post, in its unit or everywhere; the one before stays readable.

    Shares and targets by month stay behind: they are one person's. Raises NotVisible, NotAllowed, Unacceptable.
    """
    plan = get_plan(viewer, plan_id)
    if not may_keep_template(viewer, plan, everywhere=everywhere):
        raise NotAllowed(_("Templat disimpan oleh pimpinan unit, pengelola, atau BKPSDM."))
    why = clean_line(reason, limit=REASON_LENGTH)
    content = as_template(drafts_in([plan], with_targets=False)[plan.pk])
    if not content or not why:
        problem = {"reason": [_("Tulis alasan atau dasarnya.")]} if content else {"plan": [_("SKP ini masih kosong.")]}
        raise Unacceptable(_("Templat belum tersimpan."), errors=problem)
    unit = None if everywhere else plan.unit
    before = PlanTemplate.objects.select_for_update().filter(position=plan.position, unit=unit).order_by("-version").first()
    if before is not None and before.is_current:
        before.is_current = False
        before.save(update_fields=["is_current"])
    made = PlanTemplate.objects.create(
        position=plan.position,
        unit=unit,
        version=before.version + 1 if before else 1,
        year=plan.year,
        content=content,
        reason=why,
        made_by=viewer.user_id,
        made_at=now,
    )
    new = {"position": plan.position_id, "unit": unit.pk if unit else None, "version": made.version, "plan": plan.pk}
    old = {"template": before.pk} if before else {}
    record_event(action="appraisal.template.saved", subject=made, actor=viewer.user_id, now=now, old=old, new=new, reason=why)
    return made


@transaction.atomic
def end_template(*, viewer: Viewer, template_id: int, reason: str, now: dt.datetime) -> PlanTemplate:
    """Nobody starts from it any more; drafts that did stay as they are."""
    found = PlanTemplate.objects.select_for_update(of=("self",)).select_related("unit").filter(pk=template_id, is_current=True).first()
    if found is None:
        raise NotVisible(_("Templat ini tidak ada."))
    if not may_end_template(viewer, found):
        raise NotAllowed(_("Templat dihentikan oleh pimpinan unit, pengelola, atau BKPSDM."))
    why = clean_line(reason, limit=REASON_LENGTH)
    if not why:
        raise Unacceptable(_("Belum tersimpan."), errors={"reason": [_("Tulis alasannya.")]})
    found.is_current = False
    found.save(update_fields=["is_current"])
    record_event(action="appraisal.template.ended", subject=found, actor=viewer.user_id, now=now, reason=why)
    return found


@transaction.atomic
def start_from_template(*, viewer: Viewer, plan_id: int, template_id: int, now: dt.datetime, version: int | None = None) -> PerformancePlan:
    """Fill an empty draft with a template of its post. Raises NotNow when the plan holds something already."""
    plan = editable_plan(viewer, plan_id, version)
    chosen = next((one for one in templates_for(plan) if one.pk == template_id), None)
    if chosen is None:
        raise NotVisible(_("Templat ini tidak ada untuk jabatan pada SKP tersebut."))
    if plan.state != PlanState.DRAFT or plan.work_results.exists():
        raise NotNow(_("Templat dipakai pada SKP yang masih kosong."))
    book = YearBook(plan.year)
    drafts = unmarked(for_year(of_template(chosen.content), old=chosen.year, new=plan.year))
    leaders = signed_results({plan.assessor_id} if plan.assessor_id else set(), start=book.start, end=book.end)
    fill([(plan, drafts)], leaders=leaders, book=book)
    touch(plan)
    record_event(action="appraisal.plan.template_used", subject=plan, actor=viewer.user_id, now=now, new={"template": chosen.pk})
    return plan
