"""The forecast of who reaches the age of retirement, and of contracts that run out."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef

from employees.models import ContractTerm, Employee, EmploymentKind, OrgUnit, Posting, RetirementAge, ServiceEnd
from employees.rules.retirement import AgeRule, months_after, retirement_age, retires_on
from employees.rules.units import agency_of
from employees.rules.viewing import Viewer

from .handover import GONE

ONE_DAY = dt.timedelta(days=1)
CIVIL = (EmploymentKind.PNS, EmploymentKind.CPNS)


@dataclass(frozen=True)
class Retiring:
    """``on`` is the first day out of service; ``recorded`` once the end of service stands here."""

    employee: int
    name: str
    agency: str
    unit: str
    title: str
    age: int
    on: dt.date
    heads: bool
    recorded: bool


@dataclass(frozen=True)
class Ending:
    contract: int
    employee: int
    name: str
    unit: str
    path: str
    last_day: dt.date
    number: str


def retiring(viewer: Viewer, *, months: int) -> list[Retiring]:
    """Civil servants in the viewer's reach who retire within some months, overdue ones first; three queries."""
    rules = [AgeRule(*row) for row in RetirementAge.objects.in_force(on=viewer.on).values_list("kind", "title_word", "age")]
    names = dict(OrgUnit.objects.filter(path__regex=r"^[^/]+/[^/]+/$").values_list("code", "name"))
    until = months_after(viewer.on, months)
    youngest = min((rule.age for rule in rules), default=58)
    ended = ServiceEnd.objects.filter(employee=OuterRef("employee"), cancelled_at=None)
    posts = (
        Posting.objects.in_force(on=viewer.on)
        .filter(employee__in=Employee.objects.visible_to(viewer).values("pk"), employee__kind__in=CIVIL)
        .filter(employee__birth_date__lt=dt.date(until.year - youngest + 1, 1, 1))
        .exclude(employee__status__in=GONE)
        .annotate(recorded=Exists(ended))
        .select_related("employee", "unit", "position")
    )
    found = []
    for post in posts:
        age, birth = retirement_age(rules, kind=post.position.kind, title=post.position.title), post.employee.birth_date
        if age is None or birth is None or (on := retires_on(birth, age)) > until:
            continue
        found.append(
            Retiring(
                employee=post.employee_id,
                name=post.employee.name,
                agency=names.get(agency_of(post.unit.path), ""),
                unit=post.unit.name,
                title=post.position.title,
                age=age,
                on=on,
                heads=post.heads_unit,
                recorded=post.recorded,
            )
        )
    return sorted(found, key=lambda one: (one.on, one.agency, one.name, one.employee))


def contracts_ending(since: dt.date, until: dt.date, viewer: Viewer | None = None) -> list[Ending]:
    """Contracts whose last day lies in these days and that no later one follows; one query."""
    later = ContractTerm.objects.filter(employee=OuterRef("employee"), valid__startswith__gte=OuterRef("valid__endswith"))
    terms = ContractTerm.objects.filter(valid__endswith__gt=since, valid__endswith__lte=until + ONE_DAY).exclude(employee__status__in=GONE)
    if viewer is not None:
        terms = terms.filter(employee__in=Employee.objects.visible_to(viewer).values("pk"))
    held = terms.filter(~Exists(later), employee__postings__known__endswith=None, employee__postings__valid__contains=since)
    rows = held.annotate(unit=F("employee__postings__unit__name"), path=F("employee__postings__unit__path")).order_by("valid", "pk")
    return [
        Ending(row.pk, row.employee_id, name, unit, path, days.upper - ONE_DAY, row.number)
        for row, name, unit, path, days in (
            (row, row.employee.name, row.unit, row.path, row.valid) for row in rows.select_related("employee")
        )
    ]
