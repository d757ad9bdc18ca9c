"""What a plan holds: work results, indicators and the targets of its periods.

While a plan is a draft its rows change directly. In a revision an agreed indicator keeps its figures; what is
wanted of it waits in ``proposal`` until both have signed, so that nobody lowers a target that counts alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from appraisal.models import Indicator, PerformancePlan, WorkResult
from appraisal.policies import may_agree, may_plan
from appraisal.queries.plans import ancestors_of, leader_results
from appraisal.queries.yearly import field_value, proposed_yearly, stored_targets, target_of_text, target_text, yearly_of
from appraisal.rules.cascade import makes_a_loop
from appraisal.rules.drafts import IndicatorWords
from appraisal.rules.lifecycle import PlanState
from appraisal.rules.targets import NUMERIC_FORMS, Target
from appraisal.rules.vocabulary import Accumulation, TargetForm
from bukittinggi_kinerja.common.errors import NotAllowed, NotNow, NotVisible, Stale, Unacceptable
from bukittinggi_kinerja.common.events import record_event
from bukittinggi_kinerja.common.texts import clean_line
from employees.rules.viewing import Viewer

from .plan_targets import PlanPeriods, edited, periods_held, respread, write_targets

EDITABLE = frozenset({PlanState.DRAFT, PlanState.REVISING})


@dataclass(frozen=True)
class IndicatorFields(IndicatorWords):
    """An indicator as written by hand, with its place in the plan."""

    order: int = 1


def locked_plan(viewer: Viewer, plan_id: int, version: int | None) -> PerformancePlan:
    """The plan for change; raises NotVisible, or Stale when somebody saved in between."""
    plans = PerformancePlan.objects.visible_to(viewer).select_for_update(of=("self",), no_key=True)
    plan = plans.select_related("position", "unit", "posting", "employee").filter(pk=plan_id).first()
    if plan is None:
        raise NotVisible(_("SKP ini tidak ada, atau bukan untuk Anda."))
    if version is not None and version != plan.version:
        current = {"state": plan.state, "version": plan.version}
        raise Stale(_("SKP ini sudah diubah. Bandingkan sebelum menyimpan."), current=current, version=plan.version)
    return plan


def touch(plan: PerformancePlan, *columns: str) -> None:
    """Save the plan as the next version."""
    plan.version += 1
    plan.save(update_fields=[*columns, "version", "updated_at"])


def editable_plan(viewer: Viewer, plan_id: int, version: int | None) -> PerformancePlan:
    """Both sides write a plan while it is a draft or in revision."""
    plan = locked_plan(viewer, plan_id, version)
    if not (may_plan(viewer, plan) or may_agree(viewer, plan)):
        raise NotAllowed(_("SKP disusun oleh pegawai dan pejabat penilainya."))
    if plan.state not in EDITABLE:
        raise NotNow(_("SKP ini tidak sedang disusun. Minta penilai mengembalikannya, atau mulai revisi."))
    return plan


@transaction.atomic
def save_work_result(
    *,
    viewer: Viewer,
    plan_id: int,
    work_result_id: int | None,
    kind: str,
    title: str,
    parent_id: int | None,
    now: dt.datetime,
    share: Decimal | None = None,
    order: int = 1,
    version: int | None = None,
) -> WorkResult:
    """Add or change a work result (RHK); ``kind`` UTAMA or TAMBAHAN, ``share`` the percent of a direct parent target."""
    plan = editable_plan(viewer, plan_id, version)
    result = _result(plan, work_result_id) if work_result_id else WorkResult(plan=plan)
    old = _told_result(result) if result.pk else {}
    parent = _parent(plan, result, parent_id)
    result.kind, result.title, result.parent, result.share, result.order = kind, clean_line(title, limit=400), parent, share, order
    if parent is not None:
        result.leader_title = ""
    _check(result, exclude=["plan"], more={"share": _share_problem(share, parent)})
    result.save()
    touch(plan)
    record_event(
        action="appraisal.plan.result_saved",
        subject=plan,
        actor=viewer.user_id,
        now=now,
        old=old,
        new={"id": result.pk, **_told_result(result)},
    )
    return result


def _share_problem(share: Decimal | None, parent: WorkResult | None) -> str:
    if share is None:
        return ""
    if parent is None:
        return _("Bagian target diisi hanya bila RHK mendukung RHK pimpinan.")
    return "" if 0 < share <= 100 else _("Bagian target lebih dari 0 dan paling banyak 100 persen.")


def _parent(plan: PerformancePlan, result: WorkResult, parent_id: int | None) -> WorkResult | None:
    if parent_id is None:
        return None
    parent = leader_results(plan).filter(pk=parent_id).first()
    problem = ""
    if parent is None:
        problem = _("Pilih RHK dari SKP pejabat penilai Anda.")
    elif result.pk and makes_a_loop(ancestors_of(parent), child=result.pk, parent=parent.pk):
        problem = _("RHK ini sudah mendukung RHK Anda, jadi tidak dapat menjadi induknya.")
    if problem:
        raise Unacceptable(_("RHK belum tersimpan."), errors={"parent_id": [problem]})
    return parent


@transaction.atomic
def delete_work_result(*, viewer: Viewer, plan_id: int, work_result_id: int, now: dt.datetime, version: int | None = None) -> None:
    """Remove a work result with its indicators; refused once figures or other results hang on it."""
    plan = editable_plan(viewer, plan_id, version)
    result = _result(plan, work_result_id)
    if plan.state == PlanState.REVISING and result.indicators.exclude(period_targets=None).exists():
        raise NotNow(_("RHK ini memuat indikator yang sudah ditetapkan. Usulkan indikatornya dihentikan."))
    old = {"id": result.pk, **_told_result(result), "indicators": [_told_indicator(i) for i in result.indicators.all()]}
    try:
        result.delete()
    except ProtectedError as used:
        raise NotNow(_("RHK ini sudah dipakai: ada realisasi, penilaian, atau RHK bawahan yang mendukungnya.")) from used
    touch(plan)
    record_event(action="appraisal.plan.result_deleted", subject=plan, actor=viewer.user_id, now=now, old=old)


@transaction.atomic
def save_indicator(
    *,
    viewer: Viewer,
    plan_id: int,
    work_result_id: int,
    indicator_id: int | None,
    fields: IndicatorFields,
    now: dt.datetime,
    version: int | None = None,
) -> Indicator:
    """Add or change an indicator (IKI); its period targets are spread anew when the yearly target changes.

    In a revision the change of an agreed indicator is a proposal. Raises Unacceptable with sentences per field.
    """
    plan = editable_plan(viewer, plan_id, version)
    result = _result(plan, work_result_id)
    indicator = _indicator(plan, indicator_id) if indicator_id else Indicator(plan=plan)
    old = _told_indicator(indicator) if indicator.pk else {}
    before = proposed_yearly(indicator) if indicator.pk else None
    wanted = normal_fields(fields)
    for name, value in wanted.items():
        setattr(indicator, name, value)
    indicator.work_result = result
    if may_plan(viewer, plan):
        indicator.unchecked_from = None
    _check(indicator, exclude=["plan", "work_result", "proposal"])
    same_target = before == yearly_of(indicator)
    if _is_agreed(plan, indicator):
        kept = {k: v for k, v in (indicator.proposal or {}).items() if k in {"targets", "spread"} and same_target}
        indicator.proposal = {**kept, "fields": _as_text(wanted)}
        Indicator.objects.filter(pk=indicator.pk).update(proposal=indicator.proposal, work_result=result)
    else:
        indicator.save()
        if plan.state == PlanState.DRAFT and not same_target:
            respread(indicator, periods_held(plan))
    touch(plan)
    record_event(
        action="appraisal.plan.indicator_saved", subject=plan, actor=viewer.user_id, now=now, old=old, new=_told_indicator(indicator)
    )
    return indicator


@transaction.atomic
def delete_indicator(*, viewer: Viewer, plan_id: int, indicator_id: int, now: dt.datetime, version: int | None = None) -> None:
    """Remove an indicator; in a revision an agreed one is proposed to end, and what it counted stays."""
    plan = editable_plan(viewer, plan_id, version)
    indicator = _indicator(plan, indicator_id)
    old = _told_indicator(indicator)
    if _is_agreed(plan, indicator):
        Indicator.objects.filter(pk=indicator.pk).update(proposal={"retire": True})
    else:
        try:
            indicator.delete()
        except ProtectedError as used:
            raise NotNow(_("Indikator ini sudah mempunyai realisasi atau penilaian.")) from used
    touch(plan)
    record_event(action="appraisal.plan.indicator_deleted", subject=plan, actor=viewer.user_id, now=now, old=old)


@transaction.atomic
def set_period_targets(
    *, viewer: Viewer, plan_id: int, indicator_id: int, targets: Mapping[str, Target], now: dt.datetime, version: int | None = None
) -> Indicator:
    """Edit the targets of open periods by hand (period key -> target); a SUM must still add up to the year."""
    plan = editable_plan(viewer, plan_id, version)
    indicator = _indicator(plan, indicator_id)
    periods = periods_held(plan)
    stored = stored_targets(indicator)
    yearly = proposed_yearly(indicator)
    rows = edited(yearly, targets, stored, periods)
    if plan.state == PlanState.REVISING:
        proposal = {**(indicator.proposal or {}), "targets": {p.key: target_text(t) for p, t in rows.items()}}
        Indicator.objects.filter(pk=indicator.pk).update(proposal=proposal)
        indicator.proposal = proposal
    else:
        write_targets(indicator, rows, keep=periods.closed)
    touch(plan)
    record_event(
        action="appraisal.plan.targets_set",
        subject=plan,
        actor=viewer.user_id,
        now=now,
        old={"indicator": indicator.pk, **{p.key: target_text(t) for p, t in stored.items() if p in rows}},
        new={"indicator": indicator.pk, **{p.key: target_text(t) for p, t in rows.items()}},
    )
    return indicator


@transaction.atomic
def spread_targets(*, viewer: Viewer, plan_id: int, now: dt.datetime, version: int | None = None) -> PerformancePlan:
    """Spread every yearly target evenly again, in place of edits by hand; closed periods stay."""
    plan = editable_plan(viewer, plan_id, version)
    periods = periods_held(plan)
    for indicator in plan.indicators.filter(retired_on=None):
        if _is_agreed(plan, indicator):
            proposal = {k: v for k, v in (indicator.proposal or {}).items() if k != "targets"}
            Indicator.objects.filter(pk=indicator.pk).update(proposal={**proposal, "spread": True})
        else:
            respread(indicator, periods)
    touch(plan)
    record_event(action="appraisal.plan.targets_spread", subject=plan, actor=viewer.user_id, now=now)
    return plan


def settle(plan: PerformancePlan, periods: PlanPeriods) -> list[dict[str, Any]]:
    """At the signature: proposals take effect and every indicator has the targets of the open periods.

    Returns what was replaced, for the event.
    """
    replaced = []
    for indicator in plan.indicators.filter(retired_on=None):
        proposal = indicator.proposal
        if proposal:
            replaced.append(_told_indicator(indicator) | {"targets": {p.key: target_text(t) for p, t in stored_targets(indicator).items()}})
        _settle_one(indicator, proposal or {}, periods)
    return replaced


def _settle_one(indicator: Indicator, proposal: Mapping[str, Any], periods: PlanPeriods) -> None:
    if proposal.get("retire"):
        _retire(indicator, periods)
        return
    before = yearly_of(indicator)
    for name, text in proposal.get("fields", {}).items():
        setattr(indicator, name, field_value(name, text))
    indicator.proposal = None
    indicator.save()
    stored = stored_targets(indicator)
    if "targets" in proposal:
        rows = {p: target_of_text(proposal["targets"].get(p.key)) for p in periods.open}
        yearly = yearly_of(indicator)
        try:
            write_targets(indicator, edited(yearly, {p.key: t for p, t in rows.items()}, stored, periods), keep=periods.closed)
        except Unacceptable as changed:
            raise NotNow(_("Ada periode yang ditutup sejak target diusulkan. Kembalikan SKP agar diperbaiki.")) from changed
    elif "spread" in proposal or yearly_of(indicator) != before or set(stored) - set(periods.closed) != set(periods.open):
        respread(indicator, periods)


def _retire(indicator: Indicator, periods: PlanPeriods) -> None:
    """It ends with the first open period; closed periods and entered figures stay readable."""
    indicator.proposal = None
    indicator.retired_on = periods.open[0].start if periods.open else indicator.plan.valid.upper
    indicator.save(update_fields=["proposal", "retired_on"])
    indicator.period_targets.filter(start__gte=indicator.retired_on, entries=None).delete()


def _is_agreed(plan: PerformancePlan, indicator: Indicator) -> bool:
    """Agreed before this revision: it has targets, which a new one gets at the signature."""
    return plan.state == PlanState.REVISING and indicator.pk is not None and indicator.period_targets.exists()


def _result(plan: PerformancePlan, work_result_id: int) -> WorkResult:
    found = plan.work_results.filter(pk=work_result_id).first()
    if found is None:
        raise NotVisible(_("RHK ini tidak ada pada SKP tersebut."))
    return found


def _indicator(plan: PerformancePlan, indicator_id: int) -> Indicator:
    found = plan.indicators.filter(pk=indicator_id, retired_on=None).first()
    if found is None:
        raise NotVisible(_("Indikator ini tidak ada pada SKP tersebut."))
    return found


def normal_fields(given: IndicatorFields) -> dict[str, Any]:
    """Only what the form of the target uses; a date or a statement is the last word of its period."""
    wanted = {f.name: getattr(given, f.name) for f in fields(given)}
    form = wanted["form"]
    for name, forms in (("target", NUMERIC_FORMS), ("target_max", {TargetForm.RANGE}), ("statement", {TargetForm.STATEMENT})):
        if form not in forms:
            wanted[name] = "" if name == "statement" else None
    if form in NUMERIC_FORMS:
        wanted["target_date"] = None
    if form not in NUMERIC_FORMS or wanted["measure"]:
        wanted["accumulation"] = Accumulation.LAST.value
    for name, limit in (("name", 300), ("unit_name", 40), ("statement", 400)):
        wanted[name] = clean_line(wanted[name], limit=limit)
    return wanted


def _check(row: WorkResult | Indicator, *, exclude: list[str], more: Mapping[str, str] | None = None) -> None:
    problems: dict[str, list[str]] = {name: [text] for name, text in (more or {}).items() if text}
    try:
        row.full_clean(exclude=exclude)
    except ValidationError as wrong:
        for name, texts in wrong.message_dict.items():
            problems.setdefault("target" if name == "__all__" else name, []).extend(texts)
    if problems:
        raise Unacceptable(_("Belum tersimpan. Periksa isian yang ditandai."), errors=problems)


def _told_result(result: WorkResult) -> dict[str, Any]:
    return {"kind": result.kind, "title": result.title, "parent": result.parent_id, "share": result.share, "order": result.order}


def _told_indicator(indicator: Indicator) -> dict[str, Any]:
    return {"id": indicator.pk, **_as_text({f.name: getattr(indicator, f.name) for f in fields(IndicatorFields)})}


def _as_text(values: Mapping[str, Any]) -> dict[str, Any]:
    """JSON without floats: decimals and dates as text."""
    return {name: str(v) if isinstance(v, (Decimal, dt.date)) else v for name, v in values.items()}
