"""The rater's acts: marks, examples, reasons, and declaring the ratings finished."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from appraisal.models import Assessment, Cycle, Feedback, RatingExample
from appraisal.policies import may_rate
from appraisal.queries.cycles import held_cycle
from appraisal.queries.dialogues import lacking_dialogue
from appraisal.queries.inputs import with_sealed_evidence
from appraisal.queries.scores import Advice, advice_for
from appraisal.rules.anchors import RATED_ASPECTS
from appraisal.rules.lifecycle import ASSESSMENT_MOVES, OPEN_RATINGS, AssessmentState, moved, origins
from appraisal.rules.requirements import ASPECT_NAMES, missing_for_finish
from appraisal.rules.vocabulary import Rating
from bukittinggi_kinerja.common.errors import NotAllowed, NotNow, NotVisible, Stale, Unacceptable
from bukittinggi_kinerja.common.events import record_event
from bukittinggi_kinerja.common.period import start_of_day
from bukittinggi_kinerja.common.texts import clean_text
from employees.rules.viewing import Viewer

#: Key at the doors -> column.
MARK_COLUMNS: dict[str, str] = {aspect.key: aspect.field for aspect in RATED_ASPECTS}
ASPECTS = tuple(ASPECT_NAMES)
REASON_COLUMNS = {"result": "result_reason", "behaviour": "behaviour_reason"}
#: Characters of an example, and of a reason or the note.
EXAMPLE_LENGTH, TEXT_LENGTH = 600, 1000


@dataclass(frozen=True)
class FinishReport:
    finished: list[int] = field(default_factory=list)
    refused: list[tuple[int, str]] = field(default_factory=list)


def case_to_rate(*, viewer: Viewer, assessment_id: int, now: dt.datetime) -> Assessment:
    """The case, locked until the caller's transaction ends. Raises NotVisible, NotAllowed, NotNow, in this order.

    The cycle is held first: whoever closes it waits for a mark that is being saved, or the mark meets the closed cycle.
    What was seen before that wait is asked again after it: meanwhile the case may have become another rater's.
    """
    seen = Assessment.objects.visible_to(viewer).filter(pk=assessment_id)
    cycle_id = seen.values_list("cycle_id", flat=True).first()
    cycle = held_cycle(cycle_id) if cycle_id is not None else None
    case = seen.select_related("cycle__policy").select_for_update(of=("self",)).first()
    if cycle is None or case is None:
        raise NotVisible(_("Penilaian ini tidak ada, atau bukan untuk Anda."))
    if not may_rate(viewer, case):
        raise NotAllowed(_("Hanya pejabat penilai atau penggantinya yang mengisi penilaian ini."))
    _require_open(case, cycle, now)
    return case


@transaction.atomic
def set_marks(
    *, viewer: Viewer, assessment_id: int, changes: Mapping[str, int | None], revision: int | None, now: dt.datetime
) -> Assessment:
    """Set marks by key (``result behaviour bp ak ko ha lo ad kl``), each 1..3 or None.

    Raises NotVisible, NotAllowed, NotNow, Unacceptable; Stale when ``revision`` is not the stored one and one
    of these marks was changed meanwhile to something else.
    """
    require_marks(changes)
    case = case_to_rate(viewer=viewer, assessment_id=assessment_id, now=now)
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
    case = case_to_rate(viewer=viewer, assessment_id=assessment_id, now=now)
    feedback = supporting_feedback(case, feedback_id, now)
    words = kept_words(text, limit=EXAMPLE_LENGTH, name="text") or (feedback.text if feedback else "")
    if not words:
        raise Unacceptable(_("Contoh kejadian masih kosong."), errors={"text": [_("Tulis contoh kejadian.")]})
    example, created = RatingExample.objects.update_or_create(
        assessment=case, aspect=aspect, defaults={"text": words[:EXAMPLE_LENGTH], "feedback": feedback, "written_at": now}
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
def remove_example(*, viewer: Viewer, assessment_id: int, aspect: str, now: dt.datetime) -> None:
    """Take an example away; a finished rating is a draft again. Nothing happens where there is none."""
    case = case_to_rate(viewer=viewer, assessment_id=assessment_id, now=now)
    gone = RatingExample.objects.filter(assessment=case, aspect=aspect).first()
    if gone is None:
        return
    gone.delete()
    _to_draft(case, viewer, now)
    case.save()
    record_event(
        action="appraisal.assessment.example_removed",
        subject=case,
        actor=viewer.user_id,
        now=now,
        old={"text": gone.text, "feedback": gone.feedback_id},
        new={"aspect": aspect},
    )


@transaction.atomic
def set_reason(*, viewer: Viewer, assessment_id: int, which: str, reason: str, now: dt.datetime) -> Assessment:
    """Why the official departs from the advice; ``which`` is ``result`` or ``behaviour``.

    Without it a finished rating is a draft again, as without an example: it was finished on these words.
    """
    return _set_text(viewer, assessment_id, REASON_COLUMNS[which], reason, now)


@transaction.atomic
def set_note(*, viewer: Viewer, assessment_id: int, note: str, now: dt.datetime) -> Assessment:
    return _set_text(viewer, assessment_id, "note", note, now)


@transaction.atomic
def finish_ratings(*, viewer: Viewer, assessment_ids: Sequence[int], now: dt.datetime) -> FinishReport:
    """Declare these ratings finished (DRAF -> DINILAI); each that lacks something stays, with the sentence why.

    Marks may be set while the period runs, but finished only after it: until then progress may still come. What is
    finished already stays as its rater left it.
    """
    unfinished = origins(ASSESSMENT_MOVES, AssessmentState.RATED)
    wanted = Assessment.objects.rated_through(viewer).filter(id__in=list(assessment_ids), state__in=unfinished)
    cycles = {pk: held_cycle(pk) for pk in sorted(set(wanted.values_list("cycle_id", flat=True)))}
    wanted = wanted.filter(cycle_id__in=cycles).select_related("cycle__policy").prefetch_related("examples")
    cases = list(wanted.select_for_update(of=("self",)).order_by("id"))
    report = FinishReport()
    for policy in {case.cycle.policy for case in cases}:
        ours = [case for case in cases if case.cycle.policy_id == policy.pk]
        ids = [case.pk for case in ours]
        advice = advice_for(ids, policy=policy)
        sealed = set(ids) if policy.links_support_above else with_sealed_evidence(ids)
        for case in ours:
            why = _why_not_yet(case, cycles[case.cycle_id], now)
            missing = [why] if why else sentences_missing(case, advice.get(case.pk, Advice()), sealed_evidence=case.pk in sealed)
            if missing:
                report.refused.append((case.pk, " ".join(missing)))
            else:
                _finish(case, viewer, now)
                report.finished.append(case.pk)
    return report


def period_is_over(cycle: Cycle, now: dt.datetime) -> bool:
    """Whether ratings may be finished: until the period ends its progress may still come."""
    return now >= start_of_day(cycle.end)


def _why_not_yet(case: Assessment, cycle: Cycle, now: dt.datetime) -> str:
    try:
        _require_open(case, cycle, now)
    except NotNow as refusal:
        return str(refusal)
    return "" if period_is_over(cycle, now) else _("Periode ini masih berjalan. Kirim penilaian setelah periodenya berakhir.")


def sentences_missing(case: Assessment, advice: Advice, *, sealed_evidence: bool) -> list[str]:
    """What a rating still lacks, as sentences; empty when it may be finished."""
    return [missing_sentence(kind, aspect) for kind, aspect in missing_of(case, advice, sealed_evidence=sealed_evidence)]


def missing_of(case: Assessment, advice: Advice, *, sealed_evidence: bool) -> list[tuple[str, str]]:
    """What a rating still lacks: (``rating | example | evidence | reason``, aspect code)."""
    return missing_for_finish(
        ratings={"HASIL": case.result_rating, "PERILAKU": case.behaviour_rating},
        marks={value.value: mark for value, mark in case.marks.items()},
        examples={example.aspect for example in case.examples.all()},
        advised={"HASIL": advice.result, "PERILAKU": advice.behaviour},
        reasons={"HASIL": case.result_reason, "PERILAKU": case.behaviour_reason},
        examples_required=case.cycle.policy.example_required,
        sealed_evidence=sealed_evidence,
        dialogue_lacking=bool(lacking_dialogue([case])),
    )


def _finish(case: Assessment, viewer: Viewer, now: dt.datetime) -> None:
    old = case.state
    case.state = moved(ASSESSMENT_MOVES, AssessmentState(case.state), AssessmentState.RATED).value
    case.rated_by_id, case.rated_at = viewer.employee_id, now
    case.revision += 1
    case.save()
    record_event(
        action="appraisal.assessment.finished",
        subject=case,
        actor=viewer.user_id,
        now=now,
        old={"state": old},
        new={"state": case.state, "rated_by": case.rated_by_id},
    )


def missing_sentence(kind: str, aspect: str) -> str:
    name = _(ASPECT_NAMES[aspect])
    return {
        "rating": _("Isi rating %(aspect)s."),
        "example": _("Tulis contoh kejadian untuk %(aspect)s."),
        "evidence": _("Rating di atas untuk %(aspect)s perlu bukti berkas atau data terukur, bukan tautan saja."),
        "reason": _("Jelaskan mengapa rating %(aspect)s berbeda dari saran."),
        "dialogue": _("Catat dialog dengan pegawai: predikatnya di bawah Baik."),
    }[kind] % {"aspect": name}


def _require_open(case: Assessment, cycle: Cycle, now: dt.datetime) -> None:
    if not case.is_current or case.state not in OPEN_RATINGS:
        raise NotNow(_("Penilaian ini tidak dapat diubah lagi. Perubahan menjadi versi baru dengan alasan."))
    if not case.in_window(now, cycle=cycle):
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
    """A changed mark, or one without its example or reason, opens a finished rating again: its author declares it finished anew."""
    if case.state != AssessmentState.DRAFT:
        case.state = moved(ASSESSMENT_MOVES, AssessmentState(case.state), AssessmentState.DRAFT).value
    case.rated_by_id, case.rated_at = viewer.employee_id, now
    case.revision += 1


def _touch(case: Assessment) -> None:
    case.revision += 1
    case.save(update_fields=["revision", "updated_at"])


def _set_text(viewer: Viewer, assessment_id: int, column: str, text: str, now: dt.datetime) -> Assessment:
    case = case_to_rate(viewer=viewer, assessment_id=assessment_id, now=now)
    old, words = getattr(case, column), kept_words(text, limit=TEXT_LENGTH, name=column)
    if old == words:
        return case
    setattr(case, column, words)
    if column in REASON_COLUMNS.values() and not words:
        _to_draft(case, viewer, now)
    else:
        case.revision += 1
    case.save()
    record_event(
        action=f"appraisal.assessment.{column}_written",
        subject=case,
        actor=viewer.user_id,
        now=now,
        old={column: old},
        new={column: words},
    )
    return case


def kept_words(text: str, *, limit: int, name: str) -> str:
    """The text as it is kept. Raises Unacceptable for a longer one: nobody's words are cut in silence."""
    words = clean_text(text, limit=limit + 1)
    if len(words) > limit:
        sentence = _("Paling panjang %(batas)s huruf.") % {"batas": limit}
        raise Unacceptable(sentence, errors={name: [sentence]})
    return words


def supporting_feedback(case: Assessment, feedback_id: int | None, now: dt.datetime) -> Feedback | None:
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
