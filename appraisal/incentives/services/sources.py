"""Where events come from and what is promised: new sources, whose they are, and new standards, each from a day on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from appraisal.incentives.models import EventSource, ServiceStandard, ServiceType
from appraisal.incentives.policies import may_keep_source, require_keeper
from appraisal.incentives.rules.mapping import (
    APART,
    CREDITS,
    OPTIONAL_COLUMNS,
    REQUIRED_COLUMNS,
    BadMap,
    ClockWords,
    LogMapping,
    source_code,
)
from bukittinggi_kinerja.common.constraints import refused_by_constraint
from bukittinggi_kinerja.common.errors import NotAllowed, NotVisible, Unacceptable
from bukittinggi_kinerja.common.events import record_event
from bukittinggi_kinerja.common.period import local_date
from employees.models import OrgUnit
from employees.rules.viewing import Viewer

from .phrases import map_sentence


@transaction.atomic
def register_source(
    *,
    viewer: Viewer,
    code: str,
    credit: str,
    words: Mapping[str, Iterable[str]],
    owner_id: int | None = None,
    reason: str,
    now: dt.datetime,
) -> EventSource:
    """A source that will send its events over REST; ``words`` are the activities that move its clock, by kind.

    Without ``owner_id`` it is the city's own. Raises NotAllowed (also for an owner the viewer does not answer for), NotVisible, Unacceptable.
    """
    require_keeper(viewer)
    owner = _owner(owner_id, viewer)
    if not may_keep_source(viewer, EventSource(owner=owner)):
        raise NotAllowed(_("Anda hanya dapat mendaftarkan sumber milik unit Anda."))
    try:
        name = source_code(code)
    except BadMap as problem:
        raise Unacceptable(map_sentence(problem), errors={"code": [map_sentence(problem)]}) from None
    clock = ClockWords.of_lists({kind: set(activities) for kind, activities in words.items()})
    twice = next((activity for one, other in APART for activity in getattr(clock, one) & getattr(clock, other)), None)
    if twice is not None:
        raise Unacceptable(_("Kegiatan %(activity)s tidak dapat mempunyai dua arti.") % {"activity": twice})
    if credit not in CREDITS or EventSource.objects.filter(code=name).exists():
        raise Unacceptable(_("Sumber dengan kode ini sudah ada, atau cara menghitungnya tidak dikenal."))
    columns = {column: column for column in (*REQUIRED_COLUMNS, *OPTIONAL_COLUMNS)}
    mapping = LogMapping(source=name, columns=columns, words=clock, credit=credit).as_stored()
    source = EventSource.objects.create(code=name, credit=credit, mapping=mapping, owner=owner)
    new = {"code": name, "credit": credit, "mapping": mapping["sha256"], "owner": owner and owner.code}
    record_event(action="incentives.source.registered", subject=source, actor=viewer.user_id, now=now, new=new, reason=reason)
    return source


@transaction.atomic
def hand_source(*, viewer: Viewer, source_id: int, owner_id: int | None, reason: str, now: dt.datetime) -> EventSource:
    """Another unit keeps the source from now on; None gives it to the city. Only HR of the city; raises NotAllowed, NotVisible."""
    if not viewer.is_city_hr:
        raise NotAllowed(_("Hanya BKPSDM yang dapat menetapkan unit pemilik sumber data."))
    source = EventSource.objects.select_for_update(of=("self",)).select_related("owner").filter(pk=source_id).first()
    if source is None:
        raise NotVisible(_("Sumber data ini tidak ada."))
    before, source.owner = source.owner, _owner(owner_id, viewer)
    source.save(update_fields=["owner"])
    record_event(
        action="incentives.source.handed",
        subject=source,
        actor=viewer.user_id,
        now=now,
        old={"owner": before and before.code},
        new={"owner": source.owner and source.owner.code},
        reason=reason.strip(),
    )
    return source


def _owner(unit_id: int | None, viewer: Viewer) -> OrgUnit | None:
    if unit_id is None:
        return None
    unit = OrgUnit.objects.in_force(on=viewer.on).filter(pk=unit_id).first()
    if unit is None:
        raise NotVisible(_("Unit tidak ditemukan."))
    return unit


@transaction.atomic
def set_standard(
    *,
    viewer: Viewer,
    type_id: int,
    workdays: int,
    cut_off: dt.time,
    start: dt.date,
    decree_number: str,
    decided_on: dt.date | None,
    reason: str,
    now: dt.datetime,
) -> ServiceStandard:
    """Another promise for files accepted from ``start`` on; the one before it ends there, files under it keep it."""
    require_keeper(viewer)
    kind = ServiceType.objects.select_for_update().filter(pk=type_id).first()
    if kind is None:
        raise NotVisible(_("Jenis layanan ini tidak ada."))
    if start <= local_date(now):
        sentence = _("Standar baru berlaku paling cepat besok, agar masa lalu tidak berubah.")
        raise Unacceptable(sentence, errors={"start": [sentence]})
    ended = list(kind.standards.in_force(on=start))
    with refused_by_constraint(ServiceStandard):
        for old in ended:
            old.valid = DateRange(old.valid.lower, start)
            old.save(update_fields=["valid"])
        standard = ServiceStandard.objects.create(
            code=f"standar-{kind.code.casefold()}-{start:%Y%m%d}"[:40],
            service_type=kind,
            workdays=workdays,
            cut_off=cut_off,
            valid=DateRange(start, None),
            decree_number=decree_number.strip(),
            decided_on=decided_on,
            reason=reason.strip(),
            to_confirm=[] if decree_number.strip() else ["workdays", "cut_off"],
        )
    record_event(
        action="incentives.standard.set",
        subject=standard,
        actor=viewer.user_id,
        now=now,
        old={"ended": [old.code for old in ended]},
        new={"service_type": kind.code, "workdays": workdays, "cut_off": cut_off.isoformat(), "start": start},
        reason=reason.strip(),
    )
    return standard
