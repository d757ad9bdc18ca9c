"""The class of a post and the rupiah of a class: new versions from a day on, each by its decree."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from bukittinggi_kinerja.common.constraints import refused_by_constraint
from bukittinggi_kinerja.common.errors import NotAllowed, NotVisible
from bukittinggi_kinerja.common.events import record_event
from employees.models import AllowanceBase, JobClass, OrgUnit, Position
from employees.policies import may_administer
from employees.rules.viewing import Viewer

from .records import checked, end_open_row, span_of
from .viewing import required_reason


@transaction.atomic
def adopt_class(
    *, viewer: Viewer, position_id: int, job_class: int, valid_from: dt.date, letter_number: str, reason: str, now: dt.datetime
) -> JobClass:
    """Kelas jabatan of a title from a day on; the one before ends there, one of the same day is replaced.

    Raises NotAllowed, NotVisible for an unknown title, Unacceptable where a later version stands or a constraint refuses.
    """
    _authorise(viewer)
    if not Position.objects.filter(pk=position_id).exists():
        raise NotVisible(_("Jabatan tidak ditemukan."))
    row = JobClass(
        position_id=position_id, job_class=job_class, valid=span_of(valid_from, None), letter_number=letter_number, recorded_at=now
    )
    _adopt(row, {"position_id": position_id}, viewer=viewer, reason=reason, now=now)
    return row


@transaction.atomic
def adopt_base(
    *,
    viewer: Viewer,
    job_class: int,
    criterion: str,
    unit_id: int | None,
    amount: int,
    valid_from: dt.date,
    letter_number: str,
    reason: str,
    now: dt.datetime,
) -> AllowanceBase:
    """TPP base of a class from a day on, for the city or one unit and below. Raises as ``adopt_class``."""
    _authorise(viewer)
    if unit_id is not None and not OrgUnit.objects.filter(pk=unit_id).exists():
        raise NotVisible(_("Unit tidak ditemukan."))
    same = {"job_class": job_class, "criterion": criterion, "unit_id": unit_id}
    row = AllowanceBase(**same, amount=amount, valid=span_of(valid_from, None), letter_number=letter_number, recorded_at=now)
    _adopt(row, same, viewer=viewer, reason=reason, now=now)
    return row


def lock_catalogue() -> None:
    """Until the end of the transaction nobody else adopts classes or bases."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('employees.registers'))")


def _authorise(viewer: Viewer) -> None:
    if not may_administer(viewer):
        raise NotAllowed(_("Kelas jabatan dan TPP dasar ditetapkan BKPSDM."))
    lock_catalogue()


def _adopt(row: Any, same: Mapping[str, Any], *, viewer: Viewer, reason: str, now: dt.datetime) -> None:
    why, model = required_reason(reason), type(row)
    first = row.valid.lower
    replaced = model.objects.standing().filter(**same, valid__startswith=first).first()
    if replaced is not None:
        replaced.voided_at = now
        replaced.save(update_fields=["voided_at"])
        row.replaces_id = replaced.pk
    end_open_row(model, same, first)
    checked(row)
    with refused_by_constraint(model):
        row.save(force_insert=True)
    record_event(
        action="employees.register.adopted",
        subject=row,
        actor=viewer.user_id,
        now=now,
        old={"record": row.replaces_id},
        new={name: getattr(row, name) for name in row.facts} | {"from": first, "letter": row.letter_number},
        reason=why,
    )
