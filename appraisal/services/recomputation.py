"""New versions by two people: one proposes what became known late, another approves, and nobody decides of himself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from appraisal.models import Recomputation, RecomputationItem
from appraisal.policies import may_approve_versions, may_propose_versions
from appraisal.queries.late_changes import facts_text, late_rows
from appraisal.queries.rule_changes import rule_rows
from appraisal.rules.late_changes import Act, Cause, ProposalState
from bukittinggi_kinerja.common.errors import NotAllowed, NotNow, NotVisible, Stale, Unacceptable
from bukittinggi_kinerja.common.events import record_event
from bukittinggi_kinerja.common.jobs import start_job
from bukittinggi_kinerja.common.models import Job
from bukittinggi_kinerja.common.texts import clean_text
from employees.models import Employee, OrgUnit
from employees.rules.viewing import Viewer

from .proposal_notices import ask_second_person, tell_proposer
from .version_sets import REASON_LENGTH

RECOMPUTE = "appraisal.recompute"


@dataclass(frozen=True)
class Choice:
    """Which part of the list is proposed: of a decree, below a unit, of one person; without any of these all of it."""

    decree: str = ""
    unit_id: int | None = None
    employee_id: int | None = None


@transaction.atomic
def propose_postings(*, viewer: Viewer, choice: Choice, reason: str, now: dt.datetime) -> Recomputation:
    """Propose versions for cases that late postings reach; Unacceptable where nothing of the choice is to be changed."""
    words = _required(viewer, reason)
    rows = [row for row in late_rows(people=_people(choice)) if row.proposable and choice.decree in {"", row.decree.key}]
    below = _below(choice)
    items = [
        RecomputationItem(
            cycle=row.cycle, employee_id=row.employee_id, assessment=row.case, act=row.change.act.value,
            before=facts_text(row.change.case.facts if row.change.case else None), after=facts_text(row.change.told),
        )
        for row in rows
        if below is None or row.change.unit in below
    ]  # fmt: skip
    return _proposed(viewer, Cause.POSTING, items, words, now)


@transaction.atomic
def propose_rule(*, viewer: Viewer, choice: Choice, reason: str, now: dt.datetime) -> Recomputation:
    """Propose versions by the rule that governs their period today; the ratings an official set stay as they are."""
    words = _required(viewer, reason)
    below = _below(choice)
    items = [
        RecomputationItem(
            cycle=row.cycle, employee_id=row.employee_id, assessment_id=row.case_id, act=Act.RESCORE.value,
            before=row.before.text, after=row.after.text, policy=row.rule,
        )
        for row in rule_rows(people=_people(choice))
        if below is None or row.unit_id in below
    ]  # fmt: skip
    return _proposed(viewer, Cause.POLICY, items, words, now)


@transaction.atomic
def propose_undo(*, viewer: Viewer, proposal_id: int, reason: str, now: dt.datetime) -> Recomputation:
    """Propose to restore what stood before an applied proposal: again versions, so that nothing is taken away."""
    words = _required(viewer, reason)
    undone = get_proposal(viewer, proposal_id)
    if undone.state != ProposalState.APPLIED:
        raise NotNow(_("Hanya usulan yang sudah diterapkan yang dapat dipulihkan."))
    made = undone.items.filter(made__is_current=True).select_related("made", "cycle").order_by("id")
    items = [
        RecomputationItem(
            cycle=item.cycle, employee_id=item.employee_id, assessment=item.made, act=Act.RESTORE.value, before=item.after,
            after=item.before,
        )
        for item in made
    ]  # fmt: skip
    return _proposed(viewer, Cause.UNDO, items, words, now, undoes=undone)


@transaction.atomic
def revoke_proposal(*, viewer: Viewer, proposal_id: int, now: dt.datetime) -> Recomputation:
    """Take back a proposal that nobody approved; any of the city's HR may."""
    _require_hr(viewer)
    proposal = _held(viewer, proposal_id, now)
    return _decided(proposal, ProposalState.REVOKED, viewer, now, action="appraisal.recomputation.revoked")


