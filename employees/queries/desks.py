"""Whom to tell of what waits for an official on a day: himself, and who may act in his place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q

from employees.models import ActingAppointment, Employee, Leave, OfficialTravel, Status, User

from .handover import GONE


@dataclass(frozen=True)
class Desks:
    """``holders`` of a running mandate by the official they stand in for; ``away`` are officials who are not at work."""

    holders: Mapping[int, int] = field(default_factory=dict)
    away: frozenset[int] = frozenset()

    def at(self, official: int) -> tuple[int, ...]:
        """Who is told: the official, and whoever may act for him; he himself only as long as he is there, or nobody else is."""
        holder = self.holders.get(official)
        if holder is None:
            return (official,)
        return (holder,) if official in self.away else (official, holder)

    def all_at(self, officials: Iterable[int]) -> set[int]:
        return {person for official in officials for person in self.at(official)}


def desks_of(officials: Collection[int], *, on: dt.date) -> Desks:
    """Two queries, whatever their number; one where nobody has a substitute, none for no official."""
    if not officials:
        return Desks()
    given = ActingAppointment.objects.in_force(on=on).filter(principal__in=officials).exclude(substitute__status__in=GONE)
    holders = dict(given.values_list("principal_id", "substitute_id"))
    if not holders:
        return Desks()
    elsewhere = Q()
    for register in (Leave, OfficialTravel):
        elsewhere |= Q(Exists(register.objects.in_force(on=on).filter(employee=OuterRef("pk"))))
    away = Employee.objects.filter(pk__in=holders).filter(~Q(status=Status.ACTIVE) | elsewhere)
    return Desks(holders, frozenset(away.values_list("pk", flat=True)))


def told_for(officials: Iterable[int | None], *, on: dt.date) -> set[int]:
    """Everybody who is told what waits for these officials on the day."""
    named = {official for official in officials if official is not None}
    return desks_of(named, on=on).all_at(named)


def stands_in_for(official: str, person: str, *, on: dt.date) -> Exists:
    """Whether one of two people named in a row holds the mandate of the other on the day."""
    return Exists(ActingAppointment.objects.in_force(on=on).filter(principal=OuterRef(official), substitute=OuterRef(person)))


def people_by_account(people: Iterable[int | None]) -> dict[int, int]:
    """Open accounts of these people: user id -> employee id, in one query."""
    named = {person for person in people if person is not None}
    found = User.objects.filter(is_active=True, employee_id__in=named).order_by("id")
    return {user: person for user, person in found.values_list("id", "employee_id") if person is not None} if named else {}


def accounts_of(people: Iterable[int | None]) -> list[int]:
    """User ids of the open accounts of these people."""
    return list(people_by_account(people))
