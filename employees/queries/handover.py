"""What a move leaves without an owner among people and posts: who is gone, who cannot act, who has no superior."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from employees.models import ActingAppointment, Employee, OrgUnit, PositionKind, Posting, RoleAssignment, Status, User
from employees.rules.transfers import leader_of
from employees.rules.viewing import Role, Viewer

GONE = (Status.INACTIVE, Status.RETIRED)


def gone_on(on: dt.date) -> QuerySet[Employee]:
    """People who have left: by their status, or because they hold no post on the day."""
    posts = Posting.objects.in_force(on=on).filter(employee=OuterRef("pk"))
    return Employee.objects.filter(Q(status__in=GONE) | ~Exists(posts)).order_by()


def in_care(viewer: Viewer) -> QuerySet[Employee]:
    """People the viewer may see today, and those who once held a post in his units: what they left is his to settle."""
    if viewer.sees_all_people:
        return Employee.objects.all()
    once = Posting.objects.known().under(viewer.unit_paths).values("employee_id")
    return Employee.objects.filter(Q(pk__in=Employee.objects.visible_to(viewer).values("pk")) | Q(pk__in=once))


def unowned(on: dt.date, official: str, ratee: str) -> Q:
    """Rows whose official is missing, or can decide nothing here on the day and nobody who can holds his mandate.

    ``official`` and ``ratee`` name relations to people; whoever is judged himself is nobody's substitute.
    """
    posts = Posting.objects.in_force(on=on).filter(employee=OuterRef(official))
    unable = Q(**{f"{official}__status__in": GONE}) | ~Exists(posts) | ~Exists(_accounts(on, official))
    mandates = ActingAppointment.objects.in_force(on=on).filter(Exists(_accounts(on, "substitute")), principal=OuterRef(official))
    held = mandates.exclude(substitute__status__in=GONE).exclude(substitute=OuterRef(ratee))
    alone: Any = Q(**{official: None}) | (unable & ~Exists(held))
    return alone


def _accounts(on: dt.date, person: str) -> QuerySet[User]:
    accounts = User.objects.filter(employee=OuterRef(person), is_active=True)
    return accounts.filter(Q(read_only_from=None) | Q(read_only_from__gt=on))


def without_superior(viewer: Viewer) -> QuerySet[Posting]:
    """Posts in the viewer's reach whose superior is missing or gone; elected officials have none."""
    held = Posting.objects.in_force(on=viewer.on).exclude(position__kind=PositionKind.ELECTED).exclude(employee__status__in=GONE)
    orphaned = held.filter(Q(supervisor=None) | Q(supervisor__in=gone_on(viewer.on).values("pk")))
    mine = orphaned.filter(employee__in=Employee.objects.visible_to(viewer).values("pk"))
    return mine.select_related("employee", "unit", "position", "supervisor").order_by("unit__path", "employee__name", "pk")


def without_post(viewer: Viewer) -> QuerySet[Employee]:
    """People in service who hold no post on the day."""
    posts = Posting.objects.in_force(on=viewer.on).filter(employee=OuterRef("pk"))
    return Employee.objects.visible_to(viewer).exclude(status__in=GONE).filter(~Exists(posts)).order_by("name", "pk")


def mandates_without_holder(viewer: Viewer) -> QuerySet[ActingAppointment]:
    """Mandates in force whose substitute has left or is away."""
    held = ActingAppointment.objects.in_force(on=viewer.on).filter(principal__in=in_care(viewer).values("pk"))
    lost = held.filter(~Q(substitute__status=Status.ACTIVE) | Q(substitute__in=gone_on(viewer.on).values("pk")))
    return lost.select_related("principal", "substitute").order_by("principal__name", "pk")


@dataclass(frozen=True)
class Leaders:
    """Who leads whom by the tree of units on one day."""

    heads: dict[int, int]
    parents: Mapping[int, int | None]
    names: dict[int, str]

    def over(self, person: int, unit: int | None) -> int | None:
        return leader_of(unit, person, self.heads, self.parents)


def leaders_on(on: dt.date) -> Leaders:
    """Two queries."""
    heads = Posting.objects.in_force(on=on).filter(heads_unit=True).exclude(employee__status__in=GONE)
    rows = list(heads.values_list("unit_id", "employee_id", "employee__name"))
    parents = dict(OrgUnit.objects.values_list("pk", "parent_id"))
    return Leaders({unit: person for unit, person, _name in rows}, parents, {person: name for _unit, person, name in rows})


def keepers_of(path: str, *, on: dt.date) -> list[int]:
    """User ids of the pengelola above a unit."""
    roles = RoleAssignment.objects.filter(role=Role.UNIT_HR, user__is_active=True).in_force(on=on)
    return [user for user, above in roles.values_list("user_id", "unit__path") if path.startswith(above)]


def city_hr(*, on: dt.date) -> list[int]:
    roles = RoleAssignment.objects.filter(role=Role.CITY_HR, user__is_active=True).in_force(on=on)
    return list(roles.values_list("user_id", flat=True))


def superiors_of(users: Iterable[int], *, on: dt.date) -> list[int]:
    """User ids of those who lead the people behind these accounts on a day."""
    led = Posting.objects.in_force(on=on).filter(employee__user__in=list(users), supervisor__user__is_active=True)
    return list(led.values_list("supervisor__user__id", flat=True).distinct())


def subordinates(employee_id: int, *, on: dt.date) -> QuerySet[Posting]:
    """Posts led by this person on a day, as known now."""
    return Posting.objects.in_force(on=on).filter(supervisor_id=employee_id)


def names_of(people: Iterable[int | None]) -> dict[int, str]:
    wanted: Collection[int] = {person for person in people if person is not None}
    return dict(Employee.objects.filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}
