"""Leave in the register of people that leaves nothing of a case to be judged."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import DurationField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Sum, Value
from django.db.models.functions import Greatest, Least

from appraisal.models import Cycle, DepthPolicy
from appraisal.rules.leave import leaves_nothing
from bukittinggi_kinerja.common.calendar import calendar_between
from bukittinggi_kinerja.common.workdays import ONE_DAY, WorkingCalendar
from employees.models import Leave
from employees.rules.spans import Span


@dataclass(frozen=True)
class LeaveRule:
    """What leave does to the cases of one cycle."""

    cycle: Cycle
    kinds: tuple[str, ...]
    least: int
    calendar: WorkingCalendar

    def exempts(self, days: Span, leave: Collection[Span]) -> bool:
        """``days`` lie within the cycle."""
        return bool(leave) and leaves_nothing(days, leave, least=self.least, workdays=self._workdays)

    def _workdays(self, days: Span) -> int:
        assert days.start is not None
        assert days.end is not None
        return self.calendar.between(days.start - ONE_DAY, days.end - ONE_DAY)

    def leave_of(self, people: Collection[int]) -> dict[int, list[Span]]:
        """Days of leave that touch the cycle, by person; one query."""
        found: dict[int, list[Span]] = defaultdict(list)
        for person, days in self._rows().filter(employee__in=people).values_list("employee_id", "valid"):
            found[person].append(Span(days.lower, days.upper))
        return found

    def may_exempt(self) -> Q:
        """For rows with a person and a case of the whole cycle: enough days of leave that it may be. Rather too many."""
        whole = self._workdays(Span(self.cycle.start, self.cycle.end))
        first, end = Value(self.cycle.start), Value(self.cycle.end)
        length: Any = ExpressionWrapper(
            Least(F("valid__endswith"), end) - Greatest(F("valid__startswith"), first), output_field=DurationField()
        )
        days = self._rows().filter(employee=OuterRef("employee")).order_by().values("employee").annotate(days=Sum(length))
        return Q(Exists(days.filter(days__gt=(whole - self.least) * ONE_DAY)))

    def _rows(self) -> QuerySet[Leave]:
        rows: QuerySet[Leave] = Leave.objects.overlapping(self.cycle.start, self.cycle.end).filter(kind__in=self.kinds)
        return rows


def depth_policy(*, on: dt.date) -> DepthPolicy:
    """The version in force; before a city adopted one, what it begins with."""
    found: DepthPolicy | None = DepthPolicy.objects.in_force(on=on).first()
    return found or DepthPolicy()


def leave_rule(cycle: Cycle) -> LeaveRule:
    """Two queries."""
    policy = depth_policy(on=cycle.start)
    calendar = calendar_between(cycle.start - ONE_DAY, cycle.end)
    return LeaveRule(cycle, tuple(policy.leave_kinds), policy.least_workdays, calendar)
