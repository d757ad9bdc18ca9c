"""Ongoing feedback (umpan balik berkelanjutan): given, seen, answered, and taken back for ten minutes."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from appraisal.models import Feedback, WorkResult
from appraisal.rules.evidence import is_link
from appraisal.rules.vocabulary import BehaviourValue
from bukittinggi_kinerja.common.errors import NotAllowed, NotNow, NotVisible, Unacceptable
from bukittinggi_kinerja.common.events import record_event
from bukittinggi_kinerja.common.notices import notify, withdraw_notice
from bukittinggi_kinerja.common.period import local_date
from bukittinggi_kinerja.common.texts import clean_text
from employees.models import Employee, Posting
from employees.queries import supervisor_on
from employees.queries.desks import accounts_of
from employees.rules.viewing import Viewer

LEADER, PEER, SUBORDINATE = "PIMPINAN", "REKAN", "BAWAHAN"
TONES = frozenset({"APRESIASI", "PERBAIKAN"})
TEXT_LENGTH = 600
TIME_TO_WITHDRAW = dt.timedelta(minutes=10)


def source_of(viewer: Viewer, employee_id: int) -> str | None:
    """As what the viewer may write to this person: leader, subordinate, peer of the same unit; None = he may not."""
    if viewer.employee_id is None or viewer.employee_id == employee_id:
        return None
    if employee_id in viewer.rates:
        return LEADER
    if supervisor_on(viewer.employee_id, on=viewer.on) == employee_id:
        return SUBORDINATE
    today = Posting.objects.in_force(on=viewer.on)
    own_units = today.filter(employee_id=viewer.employee_id).values("unit")
    return PEER if today.filter(employee_id=employee_id, unit__in=own_units).exists() else None


@transaction.atomic
def give_feedback(
    *,
    viewer: Viewer,
    employee_id: int,
    tone: str,
    text: str,
    happened_on: dt.date,
    now: dt.datetime,
    work_result_id: int | None = None,
    behaviour: str = "",
    link: str = "",
) -> Feedback:
    """Feedback on an event, about one work result or one value (``BP AK KO HA LO AD KL``); ``tone`` APRESIASI or PERBAIKAN.

    Raises NotVisible for a person out of reach, NotAllowed for oneself, Unacceptable with sentences per field.
    """
    if viewer.employee_id == employee_id:
        raise NotAllowed(_("Umpan balik ditulis oleh orang lain."))
    source = source_of(viewer, employee_id)
    if source is None or viewer.employee_id is None:
        raise NotVisible(_("Pegawai ini tidak ada, atau bukan untuk Anda."))
    words = clean_text(text, limit=TEXT_LENGTH + 1)
    problems = _problems(tone, words, happened_on, link.strip(), local_date(now))
    problems |= _subject_problems(viewer, employee_id, work_result_id, behaviour, source)
    if problems:
        raise Unacceptable(_("Umpan balik belum terkirim. Periksa isian yang ditandai."), errors=problems)
    given = Feedback.objects.create(
        employee_id=employee_id,
        author_id=viewer.employee_id,
        source=source,
        work_result_id=work_result_id,
        behaviour=behaviour,
        tone=tone,
        happened_on=happened_on,
        text=words,
        link=link.strip(),
        created_at=now,
    )
    _tell_of(given, viewer, now)
    return given


def _tell_of(given: Feedback, viewer: Viewer, now: dt.datetime) -> None:
    new = {"employee": given.employee_id, "source": given.source, "tone": given.tone, "happened_on": given.happened_on}
    event = record_event(action="appraisal.feedback.given", subject=given, actor=viewer.user_id, now=now, new=new)
    notify(
        recipients=accounts_of([given.employee_id]),
        kind="feedback_given",
        data={"tone": given.tone},
        link="/kinerja/umpan-balik/",
        once=_occasion(given),
        event=event,
        now=now,
    )


def _problems(tone: str, words: str, happened_on: dt.date, link: str, today: dt.date) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    if tone not in TONES:
        found["tone"] = [_("Pilih apresiasi atau perbaikan.")]
    if not words:
        found["text"] = [_("Tulis apa yang terjadi, dampaknya, dan langkah berikutnya.")]
    elif len(words) > TEXT_LENGTH:
        found["text"] = [_("Paling panjang %(batas)s huruf.") % {"batas": TEXT_LENGTH}]
    if happened_on > today:
        found["happened_on"] = [_("Tanggal kejadian tidak boleh sesudah hari ini.")]
    if link and not is_link(link):
        found["link"] = [_("Tautan harus berawalan http:// atau https://.")]
    return found


def _subject_problems(viewer: Viewer, employee_id: int, work_result_id: int | None, behaviour: str, source: str) -> dict[str, list[str]]:
    """About exactly one thing; a work result must be the person's own, and peers speak of behaviour."""
    if bool(behaviour) == (work_result_id is not None):
        return {"about": [_("Pilih satu hal: satu RHK atau satu perilaku.")]}
    if behaviour and behaviour not in {value.value for value in BehaviourValue}:
        return {"behaviour": [_("Pilih salah satu dari tujuh nilai.")]}
    if work_result_id is None:
        return {}
    own = WorkResult.objects.filter(pk=work_result_id, plan__employee_id=employee_id)
    known = source != PEER or Employee.objects.visible_to(viewer).filter(pk=employee_id).exists()
    return {} if known and own.exists() else {"work_result_id": [_("RHK ini bukan milik pegawai tersebut.")]}


