"""The versions of one result: which lies before and after, and how each came to be."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import pairwise

from django.db.models import Q

from appraisal.models import Assessment
from employees.rules.viewing import Viewer

LATE, REOPENED, CORRECTED, RECOMPUTED = "TERLAMBAT", "DIBUKA", "PERBAIKAN", "HITUNG_ULANG"


@dataclass(frozen=True)
class VersionStep:
    """One later version: rated late, rated in a time given anew, corrected by a person, or computed again (then ``by`` is empty)."""

    version: int
    kind: str
    at: dt.datetime
    by: str
    reason: str


def steps_to(case: Assessment) -> tuple[VersionStep, ...]:
    """How this published version came out of the first one, the earliest first; one query, none for a first version."""
    if case.replaces_id is None or case.published_at is None:
        return ()
    # Another case of the person in this period, from before a transfer, is no version of this one.
    cases = Assessment.objects.filter(cycle=case.cycle_id, employee=case.employee_id, version__lte=case.version)
    by_id = {row.pk: row for row in cases.select_related("rated_by")}
    chain, at = [], by_id.get(case.pk)
    while at is not None:
        chain.append(at)
        at = by_id.get(at.replaces_id) if at.replaces_id is not None else None
    return tuple(_step(before, after) for before, after in pairwise(reversed(chain)) if after.published_at is not None)


def _step(before: Assessment, after: Assessment) -> VersionStep:
    rerated = CORRECTED if before.rated_at != after.rated_at else RECOMPUTED
    kind = rerated if before.published_at is not None else REOPENED if _in_own_time(after) else LATE
    by = after.rated_by.name if after.rated_by and kind != RECOMPUTED else ""
    return VersionStep(after.version, kind, after.published_at or after.updated_at, by, after.state_reason)


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
