"""Plans (SKP) of a year and stretch: results that support those of the superior, indicators, targets of each period."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from appraisal.rules.lifecycle import PlanState
from appraisal.rules.targets import Target, YearlyTarget, spread
from appraisal.rules.vocabulary import Accumulation, TargetForm
from bukittinggi_kinerja.common.period import JAKARTA, Period, PeriodKind

from .draws import draws
from .people import Person, Stint
from .texts import EXPECTATIONS, EXTRA_RESULTS, MEASURED_RESULT, RESULTS, Aim, Result
from .timeline import Timeline
from .tree import Post

SECOND_RESULT = 0.86
EXTRA_RESULT = 0.05


@dataclass(slots=True)
class Goal:
    """An indicator; ``periods`` maps the key of a period to the id of its target and the target itself."""

    id: int
    aim: Aim
    yearly: Target
    #: The day on which a target with a date was really reached.
    done: dt.date | None = None
    periods: dict[str, tuple[int, Target]] = field(default_factory=dict)


@dataclass(slots=True)
class WorkGoal:
    id: int
    result: Result
    title: str
    parent: int | None
    extra: bool
    goals: list[Goal] = field(default_factory=list)


@dataclass(slots=True)
class Plan:
    id: int
    person: Person
    stint: Stint
    year: int
    start: dt.date
    end: dt.date
    signed: dt.datetime
    agreed: dt.datetime
    state: PlanState
    expectations: dict[str, str]
    results: list[WorkGoal] = field(default_factory=list)

    @property
    def post(self) -> Post:
        return self.stint.post

    @property
    def goals(self) -> Iterator[Goal]:
        return (goal for result in self.results for goal in result.goals)


class Planner:
    """Makes the plans of a city in order, superiors first, and numbers everything in them."""

    def __init__(self, line: Timeline, *, seed: int) -> None:
        self.line = line
        self.dice = draws(seed, "plans")
        self.plans: list[Plan] = []
        self._last: dict[tuple[int, int], Plan] = {}
        self._results = self._goals = self._targets = 0

    def plan_all(self, people: Sequence[Person]) -> list[Plan]:
        first, last = self.line.start, self.line.running.end
        for year in range(first.year, self.line.running.start.year + 1):
            begin, finish = max(first, dt.date(year, 1, 1)), dt.date(year + 1, 1, 1)
            for person in people:
                for stint in person.stints:
                    start, end = max(begin, stint.start), min(finish, stint.end or finish)
                    if start < end and start < last and stint.post.level != "walikota":
                        self._plan(person, stint, start, end)
        return self.plans

    def _plan(self, person: Person, stint: Stint, start: dt.date, end: dt.date) -> None:
        # At the turn of the year superiors come first; who begins later finds their plans agreed.
        turn = start == self.line.start or (start.month, start.day) == (1, 1)
        signed = self._working_moment(start, (2 * depth(stint.post) if turn else 0) + self.dice.randrange(3))
        agreed = self._working_moment(signed.date(), 1 + self.dice.randrange(2))
        plan = Plan(
            len(self.plans) + 1, person, stint, start.year, start, end, signed, agreed, PlanState.AGREED, self.dice.choice(EXPECTATIONS)
        )
        plan.state = self._state(plan)
        boss = self._last.get((stint.post.boss.id, start.year)) if stint.post.boss else None
        for result, extra in self._chosen(stint.post):
            parent = self.dice.choice(boss.results).id if boss and not extra else None
            self._results += 1
            plan.results.append(WorkGoal(self._results, result, result.title.format(unit=stint.post.unit.name), parent, extra))
        months = _months(start, end)
        for work in plan.results:
            for aim in work.result.aims:
                self._goals += 1
                work.goals.append(self._goal(aim, months))
        self.plans.append(plan)
        self._last[person.id, start.year] = plan

    def _state(self, plan: Plan) -> PlanState:
        if plan.end <= self.line.today:
            return PlanState.CLOSED
        if plan.agreed < self.line.moment:
            return PlanState.AGREED
        return PlanState.SUBMITTED if plan.signed < self.line.moment else PlanState.DRAFT

    def _chosen(self, post: Post) -> list[tuple[Result, bool]]:
        """The first result of the kind of post, mostly a second one, rarely a task beyond the plan."""
        first, *others = RESULTS[post.work]
        chosen = [(first, False)]
        if post.boss and post.boss.login == "penilai":
            return [(MEASURED_RESULT, False), (first, False)]
        if self.dice.random() < SECOND_RESULT:
            chosen.append((self.dice.choice(others), False))
        if self.dice.random() < EXTRA_RESULT:
            chosen.append((self.dice.choice(EXTRA_RESULTS), True))
        return chosen

    def _goal(self, aim: Aim, months: list[Period]) -> Goal:
        yearly = _yearly(aim, months, self.dice)
        goal = Goal(self._goals, aim, yearly)
        for month, target in spread(YearlyTarget(aim.form, aim.accumulation, yearly), months).items():
            self._targets += 1
            goal.periods[month.key] = (self._targets, target)
        return goal

    def _working_moment(self, day: dt.date, days: int) -> dt.datetime:
        """Some minute of office hours, ``days`` working days after ``day``."""
        date = self.line.calendar.add(self.line.calendar.on_or_after(day), days)
        return dt.datetime.combine(date, dt.time(8 + self.dice.randrange(8), self.dice.randrange(60)), tzinfo=JAKARTA)


def depth(post: Post) -> int:
    steps, above = 0, post.boss
    while above:
        steps, above = steps + 1, above.boss
    return steps


def _yearly(aim: Aim, months: list[Period], dice: random.Random) -> Target:
    if aim.form == TargetForm.DATE:
        month = dice.choice(months)
        return Target(date=month.start + dt.timedelta(days=dice.randint(9, 26)))
    if aim.form == TargetForm.STATEMENT:
        return Target()
    if aim.form == TargetForm.RANGE:
        return Target(Decimal(int(aim.low)), Decimal(int(aim.high)))
    amount = dice.randint(int(aim.low), int(aim.high))
    return Target(Decimal(amount * len(months) if aim.accumulation == Accumulation.SUM else amount))


def _months(start: dt.date, end: dt.date) -> list[Period]:
    found = [Period.containing(start, PeriodKind.MONTH)]
    while found[-1].end < end:
        found.append(found[-1].next())
    return found
