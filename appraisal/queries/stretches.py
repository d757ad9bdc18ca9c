"""Who needs which case in a cycle, out of the postings known now.

Nearly everybody holds one post all through a period: those are found, and given their cases, within the database. The
few others are read one by one and decided by ``rules.stretches``.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value

from appraisal.models import Assessment, Cycle, PerformancePlan
from appraisal.rules.leave import ON_LEAVE
from appraisal.rules.lifecycle import AssessmentState
from appraisal.rules.stretches import Held, Promise, SameUnit, Wanted
from employees.models import Employee, Posting, Status, UnitSuccession
from employees.rules.spans import Span

from .leave import LeaveRule

#: People in these states have cases, but nothing to be judged on.
AWAY = (Status.LEAVE, Status.STUDY)
#: Why an unfinished case is not judged, as long as it holds.
NOT_HERE = (*AWAY, ON_LEAVE)
#: Who has one of these is given no new case.
GONE = (Status.INACTIVE, Status.RETIRED)
#: People read at once.
AT_ONCE = 1_000


def posting_before(employee: str, day: str) -> QuerySet[Posting]:
    """For a subquery: the posting, as known now, of the last day before ``day`` (two names of the outer query)."""
    reaches = Q(valid__endswith__gte=OuterRef(day)) | Q(valid__endswith=None)
    return Posting.objects.known().filter(reaches, employee=OuterRef(employee), valid__startswith__lt=OuterRef(day))


def steady_plans(cycle: Cycle) -> QuerySet[PerformancePlan, Any]:
    """Plans of the whole cycle, of people without a case who held their post all through it; ``first_day``, ``upto``."""
    plans = plans_of(cycle).filter(valid__contains=_days(cycle)).filter(Exists(_held_all_through(cycle, position=OuterRef("position"))))
    others = plans_of(cycle).filter(employee=OuterRef("employee")).exclude(pk=OuterRef("pk"))
    return _with_days(plans.filter(~Exists(others)), cycle)


def steady_posts(cycle: Cycle) -> QuerySet[Posting, Any]:
    """Postings all through the cycle of people without a case and without a plan; ``first_day``, ``upto``."""
    posts = Posting.objects.known().filter(valid__contains=_days(cycle), position__group=cycle.group)
    return _with_days(posts.filter(~Exists(plans_of(cycle).filter(employee=OuterRef("employee")))), cycle)


def plans_of(cycle: Cycle) -> QuerySet[PerformancePlan]:
    return PerformancePlan.objects.agreed().overlapping(cycle.start, cycle.end).filter(position__group=cycle.group)


def people_to_read(cycle: Cycle, leave: LeaveRule) -> list[int]:
    """Whoever a cheap look does not find in step: rather somebody too many than too few. Two queries."""
    cases = Assessment.objects.current().filter(cycle=cycle)
    doubtful = set(cases.filter(~_in_step(cycle, leave)).values_list("employee_id", flat=True))
    bare = _without_case(Posting.objects.overlapping(cycle.start, cycle.end).filter(position__group=cycle.group), cycle)
    return sorted(doubtful | set(bare.values_list("employee_id", flat=True)))


def _without_case(rows: QuerySet[Any, Any], cycle: Cycle) -> QuerySet[Any, Any]:
    cases = Assessment.objects.current().filter(cycle=cycle, employee=OuterRef("employee"))
    return rows.exclude(employee__status__in=GONE).filter(~Exists(cases))


def _with_days(rows: QuerySet[Any, Any], cycle: Cycle) -> QuerySet[Any, Any]:
    return _without_case(rows, cycle).annotate(first_day=Value(cycle.start), upto=Value(cycle.end))


def _days(cycle: Cycle) -> DateRange:
    return DateRange(cycle.start, cycle.end)


def _held_all_through(cycle: Cycle, **same: Any) -> QuerySet[Posting]:
    """For a subquery over rows with person and unit: one known posting there holds for the whole cycle."""
    posts = Posting.objects.known().filter(valid__contains=_days(cycle), position__group=cycle.group)
    return posts.filter(employee=OuterRef("employee"), unit=OuterRef("unit"), **same)


def _in_step(cycle: Cycle, leave: LeaveRule) -> Q:
    """Cases of the whole cycle that are finished, or as the postings, the plan and the status of their person say."""
    whole = Q(stretch_start=cycle.start, stretch_end=cycle.end)
    follows = Q(state=AssessmentState.DRAFT) | Q(state=AssessmentState.EXEMPT, state_reason__in=NOT_HERE)
    return whole & (~follows | (_led_as_told(cycle) & _planned_as_told(cycle) & _away_as_told(leave)))


def _led_as_told(cycle: Cycle) -> Q:
    held = _held_all_through(cycle)
    led = Q(Exists(held.filter(supervisor=OuterRef("assessor")))) | (Q(assessor=None) & Q(Exists(held.filter(supervisor=None))))
    over = posting_before("assessor", "stretch_end").filter(supervisor__isnull=False)
    return led & (Q(Exists(over.filter(supervisor=OuterRef("reviewer")))) | (Q(reviewer=None) & ~Q(Exists(over))))


def _planned_as_told(cycle: Cycle) -> Q:
    plans = plans_of(cycle).filter(employee=OuterRef("employee"))
    whole = plans.filter(pk=OuterRef("plan"), unit=OuterRef("unit"), valid__contains=_days(cycle))
    there = Exists(_held_all_through(cycle, position=OuterRef("plan__position")))
    planned = Q(plan__isnull=False) & Q(Exists(whole)) & Q(there) & ~Q(Exists(plans.exclude(pk=OuterRef("plan"))))
    return planned | (Q(plan=None) & ~Q(Exists(plans)))


def _away_as_told(leave: LeaveRule) -> Q:
    """Leave of the register is counted for who is thought to be here, and for who is thought to be on leave."""
    here = ~Q(employee__status__in=AWAY) & ~leave.may_exempt()
    present = Q(state=AssessmentState.DRAFT) & (here | Q(rated_at__isnull=False))
    absent = Q(state=AssessmentState.EXEMPT) & (Q(state_reason=F("employee__status")) | Q(employee__status__in=GONE))
    return present | absent


@dataclass
class Reading:
    """What is known of some people in a cycle, as of now."""

    status: Mapping[int, str]
    held: Mapping[int, list[Held]]
    plans: Mapping[int, list[Promise]]
    cases: Mapping[int, list[Assessment]]
    same_unit: SameUnit
    rule: LeaveRule
    leave: Mapping[int, list[Span]]
    leaders: dict[tuple[int, dt.date], int | None] = field(default_factory=dict)

    def on_leave(self, person: int, days: Span) -> bool:
        """Whether the register leaves nothing of these days of the cycle to be judged."""
        return self.rule.exempts(days, self.leave.get(person, ()))

    def over(self, want: Wanted) -> int | None:
        """The leader's own leader on the last day of the case."""
        assert want.days.end is not None
        return self.leaders.get((want.leader, want.days.end)) if want.leader else None

    def read_leaders(self, wanted: Iterable[Wanted]) -> None:
        """The leaders of leaders on the last days of these cases. One query for each such day: few, most often one."""
        asked: dict[dt.date, set[int]] = defaultdict(set)
        for want in wanted:
            if want.leader and want.days.end and (want.leader, want.days.end) not in self.leaders:
                asked[want.days.end].add(want.leader)
        for end, people in asked.items():
            above = Posting.objects.in_force(on=end - dt.timedelta(days=1)).filter(employee__in=people)
            found = dict(above.values_list("employee_id", "supervisor_id"))
            self.leaders |= {(person, end): found.get(person) for person in people}


