"""Corrections of events and decisions on conflicts: new versions with their reason, never an edit.

Whoever the case counts for cannot make them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from appraisal.incentives.models import EventConflict, EventSource, ServiceCase, ServiceEvent
from appraisal.incentives.policies import get_case, require_keeper
from appraisal.incentives.queries.cases import credited_people
from appraisal.incentives.rules.cases import CaseFacts
from appraisal.services.measured import Difference
from bukittinggi_kinerja.common.errors import NotNow, NotVisible, Unacceptable
from bukittinggi_kinerja.common.events import record_event
from employees.rules.viewing import Viewer

from .case_book import CaseBook, apply_fields, store_changed
from .measuring import feed_periods_of
from .refolding import facts_of, held_source

TAKEN, REJECTED = "DIPAKAI", "DITOLAK"
LONGEST_REASON = 300


@dataclass(frozen=True)
class EventChange:
    """What is corrected; None leaves a value as it is. A cancelled step no longer moves the clock."""

    activity: str | None = None
    at: dt.datetime | None = None
    account: str | None = None
    attributes: Mapping[str, str] | None = None
    cancelled: bool | None = None


@dataclass(frozen=True)
class Correction:
    """The new version, and what closed periods would say today."""

    event: ServiceEvent
    differences: tuple[Difference, ...]


@transaction.atomic
def correct_event(*, viewer: Viewer, event_id: int, change: EventChange, reason: str, now: dt.datetime) -> Correction:
    """A new version of an event. Raises NotVisible, NotAllowed, NotNow (not the current version), Unacceptable."""
    event = ServiceEvent.objects.filter(pk=event_id).first()
    if event is None:
        raise NotVisible(_("Langkah ini tidak ada."))
    case = get_case(viewer, event.case_id)
    source = held_source(case.source_id)
    require_keeper(viewer, source=source, credited=credited_people(case.pk))
    event.refresh_from_db()
    if not event.is_current:
        raise NotNow(_("Langkah ini sudah diganti versi yang lebih baru. Buka versi terakhir."))
    values = {name: value for name in (field.name for field in fields(EventChange)) if (value := getattr(change, name)) is not None}
    if not values:
        raise Unacceptable(_("Tidak ada yang diubah."))
    return _replace(source, case, event, values, viewer=viewer, reason=_stated(reason), now=now)


@transaction.atomic
def settle_conflict(*, viewer: Viewer, conflict_id: int, outcome: str, reason: str, now: dt.datetime) -> EventConflict:
    """Decide which of two contents of an event holds: DIPAKAI makes the listed one a new version, DITOLAK leaves it."""
    conflict = EventConflict.objects.filter(pk=conflict_id).first()
    if conflict is None:
        raise NotVisible(_("Pertentangan ini tidak ada."))
    source = held_source(conflict.source_id)
    conflict.refresh_from_db()
    event = ServiceEvent.objects.current().select_related("case").get(source=source, key=conflict.key)
    case = get_case(viewer, event.case_id)
    require_keeper(viewer, source=source, credited=credited_people(case.pk))
    if conflict.settled_at is not None:
        raise NotNow(_("Pertentangan ini sudah diputus."))
    if outcome not in (TAKEN, REJECTED):
        raise Unacceptable(_("Pilih DIPAKAI atau DITOLAK."))
    stated = _stated(reason)
    if outcome == TAKEN:
        _take(source, event, conflict, viewer=viewer, reason=stated, now=now)
    conflict.outcome, conflict.reason = outcome, stated
    conflict.settled_at, conflict.settled_by = now, viewer.user_id
    conflict.save(update_fields=["outcome", "reason", "settled_at", "settled_by"])
    record_event(
        action="incentives.conflict.settled", subject=conflict, actor=viewer.user_id, now=now, new={"outcome": outcome}, reason=stated
    )
    return conflict


def _take(source: EventSource, event: ServiceEvent, conflict: EventConflict, *, viewer: Viewer, reason: str, now: dt.datetime) -> None:
    reading = dict(conflict.reading)
    values = {
        "activity": reading["activity"],
        "at": dt.datetime.fromisoformat(reading["at"]),
        "account": reading["account"],
        "attributes": reading["attributes"],
        "digest": conflict.digest,
        "content": conflict.content,
    }
    if conflict.case_id != event.case.case_id:
        raise Unacceptable(
            _("Isi ini milik berkas %(case)s. Batalkan langkah lama di sumbernya lebih dahulu.") % {"case": conflict.case_id}
        )
    _replace(source, event.case, event, values, viewer=viewer, reason=reason, now=now)


def _stated(reason: str) -> str:
    stated = reason.strip()
    if not stated or len(stated) > LONGEST_REASON:
        raise Unacceptable(_("Isi alasan, paling banyak %(most)s huruf.") % {"most": LONGEST_REASON}, errors={"reason": [_("Isi alasan.")]})
    return stated


def _replace(
    source: EventSource, case: ServiceCase, event: ServiceEvent, values: Mapping[str, Any], *, viewer: Viewer, reason: str, now: dt.datetime
) -> Correction:
    """End the current version, add the next, read the case again, and feed the periods it touches."""
    book = CaseBook.load(source, mapping=source.mapping)
    before, finished_before = facts_of([case], book).get(case.pk), case.finished_at
    old = {name: getattr(event, name) for name in values if name not in {"content", "digest"}}
    ServiceEvent.objects.filter(pk=event.pk).update(is_current=False)
    new = _next_version(event, values, book=book, viewer=viewer, reason=reason, now=now)
    _read_again(case, before, book, now)
    record_event(
        action="incentives.event.corrected",
        subject=new,
        actor=viewer.user_id,
        now=now,
        old=old,
        new={name: getattr(new, name) for name in old},
        reason=reason,
    )
    return Correction(new, feed_periods_of([finished_before, case.finished_at], now=now))


def _next_version(
    event: ServiceEvent, values: Mapping[str, Any], *, book: CaseBook, viewer: Viewer, reason: str, now: dt.datetime
) -> ServiceEvent:
    new = ServiceEvent(
        case_id=event.case_id,
        source_id=event.source_id,
        key=event.key,
        version=event.version + 1,
        activity=event.activity,
        at=event.at,
        account=event.account,
        cancelled=event.cancelled,
        digest=event.digest,
        content=event.content,
        attributes=event.attributes,
        reason=reason,
        recorded_by=viewer.user_id,
        recorded_at=now,
    )
    for name, value in values.items():
        setattr(new, name, value)
    new.officer_id = book.aliases.person(new.account, new.at) if new.account else None
    new.save(force_insert=True)
    return new


def _read_again(case: ServiceCase, before: CaseFacts | None, book: CaseBook, now: dt.datetime) -> None:
    """Figures follow the facts; where a finished case says the same as before, they stay."""
    facts = facts_of([case], book).get(case.pk)
    if facts is None:
        raise Unacceptable(_("Berkas harus mempunyai paling sedikit satu langkah."))
    if facts.ends_before_it_starts:
        raise Unacceptable(_("Dengan perubahan ini berkas selesai sebelum diterima. Periksa tanggalnya."))
    if case.finished_at is not None and facts == before:
        case.version += 1
        case.updated_at = now
    else:
        apply_fields(case, book.fields(facts), now)
    store_changed([case])
