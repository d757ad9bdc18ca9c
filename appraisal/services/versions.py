"""A published result never changes: what must change becomes a new version with its reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import F, Value
from django.utils.translation import gettext as _

from appraisal import scoring
from appraisal.models import Assessment, RatingExample, Score, ScoredIndicator
from appraisal.policies import get_assessment, may_rate_late
from appraisal.queries.inputs import SNAPSHOT_FIELDS, with_sealed_evidence
from appraisal.queries.scores import Advice
from appraisal.rules.lifecycle import ASSESSMENT_MOVES, AssessmentState, may_move
from bukittinggi_kinerja.common.errors import NotAllowed, NotNow, Unacceptable
from bukittinggi_kinerja.common.events import record_event
from bukittinggi_kinerja.common.sets import insert_from
from employees.rules.viewing import Viewer

from .rating import ASPECTS, MARK_COLUMNS, REASON_COLUMNS, require_marks, sentences_missing
from .scoring import score_frozen

_COPIED = [
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
    "published_at",
]


@transaction.atomic
def new_version(*, assessment_id: int, changes: Mapping[str, Any], reason: str, actor: int | None, now: dt.datetime) -> Assessment:
    """Supersede a current, closed result by a copy with ``changes``, scored anew from the frozen inputs.

    Raises NotNow where the result is still open or was superseded meanwhile.
    """
    old = Assessment.objects.select_for_update(of=("self",)).select_related("cycle__policy").get(pk=assessment_id)
    if not old.is_current or not may_move(ASSESSMENT_MOVES, AssessmentState(old.state), AssessmentState.SUPERSEDED):
        raise NotNow(_("Penilaian ini belum terbit, atau sudah diganti versi yang lebih baru."))
    kept = {name: getattr(old, name) for name in _COPIED}
    before = old.state
    old.is_current, old.state, old.updated_at = False, AssessmentState.SUPERSEDED.value, now
    old.save()
    new = Assessment.objects.create(
        **{**kept, "state": before, **changes},
        version=old.version + 1,
        replaces=old,
        state_reason=reason[:300],
    )
    RatingExample.objects.bulk_create(
        RatingExample(assessment=new, aspect=e.aspect, text=e.text, feedback_id=e.feedback_id, written_at=e.written_at)
        for e in old.examples.all()
    )
    insert_from(ScoredIndicator, SNAPSHOT_FIELDS, _inputs_again(old, new))
    score_frozen(Assessment.objects.filter(pk=new.pk), policy=old.cycle.policy, now=now)
    record_event(
        action="appraisal.assessment.versioned",
        subject=new,
        actor=actor,
        now=now,
        old={"id": old.pk, "version": old.version, **{k: getattr(old, k) for k in changes if k in kept}},
        new={"version": new.version, **changes},
        reason=reason,
    )
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


@transaction.atomic
def rate_late(
    *,
    viewer: Viewer,
    assessment_id: int,
    changes: Mapping[str, int | None],
    examples: Mapping[str, str],
    reasons: Mapping[str, str],
    reason: str,
    now: dt.datetime,
) -> Assessment:
    """Rate a case that closed as BELUM_DINILAI: by the rater or his superior, with the reason for the lateness.

    ``examples`` by aspect code, ``reasons`` for departing from the advice by ``result``/``behaviour``: a late rating
    carries what a timely one carries. Raises NotVisible, NotAllowed, NotNow, Unacceptable.
    """
    case = get_assessment(viewer, assessment_id)
    if not may_rate_late(viewer, case):
        raise NotAllowed(_("Hanya pejabat penilai atau atasannya yang dapat menilai terlambat."))
    if case.state != AssessmentState.NOT_RATED:
        raise NotNow(_("Penilaian ini tidak menunggu penilaian terlambat."))
    require_marks(changes)
    if not reason.strip():
        raise Unacceptable(_("Isi alasan menilai terlambat."), errors={"reason": [_("Alasan wajib diisi.")]})
    marks = {column: changes.get(key, getattr(case, column)) for key, column in MARK_COLUMNS.items()}
    if marks["result_rating"] is None or marks["behaviour_rating"] is None:
        raise Unacceptable(_("Isi rating hasil kerja dan rating perilaku kerja."), errors={"rating": [_("Kedua rating wajib diisi.")]})
    told = {REASON_COLUMNS[which]: text.strip() for which, text in reasons.items()}
    acts = {"rated_by_id": viewer.employee_id, "rated_at": now, "published_at": now, "state": AssessmentState.PUBLISHED.value}
    new = new_version(assessment_id=case.pk, changes={**marks, **told, **acts}, reason=reason.strip(), actor=viewer.user_id, now=now)
    _write_examples(new, examples, now)
    _require_complete(new)
    return new


def _write_examples(case: Assessment, examples: Mapping[str, str], now: dt.datetime) -> None:
    for aspect, text in examples.items():
        if aspect not in ASPECTS:
            raise Unacceptable(_("Aspek ini tidak dikenal."), errors={"aspect": [_("Pilih salah satu aspek penilaian.")]})
        RatingExample.objects.update_or_create(
            assessment=case, aspect=aspect, defaults={"text": text.strip()[:600], "feedback": None, "written_at": now}
        )


def _require_complete(case: Assessment) -> None:
    """The same demands as in time, against the advice just frozen; a refusal undoes the version."""
    policy = case.cycle.policy
    score = Score.objects.get(pk=case.pk)
    advice = Advice(score.result_score, score.behaviour_score, score.result_advice, score.behaviour_advice)
    sealed = policy.links_support_above or case.pk in with_sealed_evidence([case.pk])
    missing = sentences_missing(case, advice, sealed_evidence=sealed)
    if missing:
        raise Unacceptable(" ".join(missing), errors={"rating": missing})
