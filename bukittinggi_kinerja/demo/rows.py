"""The made-up city as rows of tables."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from typing import Any

from bukittinggi_kinerja.common.period import JAKARTA, start_of_day
from employees.models import Status
from employees.rules.viewing import Role

from .goals import Plan
from .mandates import Mandate
from .people import Person
from .timeline import Timeline
from .tree import Post, Tree, Unit
from .writing import Span

CITY_SINCE = dt.date(2017, 1, 1)
OFFICE_OPENS = dt.time(9)

UNIT = ("id", "code", "name", "kind", "parent", "path", "full_name", "valid", "updated_at")
POSITION = ("id", "title", "kind", "job_class", "group")
EMPLOYEE = ("id", "nip", "name", "kind", "sex", "birth_date", "grade", "email", "status", "updated_at")
POSTING = ("employee", "unit", "position", "supervisor", "heads_unit", "valid", "known", "decree", "decided_on", "reason")
USER = ("id", "username", "employee", "password", "is_active", "is_staff", "is_superuser", "language", "theme", "date_joined")
EVENT = ("at", "actor", "action", "subject_type", "subject_id", "old", "new", "reason")
MANDATE = ("principal", "substitute", "kind", "valid", "letter_number", "letter_due", "reason", "revoked_at")
ROLE = ("user", "role", "unit", "valid", "reason")
PLAN = (
    *("id", "employee", "unit", "position", "posting", "assessor", "year", "valid", "approach", "state", "behaviour_expectations"),
    *("signed_by_employee_at", "signed_by_assessor_at", "revision", "revision_reason", "version", "updated_at"),
)
WORK_RESULT = ("id", "plan", "kind", "title", "parent", "share", "order")
INDICATOR = (
    *("id", "work_result", "plan", "name", "aspect", "unit_name", "form", "direction", "accumulation", "target", "target_max"),
    *("target_date", "statement", "weight", "measure", "order"),
)
PERIOD_TARGET = ("id", "indicator", "period", "start", "end", "target", "target_max", "target_date")

ROLES = {"bkpsdm": Role.CITY_HR, "pengelola": Role.UNIT_HR, "pimpinan": Role.LEADER, "inspektorat": Role.AUDITOR}

Row = tuple[Any, ...]


def units(tree: Tree) -> Iterator[Row]:
    for unit in tree.units:
        yield (
            *(unit.id, unit.code, unit.name, unit.kind, unit.parent.id if unit.parent else None, unit.path, unit.full_name),
            *(Span(CITY_SINCE, None), start_of_day(CITY_SINCE)),
        )


def catalogue(tree: Tree) -> dict[tuple[str, str], int]:
    """Number of each job title, in the order of the city."""
    numbers: dict[tuple[str, str], int] = {}
    for post in tree.posts:
        numbers.setdefault((post.title, post.kind.value), len(numbers) + 1)
    return numbers


def positions(tree: Tree, groups: dict[str, int]) -> Iterator[Row]:
    seen: set[tuple[str, str]] = set()
    for post in tree.posts:
        key = post.title, post.kind.value
        if key not in seen:
            seen.add(key)
            yield len(seen), post.title, post.kind, post.job_class, groups[post.group]


def employees(people: Iterable[Person], grades: dict[str, int], line: Timeline) -> Iterator[Row]:
    for p in people:
        sex = "P" if p.woman else "L"
        yield p.id, p.nip, p.name, p.kind, sex, p.birth, grades.get(p.grade), "", p.status, _last_change(p, line)


def _last_change(person: Person, line: Timeline) -> dt.datetime:
    known = [day for stint in person.stints for day in (stint.decided, stint.end_known) if day]
    return min(max(at_office(max(known)), start_of_day(line.start)), line.moment - dt.timedelta(hours=1))


def at_office(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, OFFICE_OPENS, tzinfo=JAKARTA)


def postings(people: Iterable[Person], titles: dict[tuple[str, str], int]) -> Iterator[Row]:
    """What was known first, then what was known later: a row is never rewritten."""
    for person in people:
        for number, stint in enumerate(person.stints):
            post = stint.post
            place = person.id, post.unit.id, titles[post.title, post.kind.value], post.boss.id if post.boss else None, post.heads
            why = "Mutasi antarunit" if number else "Penempatan"
            decree = f"800.1.3/{person.id % 97 + 1:03}/BKPSDM/{stint.decided.year}"
            if stint.end is None:
                yield *place, Span(stint.start, None), Span(at_office(stint.decided), None), decree, stint.decided, why
                continue
            learned = at_office(stint.end_known or stint.end)
            yield *place, Span(stint.start, None), Span(at_office(stint.decided), learned), decree, stint.decided, why
            yield *place, Span(stint.start, stint.end), Span(learned, None), decree, stint.decided, why


def users(people: Iterable[Person], password: str, line: Timeline) -> Iterator[Row]:
    """Everybody has an account; only the logins of the demo have a password that opens it."""
    for person in people:
        post = person.stints[0].post
        name = post.login or person.nip or "walikota"
        active = person.status != Status.RETIRED
        opened = start_of_day(max(line.start, person.stints[0].start))
        yield person.id, name, person.id, password if post.login else "!", active, post.login == "bkpsdm", False, "id", "", opened


def roles(posts: Iterable[Post], line: Timeline) -> Iterator[Row]:
    for post in posts:
        if role := ROLES.get(post.login):
            unit = agency_of(post.unit).id if role is Role.UNIT_HR else None
            yield post.id, role.value, unit, Span(line.start, None), "Penugasan kota contoh"


def acting(mandates: Iterable[Mandate]) -> Iterator[Row]:
    for number, m in enumerate(mandates, 1):
        yield m.principal, m.substitute, "PLH", Span(m.start, m.end), f"800.1.11/{number:03}/{m.start.year}", None, m.why, None


def agency_of(unit: Unit) -> Unit:
    while unit.parent and unit.parent.parent:
        unit = unit.parent
    return unit


def plans(made: Iterable[Plan], titles: dict[tuple[str, str], int], posting_of: dict[tuple[int, dt.date], int]) -> Iterator[Row]:
    for plan in made:
        post, signed = plan.post, plan.state not in ("DRAF",)
        agreed = plan.agreed if plan.state in ("DITETAPKAN", "DITUTUP") else None
        yield (
            *(plan.id, plan.person.id, post.unit.id, titles[post.title, post.kind.value], posting_of[plan.person.id, plan.stint.start]),
            *(post.boss.id if post.boss else None, plan.year, Span(plan.start, plan.end), "KUANTITATIF", plan.state),
            *(json.dumps(plan.expectations), plan.signed if signed else None, agreed, 0, "", 1, agreed or plan.signed),
        )


def work_results(made: Iterable[Plan]) -> Iterator[Row]:
    for plan in made:
        for order, work in enumerate(plan.results, 1):
            yield work.id, plan.id, "TAMBAHAN" if work.extra else "UTAMA", work.title, work.parent, None, order


def indicators(made: Iterable[Plan]) -> Iterator[Row]:
    for plan in made:
        order = 0
        for work in plan.results:
            for goal in work.goals:
                order += 1
                aim, yearly = goal.aim, goal.yearly
                yield (
                    *(goal.id, work.id, plan.id, aim.name, aim.aspect, aim.unit_name, aim.form, aim.direction, aim.accumulation),
                    *(yearly.value, yearly.maximum, yearly.date, aim.statement, aim.weight, aim.measure, order),
                )


def period_targets(made: Iterable[Plan], ends: dict[str, tuple[dt.date, dt.date]]) -> Iterator[Row]:
    """Targets come with the signature of both; a draft has none yet."""
    for plan in made:
        if plan.state not in ("DITETAPKAN", "DITUTUP"):
            continue
        for goal in plan.goals:
            for key, (number, target) in goal.periods.items():
                yield number, goal.id, key, *ends[key], target.value, target.maximum, target.date


def plan_events(made: Iterable[Plan], *, start: dt.date, end: dt.date, before: dt.datetime) -> list[Row]:
    """The assessors' signatures of some days, as their services would have remembered them."""
    found: list[Row] = []
    for plan in made:
        if start <= plan.agreed.date() < end and plan.agreed < before and plan.post.boss:
            new = {"state": "DITETAPKAN", "revision": 0, "version": 1, "start": plan.start.isoformat()}
            old = {"state": "DIAJUKAN", "revision": 0}
            kind = "appraisal.performanceplan"
            found.append((plan.agreed, plan.post.boss.id, "appraisal.plan.moved", kind, str(plan.id), json.dumps(old), json.dumps(new), ""))
    return sorted(found, key=lambda row: (row[0], row[4]))


def rating_events(finished: dict[int, list[tuple[int, dt.datetime]]]) -> list[Row]:
    """One for each rater: he declared these ratings finished."""
    found: list[Row] = []
    for actor, cases in sorted(finished.items()):
        new = json.dumps({"finished": [case for case, _moment in cases], "refused": []})
        last = max(moment for _case, moment in cases)
        found.append((last, actor, "appraisal.assessment.finished", "appraisal.assessment", "batch", "{}", new, ""))
    return sorted(found, key=lambda row: (row[0], row[1]))
