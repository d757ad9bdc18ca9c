"""The demo city into an empty database, in one transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pghistory
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import connection, models, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from appraisal.incentives.models import AccountAlias, EventConflict, EventSource, ServiceCase, ServiceEvent, ServiceStandard, ServiceType
from appraisal.models import (
    AppraisalPolicy,
    Assessment,
    Cycle,
    Evidence,
    Feedback,
    Indicator,
    PerformancePlan,
    PeriodTarget,
    ProgressEntry,
    RatingExample,
    Score,
    ScoredIndicator,
    WorkResult,
)
from bukittinggi_kinerja.common.calendar import working_calendar
from bukittinggi_kinerja.common.models import Event, Job, JobChunk, Notice
from bukittinggi_kinerja.common.period import Period
from bukittinggi_kinerja.reference import load_reference
from employees.models import (
    ActingAppointment,
    AppraisalRegime,
    Employee,
    Grade,
    OrgUnit,
    Position,
    Posting,
    Regime,
    RoleAssignment,
    StaffGroup,
    User,
)
from employees.services.reference import CITY_HR_GROUP

from . import rows
from .digest import remember
from .goals import Plan, Planner
from .january import bring_results, lay_templates
from .mandates import mandates
from .months import Life
from .papers import lay_out, papers
from .passing import Passage, local_groups, open_desk, settle_times
from .people import Person, settle
from .registers import REGISTERS, write_registers
from .timeline import Timeline
from .tree import Tree, grow
from .writing import continue_ids, copy_rows, start_ids_anew

Say = Callable[[str], None]
NUMBERED: tuple[type[models.Model], ...] = (
    *(OrgUnit, Position, Employee, Posting, User, RoleAssignment, ActingAppointment, StaffGroup, Grade, AppraisalRegime),
    *(AppraisalPolicy, PerformancePlan, WorkResult, Indicator, PeriodTarget, Cycle, Assessment, RatingExample, Feedback),
    *(ProgressEntry, Evidence, EventSource, AccountAlias, ServiceType, ServiceStandard, ServiceCase, ServiceEvent, EventConflict),
    *(Event, Job, JobChunk, Notice),
    *REGISTERS,
)
#: The tables grow alike from month to month: statistics are taken anew when they have doubled.
FRESH_STATISTICS = frozenset({0, 1, 3, 7, 15, 31})
LIVELY = (PeriodTarget, ProgressEntry, Evidence, Assessment, ScoredIndicator, Score, Notice, User, ServiceCase, ServiceEvent)


@dataclass(frozen=True)
class Wish:
    """The four parameters that decide the whole city, and the password of its logins."""

    employees: int
    seed: int
    months: int
    today: dt.date
    password: str

    @property
    def parameters(self) -> dict[str, int]:
        return {"employees": self.employees, "seed": self.seed, "months": self.months}


def is_empty() -> bool:
    return not (Employee.objects.exists() or User.objects.exists() or OrgUnit.objects.exists())


@transaction.atomic
def load(wish: Wish, *, say: Say) -> None:
    """Everything or nothing. The caller has asked whether the database is empty."""
    with pghistory.context(reason="kota contoh"):
        start_ids_anew(*NUMBERED)
        load_reference()
        line = _timeline(wish)
        _prepare_rules(line)
        tree = grow(wish.employees, seed=wish.seed)
        people = settle(tree, line, seed=wish.seed)
        say(f"{len(tree.units)} unit kerja, {len(people)} pegawai")
        titles = _write_people(tree, people, line, wish.password)
        write_registers(tree, people, line, titles, seed=wish.seed)
        plans = Planner(line, seed=wish.seed).plan_all(people)
        _write_plans(plans, titles)
        say(f"{len(plans)} SKP, {sum(1 for plan in plans for _goal in plan.goals)} indikator")
        continue_ids(*NUMBERED)
        _analyse(NUMBERED)
        _pass_months(line, people, plans, wish.seed, say)
        lay_templates(line.moment)
        bring_results(list(line.closed), line.moment)
        remember(closed=[month.key for month in line.closed], today=wish.today, parameters=wish.parameters, now=line.moment)
        _analyse(NUMBERED)


def _pass_months(line: Timeline, people: list[Person], plans: list[Plan], seed: int, say: Say) -> None:
    acting, shown = mandates(people), papers()
    copy_rows(ActingAppointment, rows.MANDATE, rows.acting(acting))
    lay_out(shown, Path(settings.MEDIA_ROOT))
    passage = Passage(line, Life(line, people, plans, acting, shown, seed), open_desk(line, people, seed=seed), local_groups(line))
    for number, month in enumerate(line.months):
        passage.month(month, analyse=lambda: _analyse(LIVELY if number in FRESH_STATISTICS else ()))  # noqa: B023 - called at once
        state = "ditutup" if month in line.closed else "dinilai" if month in line.rating else "berjalan"
        say(f"{month.key} {state}")
    settle_times(line)


def _prepare_rules(line: Timeline) -> None:
    """The rules reach back to the first month, and teachers, whose results a real city imports, are appraised here."""
    AppraisalRegime.objects.filter(group__code="GURU").update(regime=Regime.LOCAL, reason="Kota contoh menilai guru di sini.")
    for rules in (AppraisalPolicy, AppraisalRegime):
        for rule in rules.objects.filter(draft=False, valid__startswith__gt=line.start):
            rule.valid = DateRange(line.start, rule.valid.upper)
            rule.save(update_fields=["valid"])


def _timeline(wish: Wish) -> Timeline:
    policy = AppraisalPolicy.objects.adopted().order_by("valid").first()
    assert policy is not None
    return Timeline.of(
        wish.today,
        wish.months,
        progress_workdays=policy.progress_workdays,
        rating_workdays=policy.rating_workdays,
        calendar=working_calendar(),
    )


def _write_people(tree: Tree, people: list[Person], line: Timeline, password: str) -> dict[tuple[str, str], int]:
    titles = rows.catalogue(tree)
    groups = dict(StaffGroup.objects.values_list("code", "id"))
    grades = dict(Grade.objects.values_list("code", "id"))
    copy_rows(OrgUnit, rows.UNIT, rows.units(tree))
    copy_rows(Position, rows.POSITION, rows.positions(tree, groups))
    copy_rows(Employee, rows.EMPLOYEE, rows.employees(people, grades, line))
    copy_rows(Posting, rows.POSTING, rows.postings(people, titles))
    copy_rows(User, rows.USER, rows.users(people, make_password(password), line))
    copy_rows(RoleAssignment, rows.ROLE, rows.roles(tree.posts, line))
    User.objects.get(username="bkpsdm").groups.add(Group.objects.get(name=CITY_HR_GROUP))
    return titles


def _write_plans(plans: list[Plan], titles: dict[tuple[str, str], int]) -> None:
    known = Posting.objects.known().values_list("employee_id", "valid", "id")
    posting_of = {(employee, valid.lower): number for employee, valid, number in known}
    keys = {key for plan in plans for goal in plan.goals for key in goal.periods}
    ends = {key: (Period.parse(key).start, Period.parse(key).end) for key in keys}
    copy_rows(PerformancePlan, rows.PLAN, rows.plans(plans, titles, posting_of))
    copy_rows(WorkResult, rows.WORK_RESULT, rows.work_results(plans))
    copy_rows(Indicator, rows.INDICATOR, rows.indicators(plans))
    copy_rows(PeriodTarget, rows.PERIOD_TARGET, rows.period_targets(plans, ends))


def _analyse(tables: Sequence[type[models.Model]]) -> None:
    """Fresh statistics, or the next statements choose bad plans."""
    with connection.cursor() as cursor:
        for model in tables:
            cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")
