"""Keeping notes of dialogues: that rater and rated spoke, when, about what, and what they agreed."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from appraisal.models import Assessment, Dialogue, PerformancePlan
from appraisal.policies import get_assessment, may_agree, may_rate_late
from appraisal.queries.plans import get_plan
from appraisal.rules.lifecycle import AssessmentState
from bukittinggi_kinerja.common.errors import NotAllowed, NotNow, Unacceptable
from bukittinggi_kinerja.common.events import record_event
from bukittinggi_kinerja.common.period import local_date
from bukittinggi_kinerja.common.texts import clean_text
from employees.rules.viewing import Viewer

WORDS = 600


@transaction.atomic
def note_rating_dialogue(*, viewer: Viewer, assessment_id: int, held_on: dt.date, summary: str, agreed: str, now: dt.datetime) -> Dialogue:
    """About a rating, by its rater, his substitute or his superior. Raises NotVisible, NotAllowed, NotNow, Unacceptable."""
    case = get_assessment(viewer, assessment_id)
    if not may_rate_late(viewer, case):
        raise NotAllowed(_("Catatan dialog ditulis oleh pejabat penilai atau atasannya."))
    if not case.is_current or case.state == AssessmentState.EXEMPT:
        raise NotNow(_("Penilaian ini tidak berlaku, jadi tidak memerlukan catatan dialog."))
    return _keep(viewer, case, held_on, summary, agreed, now)


@transaction.atomic
def note_plan_dialogue(*, viewer: Viewer, plan_id: int, held_on: dt.date, summary: str, agreed: str, now: dt.datetime) -> Dialogue:
    """About a plan as it is to be set now, by its assessor or his substitute. Raises NotVisible, NotAllowed, Unacceptable."""
    plan = get_plan(viewer, plan_id)
    if not may_agree(viewer, plan):
        raise NotAllowed(_("Catatan dialog SKP ditulis oleh pejabat penilainya atau penggantinya."))
    return _keep(viewer, plan, held_on, summary, agreed, now)


def _keep(viewer: Viewer, subject: Assessment | PerformancePlan, held_on: dt.date, summary: str, agreed: str, now: dt.datetime) -> Dialogue:
    problems: dict[str, list[str]] = {}
    texts = {"summary": clean_text(summary, limit=WORDS + 1), "agreed": clean_text(agreed, limit=WORDS + 1)}
    if not texts["summary"]:
        problems["summary"] = [_("Tulis ringkasan dialog.")]
    problems |= {name: [_("Paling panjang %(batas)s huruf.") % {"batas": WORDS}] for name, text in texts.items() if len(text) > WORDS}
    if held_on > local_date(now):
        problems["held_on"] = [_("Dialog dicatat setelah berlangsung. Isi tanggal hari ini atau sebelumnya.")]
    if problems:
        raise Unacceptable(_("Catatan dialog belum tersimpan. Periksa isian yang ditandai."), errors=problems)
    assert viewer.employee_id is not None  # Whoever rates or agrees is a person.
    about = {"assessment": subject} if isinstance(subject, Assessment) else {"plan": subject, "plan_revision": subject.revision}
    note = Dialogue.objects.create(**about, held_on=held_on, led_by_id=viewer.employee_id, recorded_at=now, **texts)
    record_event(
        action="appraisal.dialogue.noted", subject=subject, actor=viewer.user_id, now=now, new={"dialogue": note.pk, "held_on": held_on}
    )
    return note
