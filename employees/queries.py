"""Reads that span models of people and posts."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, Value

from bukittinggi_kinerja.common.models import Event
from bukittinggi_kinerja.common.period import local_date

from .models import (
    PERSONAL,
    ActingAppointment,
    AllowanceBase,
    Employee,
    JobClass,
    Kept,
    Leave,
    OfficialTravel,
    OrgUnit,
    Posting,
    RoleAssignment,
    Spanned,
    UnitKind,
    UnitSuccession,
    User,
)
from .rules.registers import Register
from .rules.spans import Span
from .rules.units import agency_of, heirs
from .rules.viewing import NOBODY, Role, Viewer

_LINE = """
    WITH RECURSIVE line (heir, unit) AS (
        SELECT id, id FROM employees_orgunit WHERE id = ANY(%s)
        UNION
        SELECT line.heir, succession.predecessor_id
        FROM line JOIN employees_unitsuccession AS succession ON succession.successor_id = line.unit
    )
    SELECT line.heir, unit.id, unit.path FROM line JOIN employees_orgunit AS unit ON unit.id = line.unit
"""
_MANDATE = "mandat"
#: Action of the event row that opening a closed detail leaves.
DETAIL_OPENED = "employees.register.opened"
MOST_LOOKS = 50

_HEIRS = """
    WITH RECURSIVE line (unit) AS (
        SELECT %s::bigint
        UNION
        SELECT succession.successor_id
        FROM line JOIN employees_unitsuccession AS succession ON succession.predecessor_id = line.unit AND succession."on" <= %s
    )
    SELECT unit.path FROM line JOIN employees_orgunit AS unit ON unit.id = line.unit WHERE unit.valid @> %s::date ORDER BY unit.path
"""


class Origin(NamedTuple):
    """One unit in the line of ``heir``: itself, or a unit it came from by rename, move, merge or split."""

    heir: int
    unit: int
    path: str


def viewer_by_id(user_id: int, on: dt.date) -> Viewer:
    """The rights of a user on a day, for work that goes on without him; none where his account was closed."""
    return viewer_of(User.objects.filter(pk=user_id).first() or AnonymousUser(), on=on)


def viewer_of(user: User | AnonymousUser, *, on: dt.date) -> Viewer:
    """The rights of a user on a day, in three queries whatever the size of the city.

    Who leads or manages a unit reads what belongs to the units it came from as well: results stay where they arose.
    """
    if not isinstance(user, User) or not user.is_active:
        return NOBODY
    given, principals = _given_to(user, on=on)
    roles = frozenset(role for role, _unit in given)
    managed = {unit for role, unit in given if role == Role.UNIT_HR and unit is not None}
    rated, headed = _posts_under(principals, on=on)
    headed = set() if Role.LEADER in roles else headed
    line = line_of(managed | headed)
    return Viewer(
        user_id=user.pk,
        employee_id=user.employee_id,
        on=on,
        roles=roles,
        rates=frozenset(rated) - {user.employee_id},
        principals=principals,
        unit_paths=tuple(sorted({origin.path for origin in line})),
        headed_paths=tuple(sorted(origin.path for origin in line if origin.unit == origin.heir and origin.heir in headed)),
    )


def _given_to(user: User, *, on: dt.date) -> tuple[list[tuple[Role, int | None]], frozenset[int]]:
    """Roles with their unit, and the people this one acts for: himself, and whose mandate to rate he holds on the day."""
    roles = RoleAssignment.objects.filter(user=user).in_force(on=on).values_list("role", "unit_id")
    given: list[tuple[Role, int | None]]
    if user.employee_id is None:
        given = [(Role(role), unit) for role, unit in roles]
        return given, frozenset()
    mandates = ActingAppointment.objects.filter(substitute_id=user.employee_id).in_force(on=on)
    rows = list(roles.union(mandates.values_list(Value(_MANDATE), "principal_id"), all=True))
    given = [(Role(role), unit) for role, unit in rows if role != _MANDATE]
    return given, frozenset({user.employee_id, *(principal for role, principal in rows if role == _MANDATE)})


def held_mandate(*, of: int, holder: int, at: dt.datetime) -> bool:
    """Whether this person could act for the other at that moment; a mandate revoked since then still was one."""
    given = ActingAppointment.objects.filter(principal_id=of, substitute_id=holder, valid__contains=local_date(at))
    return given.filter(Q(revoked_at=None) | Q(revoked_at__gt=at)).exists()


def _posts_under(principals: frozenset[int], *, on: dt.date) -> tuple[set[int], set[int]]:
    """Ids of the people whose supervisor is one of ``principals``, and of the units these head."""
    if not principals:
        return set(), set()
    rows = (
        Posting.objects.in_force(on=on)
        .filter(Q(supervisor_id__in=principals) | Q(employee_id__in=principals, heads_unit=True))
        .values_list("employee_id", "supervisor_id", "heads_unit", "unit_id")
    )
    rated = {employee for employee, supervisor, _heads, _unit in rows if supervisor in principals}
    headed = {unit for employee, _supervisor, heads, unit in rows if heads and employee in principals}
    return rated, headed


def line_of(units: Collection[int]) -> list[Origin]:
    """These units and all they came from, however many decrees ago: one query, none for no unit."""
    if not units:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_LINE, [sorted(units)])
        return [Origin(*row) for row in cursor.fetchall()]


def living_paths(unit_id: int, *, on: dt.date) -> list[str]:
    """Paths of what a unit has become by a day, however many decrees later; itself while it lives, several after a split."""
    with connection.cursor() as cursor:
        cursor.execute(_HEIRS, [unit_id, on, on])
        return [path for (path,) in cursor.fetchall()]


def agency_heirs(*, on: dt.date) -> dict[str, str]:
    """Code of an OPD that has ended -> code of the one that answers for it on a day; none where several do."""
    agencies = UnitSuccession.objects.filter(on__lte=on, predecessor__path__regex=r"^[^/]+/[^/]+/$")
    pairs = agencies.order_by("id").values_list("predecessor__path", "successor__path")
    return heirs((agency_of(old), agency_of(new)) for old, new in pairs)


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


# --- registers


def managed_paths(viewer: Viewer) -> list[str]:
    """Subtrees whose personnel records this pengelola keeps, those of the units they came from included; what he merely heads is not among them."""
    if not viewer.is_unit_hr or viewer.user_id is None:
        return []
    given = RoleAssignment.objects.filter(user_id=viewer.user_id, role=Role.UNIT_HR).in_force(on=viewer.on)
    return sorted({origin.path for origin in line_of({unit for unit in given.values_list("unit_id", flat=True) if unit is not None})})


def kept_by(viewer: Viewer) -> QuerySet[Employee]:
    """People whose registers this viewer looks after or audits: all for the city's HR and the auditor, his OPD for a pengelola."""
    if viewer.sees_all_people:
        return Employee.objects.all()
    if not (paths := managed_paths(viewer)):
        return Employee.objects.none()
    return Employee.objects.filter(pk__in=Posting.objects.in_force(on=viewer.on).under(paths).values("employee_id"))


