"""Reads that span models of people and posts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any, NamedTuple

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import CharField, Count, Exists, F, Func, OuterRef, Q, QuerySet, Value

from bukittinggi_kinerja.common.period import local_date
from employees.models import (
    AccessCode,
    AccessPolicy,
    ActingAppointment,
    OrgUnit,
    Posting,
    ResetRequest,
    RoleAssignment,
    SecondFactor,
    UnitSuccession,
    User,
)
from employees.rules.units import agency_of, heirs
from employees.rules.viewing import NOBODY, Role, Viewer

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
#: Of a posting: its person has chosen a password.
ACTIVATED = ~Q(employee__user__password__startswith=UNUSABLE_PASSWORD_PREFIX)

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
        managed_paths=tuple(sorted({origin.path for origin in line if origin.heir in managed})),
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


class Awaiting(NamedTuple):
    """An account that was never entered, with what stands on its slip."""

    user_id: int
    username: str
    name: str
    unit: str


class ActivationRow(NamedTuple):
    """How far one OPD is: accounts of the people who have a post there today."""

    code: str
    name: str
    unit_id: int
    total: int
    active: int

    @property
    def percent(self) -> int:
        return self.active * 100 // self.total if self.total else 0

    @property
    def waiting(self) -> int:
        return self.total - self.active


def managed_paths(viewer: Viewer) -> tuple[str, ...]:
    """Subtrees whose records this pengelola keeps, those of the units they came from included; what he merely heads is not among them."""
    return viewer.managed_paths if viewer.is_unit_hr else ()


def fellow_keepers(viewer: Viewer) -> QuerySet[User]:
    """Accounts of pengelola whose roles, past ones included, all lie within the viewer's own subtrees."""
    within = Q(pk__in=[])
    for path in managed_paths(viewer):
        within |= Q(unit__path__startswith=path)
    inside = RoleAssignment.objects.filter(within, role=Role.UNIT_HR)
    outside = RoleAssignment.objects.exclude(pk__in=inside.values("pk"))
    return User.objects.filter(pk__in=inside.values("user_id")).exclude(pk__in=outside.values("user_id"))


#: So long after its role an account still takes two people.
ROLE_LINGERS = dt.timedelta(days=90)


def privileged_among(user_ids: Collection[int], *, on: dt.date) -> set[int]:
    """Those with a role today, later or until lately, or with rights in the administration: one query.

    A role that ended within ``ROLE_LINGERS`` counts, so that nobody takes an account over alone by ending its role for a day.
    """
    role = RoleAssignment.objects.filter(user=OuterRef("pk"), valid__isempty=False)
    lasting = role.filter(Q(valid__endswith=None) | Q(valid__endswith__gt=on - ROLE_LINGERS))
    found = User.objects.filter(pk__in=user_ids).filter(Q(is_staff=True) | Q(is_superuser=True) | Exists(lasting))
    return set(found.values_list("pk", flat=True))


def account_rows(paths: Collection[str], *, on: dt.date) -> QuerySet[Posting]:
    """Postings of a day with their open account; ``activated`` and ``coded`` say how far it is."""
    coded = AccessCode.objects.open().filter(user=OuterRef("employee__user"), expires_at__date__gte=on)
    found = Posting.objects.in_force(on=on).under(paths).filter(employee__user__is_active=True)
    return found.annotate(activated=ACTIVATED, coded=Exists(coded))


def accounts_awaiting(paths: Collection[str], *, on: dt.date) -> list[Awaiting]:
    """Who was never in, by unit and name, as slips are handed out: one query."""
    rows = account_rows(paths, on=on).filter(~ACTIVATED).order_by("unit__path", "employee__name", "employee_id")
    fields = ("employee__user__id", "employee__user__username", "employee__name", "unit__full_name")
    return [Awaiting(*row) for row in rows.values_list(*fields)]