@transaction.atomic
def split_own_case(*, viewer: Viewer, proposal_id: int, now: dt.datetime) -> Recomputation:
    """Put one's own cases into a proposal of their own, for another approver; the rest stays as it was proposed."""
    proposal = _held(viewer, proposal_id, now)
    _require_approver(viewer, proposal)
    own = proposal.items.filter(employee=viewer.employee_id or 0)
    if not own.exists():
        raise NotNow(_("Penilaian Anda tidak ada dalam usulan ini."))
    if not proposal.items.exclude(employee=viewer.employee_id or 0).exists():
        raise NotNow(_("Usulan ini hanya memuat penilaian Anda. Mintalah orang lain menyetujuinya."))
    apart = Recomputation.objects.create(
        cause=proposal.cause, reason=proposal.reason, proposed_by_id=proposal.proposed_by_id, proposed_at=proposal.proposed_at,
        undoes_id=proposal.undoes_id,
    )  # fmt: skip
    own.update(proposal=apart)
    moved = {"proposal": apart.pk, "items": list(apart.items.order_by("id").values_list("id", flat=True))}
    event = record_event(action="appraisal.recomputation.split", subject=proposal, actor=viewer.user_id, now=now, new=moved)
    ask_second_person(apart, event, now=now)
    return apart


@transaction.atomic
def approve_proposal(*, viewer: Viewer, proposal_id: int, now: dt.datetime) -> Job:
    """Approve what another proposed, and start the job that makes the versions.

    Raises NotAllowed for the proposer and for a case of one's own, NotNow for what is decided already, Stale where the
    difference is another one by now.
    """
    proposal = _held(viewer, proposal_id, now)
    _require_approver(viewer, proposal)
    if viewer.employee_id is not None and proposal.items.filter(employee_id=viewer.employee_id).exists():
        raise NotAllowed(_("Usulan ini memuat penilaian Anda sendiri. Pisahkan penilaian itu untuk pemutus lain."))
    outdated = outdated_items(proposal)
    if outdated:
        sentence = _("Keadaan berubah sejak diusulkan. Tarik usulan ini, periksa selisih yang baru, lalu usulkan lagi.")
        raise Stale(sentence, current={str(item): None for item in outdated}, version=proposal.pk)
    _decided(proposal, ProposalState.APPROVED, viewer, now, action="appraisal.recomputation.approved")
    people = Employee.objects.filter(recomputation_items__proposal=proposal).distinct()
    chosen = Employee.objects.filter(pk__in=people.values("pk"))
    return start_job(key=_job_key(proposal), kind=RECOMPUTE, rows=chosen, now=now, detail={"proposal": proposal.pk})


def job_of(proposal: Recomputation) -> int | None:
    """The number of the job that makes its versions, once it was approved."""
    return Job.objects.filter(key=_job_key(proposal)).values_list("pk", flat=True).first()


def _job_key(proposal: Recomputation) -> str:
    return f"{RECOMPUTE}:{proposal.pk}"


def get_proposal(viewer: Viewer, proposal_id: int) -> Recomputation:
    found = Recomputation.objects.visible_to(viewer).select_related("proposed_by__employee", "decided_by__employee")
    proposal = found.filter(pk=proposal_id).first()
    if proposal is None:
        raise NotVisible(_("Usulan ini tidak ada, atau bukan untuk Anda."))
    return proposal


def outdated_items(proposal: Recomputation) -> set[int]:
    """Items whose difference, looked at anew, is no longer the one that was proposed."""
    items = list(proposal.items.select_related("assessment"))
    people = {item.employee_id for item in items}
    if proposal.cause == Cause.UNDO:
        return {item.pk for item in items if item.assessment is None or not item.assessment.is_current}
    now_told: dict[tuple[Any, ...], Any] = {}
    if proposal.cause == Cause.POLICY:
        now_told = {
            (row.case_id, ""): (Act.RESCORE.value, row.before.text, row.after.text, row.rule.pk) for row in rule_rows(people=people)
        }
    else:
        for row in late_rows(people=people):
            before, after = facts_text(row.change.case.facts if row.change.case else None), facts_text(row.change.told)
            key = (row.case.pk, "") if row.case else (None, f"{row.cycle.pk}:{row.employee_id}:{after.get('start')}")
            now_told[key] = (row.change.act.value, before, after, None)
    return {item.pk for item in items if now_told.get(_key(item)) != (item.act, item.before, item.after, item.policy_id)}


