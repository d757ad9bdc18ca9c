"""Substitutes: who may do the rating work of an absent official, for how long, by which letter."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from bukittinggi_kinerja.common.constraints import refused_by_constraint
from bukittinggi_kinerja.common.errors import NotAllowed, NotNow, NotVisible, Unacceptable
from bukittinggi_kinerja.common.events import record_event
from bukittinggi_kinerja.common.notices import notify, withdraw_notice
from bukittinggi_kinerja.common.period import local_date
from bukittinggi_kinerja.common.texts import clean_line
from employees.models import ActingAppointment, ActingKind, Employee, Status
from employees.policies import official_to_replace
from employees.rules.viewing import Viewer

from .acting_notices import tell_appointed, tell_revoked

LETTER_LENGTH, REASON_LENGTH = 120, 200


@transaction.atomic
def appoint_substitute(
    *,
    viewer: Viewer,
    principal_id: int,
    substitute_id: int,
    kind: str,
    valid_from: dt.date,
    valid_to: dt.date,
    letter_number: str,
    letter_due: dt.date | None,
    reason: str,
    now: dt.datetime,
) -> ActingAppointment:
    """Give a mandate from ``valid_from`` up to, not including, ``valid_to``; whoever it touches hears of it.

    Raises NotVisible, NotAllowed (also for oneself as the substitute), and Unacceptable: no day, no letter and no due date,
    an inactive substitute, a second substitute in the same days.
    """
    official_to_replace(viewer, principal_id)
    if substitute_id == viewer.employee_id:
        raise NotAllowed(_("Anda tidak dapat menunjuk diri sendiri. Tunjuk pegawai lain, atau mintalah atasan Anda menunjuk."))
    _hold_the_form(kind, valid_from, valid_to)
    substitute = _active(substitute_id)
    with refused_by_constraint(ActingAppointment):
        appointment = ActingAppointment.objects.create(
            principal_id=principal_id,
            substitute=substitute,
            kind=kind,
            valid=DateRange(valid_from, valid_to),
            letter_number=letter_number,
            letter_due=letter_due,
            reason=reason,
            appointed_by=viewer.user_id,
        )
    event = record_event(
        action="employees.substitute.appointed",
        subject=appointment,
        actor=viewer.user_id,
        now=now,
        new={
            "principal": principal_id,
            "substitute": substitute_id,
            "kind": kind,
            "valid": [valid_from, valid_to],
            "letter": [letter_number, letter_due],
        },
        reason=reason,
    )
    tell_appointed(appointment, event=event, now=now)
    return appointment


def _hold_the_form(kind: str, valid_from: dt.date, valid_to: dt.date) -> None:
    if kind not in ActingKind.values:
        raise Unacceptable(_("Pilih Plt. atau Plh."), errors={"kind": [_("Pilih Plt. atau Plh.")]})
    if valid_to <= valid_from:
        raise Unacceptable(_("Masa mandat paling sedikit satu hari."), errors={"valid_to": [_("Isi tanggal setelah tanggal awal.")]})


def _active(employee_id: int) -> Employee:
    """The person who is to substitute, or Unacceptable."""
    substitute = Employee.objects.filter(pk=employee_id).first()
    if substitute is None:
        raise Unacceptable(_("Pengganti tidak ditemukan."), errors={"substitute": [_("Pilih pegawai dari daftar.")]})
    if substitute.status != Status.ACTIVE:
        raise Unacceptable(_("Pengganti sedang tidak aktif. Pilih pegawai lain."), errors={"substitute": [_("Pilih pegawai yang aktif.")]})
    return substitute


@transaction.atomic
def revoke_substitute(*, viewer: Viewer, appointment_id: int, reason: str, now: dt.datetime) -> ActingAppointment:
    """End a mandate at once; what was done under it stays lawful. Raises NotVisible, NotAllowed, NotNow."""
    appointment = ActingAppointment.objects.select_for_update().filter(pk=appointment_id).first()
    if appointment is None:
        raise NotVisible(_("Mandat tidak ditemukan."))
    official_to_replace(viewer, appointment.principal_id)
    if appointment.revoked_at is not None:
        raise NotNow(_("Mandat ini sudah dicabut."))
    appointment.revoked_at = now
    appointment.save(update_fields=["revoked_at"])
    event = record_event(
        action="employees.substitute.revoked",
        subject=appointment,
        actor=viewer.user_id,
        now=now,
        old={"revoked_at": None},
        new={"revoked_at": now},
        reason=clean_line(reason, limit=REASON_LENGTH),
    )
    tell_revoked(appointment, event=event, now=now)
    return appointment


@transaction.atomic
def file_letter(*, viewer: Viewer, appointment_id: int, letter_number: str, now: dt.datetime) -> ActingAppointment:
    """Write down the number of a letter that was still to come. Raises NotVisible, NotAllowed, NotNow, Unacceptable."""
    appointment = ActingAppointment.objects.select_for_update().filter(pk=appointment_id).first()
    if appointment is None:
        raise NotVisible(_("Mandat tidak ditemukan."))
    official_to_replace(viewer, appointment.principal_id)
    number = clean_line(letter_number, limit=LETTER_LENGTH)
    if not number:
        raise Unacceptable(_("Isi nomor surat."), errors={"letter_number": [_("Isi nomor surat.")]})
    if appointment.letter_number:
        raise NotNow(_("Nomor surat mandat ini sudah diisi."))
    appointment.letter_number = number
    appointment.save(update_fields=["letter_number"])
    record_event(action="employees.substitute.letter", subject=appointment, actor=viewer.user_id, now=now, new={"letter_number": number})
    if appointment.appointed_by is not None:
        withdraw_notice(once=f"letter_due:{appointment.pk}", recipients=[appointment.appointed_by], now=now)
    return appointment


def remind_of_letters(*, now: dt.datetime) -> int:
    """One notice to who appointed a substitute, once the day has passed by which the letter was due; the number of new ones."""
    owed = ActingAppointment.objects.filter(
        letter_number="", letter_due__lt=local_date(now), revoked_at=None, appointed_by__isnull=False
    ).select_related("principal")
    sent = 0
    for appointment in owed:
        sent += notify(
            recipients=[appointment.appointed_by] if appointment.appointed_by else [],
            kind="letter_due",
            data={"principal": appointment.principal.name},
            link="/pengganti/",
            once=f"letter_due:{appointment.pk}",
            event=None,
            now=now,
        )
    return sent
