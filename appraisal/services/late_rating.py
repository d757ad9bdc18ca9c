"""Ratings after a month closed, each a new version: late where nobody rated, corrected where a result is published."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from appraisal.models import Assessment, RatingExample, Score
from appraisal.policies import get_assessment, may_correct, may_rate_late
from appraisal.queries.control import PENDING
from appraisal.queries.inputs import with_sealed_evidence
from appraisal.queries.late import unrated_of
from appraisal.queries.scores import Advice
from appraisal.rules.lifecycle import AssessmentState
from bukittinggi_kinerja.common.errors import NotAllowed, NotNow, Stale, Unacceptable
from bukittinggi_kinerja.common.notices import withdraw_kinds, withdraw_notice
from bukittinggi_kinerja.common.period import local_date
from employees.queries.desks import accounts_of, desks_of
from employees.rules.viewing import Viewer

from .assessment_form import ExampleText, RatingSheet
from .publishing import not_rated_occasion
from .rating import (
    ASPECTS,
    EXAMPLE_LENGTH,
    MARK_COLUMNS,
    REASON_COLUMNS,
    TEXT_LENGTH,
    kept_words,
    missing_of,
    missing_sentence,
    require_marks,
    supporting_feedback,
)
from .version_sets import REASON_LENGTH
from .versions import new_version


class IncompleteRating(Unacceptable):
    """What the ratings still lack, and the advice that they reveal: it is shown only now that the marks are given."""

    def __init__(self, missing: Sequence[tuple[str, str]], advice: Advice) -> None:
        sentences = [missing_sentence(kind, aspect) for kind, aspect in missing]
        super().__init__(" ".join(sentences), errors={"rating": sentences})
        self.missing = tuple(missing)
        self.advice = advice


@transaction.atomic
def rate_late(*, viewer: Viewer, assessment_id: int, sheet: RatingSheet, reason: str, now: dt.datetime) -> Assessment:
    """Rate a case that closed as BELUM_DINILAI: by the rater or his superior, with the reason for the lateness.

    The sheet is the whole rating: what stood as a draft when the month closed does not count unless it is on it.
    Raises NotVisible, NotAllowed, NotNow, Unacceptable; Stale where somebody rated late meanwhile.
    """
    refusal = _("Hanya pejabat penilai atau atasannya yang dapat menilai terlambat.")
    case = _held(viewer, assessment_id, sheet, may=may_rate_late, refusal=refusal)
    if case.state != AssessmentState.NOT_RATED:
        raise NotNow(_("Penilaian ini tidak menunggu penilaian terlambat."))
    if not case.takes_late_rating:
        raise NotNow(_("Hasil periode ini masih dihitung. Penilaian terlambat dibuka setelah hasil periode ini terbit."))
    words = _required_reason(reason, empty=_("Isi alasan menilai terlambat."))
    marks = {column: sheet.changes.get(key) for key, column in MARK_COLUMNS.items()}
    texts = {column: sheet.reasons.get(which, "") for which, column in REASON_COLUMNS.items()}
    new = _published(case, viewer, {**marks, **_texts(texts, sheet.note or "")}, words, now)
    new.examples.all().delete()
    _write_examples(new, sheet, now)
    _require_complete(new)
    _stop_asking(new, now)
    return new


@transaction.atomic
def correct_result(*, viewer: Viewer, assessment_id: int, sheet: RatingSheet, reason: str, now: dt.datetime) -> Assessment:
    """Replace a published result by a version with other marks, examples or words; what is not on the sheet stays.

    The figures stay as they were frozen. Raises NotVisible, NotAllowed, NotNow, Unacceptable; Stale where a newer
    version came meanwhile.
    """
    refusal = _("Hanya pejabat penilai atau atasannya yang dapat memperbaiki hasil ini.")
    case = _held(viewer, assessment_id, sheet, may=may_correct, refusal=refusal)
    if case.state != AssessmentState.PUBLISHED:
        raise NotNow(_("Hanya hasil yang sudah terbit yang dapat diperbaiki."))
    words = _required_reason(reason, empty=_("Isi alasan perbaikan."))
    if not sheet.differing(case, stored_examples(case, sheet)):
        raise Unacceptable(_("Belum ada yang berubah dari hasil yang terbit."))
    marks = {MARK_COLUMNS[key]: mark for key, mark in sheet.changes.items()}
    texts = {column: sheet.reasons[which] for which, column in REASON_COLUMNS.items() if which in sheet.reasons}
    new = _published(case, viewer, {**marks, **_texts(texts, sheet.note)}, words, now)
    _write_examples(new, sheet, now)
    _require_complete(new)
    return new


def stored_examples(case: Assessment, sheet: RatingSheet) -> dict[str, ExampleText]:
    stored = dict.fromkeys(sheet.examples, ExampleText(""))
    for row in RatingExample.objects.filter(assessment=case, aspect__in=list(sheet.examples)):
        stored[row.aspect] = ExampleText(row.text, row.feedback_id)
    return stored


def _held(viewer: Viewer, assessment_id: int, sheet: RatingSheet, *, may: Callable[[Viewer, Assessment], bool], refusal: str) -> Assessment:
    """The case locked until the caller's transaction ends; of two people at once the second hears what stands now."""
    require_marks(sheet.changes)
    if not may(viewer, get_assessment(viewer, assessment_id)):
        raise NotAllowed(refusal)
    case = Assessment.objects.select_for_update(of=("self",)).select_related("cycle__policy").get(pk=assessment_id)
    if case.is_current:
        return case
    newer = Assessment.objects.current().filter(cycle=case.cycle_id, employee=case.employee_id, stretch_start=case.stretch_start)
    stands = newer.visible_to(viewer).first()
    raise Stale(
        _("Penilaian ini sudah mendapat versi baru. Isian Anda tidak tersimpan. Bandingkan dengan yang berlaku."),
        current=sheet.differing(stands, stored_examples(stands, sheet)) if stands else {},
        version=stands.revision if stands else case.revision,
    )


