"""Giving somebody a superior where a move left him without one."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from bukittinggi_kinerja.common.errors import NotAllowed, NotVisible
from employees.models import Posting
from employees.policies import may_administer
from employees.rules.viewing import Viewer

from .postings import post_employee


@transaction.atomic
def set_superior(*, viewer: Viewer, posting_id: int, supervisor_id: int, since: dt.date, now: dt.datetime) -> Posting:
    """The same post under this superior from a day on, at the earliest from its first. Raises NotAllowed, NotVisible, Unacceptable."""
    if not may_administer(viewer):
        raise NotAllowed(_("Atasan ditetapkan oleh BKPSDM."))
    held = Posting.objects.known().filter(pk=posting_id).first()
    if held is None:
        raise NotVisible(_("Penempatan ini sudah diganti. Muat ulang halaman."))
    return post_employee(
        employee_id=held.employee_id,
        unit_id=held.unit_id,
        position_id=held.position_id,
        supervisor_id=supervisor_id,
        heads_unit=held.heads_unit,
        valid_from=max(since, held.valid.lower or since),
        valid_to=held.valid.upper,
        decided_on=held.decided_on,
        decree=held.decree,
        reason=_("Serah terima: sebelumnya tanpa atasan"),
        actor=viewer.user_id,
        now=now,
    )
