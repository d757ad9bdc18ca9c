"""Postings that became known after a period closed: which frozen cases differ from today's knowledge, and by which decree.

Read in sets over the city: those whose postings changed in the days of a closed period, then their cases, cycle by cycle.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Q

from appraisal.models import Assessment, Cycle, RecomputationItem
from appraisal.rules.late_changes import Act, Change, Facts, FrozenCase, Kind, Present, changes_of, present_cases
from appraisal.rules.leave import LATE_LEAVE
from appraisal.rules.lifecycle import AssessmentState, CycleState
from bukittinggi_kinerja.common.period import local_date, start_of_day
from employees.models import Employee, OrgUnit, Position, Posting
from employees.rules.spans import Span

from .late_leave import LateLeave, late_leave, learned_after
from .leave import leave_rule
from .stretches import GONE, Reading, in_parts, read_people

CLOSED_CYCLES = (CycleState.CLOSED.value, CycleState.PUBLISHED.value)


@dataclass(frozen=True)
class Known:
    """One posting in both its times; ``until`` is None for what is known today."""

    pk: int
    person: int
    span: Span
    unit: int
    position: int
    rater: int | None
    since: dt.datetime
    until: dt.datetime | None
    decree: str
    decided_on: dt.date | None
    reason: str

    def at(self, moment: dt.datetime) -> bool:
        return self.since <= moment and (self.until is None or self.until > moment)

    def changed_after(self, moment: dt.datetime) -> bool:
        return self.since > moment or (self.until is not None and self.until > moment)

    @property
    def post(self) -> tuple[int, int, int | None]:
        return self.unit, self.position, self.rater


@dataclass(frozen=True)
class Decree:
    """What made the city know otherwise: a decree, or the reason where none is named, and the day it was recorded."""

    number: str
    decided_on: dt.date | None
    recorded_on: dt.date
    reason: str

    @property
    def key(self) -> str:
        """Names the decree in an address, where no word of it may stand: a reason can name a person."""
        told = f"{self.recorded_on} {self.decided_on} {self.number or self.reason}"
        return hashlib.sha256(told.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class LateRow:
    """One case of one closed period, what was frozen and what would hold, and the decree behind it."""

    cycle: Cycle
    employee_id: int
    case: Assessment | None
    change: Change
    decree: Decree
    frozen_at: dt.datetime

    @property
    def days(self) -> Span:
        facts = self.change.case.facts if self.change.case else self.change.told
        assert facts is not None
        return facts.days

    @property
    def proposable(self) -> bool:
        """Only a published period takes versions: figures are being frozen in one that is closed."""
        return self.change.act != Act.NONE and self.cycle.state == CycleState.PUBLISHED


@dataclass
class Names:
    """Words for the numbers of many rows, in three queries."""

    people: Mapping[int, Employee] = field(default_factory=dict)
    units: Mapping[int, OrgUnit] = field(default_factory=dict)
    positions: Mapping[int, Position] = field(default_factory=dict)


def late_rows(*, people: Collection[int] | None = None) -> list[LateRow]:
    """Every difference, by period and person; of these people, or of the whole city."""
    cycles = list(Cycle.objects.filter(state__in=CLOSED_CYCLES).order_by("start", "group_id"))
    if not cycles:
        return []
    history, leave = _history(cycles), late_leave(cycles)
    moved = {cycle.pk: {p for p, rows in history.items() if _moved(rows, cycle)} for cycle in cycles}
    cases = _cases_touched(moved, people)
    found: list[LateRow] = []
    for cycle in cycles:
        period = Span(cycle.start, cycle.end)
        asked = moved[cycle.pk] | {case.employee_id for case in cases[cycle.pk]}
        asked |= {person for person, rows in leave.items() if any(row.span.overlaps(period) for row in rows)}
        asked &= asked if people is None else set(people)
        for part in in_parts(sorted(asked)):
            found += _rows_of(cycle, part, history, leave)
    return found


def names_for(rows: Iterable[LateRow]) -> Names:
    facts = [f for row in rows for f in (row.change.told, row.change.case.facts if row.change.case else None) if f is not None]
    people = {p for f in facts for p in (f.rater, f.reviewer) if p} | {row.employee_id for row in rows}
    people |= {row.case.rated_by_id for row in rows if row.case is not None and row.case.rated_by_id}
    return Names(
        Employee.objects.in_bulk(people),
        OrgUnit.objects.in_bulk({f.unit for f in facts if f.unit}),
        Position.objects.in_bulk({f.position for f in facts if f.position}),
    )


def _history(cycles: Sequence[Cycle]) -> dict[int, list[Known]]:
    """All that was ever known of those whose postings changed after the first of these periods; two queries."""
    first, last = min(cycle.start for cycle in cycles), max(cycle.end for cycle in cycles)
    moment = start_of_day(min(cycle.end for cycle in cycles))
    met = Posting.objects.filter(valid__overlap=(first, last))
    late = met.filter(Q(known__startswith__gt=moment) | Q(known__endswith__gt=moment)).values("employee")
    found: dict[int, list[Known]] = defaultdict(list)
    columns = ("pk", "employee_id", "valid", "unit_id", "position_id", "supervisor_id", "known", "decree", "decided_on", "reason")
    for pk, person, valid, unit, position, rater, known, decree, decided, reason in met.filter(employee__in=late).values_list(*columns):
        span = Span(valid.lower, valid.upper)
        found[person].append(Known(pk, person, span, unit, position, rater, known.lower, known.upper, decree, decided, reason))
    return found


def _moved(rows: Sequence[Known], cycle: Cycle) -> bool:
    """Whether some day of the period is told otherwise today than at its end; a change that was taken back is none."""
    moment = start_of_day(cycle.end)
    here = [row for row in rows if row.span.overlaps(Span(cycle.start, cycle.end))]
    if not any(row.changed_after(moment) for row in here):
        return False
    borders = {cycle.start} | {day for row in here for day in (row.span.start, row.span.end) if day and cycle.start < day < cycle.end}
    return any(_post_on(day, here, moment) != _post_on(day, here, None) for day in borders)


def _post_on(day: dt.date, rows: Iterable[Known], moment: dt.datetime | None) -> tuple[int, int, int | None] | None:
    one_day = Span(day, day + dt.timedelta(days=1))
    known = (row for row in rows if (row.until is None if moment is None else row.at(moment)))
    return next((row.post for row in known if row.span.overlaps(one_day)), None)


def _cases_touched(moved: Mapping[int, set[int]], people: Collection[int] | None) -> dict[int, list[Assessment]]:
    """Current cases whose rater is one of those who moved in their period: his own leader may be another. One query."""
    found: dict[int, list[Assessment]] = defaultdict(list)
    everybody = {person for group in moved.values() for person in group}
    if not everybody:
        return found
    cases = Assessment.objects.current().filter(cycle__in=moved, assessor__in=everybody).only("cycle_id", "employee_id", "assessor_id")
    for case in cases if people is None else cases.filter(employee__in=people):
        if case.assessor_id in moved[case.cycle_id]:
            found[case.cycle_id].append(case)
    return found


def _rows_of(
    cycle: Cycle, people: Sequence[int], history: Mapping[int, Sequence[Known]], leave: Mapping[int, Sequence[LateLeave]]
) -> list[LateRow]:
    """Differences of some people in one cycle; as many queries for one as for a thousand."""
    reading = read_people(cycle, people, leave_rule(cycle))
    made = RecomputationItem.objects.filter(cycle=cycle, employee__in=people, made__isnull=False)
    corrected = set(made.values_list("made_id", flat=True))
    by_person = {}
    for person in people:
        cases = reading.cases.get(person, [])
        frozen = [_frozen(case, cycle, reading, history.get(person, ()), corrected) for case in cases]
        frozen = [_with_leave(one, case, reading, leave.get(person, ())) for one, case in zip(frozen, cases, strict=True)]
        by_person[person] = (_present(cycle, reading, person), frozen, {case.pk: case for case in cases})
    reading.read_leaders(want for present, frozen, _cases in by_person.values() for want in present_cases(present, frozen))
    found = []
    for person, (present, frozen, of_person) in by_person.items():
        for change in changes_of(present, frozen):
            case = of_person[change.case.pk] if change.case else None
            row = None if change.kinds == (Kind.LEAVE,) else _row(cycle, person, case, change, history)
            row = row or _leave_row(cycle, person, case, change, leave.get(person, ()))
            found += [row] if row is not None else []
    return found


def _present(cycle: Cycle, reading: Reading, person: int) -> Present:
    plans, held = reading.plans.get(person, []), reading.held.get(person, [])
    gone = reading.status[person] in GONE
    return Present(Span(cycle.start, cycle.end), held, plans, reading.same_unit, reading.over, gone)


def _frozen(case: Assessment, cycle: Cycle, reading: Reading, rows: Sequence[Known], corrected: Collection[int]) -> FrozenCase:
    """As the case stands; its position, which it does not carry, as known when it was frozen, or when a version put it right."""
    days = Span(case.stretch_start, case.stretch_end)
    last = case.stretch_end - dt.timedelta(days=1)
    on_last = Span(last, case.stretch_end)
    position = next((one.position for one in reading.held.get(case.employee_id, []) if one.span.overlaps(on_last)), None)
    if rows and case.pk not in corrected:
        moment = frozen_at(case, cycle)
        position = next((row.position for row in rows if row.at(moment) and row.span.overlaps(on_last)), None)
    return FrozenCase(case.pk, case.state, Facts(days, case.unit_id, position, case.assessor_id, case.reviewer_id, case.plan_id))


def _with_leave(frozen: FrozenCase, case: Assessment, reading: Reading, leave: Sequence[LateLeave]) -> FrozenCase:
    """``reading`` knows all leave of the period; only what became known after the case was frozen is late."""
    days = frozen.facts.days
    late = learned_after(leave, days, followed_until(case, reading.rule.cycle)) is not None
    return replace(frozen, on_leave=True) if late and reading.on_leave(case.employee_id, days) else frozen


def frozen_at(case: Assessment | None, cycle: Cycle) -> dt.datetime:
    """Until when knowledge reached a case: its rating in time, else the deadline."""
    if case is None:
        return cycle.rating_due
    due = max(cycle.rating_due, case.own_rating_due or cycle.rating_due)
    return due if case.rated_at is None else min(case.rated_at, due)


def followed_until(case: Assessment | None, cycle: Cycle) -> dt.datetime:
    """Until when leave reached a case by itself. A deadline of its own lets it be rated later; it follows the register no longer."""
    return min(frozen_at(case, cycle), cycle.rating_due)


def _row(cycle: Cycle, person: int, case: Assessment | None, change: Change, history: Mapping[int, Sequence[Known]]) -> LateRow | None:
    """None where nothing that became known late explains the difference: a plan signed late is no late posting."""
    moment = frozen_at(case, cycle)
    period = Span(cycle.start, cycle.end)
    own = _late(history.get(person, ()), period, moment)
    if own is not None:
        return LateRow(cycle, person, case, change, _decree(own), moment)
    rater = case.assessor_id if case is not None else None
    over = _late(history.get(rater, ()), period, moment) if rater is not None else None
    if over is None or Kind.REVIEWER not in change.kinds:
        return None
    return LateRow(cycle, person, case, Change(change.case, change.told, (Kind.REVIEWER,), _act_over(change)), _decree(over), moment)


def _leave_row(cycle: Cycle, person: int, case: Assessment | None, change: Change, leave: Sequence[LateLeave]) -> LateRow | None:
    """A case whose days, as the register knows now, were all leave; other differences of it are another matter."""
    if Kind.LEAVE not in change.kinds or change.case is None:
        return None
    moment = followed_until(case, cycle)
    learned = learned_after(leave, change.case.facts.days, moment)
    told = Change(change.case, change.told, (Kind.LEAVE,), change.act if change.kinds == (Kind.LEAVE,) else Act.NONE)
    decree = Decree("", None, local_date(learned), LATE_LEAVE) if learned is not None else None
    return LateRow(cycle, person, case, told, decree, moment) if decree is not None else None


def _act_over(change: Change) -> Act:
    unrated = change.case is not None and change.case.state == AssessmentState.NOT_RATED
    return change.act if unrated else Act.NONE


def _late(rows: Iterable[Known], period: Span, moment: dt.datetime) -> Known | None:
    """The posting that was recorded last of those that reach into the period; else the one that was taken back last."""
    here = [row for row in rows if row.span.overlaps(period) and row.changed_after(moment)]
    recorded = [row for row in here if row.until is None and row.since > moment]
    return max(recorded or here, key=lambda row: (row.since if row.until is None else row.until, row.pk), default=None)


def _decree(row: Known) -> Decree:
    recorded = row.since if row.until is None else row.until
    return Decree(row.decree, row.decided_on, local_date(recorded), row.reason)


def facts_text(facts: Facts | None) -> dict[str, Any]:
    """Facts as a proposal keeps them."""
    if facts is None:
        return {}
    start, end = facts.days.start, facts.days.end
    assert start is not None
    assert end is not None
    told = {"unit": facts.unit, "position": facts.position, "rater": facts.rater, "reviewer": facts.reviewer, "plan": facts.plan}
    return {"start": start.isoformat(), "end": end.isoformat(), **told}
