"""The life of a yearly plan (SKP): drafted from a post, signed by both, revised with a reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from appraisal.models import PerformancePlan
from appraisal.policies import may_agree, may_plan
from appraisal.queries.dialogues import lacks_plan_dialogue
from appraisal.queries.leaders import leader_of
from appraisal.queries.plans import leader_has_agreed_plan, leader_results, needs_parent, nodes_of, posting_for
from appraisal.rules.cascade import orphans
from appraisal.rules.lifecycle import PLAN_MOVES, PlanState, may_move
from appraisal.rules.vocabulary import BehaviourValue
from bukittinggi_kinerja.common.errors import NotAllowed, NotNow, Unacceptable
from bukittinggi_kinerja.common.events import record_event
from bukittinggi_kinerja.common.models import Event
from bukittinggi_kinerja.common.notices import notify
from bukittinggi_kinerja.common.period import local_date
from bukittinggi_kinerja.common.texts import clean_text
from employees.queries.desks import accounts_of, told_for
from employees.rules.viewing import Viewer

from .plan_copy import check_lines, copy_plan, copy_plans
from .plan_items import (
    IndicatorFields,
    delete_indicator,
    delete_work_result,
    locked_plan,
    save_indicator,
    save_work_result,
    set_period_targets,
    settle,
    spread_targets,
    touch,
)
from .plan_links import link_parents
from .plan_opening import open_draft, posting_to_plan
from .plan_targets import periods_held
from .plan_templates import start_from_template

__all__ = [
    "EXPECTATION_LENGTH",
    "IndicatorFields",
    "agree_plan",
    "check_lines",
    "copy_plan",
    "copy_plans",
    "create_plan",
    "delete_indicator",
    "delete_work_result",
    "link_parents",
    "return_plan",
    "save_expectations",
    "save_indicator",
    "save_work_result",
    "set_period_targets",
    "spread_targets",
    "start_from_template",
    "start_revision",
    "submit_plan",
]

REASON_LENGTH = 1000
EXPECTATION_LENGTH = 600
OWN_PLAN, TEAM_PLAN = "/kinerja/skp/{}/", "/tim/skp/{}/"


@transaction.atomic
def create_plan(*, viewer: Viewer, posting_id: int, year: int, now: dt.datetime, approach: str = "KUANTITATIF") -> PerformancePlan:
    """A draft for the days a posting holds in a year, by the owner or the pengelola of his OPD.

    After a transfer the plan of the earlier post ends where the new one begins. Raises NotVisible, NotNow.
    """
    if approach not in {"KUANTITATIF", "KUALITATIF"}:
        raise Unacceptable(_("SKP belum dibuat."), errors={"approach": [_("Pilih pendekatan kuantitatif atau kualitatif.")]})
    posting = posting_to_plan(viewer, posting_id)
    plan, ended = open_draft(posting, year=year, on=viewer.on, approach=approach)
    new = {"employee": posting.employee_id, "posting": posting.pk, "start": plan.valid.lower, "end": plan.valid.upper, "ended": ended}
    record_event(action="appraisal.plan.created", subject=plan, actor=viewer.user_id, now=now, new=new)
    return plan


@transaction.atomic
def save_expectations(
    *, viewer: Viewer, plan_id: int, expectations: Mapping[str, str], now: dt.datetime, version: int | None = None
) -> PerformancePlan:
    """The leader's special expectation for each of the seven values (code -> text); the assessor writes them."""
    plan = locked_plan(viewer, plan_id, version)
    if not may_agree(viewer, plan):
        raise NotAllowed(_("Ekspektasi khusus ditulis oleh pejabat penilai."))
    if plan.state == PlanState.CLOSED:
        raise NotNow(_("SKP ini sudah ditutup."))
    unknown = set(expectations) - {value.value for value in BehaviourValue}
    if unknown:
        raise Unacceptable(_("Ekspektasi belum tersimpan."), errors={"expectations": [_("Pilih salah satu dari tujuh nilai.")]})
    old = dict(plan.behaviour_expectations)
    given = {code: clean_text(text, limit=EXPECTATION_LENGTH) for code, text in expectations.items()}
    plan.behaviour_expectations = {code: text for code, text in {**old, **given}.items() if text}
    touch(plan, "behaviour_expectations")
    record_event(
        action="appraisal.plan.expectations_set", subject=plan, actor=viewer.user_id, now=now, old=old, new=plan.behaviour_expectations
    )
    return plan


