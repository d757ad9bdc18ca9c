"""A source read again by another map, because the first one was wrong. What was delivered stays as it is."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.models import CharField, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext as _

from appraisal.incentives.models import EventConflict, EventSource, ServiceCase, ServiceEvent
from appraisal.incentives.rules.cases import CaseFacts, contradiction
from appraisal.incentives.rules.mapping import LogMapping
from appraisal.incentives.rules.reading import Fault, LogEvent, RowFault, RowReader
from appraisal.services.measured import Difference
from bukittinggi_kinerja.common.errors import Unacceptable
from bukittinggi_kinerja.common.events import record_event
from bukittinggi_kinerja.common.sets import update_rows

from .case_book import CaseBook, apply_fields, store_changed
from .intake_sorting import AT_ONCE, steps_of
from .measuring import feed_periods_of
from .phrases import row_sentence
from .refolding import facts_of

READ = ("id", "key", "activity", "at", "account", "officer_id", "attributes")


@dataclass(frozen=True)
class Reread:
    """``differences``: figures of closed periods that would be others today; they are not changed."""

    events: int
    cases: int
    changed_cases: int
    differences: tuple[Difference, ...]


@transaction.atomic
def reread_source(*, code: str, mapping: LogMapping, reason: str, actor: int | None, now: dt.datetime) -> Reread:
    """Read every row of a source again, all or nothing; from now on its deliveries are read like this.

    Raises Unacceptable for an unknown source, without a reason, where somebody has decided about single rows already, and
    where a row or a case could not be read so.
    """
    source = EventSource.objects.select_for_update().filter(code=code).first()
    if source is None:
        raise Unacceptable(_("Sumber %(source)s belum terdaftar.") % {"source": code})
    if not reason.strip():
        raise Unacceptable(_("Tulis alasan membaca ulang."))
    _require_untouched(source)
    old = str(source.mapping.get("sha256", ""))
    source.mapping, source.credit = mapping.as_stored(), mapping.credit
    book = CaseBook.load(source, mapping=source.mapping)
    events = list(_read_again(source, mapping, now))
    _require_sound(events)
    _store(source, book, events)
    source.save(update_fields=["mapping", "credit"])
    cases = list(ServiceCase.objects.filter(source=source).order_by("id"))
    before = {case.pk: case.finished_at for case in cases}
    facts = _sound_facts(cases, book)
    changed = [case for case in cases if apply_fields(case, book.fields(facts[case.pk]), now)]
    store_changed(changed)
    differences = feed_periods_of([moment for case in changed for moment in (before[case.pk], case.finished_at)], now=now)
    told = {"events": len(events), "changed_cases": len(changed), "mapping": source.mapping["sha256"]}
    record_event(
        action="incentives.source.reread", subject=source, actor=actor, now=now, old={"mapping": old}, new=told, reason=reason.strip()
    )
    return Reread(len(events), len(cases), len(changed), differences)


def _require_untouched(source: EventSource) -> None:
    """A row somebody corrected says no longer what its delivery said: no map can read it again."""
    corrected = ServiceEvent.objects.filter(source=source, version__gt=1).exists()
    if corrected or EventConflict.objects.filter(source=source).exists():
        raise Unacceptable(
            _("Sumber %(source)s memuat langkah yang sudah diperbaiki atau bertentangan, jadi tidak dapat dibaca ulang.")
            % {"source": source.code}
        )


def _read_again(source: EventSource, mapping: LogMapping, now: dt.datetime) -> Iterator[tuple[int, LogEvent]]:
    reader = RowReader(mapping, now=now)
    met: set[str] = set()
    rows = ServiceEvent.objects.filter(source=source).order_by("id").values_list("id", "case__case_id", "content")
    for pk, case_id, content in rows.iterator(chunk_size=AT_ONCE):
        read = reader.read(content)
        if not isinstance(read, LogEvent):
            raise _unreadable(case_id, " ".join(row_sentence(fault) for fault in read))
        if read.case_id != case_id:
            raise _unreadable(case_id, _("Peta ini membacanya sebagai berkas %(other)s.") % {"other": read.case_id})
        if read.key in met:
            raise _unreadable(case_id, _("Dua langkahnya menjadi satu menurut peta ini."))
        met.add(read.key)
        yield pk, read


def _unreadable(case_id: str, why: str) -> Unacceptable:
    return Unacceptable(_("Tidak ada yang dibaca ulang. Berkas %(case)s: %(why)s") % {"case": case_id, "why": why})


def _require_sound(events: list[tuple[int, LogEvent]]) -> None:
    """Raises Unacceptable for a case that would contradict itself."""
    cases: dict[str, list[LogEvent]] = defaultdict(list)
    for _pk, event in events:
        cases[event.case_id].append(event)
    for case_id, rows in cases.items():
        doubt = contradiction([], steps_of(rows))
        if doubt:
            values = {"one": doubt.one, "other": doubt.other}
            raise _unreadable(case_id, row_sentence(Fault(doubt.name, RowFault.TWO_VALUES, values)))


def _store(source: EventSource, book: CaseBook, events: list[tuple[int, LogEvent]]) -> None:
    # A new key may be the old one of another row: first none of them is in the way.
    placeholder = Concat(Value("~"), Cast("id", CharField()))
    ServiceEvent.objects.filter(source=source).update(key=placeholder)
    for start in range(0, len(events), AT_ONCE):
        part = events[start : start + AT_ONCE]
        officers = {pk: book.aliases.person(one.account, one.at) if one.account else None for pk, one in part}
        rows = [(pk, one.key, one.activity, one.at, one.account, officers[pk], json.dumps(dict(one.attributes))) for pk, one in part]
        update_rows(ServiceEvent, READ, rows)


def _sound_facts(cases: list[ServiceCase], book: CaseBook) -> dict[int, CaseFacts]:
    """Raises Unacceptable for a case that would end before it starts."""
    facts = facts_of(cases, book)
    for case in cases:
        if facts[case.pk].ends_before_it_starts:
            raise _unreadable(case.case_id, _("Berkas ini akan selesai sebelum diterima."))
    return facts
