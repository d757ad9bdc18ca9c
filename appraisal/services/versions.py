"""A published result never changes: what must change becomes a new version with its reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import F, Value
from django.utils.translation import gettext as _

from appraisal import scoring
from appraisal.models import Assessment, RatingExample, ScoredIndicator
from appraisal.queries.inputs import SNAPSHOT_FIELDS
from appraisal.rules.lifecycle import ASSESSMENT_MOVES, AssessmentState, may_move
from bukittinggi_kinerja.common.errors import NotNow
from bukittinggi_kinerja.common.events import record_event
from bukittinggi_kinerja.common.models import Event
from bukittinggi_kinerja.common.notices import notify
from bukittinggi_kinerja.common.period import local_date
from bukittinggi_kinerja.common.sets import insert_from
from employees.models import User
from employees.queries import viewer_of

from .scoring import score_frozen

REASON_LENGTH = 300
COPIED = [
    "cycle_id",
    "plan_id",
    "employee_id",
    "stretch_start",
    "stretch_end",
    "unit_id",
    "assessor_id",
    "reviewer_id",
    "rated_by_id",
    "result_rating",
    "behaviour_rating",
    "mark_bp",
    "mark_ak",
    "mark_ko",
    "mark_ha",
    "mark_lo",
    "mark_ad",
    "mark_kl",
    "result_reason",
    "behaviour_reason",
    "note",
    "rated_at",
    "own_progress_due",
    "own_rating_due",
]


@transaction.atomic
def new_version(*, assessment_id: int, changes: Mapping[str, Any], reason: str, actor: int | None, now: dt.datetime) -> Assessment:
    """Supersede a current, closed result by a copy with ``changes``, scored anew from the frozen inputs.

    A version is published when it is made, and its owner is told: the old date belongs to the old version.
    Raises NotNow where the result is still open or was superseded meanwhile.
    """
    old = Assessment.objects.select_for_update(of=("self",)).select_related("cycle__policy").get(pk=assessment_id)
    if not old.is_current or not may_move(ASSESSMENT_MOVES, AssessmentState(old.state), AssessmentState.SUPERSEDED):
        raise NotNow(_("Penilaian ini belum terbit, atau sudah diganti versi yang lebih baru."))
    kept = {"state": old.state, **{name: getattr(old, name) for name in COPIED}, **changes}
    before = old.published_at
    old.is_current, old.state = False, AssessmentState.SUPERSEDED.value
    old.save()
    published = now if kept["state"] == AssessmentState.PUBLISHED else None
    new = Assessment.objects.create(
        **kept, version=old.version + 1, replaces=old, state_reason=reason[:REASON_LENGTH], published_at=published
    )
    RatingExample.objects.bulk_create(
        RatingExample(assessment=new, aspect=e.aspect, text=e.text, feedback_id=e.feedback_id, written_at=e.written_at)
        for e in old.examples.all()
    )
    insert_from(ScoredIndicator, SNAPSHOT_FIELDS, _inputs_again(old, new))
    score_frozen(Assessment.objects.filter(pk=new.pk), policy=old.cycle.policy, now=now)
    event = record_event(
        action="appraisal.assessment.versioned",
        subject=new,
        actor=actor,
        now=now,
        old={"id": old.pk, "version": old.version, **{k: getattr(old, k) for k in changes if k in COPIED}},
        new={"version": new.version, "published_at": published, **changes},
        reason=reason,
    )
    if published:
        _tell_owner(new, event, first=before is None)
        _tell_chain(new, event)
    return new


def _inputs_again(old: Assessment, new: Assessment) -> Any:
    """The frozen inputs of the old version under the new one, achievements computed from them again."""
    names = [name for name in SNAPSHOT_FIELDS if name not in {"assessment", "raw", "achievement"}]
    return (
        ScoredIndicator.objects.filter(assessment=old)
        .annotate(case=Value(new.pk), again=scoring.raw_achievement())
        .annotate(limited_again=scoring.achievement("again", cap=old.cycle.policy.achievement_cap), what=F("indicator_id"))
        .order_by("indicator_id")
        .values_list("case", *("what" if n == "indicator" else n for n in names), "again", "limited_again")
    )


def _tell_owner(new: Assessment, event: Event, *, first: bool) -> None:
    owner = User.objects.filter(is_active=True, employee_id=new.employee_id).values_list("id", flat=True)
    notify(
        recipients=owner,
        kind="assessment_published" if first else "assessment_revised",
        data={"period": new.cycle.period},
        link=f"/kinerja/nilai/{new.pk}/",
        once=f"published:version:{new.pk}",
        event=event,
        now=event.at,
    )


def _tell_chain(new: Assessment, event: Event) -> None:
    """The rater and his superior, but for who made the version; whoever may not read it is not sent there."""
    chain = [person for person in (new.assessor_id, new.reviewer_id) if person is not None]
    users = User.objects.filter(is_active=True, employee_id__in=chain).exclude(pk__in=[event.actor])
    seen = [user.pk for user in users if Assessment.objects.visible_to(viewer_of(user, on=local_date(event.at))).filter(pk=new.pk).exists()]
    notify(
        recipients=seen,
        kind="rating_versioned",
        data={"period": new.cycle.period},
        link=f"/tim/nilai/{new.pk}/",
        once=f"versioned:{new.pk}",
        event=event,
        now=event.at,
    )