@transaction.atomic
def submit_plan(*, viewer: Viewer, plan_id: int, now: dt.datetime, version: int | None = None) -> PerformancePlan:
    """The employee signs and hands the plan to the assessor.

    Raises NotNow while the assessor or his own plan is missing, Unacceptable while the plan is incomplete.
    """
    plan = locked_plan(viewer, plan_id, version)
    if not may_plan(viewer, plan):
        raise NotAllowed(_("SKP diajukan oleh pegawai sendiri."))
    _require_move(plan, PlanState.SUBMITTED)
    _follow_post(plan, viewer.on)
    _require_leader(plan)
    _require_content(plan)
    plan.signed_by_employee_at, plan.signed_by_assessor_at = now, None
    event = _move(plan, PlanState.SUBMITTED, viewer, now, "signed_by_employee_at", "signed_by_assessor_at", "posting", "assessor")
    _tell(plan, plan.assessor_id, "plan_submitted", TEAM_PLAN, event, now)
    return plan


def _follow_post(plan: PerformancePlan, today: dt.date) -> None:
    """A plan is signed by who leads the post now, not by a leader who has left; under a vacant post, by the next above."""
    posting = posting_for(plan, on=today)
    if posting is not None:
        plan.posting, plan.assessor_id = posting, leader_of(posting, on=max(plan.valid.lower, today))


def _require_leader(plan: PerformancePlan) -> None:
    if plan.assessor_id is None:
        raise NotNow(_("Pejabat penilai Anda belum ditetapkan. Draf tetap tersimpan; hubungi pengelola kepegawaian."))
    if needs_parent(plan) and not leader_has_agreed_plan(plan):
        raise NotNow(_("SKP atasan Anda belum ditetapkan. Draf tetap tersimpan; ajukan setelah itu."))


def _require_content(plan: PerformancePlan) -> None:
    """At least one indicator, none without a work result's purpose, and every main result hanging on the leader's."""
    results = list(plan.work_results.all())
    used = set(plan.indicators.filter(retired_on=None).values_list("work_result_id", flat=True))
    problems: dict[str, list[str]] = {}
    if not used:
        problems["indicators"] = [_("Tambahkan paling sedikit satu RHK dengan satu indikator.")]
    empty = [r.title for r in results if r.pk not in used and not r.indicators.exists()]
    if used and empty:
        problems["indicators"] = [_("RHK “%(rhk)s” belum mempunyai indikator.") % {"rhk": title} for title in empty]
    lost = orphans(
        nodes_of(plan), leader_results=frozenset(leader_results(plan).values_list("id", flat=True)), needs_parent=needs_parent(plan)
    )
    if lost:
        titles = {r.pk: r.title for r in results}
        problems["parent_id"] = [_("Pilih RHK pimpinan yang didukung oleh “%(rhk)s”.") % {"rhk": titles[n]} for n in lost]
    copied = plan.indicators.filter(retired_on=None, unchecked_from__isnull=False).order_by("order", "id")
    if copied:
        problems["copied"] = [
            _("Periksa baris salinan “%(iki)s”: ubah, atau tandai sudah diperiksa.") % {"iki": one.name} for one in copied
        ]
    if problems:
        raise Unacceptable(_("SKP belum dapat diajukan."), errors=problems)


@transaction.atomic
def return_plan(*, viewer: Viewer, plan_id: int, reason: str, now: dt.datetime, version: int | None = None) -> PerformancePlan:
    """The assessor gives a submitted plan back with a reason; a revision goes back to revision."""
    plan = _for_assessor(viewer, plan_id, version)
    back = PlanState.REVISING if plan.revision else PlanState.DRAFT
    _require_move(plan, back)
    why = _reason(reason)
    plan.signed_by_employee_at = None
    event = _move(plan, back, viewer, now, "signed_by_employee_at", reason=why)
    _tell(plan, plan.employee_id, "plan_returned", OWN_PLAN, event, now)
    return plan


