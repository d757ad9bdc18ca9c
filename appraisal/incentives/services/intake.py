"""Taking events of a log or a batch: good cases are taken, refused ones told with the reason, nothing twice."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from django.db import transaction

from appraisal.incentives.models import EventConflict, EventSource, ServiceCase, ServiceEvent
from appraisal.incentives.rules.cases import CaseFacts, Contradiction, contradiction, fold
from appraisal.incentives.rules.mapping import LogMapping
from appraisal.incentives.rules.reading import MOMENTS, Fault, LogEvent, RowFault
from appraisal.services.measured import Difference
from bukittinggi_kinerja.common.events import record_event
from bukittinggi_kinerja.common.money import share

from .case_book import CaseBook, apply_fields, store_changed
from .intake_sorting import (
    AT_ONCE,
    CaseRows,
    LogRow,
    Outcome,
    SortedRow,
    chunks,
    classify,
    in_order,
    load_known_steps,
    moment_text,
    read_rows,
    steps_of,
)
from .measuring import feed_periods_of
from .phrases import row_sentence
from .whose_log import require_own_numbers, require_same_reading, rows_elsewhere, source_of

__all__ = ["Figures", "IntakeReport", "LogRow", "Outcome", "RowVerdict", "take_events"]


@dataclass(frozen=True)
class Figures:
    """Counts over a delivery; ``on_time`` of the closed cases, of which ``unjudged`` have no outcome."""

    events: int = 0
    cases: int = 0
    activities: int = 0
    officers: int = 0
    closed: int = 0
    on_time: int = 0
    unjudged: int = 0

    @property
    def judged(self) -> int:
        return self.closed - self.unjudged

    @property
    def share(self) -> Decimal | None:
        """Of the cases that can be judged: one without a deadline or a standard was not late."""
        return share(self.on_time, self.judged)


@dataclass(frozen=True)
class RowVerdict:
    """What became of one row; ``reason`` is a sentence for refused rows and conflicts."""

    line: int
    case_id: str
    outcome: Outcome
    column: str
    reason: str
    content: Mapping[str, str]


@dataclass(frozen=True)
class IntakeReport:
    """``elsewhere``: rows of a new source that other sources have too, so that nobody counts them twice unseen."""

    source: str
    read: Figures
    taken: Figures
    verdicts: list[RowVerdict]
    new_cases: int = 0
    changed_cases: int = 0
    refused_cases: int = 0
    unknown_accounts: int = 0
    unknown_types: Mapping[str, int] = field(default_factory=dict)
    elsewhere: Mapping[str, int] = field(default_factory=dict)
    mapping_changed: bool = False
    differences: tuple[Difference, ...] = ()

    def rows(self, outcome: Outcome) -> int:
        return sum(verdict.outcome is outcome for verdict in self.verdicts)

    @property
    def listed(self) -> list[RowVerdict]:
        """Rows for the error file: refused ones and conflicts."""
        return [verdict for verdict in self.verdicts if verdict.reason]


def take_events(
    *,
    mapping: LogMapping,
    rows: Iterable[LogRow],
    actor: int | None,
    now: dt.datetime,
    dry_run: bool = False,
    keep_mapping: bool = False,
) -> IntakeReport:
    """Take the events of a delivery into the cases of its source (``source_of``); a dry run only reads.

    ``keep_mapping`` leaves the stored mapping of a known source as it is. One event row, unless nothing changed.
    Raises BadMap where the map does not tell whose log it is, or would read otherwise what its source has already.
    """
    delivered = read_rows(rows, mapping, now=now)
    code = source_of(mapping, delivered[0])
    if dry_run:
        source = EventSource.objects.filter(code=code).first()
        return _Intake(code, mapping, source, *delivered, now=now, actor=actor, keep_mapping=keep_mapping).report()
    with transaction.atomic():
        EventSource.objects.get_or_create(code=code, defaults={"mapping": mapping.as_stored(), "credit": mapping.credit})
        # One intake of a source at a time, or two would both find an event new.
        source = EventSource.objects.select_for_update().get(code=code)
        intake = _Intake(code, mapping, source, *delivered, now=now, actor=actor, keep_mapping=keep_mapping)
        report = intake.report()
        intake.store(report)
        differences = feed_periods_of(intake.ends_touched, now=now)
    return replace(report, differences=differences)


class _Intake:
    """One delivery against one source."""

    def __init__(
        self,
        code: str,
        mapping: LogMapping,
        source: EventSource | None,
        cases: dict[str, CaseRows],
        homeless: list[SortedRow],
        *,
        now: dt.datetime,
        actor: int | None,
        keep_mapping: bool,
    ) -> None:
        self.source = source
        self.cases = cases
        self.homeless = homeless
        self.now = now
        self.actor = actor
        self.code = code
        self.columns = mapping.columns
        if source and not keep_mapping:
            require_same_reading(source, mapping)
        known = source.mapping if source and keep_mapping else None
        self.stored = known or mapping.as_stored()
        self.credit = str(self.stored["clock"]["credit"])
        self.mapping_changed = bool(source and source.mapping.get("sha256") != self.stored["sha256"])
        self.book = CaseBook.load(source, mapping=self.stored)
        self.read_facts = {
            case_id: fold(in_order(steps_of(rows.readable)), self.book.words) for case_id, rows in cases.items() if rows.readable
        }
        classify(cases, source)
        if source and not mapping.source:
            require_own_numbers(source, cases)
        fresh = not keep_mapping and not ServiceCase.objects.filter(source=source).exists()
        self.elsewhere = rows_elsewhere(cases, but=code) if fresh else {}
        load_known_steps(cases, source)
        self.facts = dict(self._standing_facts())
        self.ends_left: list[dt.datetime | None] = []
        self.planned = self._plan(self._existing())

    def _standing_facts(self) -> Iterable[tuple[str, CaseFacts]]:
        """The facts of every case that is not refused, with its new steps."""
        for case_id, rows in self.cases.items():
            if rows.refused or not (rows.new or rows.known_steps):
                continue
            doubt = contradiction(rows.known_steps, steps_of(rows.new))
            if doubt:
                self._refuse_new(rows, doubt)
                continue
            facts = fold(rows.steps(), self.book.words)
            if facts.ends_before_it_starts and rows.new:
                self._refuse(rows, facts)
            else:
                yield case_id, facts

    def _refuse(self, rows: CaseRows, facts: CaseFacts) -> None:
        assert facts.ended is not None
        moments = {"ended": moment_text(facts.ended), "accepted": moment_text(facts.accepted)}
        for row in rows.rows:
            row.faults.clear()
            row.refuse(Fault("", RowFault.ENDS_FIRST, moments))

    def _refuse_new(self, rows: CaseRows, doubt: Contradiction) -> None:
        """Only the new rows: a known row that came with other content stays a conflict, which somebody can decide."""
        one, other = (moment_text(dt.datetime.fromisoformat(text)) if doubt.name in MOMENTS else text for text in (doubt.one, doubt.other))
        fault = RowFault.OTHER_VALUE if doubt.stored else RowFault.TWO_VALUES
        for row in rows.rows:
            if row.outcome is Outcome.ACCEPTED:
                row.refuse(Fault(self.columns[doubt.name], fault, {"one": one, "other": other}))

    # --- what to say

    def report(self) -> IntakeReport:
        planned = self.planned
        standing = {case_id: self.cases[case_id] for case_id in self.facts}
        taken = [event for rows in standing.values() for event in rows.standing]
        return IntakeReport(
            source=self.code,
            read=self._figures(
                [e for rows in self.cases.values() for e in rows.readable], self._rows_read(), self._cases_read(), self._read_ends()
            ),
            taken=self._figures(taken, len(taken), len(standing), self._taken_ends(planned)),
            verdicts=[self._verdict(row) for row in self._all_rows()],
            new_cases=sum(case.pk is None for case, _changed in planned.values()),
            changed_cases=sum(changed and case.pk is not None for case, changed in planned.values()),
            refused_cases=sum(rows.refused for rows in self.cases.values()),
            unknown_accounts=self._unknown_accounts(taken),
            unknown_types=Counter(
                f.service_type for f in self.facts.values() if f.service_type and self.book.type_of(f.service_type) is None
            ),
            elsewhere=self.elsewhere,
            mapping_changed=self.mapping_changed,
        )

    def _all_rows(self) -> list[SortedRow]:
        rows = [row for case in self.cases.values() for row in case.rows]
        return sorted([*rows, *self.homeless], key=lambda found: found.row.line)

    def _rows_read(self) -> int:
        return sum(len(case.rows) for case in self.cases.values()) + len(self.homeless)

    def _cases_read(self) -> int:
        """Distinct case numbers of the file; rows without one are one case more that cannot be told apart."""
        return len(self.cases) + bool(self.homeless)

    def _figures(self, events: Sequence[LogEvent], count: int, cases: int, ends: Iterable[bool | None]) -> Figures:
        outcomes = list(ends)
        return Figures(
            events=count,
            cases=cases,
            activities=len({event.activity for event in events}),
            officers=len({event.account for event in events if event.account}),
            closed=len(outcomes),
            on_time=sum(outcome is True for outcome in outcomes),
            unjudged=sum(outcome is None for outcome in outcomes),
        )

    def _read_ends(self) -> Iterable[bool | None]:
        """Whether each closed case of the file kept its time, impossible ones included."""
        return (self.book.figures(facts)[2].on_time for facts in self.read_facts.values() if facts.closed)

    def _taken_ends(self, planned: Mapping[str, tuple[ServiceCase, bool]]) -> Iterable[bool | None]:
        return (planned[case_id][0].on_time for case_id, facts in self.facts.items() if facts.closed)

    def _unknown_accounts(self, events: Iterable[LogEvent]) -> int:
        """Of steps and of who answers for a case, each on its own day."""
        named = {(event.account, event.at) for event in events} | {(facts.responsible, facts.last_at) for facts in self.facts.values()}
        return len({account for account, at in named if account and self.book.aliases.person(account, at) is None})

    def _verdict(self, found: SortedRow) -> RowVerdict:
        return RowVerdict(
            line=found.row.line,
            case_id=found.case_id,
            outcome=found.outcome,
            column=", ".join(dict.fromkeys(fault.column for fault in found.faults if fault.column)),
            reason=" ".join(row_sentence(fault) for fault in found.faults),
            content=found.row.content,
        )

    # --- what to write

    def _existing(self) -> dict[str, ServiceCase]:
        if self.source is None:
            return {}
        return {
            case.case_id: case
            for chunk in chunks(self.facts, AT_ONCE)
            for case in ServiceCase.objects.filter(source=self.source, case_id__in=chunk)
        }

    def _plan(self, existing: Mapping[str, ServiceCase]) -> dict[str, tuple[ServiceCase, bool]]:
        """Each case as it will stand, and whether that differs from what is stored."""
        planned = {}
        for case_id, facts in self.facts.items():
            case = existing.get(case_id)
            if case is None:
                fields = self.book.fields(facts)
                planned[case_id] = (ServiceCase(source=self.source, case_id=case_id, updated_at=self.now, **fields), True)
            else:
                planned[case_id] = (case, self._renew(case, facts))
        return planned

    def _renew(self, case: ServiceCase, facts: CaseFacts) -> bool:
        """A finished case keeps its figures while its steps say the same, whatever the calendar says by now."""
        known = self.cases[case.case_id].known_steps
        if case.finished_at is not None and known and fold(known, self.book.words) == facts:
            return False
        before = case.finished_at
        changed = apply_fields(case, self.book.fields(facts), self.now)
        if changed:
            self.ends_left.append(before)
        return changed

    @property
    def ends_touched(self) -> list[dt.datetime | None]:
        """When the new and changed cases ended; a case that is open again still counts for the month it left."""
        return [case.finished_at for case, differs in self.planned.values() if differs] + self.ends_left

    def store(self, report: IntakeReport) -> None:
        """Write cases, events and conflicts in few statements, in the order of the cases."""
        assert self.source is not None
        new = [case for case, _changed in self.planned.values() if case.pk is None]
        changed = [case for case, differs in self.planned.values() if differs and case.pk is not None]
        ServiceCase.objects.bulk_create(new, batch_size=2000)
        store_changed(changed)
        events = [self._event(event, case) for case, event in self._new_events()]
        ServiceEvent.objects.bulk_create(events, batch_size=2000)
        conflicts = EventConflict.objects.bulk_create(self._conflicts(), ignore_conflicts=True, batch_size=2000)
        self._remember(report, events=len(events), conflicts=len(conflicts), cases=len(new))

    def _new_events(self) -> Iterable[tuple[ServiceCase, LogEvent]]:
        for case_id, (case, _changed) in self.planned.items():
            for event in sorted(self.cases[case_id].new, key=lambda e: e.at):
                yield case, event

    def _event(self, event: LogEvent, case: ServiceCase) -> ServiceEvent:
        return ServiceEvent(
            case=case,
            source=self.source,
            key=event.key,
            activity=event.activity,
            at=event.at,
            account=event.account,
            officer_id=self.book.aliases.person(event.account, event.at) if event.account else None,
            digest=event.digest,
            content=dict(event.content),
            attributes=dict(event.attributes),
            recorded_by=self.actor,
            recorded_at=self.now,
        )

    def _conflicts(self) -> list[EventConflict]:
        return [
            EventConflict(
                source=self.source,
                key=row.event.key,
                digest=row.event.digest,
                case_id=case.case_id,
                content=dict(row.event.content),
                reading=row.event.as_stored(),
                noticed_at=self.now,
            )
            for case in self.cases.values()
            for row in case.rows
            if row.event and row.outcome is Outcome.CONFLICT
        ]

    def _remember(self, report: IntakeReport, **counts: int) -> None:
        assert self.source is not None
        if self.mapping_changed:
            self.source.mapping = self.stored
            self.source.credit = self.credit
            self.source.save(update_fields=["mapping", "credit"])
        if any(counts.values()) or self.mapping_changed or report.changed_cases:
            record_event(
                action="incentives.events.taken",
                subject=self.source,
                actor=self.actor,
                now=self.now,
                new={
                    **counts,
                    "changed_cases": report.changed_cases,
                    "refused_cases": report.refused_cases,
                    "mapping": self.stored["sha256"],
                },
            )
