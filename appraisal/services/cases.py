"""The cases of a cycle, kept in step with posts, plans and status while it is open.

A case is one person in one post: who moves within the period has two, each with its own rater. What an official has
finished stays as he left it, and nothing here touches a cycle that is closed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import (
    BigIntegerField,
    BooleanField,
    Case,
    CharField,
    F,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Now

from appraisal.models import Assessment, Cycle
from appraisal.queries.leave import leave_rule
from appraisal.queries.stretches import (
    AWAY,
    GONE,
    NOT_HERE,
    Reading,
    in_parts,
    people_to_read,
    posting_before,
    read_people,
    steady_plans,
    steady_posts,
)
from appraisal.rules.leave import ON_LEAVE
from appraisal.rules.lifecycle import ASSESSMENT_MOVES, OPEN_CYCLES, AssessmentState, origins
from appraisal.rules.stretches import Standing, Wanted, match, wanted_cases
from bukittinggi_kinerja.common.events import record_event
from bukittinggi_kinerja.common.sets import insert_from, update_rows
from employees.rules.spans import Span

from .rating import MARK_COLUMNS, REASON_COLUMNS

CASE_FIELDS = (
    *("cycle", "plan", "employee", "stretch_start", "stretch_end", "unit", "assessor", "reviewer"),
    *("state", "state_reason", "version", "is_current", "revision", "result_reason", "behaviour_reason", "note", "receipt", "updated_at"),
)
#: What may follow, by column.
FOLLOWING = ("plan_id", "version", "stretch_start", "stretch_end", "unit_id", "assessor_id", "reviewer_id", "state", "state_reason")
#: What a rater sets, but for examples: those tell what happened, whoever wrote them.
JUDGEMENT = (*MARK_COLUMNS.values(), *REASON_COLUMNS.values(), "note")
SERVED_ELSEWHERE = "Hari-harinya dinilai dalam penilaian lain"
NOT_POSTED = "Tidak menjabat dalam kelompok ini pada periode ini"


def ensure_assessments(*, cycle: Cycle, now: dt.datetime) -> int:
    """Give every person of the cycle a case for each post he held in it, with the plan of that post where there is one.

    May run at any time: cases stay, and while unfinished follow a transfer, a plan that came late, a changed leader and
    leave. Returns the cases added. Where nothing has changed nobody is kept waiting: the cycle is locked only to write.
    """
    return _bring_in_step(cycle, now) if _is_out_of_step(cycle) else 0


def _is_out_of_step(cycle: Cycle) -> bool:
    return steady_plans(cycle).exists() or steady_posts(cycle).exists() or any(_differences(cycle))


@transaction.atomic
def _bring_in_step(cycle: Cycle, now: dt.datetime) -> int:
    if Cycle.objects.select_for_update().get(pk=cycle.pk).state not in OPEN_CYCLES:
        return 0
    added = insert_from(Assessment, CASE_FIELDS, _as_cases(steady_plans(cycle), cycle, plan=F("pk")))
    added += insert_from(Assessment, CASE_FIELDS, _as_cases(steady_posts(cycle), cycle, plan=Cast(Value(None), IntegerField())))
    told = _Told()
    for difference in _differences(cycle):
        added += _write(cycle, difference, told)
    if added or told.new:
        new = {**told.new, "added": added}
        record_event(action="appraisal.cycle.cases_followed", subject=cycle, actor=None, now=now, old=told.old, new=new)
    return added


@dataclass
class _Told:
    """What the memory of the city keeps: of each case that followed, what was and what is."""

    old: dict[str, dict[str, Any]] = field(default_factory=dict)
    new: dict[str, dict[str, Any]] = field(default_factory=dict)


@dataclass
class _Difference:
    """What some people's cases lack: new values by case, cases nothing needs, and cases that are not there."""

    changed: list[tuple[Assessment, dict[str, Any]]] = field(default_factory=list)
    surplus: list[tuple[Assessment, str]] = field(default_factory=list)
    missing: list[tuple[int, Wanted, dict[str, Any]]] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.changed or self.surplus or self.missing)


