"""For whom a viewer may appoint a substitute, whom he may choose, and which mandates run."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from bukittinggi_kinerja.common.cells import squeezed
from employees.models import ActingAppointment, Employee, Posting, Status
from employees.rules.units import agency_of
from employees.rules.viewing import Viewer

MOST_LISTED, MOST_FOUND, MOST_BELOW = 40, 20, 12
SHORTEST_WORD = 2


@dataclass(frozen=True)
class Choice:
    """A person as the lists show him."""

    employee: int
    name: str
    title: str
    unit: str


def officials_of(viewer: Viewer) -> list[Choice]:
    """Officials for whom the viewer may appoint; HR of the city looks for them by name instead."""
    if viewer.is_city_hr:
        return []
    return _choices(_officials(viewer)[:MOST_LISTED])


def found_officials(viewer: Viewer, words: str) -> list[Choice]:
    """Officials in reach whose names hold all words; none for less than two letters."""
    named = _named(words)
    return _choices(_officials(viewer).filter(named)[:MOST_FOUND]) if named is not None else []


def _officials(viewer: Viewer) -> QuerySet[Posting]:
    """Who leads people today and stands under the viewer, in his units, or anywhere for HR of the city; never himself."""
    today = Posting.objects.in_force(on=viewer.on)
    led = today.filter(supervisor=OuterRef("employee"))
    found = today.filter(Exists(led)).exclude(employee_id=viewer.employee_id or 0)
    if not viewer.is_city_hr:
        inside = Posting.objects.in_force(on=viewer.on).under(viewer.unit_paths).values("pk")
        found = found.filter(Q(employee_id__in=viewer.rates) | Q(pk__in=inside))
    return found.select_related("employee", "position", "unit").order_by("unit__path", "employee__name")


def officials_left(viewer: Viewer) -> QuerySet[Employee]:
    """People without a post today who held their last one in the viewer's units or under him; never himself.

    What they leave unfinished stays with who led and kept them: nobody else sees it.
    """
    left = Posting.objects.left_behind(viewer).values("employee_id")
    found: QuerySet[Employee] = Employee.objects.filter(pk__in=left).exclude(pk=viewer.employee_id or 0)
    return found


def appointable(viewer: Viewer, officials: Collection[int]) -> set[int]:
    """Of these officials those for whom the viewer may appoint a substitute; two queries, none for HR of the city."""
    if viewer.is_city_hr:
        return set(officials) - {viewer.employee_id or 0}
    here = Posting.objects.in_force(on=viewer.on).under(viewer.unit_paths).filter(employee__in=officials)
    found = set(here.values_list("employee_id", flat=True)) | (set(officials) & viewer.rates)
    found |= set(officials_left(viewer).filter(pk__in=officials).values_list("pk", flat=True))
    return found - {viewer.employee_id or 0}


def _named(words: str) -> Q | None:
    parts = [part for part in squeezed(words).split() if len(part) >= SHORTEST_WORD][:5]
    if not parts:
        return None
    condition = Q()
    for part in parts:
        condition &= Q(employee__name__icontains=part)
    return condition


def _choices(posts: QuerySet[Posting]) -> list[Choice]:
    return [Choice(post.employee_id, post.employee.name, post.position.title, post.unit.name) for post in posts]


@dataclass(frozen=True)
class Substitution:
    """The absent official with his post, and who is suggested: officials beside him, his superior, his first people."""

    principal: Employee
    post: Posting | None
    suggested: list[Choice]


def substitution_for(viewer: Viewer, principal: Employee) -> Substitution:
    """Four queries, one more for an official who has left: then his last post says who stands beside and above him."""
    today = Posting.objects.in_force(on=viewer.on).select_related("employee", "position", "unit", "supervisor")
    post = today.filter(employee=principal).first() or _last_post(principal, viewer.on)
    if post is None:
        return Substitution(principal, None, [])
    able = today.filter(employee__status=Status.ACTIVE).exclude(employee_id__in=[principal.pk, viewer.employee_id or 0])
    beside = able.filter(supervisor=post.supervisor_id, heads_unit=True).order_by("employee__name")
    above = able.filter(employee=post.supervisor_id) if post.supervisor_id else able.none()
    below = able.filter(supervisor=principal).order_by("-heads_unit", "-employee__grade__order", "employee__name")
    found = [*_choices(beside[:MOST_BELOW]), *_choices(above), *_choices(below[:MOST_BELOW])]
    return Substitution(principal, post, list({choice.employee: choice for choice in found}.values()))


def _last_post(official: Employee, on: dt.date) -> Posting | None:
    past = Posting.objects.known().filter(employee=official, valid__startswith__lte=on).order_by("-valid")
    return past.select_related("employee", "position", "unit", "supervisor").first()


def found_substitutes(viewer: Viewer, post: Posting | None, words: str) -> list[Choice]:
    """Active people by name: of the official's OPD, of the whole city for HR of the city."""
    named = _named(words)
    if named is None:
        return []
    return _choices(_eligible(viewer, post).filter(named).order_by("employee__name", "pk")[:MOST_FOUND])


def chosen_substitute(viewer: Viewer, post: Posting | None, employee_id: int) -> Choice | None:
    return next(iter(_choices(_eligible(viewer, post).filter(employee_id=employee_id))), None)


def _eligible(viewer: Viewer, post: Posting | None) -> QuerySet[Posting]:
    able = Posting.objects.in_force(on=viewer.on).filter(employee__status=Status.ACTIVE).exclude(employee_id=viewer.employee_id or 0)
    if not viewer.is_city_hr:
        path = "/".join(post.unit.path.split("/")[:2]) + "/" if post and agency_of(post.unit.path) else ""
        above = [post.supervisor_id] if post and post.supervisor_id else []
        able = able.filter(Q(unit__path__startswith=path) | Q(employee_id__in=above)) if path else able.none()
    return able.select_related("employee", "position", "unit")


def running_mandates(viewer: Viewer, *, today: dt.date) -> QuerySet[ActingAppointment]:
    """Mandates in reach that run or are to come, and those whose letter is still owed."""
    mine = ActingAppointment.objects.filter(revoked_at=None).filter(Q(valid__endswith__gt=today) | Q(letter_number=""))
    if not viewer.is_city_hr:
        inside = Posting.objects.in_force(on=viewer.on).under(viewer.unit_paths).values("employee_id")
        left = officials_left(viewer).values("pk")
        mine = mine.filter(Q(principal_id__in=viewer.rates) | Q(principal_id__in=inside) | Q(principal_id__in=left))
        mine = mine.exclude(principal_id=viewer.employee_id or 0)
    return mine.select_related("principal", "substitute").order_by("valid", "pk")