def _key(item: RecomputationItem) -> tuple[Any, ...]:
    if item.assessment_id is not None:
        return item.assessment_id, ""
    return None, f"{item.cycle_id}:{item.employee_id}:{item.after.get('start')}"


def _required(viewer: Viewer, reason: str) -> str:
    _require_hr(viewer)
    words = clean_text(reason, limit=REASON_LENGTH)
    if not words:
        raise Unacceptable(_("Isi alasan usulan."), errors={"reason": [_("Isi alasan usulan.")]})
    return words


def _require_hr(viewer: Viewer) -> None:
    if not may_propose_versions(viewer):
        raise NotAllowed(_("Hanya BKPSDM yang mengusulkan versi baru."))


def _require_approver(viewer: Viewer, proposal: Recomputation) -> None:
    if not may_approve_versions(viewer, proposal):
        raise NotAllowed(_("Usulan disetujui oleh orang BKPSDM lain, bukan oleh pengusulnya."))


def _people(choice: Choice) -> set[int] | None:
    return None if choice.employee_id is None else {choice.employee_id}


def _below(choice: Choice) -> set[int] | None:
    """The units of the choice, with all below; None for every unit."""
    if choice.unit_id is None:
        return None
    unit = OrgUnit.objects.filter(pk=choice.unit_id).first()
    if unit is None:
        raise Unacceptable(_("Unit kerja ini tidak ada."), errors={"unit": [_("Pilih unit kerja dari daftar.")]})
    return set(OrgUnit.objects.filter(path__startswith=unit.path).values_list("pk", flat=True))


def _proposed(
    viewer: Viewer, cause: Cause, items: Sequence[RecomputationItem], reason: str, now: dt.datetime, *, undoes: Recomputation | None = None
) -> Recomputation:
    waiting = _waiting(items, now)
    items = [item for item in items if _key(item) not in waiting]
    if not items or viewer.user_id is None:
        raise Unacceptable(_("Tidak ada yang dapat diusulkan dari pilihan ini, atau semuanya sudah diusulkan."))
    proposal = Recomputation.objects.create(cause=cause.value, reason=reason, proposed_by_id=viewer.user_id, proposed_at=now, undoes=undoes)
    for item in items:
        item.proposal = proposal
    RecomputationItem.objects.bulk_create(items, batch_size=1_000)
    event = record_event(
        action="appraisal.recomputation.proposed",
        subject=proposal,
        actor=viewer.user_id,
        now=now,
        new={"cause": cause.value, "items": len(items), "assessments": [item.assessment_id for item in items if item.assessment_id]},
        reason=reason,
    )
    ask_second_person(proposal, event, now=now)
    return proposal


def _waiting(items: Iterable[RecomputationItem], now: dt.datetime) -> set[tuple[Any, ...]]:
    """What other proposals that wait for approval hold already; one that nobody answered in time holds nothing."""
    people = {item.employee_id for item in items}
    held = RecomputationItem.objects.filter(proposal__in=Recomputation.objects.waiting(now=now), employee__in=people)
    return {_key(item) for item in held}


def _held(viewer: Viewer, proposal_id: int, now: dt.datetime) -> Recomputation:
    """The waiting proposal, locked until the transaction ends: of two who decide at once the second hears of the first."""
    get_proposal(viewer, proposal_id)
    proposal = Recomputation.objects.select_for_update().get(pk=proposal_id)
    if proposal.state != ProposalState.PROPOSED:
        raise NotNow(_("Usulan ini sudah diputuskan."))
    if proposal.lapses_at <= now:
        raise NotNow(_("Usulan ini gugur karena terlalu lama menunggu. Periksa selisihnya, lalu usulkan lagi."))
    return proposal


def _decided(proposal: Recomputation, state: ProposalState, viewer: Viewer, now: dt.datetime, *, action: str) -> Recomputation:
    old = proposal.state
    proposal.state, proposal.decided_by_id, proposal.decided_at = state.value, viewer.user_id, now
    proposal.save(update_fields=["state", "decided_by", "decided_at"])
    new = {"state": state.value, "items": proposal.items.count()}
    event = record_event(
        action=action, subject=proposal, actor=viewer.user_id, now=now, old={"state": old}, new=new, reason=proposal.reason
    )
    tell_proposer(proposal, event, now=now)
    return proposal