def _differences(cycle: Cycle) -> Iterator[_Difference]:
    """The people a cheap look does not find in step, some at a time; reads only."""
    leave = leave_rule(cycle)
    for part in in_parts(people_to_read(cycle, leave)):
        yield _difference(cycle, part, read_people(cycle, part, leave))


def _difference(cycle: Cycle, people: Sequence[int], reading: Reading) -> _Difference:
    wanted = {person: _wanted(cycle, reading, person) for person in people}
    reading.read_leaders(want for wants in wanted.values() for want in wants)
    found = _Difference()
    for person in people:
        status, cases = reading.status[person], {case.pk: case for case in reading.cases[person] if _follows(case)}
        matched = match([_standing(case) for case in cases.values()], wanted[person], reading.same_unit)
        for standing, want in matched.pairs:
            case = cases[standing.pk]
            values = _values(person, want, reading, case=case)
            fresh = {name: value for name, value in values.items() if getattr(case, name) != value}
            found.changed += [(case, fresh)] if fresh else []
        why = SERVED_ELSEWHERE if wanted[person] or len(cases) < len(reading.cases[person]) else NOT_POSTED
        found.surplus += [(cases[standing.pk], why) for standing in matched.surplus]
        if status not in GONE:
            found.missing += [(person, want, _values(person, want, reading)) for want in matched.missing]
    return found


def _wanted(cycle: Cycle, reading: Reading, person: int) -> list[Wanted]:
    """A plan that a finished rating rests on serves no other case."""
    done = [case for case in reading.cases[person] if not _follows(case)]
    free = [plan for plan in reading.plans[person] if plan.pk not in {case.plan_id for case in done}]
    days = [_days(case) for case in done]
    return wanted_cases(Span(cycle.start, cycle.end), reading.held[person], free, days, reading.same_unit)


def _follows(case: Assessment) -> bool:
    return case.state == AssessmentState.DRAFT or (case.state == AssessmentState.EXEMPT and case.state_reason in NOT_HERE)


def _days(case: Assessment) -> Span:
    return Span(case.stretch_start, case.stretch_end)


def _standing(case: Assessment) -> Standing:
    return Standing(case.pk, _days(case), case.unit_id, case.plan_id, marked=case.rated_at is not None)


def _values(person: int, want: Wanted, reading: Reading, *, case: Assessment | None = None) -> dict[str, Any]:
    """Who is on leave is not judged, who comes back is; a case somebody marked is left to its rater."""
    values: dict[str, Any] = {"plan_id": want.plan, "stretch_start": want.days.start, "stretch_end": want.days.end}
    values |= {"unit_id": want.unit, "assessor_id": want.leader, "reviewer_id": reading.over(want)}
    marked = case is not None and case.rated_at is not None and not _loses_marks(case, want.leader)
    status = reading.status[person]
    away = status if status in AWAY else ON_LEAVE if reading.on_leave(person, want.days) else ""
    if away and not marked:
        values |= {"state": AssessmentState.EXEMPT.value, "state_reason": away}
    elif status not in GONE or case is None:
        values |= {"state": AssessmentState.DRAFT.value, "state_reason": ""}
    return values


def _write(cycle: Cycle, found: _Difference, told: _Told) -> int:
    """Replace, change, add: in this order, and in statements whose number does not grow with the people."""
    next_version = _next_versions(cycle, found)
    for case, why in found.surplus:
        _tell(told, case, {"state": AssessmentState.SUPERSEDED.value, "state_reason": why, "is_current": False})
    for why in {why for _case, why in found.surplus}:
        ids = [case.pk for case, reason in found.surplus if reason == why]
        rows = Assessment.objects.filter(pk__in=ids, state__in=origins(ASSESSMENT_MOVES, AssessmentState.SUPERSEDED))
        rows.update(state=AssessmentState.SUPERSEDED.value, state_reason=why, is_current=False, revision=F("revision") + 1)
    _change(found.changed, next_version, told)
    missing = [
        Assessment(cycle=cycle, employee_id=person, version=next_version.get(want.plan, 1), **values)
        for person, want, values in found.missing
    ]
    return len(Assessment.objects.bulk_create(missing, batch_size=1_000))


