"""Making the versions that two people decided on: all cases of a person in one chunk, results and "made" in one transaction."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from appraisal.models import Assessment, Recomputation, RecomputationItem
from appraisal.rules.late_changes import Act, ProposalState
from appraisal.rules.lifecycle import AssessmentState
from bukittinggi_kinerja.common.events import record_event
from bukittinggi_kinerja.common.jobs import finish_job, work_next_chunk
from bukittinggi_kinerja.common.models import Job
from bukittinggi_kinerja.common.notices import notify
from bukittinggi_kinerja.common.period import local_date
from employees.queries.desks import accounts_of, told_for

from .proposal_notices import tell_proposer
from .scoring import score_assessments
from .version_sets import Replacement, lock_replaceable, replace_all
from .versions import tell_owner

SINCE_CLOSED = "Penempatan diketahui setelah periode ditutup"


def work_on_versions(job: Job, *, now: dt.datetime) -> None:
    """Do the free chunks; whoever closes the last one marks the proposal as applied."""
    proposal = Recomputation.objects.get(pk=job.detail["proposal"])

    def step(low: int, high: int) -> int:
        return _make(proposal, Q(employee_id__gte=low, employee_id__lt=high), job.created_at)

    while work_next_chunk(job, step, now=now):
        pass
    _close(job, proposal, now)


@transaction.atomic
def _close(job: Job, proposal: Recomputation, now: dt.datetime) -> None:
    if not finish_job(job, now=now):
        return
    changed = Recomputation.objects.filter(pk=proposal.pk, state=ProposalState.APPROVED)
    changed.update(state=ProposalState.APPLIED.value)
    proposal.refresh_from_db(fields=["state"])
    made = list(proposal.items.filter(made__isnull=False).order_by("id").values_list("assessment_id", "made_id"))
    event = record_event(
        action="appraisal.recomputation.applied", subject=proposal, actor=proposal.decided_by_id, now=now,
        new={"versions": [{"old": old, "new": new} for old, new in made], "passed_over": proposal.items.filter(made=None).count()},
        reason=proposal.reason,
    )  # fmt: skip
    tell_proposer(proposal, event, now=now)


def _make(proposal: Recomputation, people: Q, now: dt.datetime) -> int:
    items = list(proposal.items.filter(people, made=None, note="").select_related("policy", "cycle__policy").order_by("id"))
    held = {case.pk: case for case in lock_replaceable([item.assessment_id for item in items if item.assessment_id])}
    replaced = [item for item in items if item.assessment_id in held and not _is_withdrawn(item, held)]
    new = replace_all([_replacement(item, held) for item in replaced], reason=proposal.reason, now=now) if replaced else []
    for item, case in zip(replaced, new, strict=True):
        item.made = case
        _tell_version(proposal, item, held[case.replaces_id or 0], case, now)
    for item in items:
        if item.assessment_id is None:
            _open_late(proposal, item, now)
        elif item.assessment_id not in held:
            item.note = _("Dilewati: penilaian ini sudah mendapat versi lain.")
        elif _is_withdrawn(item, held):
            _withdraw(proposal, item, held[item.assessment_id], now)
    RecomputationItem.objects.bulk_update(items, ["made", "note"], batch_size=1_000)
    return len(items)


def _is_withdrawn(item: RecomputationItem, held: dict[int, Assessment]) -> bool:
    """A case that only a proposal opened: to restore what was before is to have none."""
    return item.act == Act.RESTORE and item.assessment_id is not None and held[item.assessment_id].replaces_id is None


def _replacement(item: RecomputationItem, held: dict[int, Assessment]) -> Replacement:
    assert item.assessment_id is not None
    old = held[item.assessment_id]
    if item.act == Act.RESTORE:
        return Replacement(old, back=True)
    if item.act == Act.RESCORE:
        return Replacement(old, policy=item.policy)
    if item.act == Act.EXEMPT:
        return Replacement(old, {"state": AssessmentState.EXEMPT.value})
    return Replacement(old, _put_right(item, old))


def _put_right(item: RecomputationItem, old: Assessment) -> dict[str, Any]:
    """Unit and plan by today's knowledge. The rater stays; where nobody rated, it is whoever led by today's knowledge."""
    told: dict[str, Any] = {"unit_id": item.after["unit"], "plan_id": item.after["plan"]}
    if old.state == AssessmentState.NOT_RATED:
        told |= {"assessor_id": item.after["rater"], "reviewer_id": item.after["reviewer"]}
        told |= {"belated": True} if item.after["rater"] != old.assessor_id else {}
    return {name: value for name, value in told.items() if getattr(old, name) != value}


def _open_late(proposal: Recomputation, item: RecomputationItem, now: dt.datetime) -> None:
    """A case that should have been: closed unrated, so that whoever led may rate it late; nobody is late by it."""
    told = item.after
    days = {"stretch_start": told["start"], "stretch_end": told["end"]}
    taken = Assessment.objects.current().filter(
        cycle=item.cycle, employee_id=item.employee_id, stretch_start__lt=told["end"], stretch_end__gt=told["start"]
    )
    if taken.exists():
        item.note = _("Dilewati: hari-hari itu sudah mempunyai penilaian.")
        return
    before = Assessment.objects.filter(cycle=item.cycle, plan=told["plan"], plan__isnull=False).order_by("-version").first()
    item.made = Assessment.objects.create(
        cycle=item.cycle, employee_id=item.employee_id, unit_id=told["unit"], plan_id=told["plan"], assessor_id=told["rater"],
        reviewer_id=told["reviewer"], state=AssessmentState.NOT_RATED.value, state_reason=SINCE_CLOSED, belated=True,
        version=before.version + 1 if before else 1, **days,
    )  # fmt: skip
    if told["plan"] is not None:
        score_assessments(Assessment.objects.filter(pk=item.made.pk), policy=item.cycle.policy, now=now)
    event = record_event(
        action="appraisal.assessment.opened_late", subject=item.made, actor=proposal.decided_by_id, now=now,
        new={**told, "proposal": proposal.pk}, reason=proposal.reason,
    )  # fmt: skip
    notify(
        recipients=accounts_of(told_for([told["rater"]], on=local_date(now))), kind="not_rated", data={"period": item.cycle.period},
        link=f"/tim/?periode={item.cycle.period}", once=f"opened_late:{item.made.pk}", event=event, now=now,
    )  # fmt: skip


def _withdraw(proposal: Recomputation, item: RecomputationItem, case: Assessment, now: dt.datetime) -> None:
    words = {"state": AssessmentState.SUPERSEDED.value, "is_current": False, "state_reason": proposal.reason}
    Assessment.objects.filter(pk=case.pk).update(**words, revision=case.revision + 1)
    item.note = _("Penilaian yang dibuka ditarik kembali.")
    record_event(
        action="appraisal.assessment.withdrawn", subject=case, actor=proposal.decided_by_id, now=now, old={"state": case.state},
        new={**words, "proposal": proposal.pk}, reason=proposal.reason,
    )  # fmt: skip


def _tell_version(proposal: Recomputation, item: RecomputationItem, old: Assessment, new: Assessment, now: dt.datetime) -> None:
    """The event that later runs of money read, and a notice to the person and to who rated."""
    followed = ("unit_id", "plan_id", "assessor_id", "reviewer_id", "state")
    changed = {name: (getattr(old, name), getattr(new, name)) for name in followed if getattr(old, name) != getattr(new, name)}
    told = {"version": new.version, "published_at": new.published_at, "because": proposal.cause, "proposal": proposal.pk}
    event = record_event(
        action="appraisal.assessment.versioned", subject=new, actor=proposal.decided_by_id, now=now,
        old={"id": old.pk, "version": old.version, **{name: pair[0] for name, pair in changed.items()}},
        new={**told, "rule": new_rule(item), "proposed_by": proposal.proposed_by_id, **{name: pair[1] for name, pair in changed.items()}},
        reason=proposal.reason,
    )  # fmt: skip
    if new.published_at or old.published_at:
        tell_owner(new, event, first=False)
    notify(
        recipients=accounts_of([new.assessor_id]), kind="rating_versioned", data={"period": item.cycle.period},
        link=f"/tim/nilai/{new.pk}/", once=f"versioned:{new.pk}", event=event, now=now,
    )  # fmt: skip


def new_rule(item: RecomputationItem) -> str | None:
    return item.policy.code if item.policy is not None else None
