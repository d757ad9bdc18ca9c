"""Rows of a person's register: added, ended, corrected, taken back. Nothing is rewritten."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from bukittinggi_kinerja.common.constraints import refused_by_constraint
from bukittinggi_kinerja.common.errors import NotAllowed, Unacceptable
from bukittinggi_kinerja.common.events import record_event
from employees.models import PERSONAL, Employee, Kept, Spanned
from employees.policies import Access, get_record, registers_of
from employees.rules.registers import Register
from employees.rules.viewing import Viewer

from .viewing import required_reason

ONE_DAY = dt.timedelta(days=1)
#: Names of the form for the ends of ``valid``.
FIRST, LAST = "first_day", "last_day"


@dataclass(frozen=True)
class Entry:
    """What a row shall say. Days are those people name, the last one included; None is open."""

    facts: Mapping[str, Any] = field(default_factory=dict)
    first_day: dt.date | None = None
    last_day: dt.date | None = None
    letter_number: str = ""
    note: str = ""


@transaction.atomic
def add_record(*, viewer: Viewer, employee_id: int, register: Register, entry: Entry, reason: str, now: dt.datetime) -> Kept:
    """A new row. Where rows follow one another (an account, a tax category), the open one before it ends the day before.

    Raises NotVisible, NotAllowed, Unacceptable for what the register or a constraint refuses.
    """
    access, why = _authorised(viewer, employee_id, register), required_reason(reason)
    model = PERSONAL[register]
    end_open_row(model, {"employee_id": employee_id}, entry.first_day)
    row = _written(model, access, entry, now=now)
    _remember("added", access, row, viewer=viewer, now=now, reason=why)
    return row


@transaction.atomic
def correct_record(
    *, viewer: Viewer, employee_id: int, register: Register, record_id: int, entry: Entry, reason: str, now: dt.datetime
) -> Kept:
    """Another row in place of a wrong one; the wrong one stays readable. Raises as ``add_record``."""
    access, why = _authorised(viewer, employee_id, register), required_reason(reason)
    wrong = get_record(access, register, record_id, locked=True)
    wrong.voided_at = now
    wrong.save(update_fields=["voided_at"])
    row = _written(PERSONAL[register], access, entry, now=now, replaces=wrong)
    _remember("corrected", access, row, viewer=viewer, now=now, reason=why, old={"record": wrong.pk})
    return row


@transaction.atomic
def end_record(
    *, viewer: Viewer, employee_id: int, register: Register, record_id: int, last_day: dt.date | None, reason: str, now: dt.datetime
) -> Kept:
    """Its last day becomes known. Raises as ``add_record``; Unacceptable also for a register without days, or a longer span."""
    access, why = _authorised(viewer, employee_id, register), required_reason(reason)
    row = get_record(access, register, record_id, locked=True)
    if not isinstance(row, Spanned) or last_day is None:
        raise Unacceptable(_("Isi hari terakhir."), errors={LAST: [_("Isi hari terakhir.")]})
    if last_day < row.valid.lower or (row.valid.upper is not None and last_day >= row.valid.upper):
        raise Unacceptable(
            _("Hari terakhir harus di dalam masa yang tercatat."), errors={LAST: [_("Pilih hari di dalam masa yang tercatat.")]}
        )
    before = row.valid
    row.valid = DateRange(before.lower, last_day + ONE_DAY)
    row.save(update_fields=["valid"])
    _remember("ended", access, row, viewer=viewer, now=now, reason=why, old={"until": before.upper})
    return row


@transaction.atomic
def void_record(*, viewer: Viewer, employee_id: int, register: Register, record_id: int, reason: str, now: dt.datetime) -> Kept:
    """A row that should never have been: it counts no more and stays readable. Raises NotVisible, NotAllowed, Unacceptable."""
    access, why = _authorised(viewer, employee_id, register), required_reason(reason)
    row = get_record(access, register, record_id, locked=True)
    row.voided_at = now
    row.save(update_fields=["voided_at"])
    _remember("voided", access, row, viewer=viewer, now=now, reason=why)
    return row


def end_open_row(model: type[Kept], same: Mapping[str, Any], first_day: dt.date | None) -> None:
    """Where rows of a register follow one another, the open one that began earlier ends where the next begins."""
    if first_day is None or not issubclass(model, Spanned) or not model.follows:
        return
    for row in model.objects.in_force(on=first_day).filter(**same, valid__endswith=None, valid__startswith__lt=first_day):
        row.valid = DateRange(row.valid.lower, first_day)
        row.save(update_fields=["valid"])


def checked(row: Kept) -> None:
    """What the model refuses, in the words of the form's fields.

    Constraints speak of other rows and are left to the database: told beside a fault in another field, one would say what a closed
    row holds to somebody who never meant to write.
    """
    try:
        row.full_clean(validate_constraints=False)
    except ValidationError as refused:
        errors = {FIRST if name == "valid" else name: texts for name, texts in refused.message_dict.items() if name != NON_FIELD_ERRORS}
        general = refused.message_dict.get(NON_FIELD_ERRORS)
        raise Unacceptable(general[0] if general else _("Ada isian yang perlu diperbaiki."), errors=errors) from refused


def _authorised(viewer: Viewer, employee_id: int, register: Register) -> Access:
    """The person, locked until the end: two clerks write one register one after the other."""
    access = registers_of(viewer, employee_id)
    if register not in PERSONAL or not access.writes(register):
        raise NotAllowed(_("Daftar ini diisi pengelola kepegawaian, bukan untuk data diri sendiri."))
    Employee.objects.select_for_update(no_key=True).get(pk=employee_id)
    return access


def _written(model: type[Kept], access: Access, entry: Entry, *, now: dt.datetime, replaces: Kept | None = None) -> Kept:
    words: dict[str, Any] = {name: entry.facts.get(name) for name in model.facts}
    words |= {"employee": access.person, "replaces": replaces}
    if issubclass(model, Spanned):
        words["valid"] = span_of(entry.first_day, entry.last_day)
    row = model(letter_number=entry.letter_number, note=entry.note, recorded_at=now, **words)
    checked(row)
    with refused_by_constraint(model):
        row.save(force_insert=True)
    return row


def span_of(first_day: dt.date | None, last_day: dt.date | None) -> DateRange:
    """From the days people name to the half-open span. Raises Unacceptable for no day."""
    if first_day is None:
        raise Unacceptable(_("Isi hari pertama."), errors={FIRST: [_("Isi hari pertama.")]})
    if last_day is not None and last_day < first_day:
        sentence = _("Hari terakhir tidak boleh sebelum hari pertama.")
        raise Unacceptable(sentence, errors={LAST: [sentence]})
    return DateRange(first_day, last_day + ONE_DAY if last_day else None)


def _remember(
    what: str, access: Access, row: Kept, *, viewer: Viewer, now: dt.datetime, reason: str, old: Mapping[str, Any] | None = None
) -> None:
    """Which row and its days; what it says stays in the row, where few eyes reach it."""
    days = {"from": row.valid.lower, "until": row.valid.upper} if isinstance(row, Spanned) else {}
    record_event(
        action=f"employees.register.{what}",
        subject=row,
        actor=viewer.user_id,
        now=now,
        old=old,
        new={"employee": access.person.pk, "register": row.register.value, **days},
        reason=reason,
    )
