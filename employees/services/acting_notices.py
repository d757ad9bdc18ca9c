"""Mandates are told: to the substitute, to whom he stands in for, and to the people whose rater changes with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from bukittinggi_kinerja.common.models import Event
from bukittinggi_kinerja.common.notices import notify, withdraw_notice
from bukittinggi_kinerja.common.period import local_date
from employees.models import ActingAppointment, ActingKind, Employee, Posting
from employees.queries.desks import accounts_of
from employees.queries.handover import GONE

ONE_DAY = dt.timedelta(days=1)
#: An end that nobody was told of for so long is old news.
TOLD_WITHIN = dt.timedelta(days=7)
SHORT = {ActingKind.PLT.value: "Plt.", ActingKind.PLH.value: "Plh."}
#: Where each reader goes on: ratings of a team, home, the person's own plan and results.
LINKS = {"pengganti": "/tim/", "pejabat": "/", "pegawai": "/kinerja/"}


def tell_appointed(appointment: ActingAppointment, *, event: Event | None, now: dt.datetime) -> int:
    """The new notices, inside the caller's transaction. A mandate that is over already is told to nobody."""
    if appointment.valid.upper <= local_date(now):
        return 0
    return _tell(appointment, "substitute_appointed", event=event, now=now)


def tell_revoked(appointment: ActingAppointment, *, event: Event | None, now: dt.datetime) -> int:
    """What was not read of its beginning is taken back; whoever was told of it hears that it does not hold any more."""
    for whom in LINKS:
        withdraw_notice(once=_occasion("substitute_appointed", appointment, whom), recipients=_accounts(appointment, whom), now=now)
    if appointment.valid.upper <= local_date(now):
        return 0
    return _tell(appointment, "substitute_revoked", event=event, now=now)


def tell_ended(*, now: dt.datetime) -> int:
    """Once each, to the substitute and the official: mandates whose last day has passed by itself; the new notices."""
    today = local_date(now)
    over = ActingAppointment.objects.filter(revoked_at=None, valid__endswith__lte=today, valid__endswith__gt=today - TOLD_WITHIN)
    rows = over.select_related("principal", "substitute").exclude(principal__status__in=GONE).order_by("pk")
    return sum(_tell(row, "substitute_over", event=None, now=now, whom=("pengganti", "pejabat")) for row in rows)


def _tell(appointment: ActingAppointment, kind: str, *, event: Event | None, now: dt.datetime, whom: Iterable[str] = tuple(LINKS)) -> int:
    """``whom`` says to whom a notice speaks: one sentence each."""
    data = {
        "post": SHORT[appointment.kind],
        "principal": appointment.principal.name,
        "substitute": appointment.substitute.name,
        "first": appointment.valid.lower,
        "last": appointment.valid.upper - ONE_DAY,
    }
    return sum(
        notify(
            recipients=_accounts(appointment, reader),
            kind=kind,
            data={**data, "whom": reader},
            link=LINKS[reader],
            once=_occasion(kind, appointment, reader),
            event=event,
            now=now,
        )
        for reader in whom
    )


def _occasion(kind: str, appointment: ActingAppointment, whom: str) -> str:
    return f"{kind}:{appointment.pk}:{whom}"


def _accounts(appointment: ActingAppointment, whom: str) -> list[int]:
    if whom == "pengganti":
        return accounts_of([appointment.substitute_id])
    if whom == "pejabat":
        return accounts_of(Employee.objects.filter(pk=appointment.principal_id).exclude(status__in=GONE).values_list("pk", flat=True))
    led = Posting.objects.in_force(on=appointment.valid.lower).filter(supervisor=appointment.principal_id)
    return accounts_of(led.exclude(employee=appointment.substitute_id).values_list("employee_id", flat=True))