def _required_reason(reason: str, *, empty: str) -> str:
    words = kept_words(reason, limit=REASON_LENGTH, name="why")
    if not words:
        raise Unacceptable(empty, errors={"why": [empty]})
    return words


def _texts(reasons: dict[str, str], note: str | None) -> dict[str, str]:
    told = {column: kept_words(text, limit=TEXT_LENGTH, name=column) for column, text in reasons.items()}
    return told if note is None else {**told, "note": kept_words(note, limit=TEXT_LENGTH, name="note")}


def _published(case: Assessment, viewer: Viewer, changes: dict[str, Any], reason: str, now: dt.datetime) -> Assessment:
    marks = {column: changes.get(column, getattr(case, column)) for column in ("result_rating", "behaviour_rating")}
    sentence = _("Isi rating hasil kerja dan rating perilaku kerja.")
    errors = {key: [sentence] for key in ("result", "behaviour") if marks[MARK_COLUMNS[key]] is None}
    if errors:
        raise Unacceptable(sentence, errors=errors)
    acts = {"rated_by_id": viewer.employee_id, "rated_at": now, "state": AssessmentState.PUBLISHED.value}
    return new_version(assessment_id=case.pk, changes={**changes, **acts}, reason=reason, actor=viewer.user_id, now=now)


def _write_examples(case: Assessment, sheet: RatingSheet, now: dt.datetime) -> None:
    stored = stored_examples(case, sheet)
    for aspect, sent in sheet.examples.items():
        if aspect not in ASPECTS:
            raise Unacceptable(_("Aspek ini tidak dikenal."), errors={"aspect": [_("Pilih salah satu aspek penilaian.")]})
        if not sent.is_given:
            RatingExample.objects.filter(assessment=case, aspect=aspect).delete()
        elif sent.differs_from(stored[aspect]):
            feedback = supporting_feedback(case, sent.feedback_id, now)
            text = kept_words(sent.text, limit=EXAMPLE_LENGTH, name="text") or (feedback.text[:EXAMPLE_LENGTH] if feedback else "")
            told = {"text": text, "feedback": feedback, "written_at": now}
            RatingExample.objects.update_or_create(assessment=case, aspect=aspect, defaults=told)


def _require_complete(case: Assessment) -> None:
    """The same demands as in time, against the advice just frozen; a refusal undoes the version."""
    score = Score.objects.select_related("policy").get(pk=case.pk)
    policy = score.policy
    advice = Advice(score.result_score, score.behaviour_score, score.result_advice, score.behaviour_advice)
    sealed = policy.links_support_above or case.pk in with_sealed_evidence([case.pk])
    missing = missing_of(case, advice, sealed_evidence=sealed)
    if missing:
        raise IncompleteRating(missing, advice)


def _stop_asking(case: Assessment, now: dt.datetime) -> None:
    """Whoever has nobody left unrated in this cycle is no longer told so; with nobody left in the period, nor reminded."""
    chain = {person for person in (case.assessor_id, case.reviewer_id) if person is not None}
    left = {person for person in chain if unrated_of({person}).filter(cycle=case.cycle_id).exists()}
    desks = desks_of(chain, on=local_date(now))
    rid = accounts_of(desks.all_at(chain - left) - left)
    withdraw_notice(once=not_rated_occasion(case.cycle_id), recipients=rid, now=now)
    withdraw_kinds(kinds=("not_rated", "not_rated_escalated"), data={"cycle": case.cycle_id}, recipients=rid, now=now)
    period = case.cycle.period
    pending = Assessment.objects.current().filter(PENDING, cycle__period=period, assessor_id__in=chain)
    rested = chain - set(pending.values_list("assessor_id", flat=True))
    reminded = accounts_of(desks.all_at(rested) - (chain - rested))
    withdraw_kinds(kinds=("late_rating_reminder", "rating_reminder"), data={"period": period}, recipients=reminded, now=now)
