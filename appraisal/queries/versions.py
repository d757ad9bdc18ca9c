"""The versions of one result: which lies before and after, and how each came to be."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import pairwise

from django.db.models import Q

from appraisal.models import Assessment
from appraisal.rules.late_changes import Cause
from appraisal.rules.lifecycle import AssessmentState
from employees.rules.viewing import Viewer

LATE, REOPENED, CORRECTED, RECOMPUTED = "TERLAMBAT", "DIBUKA", "PERBAIKAN", "HITUNG_ULANG"
#: Made by two people because something became known late; then ``kind`` is the cause of their proposal.
POSTED, RULED, RESTORED = Cause.POSTING.value, Cause.POLICY.value, Cause.UNDO.value


@dataclass(frozen=True)
class VersionStep:
    """One later version: rated late, in a time given anew, corrected, decided on by two, or computed again (then ``by`` is empty)."""

    version: int
    kind: str
    at: dt.datetime
    by: str
    reason: str


def steps_to(case: Assessment) -> tuple[VersionStep, ...]:
    """How this published version came out of the first one, the earliest first; one query, none for a first version."""
    if case.replaces_id is None or (case.published_at is None and case.state != AssessmentState.EXEMPT):
        return ()
    # Another case of the person in this period, from before a transfer, is no version of this one.
    cases = Assessment.objects.filter(cycle=case.cycle_id, employee=case.employee_id, version__lte=case.version)
    by_id = {row.pk: row for row in cases.select_related(*_BEHIND)}
    chain, at = [], by_id.get(case.pk)
    while at is not None:
        chain.append(at)
        at = by_id.get(at.replaces_id) if at.replaces_id is not None else None
    return tuple(
        _step(before, after)
        for before, after in pairwise(reversed(chain))
        if after.published_at is not None or hasattr(after, "made_by_item")
    )


_DECISION = "made_by_item__proposal"
_BEHIND = ("rated_by", f"{_DECISION}__proposed_by__employee", f"{_DECISION}__decided_by__employee")


def _step(before: Assessment, after: Assessment) -> VersionStep:
    item = getattr(after, "made_by_item", None)
    at = after.published_at or after.updated_at
    if item is not None:
        proposal = item.proposal
        names = [user.get_full_name() for user in (proposal.proposed_by, proposal.decided_by) if user is not None]
        return VersionStep(after.version, proposal.cause, at, ", ".join(names), after.state_reason)
    rerated = CORRECTED if before.rated_at != after.rated_at else RECOMPUTED
    kind = rerated if before.published_at is not None else REOPENED if _in_own_time(after) else LATE
    by = after.rated_by.name if after.rated_by and kind != RECOMPUTED else ""
    return VersionStep(after.version, kind, at, by, after.state_reason)


def _in_own_time(case: Assessment) -> bool:
    """Rated within a deadline that was moved for it: not late."""
    return case.own_rating_due is not None and case.rated_at is not None and case.rated_at <= case.own_rating_due


@dataclass(frozen=True)
class Neighbours:
    """Numbers of the versions beside one, where the viewer may read them."""

    before: int | None = None
    after: int | None = None


def neighbours_of(viewer: Viewer, case: Assessment) -> Neighbours:
    """One query, none for a first version that still holds."""
    if case.is_current and case.replaces_id is None:
        return Neighbours()
    beside = Q(replaces=case.pk) if case.replaces_id is None else Q(replaces=case.pk) | Q(pk=case.replaces_id)
    ids = set(Assessment.objects.visible_to(viewer).filter(beside).values_list("pk", flat=True))
    return Neighbours(before=next(iter(ids & {case.replaces_id}), None), after=next(iter(ids - {case.replaces_id}), None))