def found_people(viewer: Viewer, *, unit_path: str = "", words: str = "") -> QuerySet[Employee]:
    """People whose registers the viewer keeps, of one unit and below, by words of the name or the beginning of the NIP."""
    people = kept_by(viewer)
    if unit_path:
        people = people.filter(Exists(Posting.objects.in_force(on=viewer.on).under([unit_path]).filter(employee=OuterRef("pk"))))
    for word in words.split():
        people = people.filter(nip__startswith=word) if word.isdigit() else people.filter(name__icontains=word)
    return people.order_by("name", "id")


def people_listed(people: QuerySet[Employee], *, on: dt.date) -> QuerySet[Employee]:
    """With the post of the day as ``present``, in one more query."""
    today = Posting.objects.in_force(on=on).select_related("unit", "position")
    return people.prefetch_related(Prefetch("postings", today, to_attr="present"))


def units_to_choose(viewer: Viewer) -> QuerySet[OrgUnit]:
    """Units a list of people may be narrowed to: the OPD of the city, or all within the reach of a pengelola."""
    units = OrgUnit.objects.in_force(on=viewer.on).order_by("path")
    if viewer.sees_all_people:
        return units.filter(kind=UnitKind.AGENCY)
    within = Q(pk__in=[])
    for path in managed_paths(viewer):
        within |= Q(path__startswith=path)
    return units.filter(within)


def rows_of(employee_id: int, registers: Iterable[Register]) -> dict[Register, list[Kept]]:
    """All rows of these registers of a person, those taken back too, the latest first; a query for each register."""
    found = {}
    for register in registers:
        model = PERSONAL[register]
        latest = ("-valid", "-id") if issubclass(model, Spanned) else ("-graduated", "-id")
        found[register] = list(model.objects.of_people([employee_id]).order_by(*latest))
    return found


def looks_at(employee_id: int) -> list[Event]:
    """Who opened something closed about a person, the latest first."""
    events = Event.objects.filter(subject_type=Employee._meta.label_lower, subject_id=str(employee_id), action=DETAIL_OPENED)
    return list(events.order_by("-id")[:MOST_LOOKS])


def postings_of(employee_id: int) -> list[Posting]:
    """A person's posts as known now, the latest first."""
    rows = Posting.objects.known().filter(employee_id=employee_id).select_related("unit", "position", "supervisor")
    return list(rows.order_by("-valid"))


def absent_days(employee_ids: Collection[int], start: dt.date, end: dt.date) -> dict[int, list[Span]]:
    """Days of ``[start, end)`` on leave or official travel, by person and in the order of time; never why. Two queries."""
    found: dict[int, list[Span]] = defaultdict(list)
    for register in (Leave, OfficialTravel):
        rows = register.objects.of_people(employee_ids).overlapping(start, end).values_list("employee_id", "valid")
        for person, days in rows:
            found[person].append(Span(max(days.lower, start), min(days.upper, end)))
    return {person: sorted(spans, key=lambda span: (span.start, span.end)) for person, spans in found.items()}


def class_of(position_id: int, *, on: dt.date) -> JobClass | None:
    """Kelas jabatan of a title on a day."""
    found: JobClass | None = JobClass.objects.in_force(on=on).filter(position_id=position_id).first()
    return found


def allowances_of(job_class: int, unit: OrgUnit, *, on: dt.date) -> list[AllowanceBase]:
    """TPP base of a class on a day, one row a criterion: that of the nearest unit above, else that of the city."""
    rows = AllowanceBase.objects.in_force(on=on).filter(job_class=job_class).select_related("unit")
    near: dict[str, AllowanceBase] = {}
    for row in rows.order_by(F("unit__path").asc(nulls_first=True), "id"):
        if row.unit is None or unit.path.startswith(row.unit.path):
            near[row.criterion] = row
    return sorted(near.values(), key=lambda row: row.criterion)