@transaction.atomic
def agree_plan(*, viewer: Viewer, plan_id: int, now: dt.datetime, version: int | None = None) -> PerformancePlan:
    """The assessor signs: proposals of a revision take effect, and every open period has its target.

    A first plan signed after periods have closed is valid from the first open one.
    """
    plan = _for_assessor(viewer, plan_id, version)
    _require_move(plan, PlanState.AGREED)
    _require_content(plan)
    if lacks_plan_dialogue(plan, on=local_date(now)):
        raise Unacceptable(_("Catat dialog dengan pegawai sebelum SKP ditetapkan."))
    periods = periods_held(plan)
    if not periods.open:
        raise NotNow(_("Semua periode SKP ini sudah ditutup."))
    if not plan.revision:
        plan.valid = DateRange(max(plan.valid.lower, periods.open[0].start), plan.valid.upper)
    replaced = settle(plan, periods)
    plan.signed_by_assessor_at = now
    event = _move(plan, PlanState.AGREED, viewer, now, "signed_by_assessor_at", "valid", replaced=replaced)
    _tell(plan, plan.employee_id, "plan_agreed", OWN_PLAN, event, now)
    return plan


@transaction.atomic
def start_revision(*, viewer: Viewer, plan_id: int, reason: str, now: dt.datetime, version: int | None = None) -> PerformancePlan:
    """Either side opens an agreed plan again, with a reason; what is agreed counts until both have signed anew."""
    plan = locked_plan(viewer, plan_id, version)
    if not (may_plan(viewer, plan) or may_agree(viewer, plan)):
        raise NotAllowed(_("Revisi SKP dimulai oleh pegawai atau pejabat penilainya."))
    _require_move(plan, PlanState.REVISING, only_from=PlanState.AGREED)
    plan.revision_reason = _reason(reason)
    plan.revision += 1
    plan.signed_by_employee_at = plan.signed_by_assessor_at = None
    columns = ("revision", "revision_reason", "signed_by_employee_at", "signed_by_assessor_at")
    event = _move(plan, PlanState.REVISING, viewer, now, *columns, reason=plan.revision_reason)
    other, link = (plan.assessor_id, TEAM_PLAN) if may_plan(viewer, plan) else (plan.employee_id, OWN_PLAN)
    _tell(plan, other, "plan_revision_started", link, event, now)
    return plan


def _for_assessor(viewer: Viewer, plan_id: int, version: int | None) -> PerformancePlan:
    plan = locked_plan(viewer, plan_id, version)
    if not may_agree(viewer, plan):
        raise NotAllowed(_("SKP diputuskan oleh pejabat penilainya."))
    return plan


def _require_move(plan: PerformancePlan, to: PlanState, *, only_from: PlanState | None = None) -> None:
    if not may_move(PLAN_MOVES, PlanState(plan.state), to) or only_from not in {None, plan.state}:
        raise NotNow(_("SKP dalam keadaan “%(keadaan)s” tidak dapat diproses begitu.") % {"keadaan": plan.get_state_display()})


def _move(
    plan: PerformancePlan, to: PlanState, viewer: Viewer, now: dt.datetime, *columns: str, reason: str = "", replaced: object = None
) -> Event:
    old: dict[str, object] = {"state": plan.state, "revision": plan.revision}
    if replaced:
        old["replaced"] = replaced
    plan.state = to.value
    touch(plan, "state", *columns)
    new = {"state": to.value, "revision": plan.revision, "version": plan.version, "start": plan.valid.lower}
    return record_event(action="appraisal.plan.moved", subject=plan, actor=viewer.user_id, now=now, old=old, new=new, reason=reason)


def _reason(reason: str) -> str:
    why = clean_text(reason, limit=REASON_LENGTH)
    if not why:
        raise Unacceptable(_("Belum tersimpan."), errors={"reason": [_("Tulis alasannya.")]})
    return why


def _tell(plan: PerformancePlan, employee_id: int | None, kind: str, link: str, event: Event, now: dt.datetime) -> None:
    if employee_id is None:
        return
    people = {employee_id}
    if employee_id == plan.assessor_id:
        people = told_for(people, on=local_date(now)) - {plan.employee_id}
    notify(
        recipients=accounts_of(people),
        kind=kind,
        data={"year": plan.year},
        link=link.format(plan.pk),
        once=f"{kind}:{plan.pk}:{plan.version}",
        event=event,
        now=now,
    )