def _next_versions(cycle: Cycle, found: _Difference) -> dict[int | None, int]:
    """By plan that a case takes up: after the cases of this plan that were replaced."""
    taken = {values["plan_id"] for _case, values in found.changed if values.get("plan_id")}
    taken |= {want.plan for _person, want, _values in found.missing if want.plan}
    counted = Assessment.objects.filter(cycle=cycle, plan__in=taken).values_list("plan").annotate(last=Max("version"))
    return {plan: last + 1 for plan, last in counted} if taken else {}


def _change(changed: Sequence[tuple[Assessment, dict[str, Any]]], next_version: dict[int | None, int], told: _Told) -> None:
    if not changed:
        return
    forgotten = []
    for case, values in changed:
        if values.get("plan_id"):
            values["version"] = next_version.get(values["plan_id"], 1)
        lost = _lost(case, values)
        forgotten += [case.pk] if lost else []
        _tell(told, case, values, lost)
        for name, value in values.items():
            setattr(case, name, value)
    # Borders may move past each other: no two rows of the statement may meet on the way.
    Assessment.objects.filter(pk__in=[case.pk for case, _values in changed]).update(is_current=False)
    columns = ("id", *FOLLOWING, "is_current", "revision")
    rows = [(case.pk, *(getattr(case, name) for name in FOLLOWING), True, case.revision + 1) for case, _values in changed]
    update_rows(Assessment, columns, rows)
    nothing = {column: None if column in MARK_COLUMNS.values() else "" for column in JUDGEMENT}
    Assessment.objects.filter(pk__in=forgotten).update(**nothing, rated_by=None, rated_at=None)


def _loses_marks(case: Assessment, rater: int | None) -> bool:
    """Marks of somebody who is no longer the rater go with him: a judgement is one's own. A vacant post takes none."""
    return rater not in {None, case.assessor_id, case.rated_by_id}


def _lost(case: Assessment, values: dict[str, Any]) -> dict[str, Any]:
    """What a rater wrote who is none any more."""
    if not _loses_marks(case, values.get("assessor_id", case.assessor_id)):
        return {}
    judged = {column: getattr(case, column) for column in JUDGEMENT if getattr(case, column) not in {None, ""}}
    return judged | ({"rated_by_id": case.rated_by_id, "rated_at": case.rated_at} if case.rated_at else {})


def _tell(told: _Told, case: Assessment, values: dict[str, Any], lost: dict[str, Any] | None = None) -> None:
    told.old[str(case.pk)] = {name: getattr(case, name) for name in values} | (lost or {})
    told.new[str(case.pk)] = dict(values)


def _as_cases(rows: QuerySet[Any, Any], cycle: Cycle, *, plan: Any) -> QuerySet[Any, Any]:
    """Columns in CASE_FIELDS order; rater, unit and the rater's own leader are those of the last day."""
    away = Q(employee__status__in=AWAY)
    draft, exempt = Value(AssessmentState.DRAFT.value), Value(AssessmentState.EXEMPT.value)
    posting = posting_before("employee", "upto")
    # After the cases of this plan that were replaced.
    counted = Assessment.objects.filter(cycle=cycle, plan=OuterRef("case_plan")).order_by("-version")
    cases: QuerySet[Any, Any] = (
        rows.annotate(rater=Subquery(posting.values("supervisor")[:1]))
        .annotate(
            case_cycle=Value(cycle.pk),
            case_plan=plan,
            case_unit=Coalesce(Subquery(posting.values("unit_id")[:1]), F("unit_id"), output_field=BigIntegerField()),
            over=Subquery(posting_before("rater", "upto").values("supervisor")[:1]),
            case_state=Case(When(away, then=exempt), default=draft, output_field=CharField()),
            why=Case(When(away, then=F("employee__status")), default=Value(""), output_field=CharField()),
            case_version=Coalesce(Subquery(counted.values("version")[:1]) + 1, 1),
            one=Value(1),
            yes=Value(True, output_field=BooleanField()),
            empty=Value(""),
            moment=Now(),
        )
        .order_by("employee_id", "first_day")
        .values_list(
            *("case_cycle", "case_plan", "employee", "first_day", "upto", "case_unit", "rater", "over"),
            *("case_state", "why", "case_version", "yes", "one", "empty", "empty", "empty", "empty", "moment"),
        )
    )
    return cases
