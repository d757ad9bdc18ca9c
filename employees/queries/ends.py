"""What the page of an end of service shows: the person, his people, mandates, roles and account, and who may take over."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from bukittinggi_kinerja.common.cells import squeezed
from bukittinggi_kinerja.common.errors import NotVisible
from employees.models import AccessToken, ActingAppointment, Employee, Posting, RoleAssignment, ServiceEnd, User
from employees.rules.viewing import Viewer

from . import posting_of
from .handover import GONE, subordinates

MOST_CHOICES = 60
MOST_FOUND = 20
SHORTEST = 2


@dataclass(frozen=True)
class EndPage:
    """``successors`` are the superior's other people, his own, and above: (id, name and title)."""

    person: Employee
    post: Posting | None
    ended: ServiceEnd | None
    people: int
    mandates: int
    roles: int
    tokens: int
    account: User | None
    successors: list[tuple[int, str]]


def end_page(employee_id: int, *, on: dt.date) -> EndPage:
    """Nine queries. Raises NotVisible."""
    person = Employee.objects.filter(pk=employee_id).first()
    if person is None:
        raise NotVisible(_("Pegawai tidak ditemukan."))
    post = posting_of(employee_id, on=on)
    account = User.objects.filter(employee=person).first()
    return EndPage(
        person=person,
        post=post,
        ended=ServiceEnd.objects.filter(employee=person, cancelled_at=None).select_related("successor").first(),
        people=subordinates(employee_id, on=on).count(),
        mandates=ActingAppointment.objects.in_force(on=on).filter(substitute=person).count(),
        roles=RoleAssignment.objects.filter(user__employee=person).in_force(on=on).count(),
        tokens=AccessToken.objects.filter(user__employee=person, revoked_at=None).count(),
        account=account,
        successors=_successors(person, post, on),
    )


def _successors(person: Employee, post: Posting | None, on: dt.date) -> list[tuple[int, str]]:
    """Officials beside him first, then his own people; the superior is the default and stands above the list."""
    if post is None:
        return []
    around = (
        Posting.objects.in_force(on=on).exclude(employee=person).exclude(employee__status__in=GONE).select_related("employee", "position")
    )
    beside = around.filter(supervisor=post.supervisor_id, heads_unit=True).order_by("employee__name") if post.supervisor_id else []
    below = around.filter(supervisor=person).order_by("-heads_unit", "employee__name")
    found = {row.employee_id: f"{row.employee.name} ({row.position.title})" for row in [*beside, *below[:MOST_CHOICES]]}
    return list(found.items())[:MOST_CHOICES]


def posting_known(posting_id: int) -> Posting | None:
    return Posting.objects.known().filter(pk=posting_id).first()


def found_people(viewer: Viewer, words: str) -> list[Posting]:
    """People with a post today whose name or number holds the words."""
    parts = squeezed(words).split()[:5]
    if not parts or len(words) < SHORTEST:
        return []
    found = Posting.objects.in_force(on=viewer.on).filter(employee__in=Employee.objects.visible_to(viewer).values("pk"))
    for part in parts:
        found = found.filter(Q(employee__nip=part) if part.isdecimal() else Q(employee__name__icontains=part))
    return list(found.select_related("employee", "unit", "position").order_by("employee__name", "pk")[:MOST_FOUND])


def recorded_ends(viewer: Viewer) -> list[ServiceEnd]:
    """The latest ends of service that stand."""
    found = ServiceEnd.objects.filter(cancelled_at=None, employee__in=Employee.objects.visible_to(viewer).values("pk"))
    return list(found.select_related("employee", "successor").order_by("-last_day", "-pk")[:MOST_FOUND])
