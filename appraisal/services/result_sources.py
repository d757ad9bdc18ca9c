"""Which of two results is the official one, from a day on."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from appraisal.models import ResultSource
from bukittinggi_kinerja.common.constraints import refused_by_constraint
from bukittinggi_kinerja.common.errors import NotVisible
from bukittinggi_kinerja.common.events import record_event
from employees.models import StaffGroup


@transaction.atomic
def adopt_source(
    *,
    group_id: int,
    source: str,
    valid_from: dt.date,
    decree_number: str,
    decided_on: dt.date | None,
    reason: str,
    actor: int | None,
    now: dt.datetime,
) -> ResultSource:
    """A new version from ``valid_from`` on; the one before ends there. It changes no result, only which one is asked to follow.

    Raises NotVisible for an unknown group, Unacceptable where a later version stands.
    """
    group = StaffGroup.objects.select_for_update().filter(pk=group_id).first()
    if group is None:
        raise NotVisible(_("Kelompok pegawai tidak ditemukan."))
    versions = ResultSource.objects.filter(group=group)
    for earlier in versions.adopted().filter(valid__contains=valid_from, valid__startswith__lt=valid_from):
        earlier.valid = DateRange(earlier.valid.lower, valid_from)
        earlier.save(update_fields=["valid"])
    with refused_by_constraint(ResultSource):
        adopted = ResultSource.objects.create(
            code=f"sumber-{group.code.lower()}-{valid_from}-{versions.count() + 1}",
            group=group,
            source=source,
            valid=DateRange(valid_from, None),
            decree_number=decree_number,
            decided_on=decided_on,
            reason=reason,
        )
    new = {"group": group.code, "source": source, "valid_from": valid_from, "decree": decree_number}
    record_event(action="appraisal.result_source.adopted", subject=adopted, actor=actor, now=now, new=new, reason=reason)
    return adopted
