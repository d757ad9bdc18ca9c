"""How a group of staff is appraised, from a day on."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from bukittinggi_kinerja.common.constraints import refused_by_constraint
from bukittinggi_kinerja.common.errors import NotVisible, Unacceptable
from bukittinggi_kinerja.common.events import record_event
from bukittinggi_kinerja.common.period import local_date
from employees.models import AppraisalRegime, StaffGroup


@transaction.atomic
def adopt_regime(
    *,
    group_id: int,
    regime: str,
    cycle_kind: str,
    valid_from: dt.date,
    decree_number: str,
    decided_on: dt.date | None,
    reason: str,
    actor: int | None,
    now: dt.datetime,
) -> AppraisalRegime:
    """A new version from ``valid_from`` on; the one before ends there and still rules its own past.

    Raises NotVisible for an unknown group, Unacceptable for a day in a month that is over, or before a later version.
    """
    group = StaffGroup.objects.select_for_update().filter(pk=group_id).first()
    if group is None:
        raise NotVisible(_("Kelompok pegawai tidak ditemukan."))
    if valid_from < local_date(now).replace(day=1):
        raise Unacceptable(
            _("Bulan yang sudah lewat tetap memakai cara lama."), errors={"valid_from": [_("Pilih bulan ini atau sesudahnya.")]}
        )
    versions = AppraisalRegime.objects.filter(group=group)
    for earlier in versions.adopted().filter(valid__contains=valid_from):
        earlier.valid = DateRange(earlier.valid.lower, valid_from)
        earlier.save(update_fields=["valid"])
    with refused_by_constraint(AppraisalRegime):
        adopted = AppraisalRegime.objects.create(
            code=f"cara-{group.code.lower()}-{valid_from}-{versions.count() + 1}",
            group=group,
            regime=regime,
            cycle_kind=cycle_kind,
            valid=DateRange(valid_from, None),
            decree_number=decree_number,
            decided_on=decided_on,
            reason=reason,
        )
    record_event(
        action="employees.regime.adopted",
        subject=adopted,
        actor=actor,
        now=now,
        new={"group": group.code, "regime": regime, "cycle_kind": cycle_kind, "valid_from": valid_from, "decree": decree_number},
        reason=reason,
    )
    return adopted
