"""Opening what is closed: once, for a reason, and remembered where its owner reads it."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from bukittinggi_kinerja.common.errors import NotAllowed, Unacceptable
from bukittinggi_kinerja.common.events import record_event
from bukittinggi_kinerja.common.texts import clean_line
from employees.models import Kept
from employees.policies import get_record, registers_of
from employees.queries.registers import DETAIL_OPENED
from employees.rules.registers import Register, Sight
from employees.rules.viewing import Viewer

LONGEST_REASON = 200


@transaction.atomic
def open_detail(*, viewer: Viewer, employee_id: int, register: Register, record_id: int, reason: str, now: dt.datetime) -> Kept:
    """The row with its detail. Who looked, at what, why and when stays on the owner's page.

    Raises NotVisible, NotAllowed where the detail is closed for good, Unacceptable without a reason; the owner needs none.
    """
    access = registers_of(viewer, employee_id)
    row = get_record(access, register, record_id, standing=False)
    if access.open_to(row):
        return row
    if access.sight(register) < Sight.ON_REASON:
        raise NotAllowed(_("Rincian ini hanya untuk BKPSDM, inspektorat, dan yang bersangkutan."))
    why = required_reason(reason) if not access.owns else clean_line(reason, limit=LONGEST_REASON)
    record_event(
        action=DETAIL_OPENED,
        subject=("employees.employee", employee_id),
        actor=viewer.user_id,
        now=now,
        new={"register": register.value, "record": record_id, "roles": access.roles},
        reason=why,
    )
    return row


def required_reason(reason: str) -> str:
    why = clean_line(reason, limit=LONGEST_REASON)
    if not why:
        raise Unacceptable(_("Tulis alasannya, misalnya nomor surat."), errors={"reason": [_("Tulis alasannya, misalnya nomor surat.")]})
    return why
