"""The rows of one delivery, sorted: what is new, known, contradictory or unreadable. Reads only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import islice
from typing import TypeVar

from appraisal.incentives.models import EventSource, ServiceEvent
from appraisal.incentives.rules.cases import Step
from appraisal.incentives.rules.mapping import LogMapping
from appraisal.incentives.rules.reading import Fault, LogEvent, RowFault, RowReader

T = TypeVar("T")
AT_ONCE = 5000


class Outcome(StrEnum):
    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    CONFLICT = "conflict"
    REFUSED = "refused"


@dataclass(frozen=True)
class LogRow:
    """One row of a log as it stands there, with its number as a sheet shows it; ``faults`` that its form has already."""

    line: int
    content: Mapping[str, str]
    faults: tuple[Fault, ...] = ()


@dataclass
class SortedRow:
    """A row with what it was read as, and what becomes of it; ``case_id`` also where the rest is unreadable."""

    row: LogRow
    case_id: str
    event: LogEvent | None
    faults: list[Fault] = field(default_factory=list)
    outcome: Outcome = Outcome.ACCEPTED

    def refuse(self, fault: Fault) -> None:
        self.faults.append(fault)
        self.outcome = Outcome.REFUSED


@dataclass
class CaseRows:
    """All rows of one case in a delivery, and the steps it has already."""

    case_id: str
    rows: list[SortedRow] = field(default_factory=list)
    known_steps: list[Step] = field(default_factory=list)

    @property
    def new(self) -> list[LogEvent]:
        return [row.event for row in self.rows if row.event and row.outcome is Outcome.ACCEPTED]

    @property
    def readable(self) -> list[LogEvent]:
        return [row.event for row in self.rows if row.event]

    @property
    def standing(self) -> list[LogEvent]:
        """Events of these rows that stand after the intake, each once."""
        kept = (Outcome.ACCEPTED, Outcome.DUPLICATE)
        return list({row.event.key: row.event for row in self.rows if row.event and row.outcome in kept}.values())

    @property
    def refused(self) -> bool:
        return any(row.outcome is Outcome.REFUSED for row in self.rows)

    def steps(self) -> list[Step]:
        return in_order([*self.known_steps, *steps_of(self.new)])


def steps_of(events: Iterable[LogEvent]) -> list[Step]:
    return [Step(event.activity, event.at, event.account, event.attributes) for event in events]


def in_order(steps: Iterable[Step]) -> list[Step]:
    """By time; at the same instant as they came."""
    return sorted(steps, key=lambda step: step.at)


def read_rows(rows: Iterable[LogRow], mapping: LogMapping, *, now: dt.datetime) -> tuple[dict[str, CaseRows], list[SortedRow]]:
    """Rows by case, and those that name no case. One unreadable row refuses its case: a clock needs every step."""
    reader = RowReader(mapping, now=now)
    cases: dict[str, CaseRows] = {}
    homeless: list[SortedRow] = []
    for row in rows:
        read = reader.read(row.content)
        case_id = reader.case_of(row.content)
        faults = [*row.faults, *([] if isinstance(read, LogEvent) else read)]
        event = read if isinstance(read, LogEvent) and not faults else None
        found = SortedRow(row, case_id, event, faults, Outcome.REFUSED if faults else Outcome.ACCEPTED)
        if not case_id:
            homeless.append(found)
            continue
        cases.setdefault(case_id, CaseRows(case_id)).rows.append(found)
    for case in cases.values():
        _refuse_with_its_case(case)
    return cases, homeless


def _refuse_with_its_case(case: CaseRows) -> None:
    bad = next((row for row in case.rows if row.outcome is Outcome.REFUSED), None)
    if bad is None:
        return
    for row in case.rows:
        if row.outcome is not Outcome.REFUSED:
            row.refuse(Fault("", RowFault.OTHER_ROW, {"line": bad.row.line}))


def classify(cases: Mapping[str, CaseRows], source: EventSource | None) -> None:
    """Tell new events from duplicates and conflicts, against what is stored and within the delivery."""
    candidates = [row for case in cases.values() for row in case.rows if row.event and row.outcome is Outcome.ACCEPTED]
    known = stored_digests(source, (row.event.key for row in candidates if row.event))
    for row in sorted(candidates, key=lambda found: found.row.line):
        assert row.event is not None
        digests = known.get(row.event.key)
        if digests is None:
            known[row.event.key] = {row.event.digest}
        elif row.event.digest in digests:
            row.outcome = Outcome.DUPLICATE
        else:
            row.outcome = Outcome.CONFLICT
            row.faults.append(Fault("", RowFault.CONFLICT))


def stored_digests(source: EventSource | None, keys: Iterable[str]) -> dict[str, set[str]]:
    """Digests of every version of the events with these keys: a corrected event is still known by its first content."""
    found: dict[str, set[str]] = {}
    if source is None:
        return found
    for chunk in chunks(keys, AT_ONCE):
        for key, digest in ServiceEvent.objects.filter(source=source, key__in=chunk).values_list("key", "digest"):
            found.setdefault(key, set()).add(digest)
    return found


def load_known_steps(cases: Mapping[str, CaseRows], source: EventSource | None) -> None:
    """The current steps that the cases of a delivery have already."""
    if source is None:
        return
    for case_id, step in known_steps(source, cases):
        cases[case_id].known_steps.append(step)


def known_steps(source: EventSource, case_ids: Iterable[str]) -> Iterator[tuple[str, Step]]:
    """Case number and step, in order of time, cancelled ones left out."""
    for chunk in chunks(case_ids, AT_ONCE):
        rows = (
            ServiceEvent.objects.current()
            .filter(case__source=source, case__case_id__in=chunk, cancelled=False)
            .order_by("case_id", "at", "id")
            .values_list("case__case_id", "activity", "at", "account", "attributes")
        )
        for case_id, activity, at, account, attributes in rows:
            yield case_id, Step(activity, at, account, attributes)


def chunks(items: Iterable[T], size: int) -> Iterator[Sequence[T]]:
    walk = iter(items)
    while chunk := list(islice(walk, size)):
        yield chunk


def moment_text(moment: dt.datetime) -> str:
    return moment.strftime("%d-%m-%Y %H:%M:%S")