@transaction.atomic
def mark_seen(*, viewer: Viewer, feedback_id: int, now: dt.datetime) -> Feedback:
    """The person it is about has seen it; the first time counts."""
    given = _own(viewer, feedback_id)
    if given.seen_at is None:
        given.seen_at = now
        given.save(update_fields=["seen_at"])
        record_event(action="appraisal.feedback.seen", subject=given, actor=viewer.user_id, now=now)
    return given


@transaction.atomic
def reply(*, viewer: Viewer, feedback_id: int, text: str, now: dt.datetime) -> Feedback:
    """The answer of the person it is about, once."""
    given = _own(viewer, feedback_id)
    if given.reply:
        raise NotNow(_("Anda sudah menanggapi umpan balik ini."))
    words = clean_text(text, limit=TEXT_LENGTH + 1)
    if not words or len(words) > TEXT_LENGTH:
        sentence = _("Tulis tanggapan, paling panjang %(batas)s huruf.") % {"batas": TEXT_LENGTH}
        raise Unacceptable(_("Tanggapan belum terkirim."), errors={"text": [sentence]})
    given.reply, given.seen_at = words, given.seen_at or now
    given.save(update_fields=["reply", "seen_at"])
    event = record_event(action="appraisal.feedback.answered", subject=given, actor=viewer.user_id, now=now)
    notify(
        recipients=accounts_of([given.author_id]),
        kind="feedback_answered",
        data={},
        link="/kinerja/umpan-balik/",
        once=f"feedback-reply:{given.pk}",
        event=event,
        now=now,
    )
    return given


@transaction.atomic
def withdraw(*, viewer: Viewer, feedback_id: int, now: dt.datetime) -> Feedback:
    """The author takes it back within ten minutes; it stays in the memory, out of sight."""
    given = _standing(viewer, feedback_id)
    if given.author_id != viewer.employee_id:
        raise NotAllowed(_("Umpan balik ditarik oleh penulisnya."))
    if now > given.created_at + TIME_TO_WITHDRAW:
        raise NotNow(_("Umpan balik dapat ditarik paling lama 10 menit setelah terkirim."))
    given.withdrawn_at = now
    given.save(update_fields=["withdrawn_at"])
    record_event(action="appraisal.feedback.withdrawn", subject=given, actor=viewer.user_id, now=now)
    withdraw_notice(once=_occasion(given), recipients=accounts_of([given.employee_id]), now=now)
    return given


def _standing(viewer: Viewer, feedback_id: int) -> Feedback:
    found = Feedback.objects.standing().visible_to(viewer).select_for_update().filter(pk=feedback_id).first()
    if found is None:
        raise NotVisible(_("Umpan balik ini tidak ada, atau bukan untuk Anda."))
    return found


def _own(viewer: Viewer, feedback_id: int) -> Feedback:
    found = _standing(viewer, feedback_id)
    if found.employee_id != viewer.employee_id:
        raise NotAllowed(_("Hanya penerima umpan balik yang dapat menanggapinya."))
    return found


def _occasion(given: Feedback) -> str:
    return f"feedback:{given.pk}"