def read_people(cycle: Cycle, people: Collection[int], leave: LeaveRule) -> Reading:
    """Six queries, whatever the number of people."""
    held: dict[int, list[Held]] = defaultdict(list)
    postings = Posting.objects.known().filter(employee__in=people)
    columns = ("employee_id", "valid", "unit_id", "position_id", "supervisor_id", "position__group_id")
    for person, valid, unit, position, leader, group in postings.values_list(*columns):
        held[person].append(Held(Span(valid.lower, valid.upper), unit, position, leader, group == cycle.group_id))
    plans: dict[int, list[Promise]] = defaultdict(list)
    agreed = plans_of(cycle).filter(employee__in=people)
    for pk, person, valid, unit, position in agreed.values_list("pk", "employee_id", "valid", "unit_id", "position_id"):
        plans[person].append(Promise(pk, Span(valid.lower, valid.upper), unit, position))
    cases: dict[int, list[Assessment]] = defaultdict(list)
    for case in Assessment.objects.current().filter(cycle=cycle, employee__in=people).order_by("pk"):
        cases[case.employee_id].append(case)
    status = dict(Employee.objects.filter(pk__in=people).values_list("pk", "status"))
    return Reading(status, held, plans, cases, _read_successions(), leave, leave.leave_of(people))


def _read_successions() -> SameUnit:
    """Whether a unit is another one, or came out of it by any number of decrees. One query."""
    heirs: dict[int, set[int]] = defaultdict(set)
    for old, new in UnitSuccession.objects.values_list("predecessor_id", "successor_id"):
        heirs[old].add(new)
    return _among(heirs)


def _among(heirs: Mapping[int, set[int]]) -> Callable[[int, int], bool]:
    def same_unit(earlier: int, later: int) -> bool:
        seen, open_ends = {earlier}, [earlier]
        while open_ends and later not in seen:
            fresh = heirs.get(open_ends.pop(), set()) - seen
            seen |= fresh
            open_ends += fresh
        return later in seen

    return same_unit


def in_parts(people: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(people), AT_ONCE):
        yield people[start : start + AT_ONCE]
