"""Which source a log belongs to, and whether a map reads that source as it was read until now. Reads only.

A map names its source, or the source is found by how the map reads; the names of files say nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from appraisal.incentives.models import EventSource, ServiceCase, ServiceEvent
from appraisal.incentives.rules.mapping import WORDS, BadMap, ClockWords, LogMapping, MapFault, reading_of
from appraisal.incentives.rules.reading import LogEvent, RowReader

from .intake_sorting import AT_ONCE, CaseRows, Outcome, chunks


def source_of(mapping: LogMapping, cases: Mapping[str, CaseRows]) -> str:
    """The code of the source. A map that names none continues the source that is read like this, or that has these rows.

    Raises BadMap where only a person can tell: several sources fit, or the rows stand in one that is read otherwise.
    """
    if mapping.source:
        return mapping.source
    known = {source.code: source for source in EventSource.objects.all()}
    if mapping.own_source in known:
        return mapping.own_source
    alike = sorted(code for code, source in known.items() if reading_of(source.mapping) == mapping.reading)
    if not alike:
        holders = sorted(rows_elsewhere(cases))
        alike = [code for code in holders if not read_otherwise(known[code], mapping)]
        if holders and not alike:
            raise BadMap(MapFault.TAKEN_ELSEWHERE, sources=", ".join(holders))
    if len(alike) > 1:
        raise BadMap(MapFault.SEVERAL_SOURCES, sources=", ".join(alike))
    return alike[0] if alike else mapping.own_source


def rows_elsewhere(cases: Mapping[str, CaseRows], *, but: str = "") -> Counter[str]:
    """How many of these rows stand already, by source: the same case with the same content."""
    delivered = {(case_id, row.event.digest) for case_id, case in cases.items() for row in case.rows if row.event}
    others = EventSource.objects.exclude(code=but).values("id")
    found: Counter[str] = Counter()
    for chunk in chunks(cases, AT_ONCE):
        rows = ServiceEvent.objects.filter(case__source__in=others, case__case_id__in=chunk)
        held = set(rows.values_list("source__code", "case__case_id", "digest"))
        found.update(code for code, *row in held if tuple(row) in delivered)
    return found


def require_same_reading(source: EventSource, mapping: LogMapping) -> None:
    """Refuse a map by which cases that stand would mean something else. Raises BadMap."""
    parts = read_otherwise(source, mapping)
    if parts:
        raise BadMap(MapFault.READS_OTHERWISE, source=source.code, parts=", ".join(parts))


def require_own_numbers(source: EventSource, cases: Mapping[str, CaseRows]) -> None:
    """Refuse a log, under a map that names no source, most of whose event numbers belong to other cases. Raises BadMap."""
    rows = [row for case in cases.values() for row in case.rows if row.event]
    doubted = {row.event.key: row.case_id for row in rows if row.event and row.outcome is Outcome.CONFLICT}
    if 2 * len(doubted) <= len(rows):
        return
    foreign = sum(
        doubted[key] != case_id
        for chunk in chunks(doubted, AT_ONCE)
        for key, case_id in ServiceEvent.objects.current().filter(source=source, key__in=chunk).values_list("key", "case__case_id")
    )
    if 2 * foreign > len(rows):
        raise BadMap(MapFault.OTHER_SYSTEM, source=source.code, rows=foreign)


def read_otherwise(source: EventSource, mapping: LogMapping) -> list[str]:
    """The parts of a map by which something that stands in the source would be read otherwise than it was."""
    old, new = source.mapping, mapping.as_stored()
    if reading_of(old) == mapping.reading or not ServiceCase.objects.filter(source=source).exists():
        return []
    parts = [] if source.credit == mapping.credit else ["clock.credit"]
    parts += _words(source, ClockWords.of_lists(old.get("clock", {})), mapping.words)
    parts += _types(source, old.get("service_types", {}), mapping.service_types)
    changed = [name for name in ("columns", "format") if reading_of({name: old.get(name, {})}) != reading_of({name: new[name]})]
    return parts + (changed if changed and not _rows_read_the_same(source, mapping) else [])


def _words(source: EventSource, old: ClockWords, new: ClockWords) -> Iterable[str]:
    """Lists of the clock in which an activity that occurred came or went."""
    occurred = set(ServiceEvent.objects.filter(source=source).order_by().values_list("activity", flat=True).distinct())
    return [f"clock.{word}" for word in WORDS if (getattr(old, word) ^ getattr(new, word)) & occurred]


def _types(source: EventSource, old: Mapping[str, str], new: Mapping[str, str]) -> Iterable[str]:
    names = {name for name in {*old, *new} if old.get(name) != new.get(name)}
    used = names and ServiceEvent.objects.filter(source=source, attributes__service_type__in=names).exists()
    return ["service_types"] if used else []


def _rows_read_the_same(source: EventSource, mapping: LogMapping) -> bool:
    """Every event that stands, read again from its own row. Its first version: a correction is not in the log."""
    reader = RowReader(mapping)
    rows = ServiceEvent.objects.filter(source=source, version=1)
    fields = ("content", "key", "case__case_id", "activity", "at", "account", "attributes")
    return all(_same(reader, content, stored) for content, *stored in rows.values_list(*fields).iterator(chunk_size=AT_ONCE))


def _same(reader: RowReader, content: Mapping[str, str], stored: list[Any]) -> bool:
    read = reader.read(content)
    return isinstance(read, LogEvent) and [read.key, read.case_id, read.activity, read.at, read.account, read.attributes] == stored
