"""The rater's acts: marks, examples, reasons, and declaring the ratings finished."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from appraisal.models import Assessment, Feedback, RatingExample
from appraisal.policies import may_rate
from appraisal.queries.inputs import with_sealed_evidence
from appraisal.queries.scores import Advice, advice_for
from appraisal.rules.anchors import RATED_ASPECTS
from appraisal.rules.lifecycle import AssessmentState, CycleState
from appraisal.rules.requirements import ASPECT_NAMES, missing_for_finish
from appraisal.rules.vocabulary import Rating
from bukittinggi_kinerja.common.errors import NotAllowed, NotNow, NotVisible, Stale, Unacceptable
from bukittinggi_kinerja.common.events import record_event
from employees.rules.viewing import Viewer

#: Key at the doors -> column.
MARK_COLUMNS: dict[str, str] = {aspect.key: aspect.field for aspect in RATED_ASPECTS}
ASPECTS = tuple(ASPECT_NAMES)
REASON_COLUMNS = {"result": "result_reason", "behaviour": "behaviour_reason"}


@dataclass(frozen=True)
class FinishReport:
    finished: list[int] = field(default_factory=list)
    refused: list[tuple[int, str]] = field(default_factory=list)


@transaction.atomic
def set_marks(
    *, viewer: Viewer, assessment_id: int, changes: Mapping[str, int | None], revision: int | None, now: dt.datetime
) -> Assessment:
    """Set marks by key (``result behaviour bp ak ko ha lo ad kl``), each 1..3 or None.

    Raises NotVisible, NotAllowed, NotNow, Unacceptable; Stale when ``revision`` is not the stored one and one
    of these marks was changed meanwhile to something else.
    """
    require_marks(changes)
    case = _locked(viewer, assessment_id, now)
    columns = {MARK_COLUMNS[key]: value for key, value in changes.items()}
    old = {column: getattr(case, column) for column in columns}
    if revision is not None and revision != case.revision and any(old[c] != v for c, v in columns.items()):
        raise Stale(
            _("Penilaian ini sudah diubah orang lain. Bandingkan sebelum menyimpan."),
            current={key: getattr(case, MARK_COLUMNS[key]) for key in changes},
            version=case.revision,
        )
    if old == columns:
        return case
    for column, value in columns.items():
        setattr(case, column, value)
    _to_draft(case, viewer, now)
    case.save()
    record_event(action="appraisal.assessment.marked", subject=case, actor=viewer.user_id, now=now, old=old, new=columns)
    return case


@transaction.atomic
def set_example(*, viewer: Viewer, assessment_id: int, aspect: str, text: str, feedback_id: int | None, now: dt.datetime) -> RatingExample:
    """The example behind a mark: written, or picked from feedback of the period dated before the rating."""
    if aspect not in ASPECTS:
        raise Unacceptable(_("Aspek ini tidak dikenal."), errors={"aspect": [_("Pilih salah satu aspek penilaian.")]})
    case = _locked(viewer, assessment_id, now)
    feedback = _supporting_feedback(case, feedback_id, now)
    words = text.strip() or (feedback.text if feedback else "")
    if not words:
        raise Unacceptable(_("Contoh kejadian masih kosong."), errors={"text": [_("Tulis contoh kejadian.")]})
    example, created = RatingExample.objects.update_or_create(
        assessment=case, aspect=aspect, defaults={"text": words[:600], "feedback": feedback, "written_at": now}
    )
    _touch(case)
    record_event(
        action="appraisal.assessment.example_written",
        subject=case,
        actor=viewer.user_id,
        now=now,
        new={"aspect": aspect, "feedback": feedback_id, "first": created},
    )
    return example


@transaction.atomic
def set_reason(*, viewer: Viewer, assessment_id: int, which: str, reason: str, now: dt.datetime) -> Assessment:
    """Why the official departs from the advice; ``which`` is ``result`` or ``behaviour``."""
    return _set_text(viewer, assessment_id, REASON_COLUMNS[which], reason, now)


@transaction.atomic
def set_note(*, viewer: Viewer, assessment_id: int, note: str, now: dt.datetime) -> Assessment:
    return _set_text(viewer, assessment_id, "note", note, now)


@transaction.atomic
def finish_ratings(*, viewer: Viewer, assessment_ids: Sequence[int], now: dt.datetime) -> FinishReport:
    """Declare these ratings finished (DRAF -> DINILAI); each that lacks something stays, with the sentence why."""
    cases = list(
        Assessment.objects.rated_through(viewer)
        .filter(id__in=list(assessment_ids))
        .select_related("cycle__policy")
        .prefetch_related("examples")
        .select_for_update(of=("self",))
        .order_by("id")
    )
    report = FinishReport()
    for policy in {case.cycle.policy for case in cases}:
        ours = [case for case in cases if case.cycle.policy_id == policy.pk]
        ids = [case.pk for case in ours]
        advice = advice_for(ids, policy=policy)
        sealed = set(ids) if policy.links_support_above else with_sealed_evidence(ids)
        for case in ours:
            _finish_one(case, advice.get(case.pk, Advice()), case.pk in sealed, viewer, now, report)
    record_event(
        action="appraisal.assessment.finished",
        subject=("appraisal.assessment", "batch"),
        actor=viewer.user_id,
        now=now,
        new={"finished": report.finished, "refused": [pk for pk, _why in report.refused]},
    )
    return report


def _finish_one(case: Assessment, advice: Advice, sealed: bool, viewer: Viewer, now: dt.datetime, report: FinishReport) -> None:
    try:
        _require_open(case, now)
    except NotNow as refusal:
        report.refused.append((case.pk, str(refusal)))
        return
    missing = missing_for_finish(
        ratings={"HASIL": case.result_rating, "PERILAKU": case.behaviour_rating},
        marks={value.value: mark for value, mark in case.marks.items()},
        examples={example.aspect for example in case.examples.all()},
        advised={"HASIL": advice.result, "PERILAKU": advice.behaviour},
        reasons={"HASIL": case.result_reason, "PERILAKU": case.behaviour_reason},
        examples_required=case.cycle.policy.example_required,
        sealed_evidence=sealed,
    )
    if missing:
        report.refused.append((case.pk, " ".join(_sentence(kind, aspect) for kind, aspect in missing)))
        return
    case.state = AssessmentState.RATED.value
    case.rated_by_id, case.rated_at = viewer.employee_id, now
    case.revision += 1
    case.save()
    report.finished.append(case.pk)


def _sentence(kind: str, aspect: str) -> str:
    name = _(ASPECT_NAMES[aspect])
    return {
        "rating": _("Isi rating %(aspect)s."),
        "example": _("Tulis contoh kejadian untuk %(aspect)s."),
        "evidence": _("Rating di atas untuk %(aspect)s perlu bukti berkas atau data terukur, bukan tautan saja."),
        "reason": _("Jelaskan mengapa rating %(aspect)s berbeda dari saran."),
    }[kind] % {"aspect": name}


def _locked(viewer: Viewer, assessment_id: int, now: dt.datetime) -> Assessment:
    """Lock one case and ask, in this order: visible, allowed, now."""
    case = (
        Assessment.objects.visible_to(viewer)
        .select_related("cycle__policy")
        .select_for_update(of=("self",))
        .filter(pk=assessment_id)
        .first()
    )
    if case is None:
        raise NotVisible(_("Penilaian ini tidak ada, atau bukan untuk Anda."))
    if not may_rate(viewer, case):
        raise NotAllowed(_("Hanya pejabat penilai atau penggantinya yang mengisi penilaian ini."))
    _require_open(case, now)
    return case


def _require_open(case: Assessment, now: dt.datetime) -> None:
    if not case.is_current or case.state not in {AssessmentState.DRAFT, AssessmentState.RATED}:
        raise NotNow(_("Penilaian ini tidak dapat diubah lagi. Perubahan menjadi versi baru dengan alasan."))
    if case.cycle.state not in {CycleState.RUNNING, CycleState.RATING} or now > case.cycle.rating_due:
        raise NotNow(_("Masa penilaian sudah ditutup. Minta BKPSDM membukanya kembali."))


def require_marks(changes: Mapping[str, int | None]) -> None:
    """Raises Unacceptable for an unknown key or a mark outside 1..3."""
    errors: dict[str, list[object]] = {}
    for key, value in changes.items():
        if key not in MARK_COLUMNS:
            errors[key] = [_("Aspek ini tidak dikenal.")]
        elif value is not None and (isinstance(value, bool) or value not in set(Rating)):
            errors[key] = [_("Isi 1, 2, atau 3.")]
    if errors:
        raise Unacceptable(_("Ada nilai yang perlu diperbaiki."), errors=errors)


def _to_draft(case: Assessment, viewer: Viewer, now: dt.datetime) -> None:
    """A changed mark opens a finished rating again: its author declares it finished anew."""
    case.state = AssessmentState.DRAFT.value
    case.rated_by_id, case.rated_at = viewer.employee_id, now
    case.revision += 1


def _touch(case: Assessment) -> None:
    case.revision += 1
    case.save(update_fields=["revision", "updated_at"])


def _set_text(viewer: Viewer, assessment_id: int, column: str, text: str, now: dt.datetime) -> Assessment:
    case = _locked(viewer, assessment_id, now)
    old = getattr(case, column)
    if old == text.strip():
        return case
    setattr(case, column, text.strip())
    case.revision += 1
    case.save()
    record_event(
        action=f"appraisal.assessment.{column}_written",
        subject=case,
        actor=viewer.user_id,
        now=now,
        old={column: old},
        new={column: text.strip()},
    )
    return case


def _supporting_feedback(case: Assessment, feedback_id: int | None, now: dt.datetime) -> Feedback | None:
    """Feedback about this person that happened and was written before now: later feedback supports nothing."""
    if feedback_id is None:
        return None
    found = Feedback.objects.standing().filter(pk=feedback_id, employee_id=case.employee_id, created_at__lte=now).first()
    if found is None or found.happened_on >= case.cycle.end:
        raise Unacceptable(
            _("Umpan balik ini tidak dapat mendukung penilaian."),
            errors={"feedback": [_("Pilih umpan balik tentang pegawai ini dari periode yang dinilai.")]},
        )
    return found