def activation_by_agency(paths: Collection[str], *, on: dt.date) -> list[ActivationRow]:
    """Accounts and activated ones for each OPD, the furthest behind first: two queries."""
    code: Any = Func(F("unit__path"), Value("/"), Value(2), function="split_part", output_field=CharField())
    rows = account_rows(paths, on=on).order_by().annotate(agency=code).values("agency")
    counts = {row["agency"]: row for row in rows.annotate(total=Count("id"), active=Count("id", filter=ACTIVATED))}
    units = OrgUnit.objects.filter(code__in=counts).values_list("code", "name", "id")
    found = [ActivationRow(code, name, pk, counts[code]["total"], counts[code]["active"]) for code, name, pk in units]
    return sorted(found, key=lambda row: (row.percent, row.name))


#: So long an officer still reads what became of his requests.
REQUESTS_SHOWN = dt.timedelta(days=60)


def open_requests(*, now: dt.datetime, user_id: int | None = None) -> QuerySet[ResetRequest]:
    """What waits for a second person, the oldest first."""
    found = ResetRequest.objects.waiting(now=now).select_related("user__employee", "requested_by__employee").order_by("requested_at", "id")
    return found if user_id is None else found.filter(user_id=user_id)


def own_requests(user_id: int, *, now: dt.datetime) -> QuerySet[ResetRequest]:
    """What this officer asked of a colleague of late, the latest first: waiting, agreed, withdrawn or lapsed."""
    found = ResetRequest.objects.filter(requested_by=user_id, requested_at__gt=now - REQUESTS_SHOWN)
    return found.select_related("user__employee", "confirmed_by__employee").order_by("-requested_at", "-id")


def factor_required(viewer: Viewer) -> bool:
    """Whether the policy of the day asks a second factor of one of his roles; who has no role costs no query."""
    roles = [role.value for role in viewer.roles]
    return bool(roles) and AccessPolicy.objects.in_force(on=viewer.on).filter(factor_roles__overlap=roles).exists()


def factor_missing(viewer: Viewer) -> bool:
    """Required of him, and not there: one query, none for who has no role."""
    roles = [role.value for role in viewer.roles]
    if not roles or viewer.user_id is None:
        return False
    asked = AccessPolicy.objects.in_force(on=viewer.on).filter(factor_roles__overlap=roles)
    own = SecondFactor.objects.filter(user_id=viewer.user_id).exclude(confirmed_at=None)
    return asked.filter(~Exists(own)).exists()


class AccountShown(NamedTuple):
    """One account on its page. ``code`` is the newest one-time code, whatever became of it."""

    user: User
    posting: Posting | None
    privileged: bool
    code: AccessCode | None
    factor: bool


def account_page(rows: QuerySet[Posting], *, state: str, words: str) -> QuerySet[Posting]:
    """Of these accounts those that are active or not, and whose name or NIP holds ``words``; by name."""
    if state:
        rows = rows.filter(ACTIVATED if state == "aktif" else ~ACTIVATED)
    if words:
        digits = "".join(words.split())
        rows = rows.filter(
            Q(employee__name__icontains=words) | Q(employee__nip__startswith=digits) | Q(employee__user__username__iexact=words)
        )
    return rows.select_related("employee__user", "unit", "position").order_by("employee__name", "employee_id")


def units_below(paths: Collection[str], *, on: dt.date) -> list[OrgUnit]:
    """Units of a day at or below these paths, in the order of the tree: one query."""
    condition = Q(pk__in=[])
    for path in paths:
        condition |= Q(path__startswith=path)
    return list(OrgUnit.objects.in_force(on=on).filter(condition).order_by("path"))


def account_shown(user_id: int, *, paths: Collection[str], on: dt.date) -> AccountShown | None:
    """An account within reach with what its page tells: a fixed number of queries. None outside."""
    user = User.objects.select_related("employee").filter(pk=user_id).first()
    if user is None:
        return None
    posting = posting_of(user.employee_id, on=on)
    whole_city = "" in paths
    if not whole_city and (posting is None or not posting.unit.path.startswith(tuple(paths) or ("\0",))):
        return None
    code = AccessCode.objects.filter(user=user).order_by("-id").first()
    factor = SecondFactor.objects.filter(user=user).exclude(confirmed_at=None).exists()
    return AccountShown(user, posting, bool(privileged_among([user_id], on=on)), code, factor)
