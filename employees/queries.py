"""Reads that span models of people and posts."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q

from .models import ActingAppointment, Posting, RoleAssignment, User
from .rules.viewing import NOBODY, Role, Viewer


def viewer_of(user: User | AnonymousUser, *, on: dt.date) -> Viewer:
    """The rights of a user on a day, in three queries whatever the size of the city."""
    if not isinstance(user, User) or not user.is_active:
        return NOBODY
    given = list(RoleAssignment.objects.filter(user=user).in_force(on=on).values_list("role", "unit__path"))
    roles = frozenset(Role(role) for role, _path in given)
    managed = [path for role, path in given if role == Role.UNIT_HR]
    principals = principals_of(user.employee_id, on=on)
    rated, headed = _posts_under(principals, on=on)
    headed = [] if Role.LEADER in roles else headed
    return Viewer(
        user_id=user.pk,
        employee_id=user.employee_id,
        on=on,
        roles=roles,
        rates=frozenset(rated) - {user.employee_id},
        principals=principals,
        unit_paths=tuple(sorted({*managed, *headed})),
        headed_paths=tuple(sorted(headed)),
    )


def principals_of(employee_id: int | None, *, on: dt.date) -> frozenset[int]:
    """The person himself and those whose rating work he does by a mandate in force on the day."""
    if employee_id is None:
        return frozenset()
    mandates = ActingAppointment.objects.filter(substitute_id=employee_id).in_force(on=on)
    return frozenset({employee_id, *mandates.values_list("principal_id", flat=True)})


def _posts_under(principals: frozenset[int], *, on: dt.date) -> tuple[list[int], list[str]]:
    """Ids of the people whose supervisor is one of ``principals``, and paths of the units these head."""
    if not principals:
        return [], []
    rows = (
        Posting.objects.in_force(on=on)
        .filter(Q(supervisor_id__in=principals) | Q(employee_id__in=principals, heads_unit=True))
        .values_list("employee_id", "supervisor_id", "heads_unit", "unit__path")
    )
    rated = [employee for employee, supervisor, _heads, _path in rows if supervisor in principals]
    headed = [path for employee, _supervisor, heads, path in rows if heads and employee in principals]
    return rated, headed


def supervisor_on(employee_id: int, *, on: dt.date, known_at: dt.datetime | None = None) -> int | None:
    """Who rated this person on a day, as known at a moment: one query."""
    found = Posting.objects.in_force(on=on, known_at=known_at).filter(employee_id=employee_id)
    return found.values_list("supervisor_id", flat=True).first()


def posting_of(employee_id: int | None, *, on: dt.date) -> Posting | None:
    """The post of a person on a day with its unit and title, in one query; None without one."""
    if employee_id is None:
        return None
    found = Posting.objects.in_force(on=on).filter(employee_id=employee_id)
    return found.select_related("unit", "position", "supervisor").first()
