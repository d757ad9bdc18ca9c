"""Reads about single cases and accounts: whom a case counts for, whose account is unknown, what happened when."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, F, Max, Min

from appraisal.incentives.models import ServiceCase, ServiceEvent
from appraisal.incentives.rules.mapping import WORDS
from employees.models import Employee
from employees.rules.viewing import Viewer


def credited_people(case_id: int) -> frozenset[int]:
    """Everyone a case counts for or may come to count for: the responsible officer and each step's."""
    officers = ServiceEvent.objects.current().filter(case_id=case_id, officer__isnull=False).values_list("officer_id", flat=True)
    responsible = ServiceCase.objects.filter(pk=case_id).values_list("responsible_id", flat=True)
    return frozenset(person for person in [*officers, *responsible] if person is not None)


@dataclass(frozen=True)
class UnknownAccount:
    """An account of a source that credits nobody, and how much waits for its owner."""

    source_id: int
    source: str
    account: str
    steps: int
    cases: int
    first_at: dt.datetime
    last_at: dt.datetime


def unknown_accounts() -> list[UnknownAccount]:
    """The worklist of accounts without a person, the busiest first; two statements."""
    steps = (
        ServiceEvent.objects.current()
        .filter(officer=None, cancelled=False)
        .exclude(account="")
        .values_list("source_id", "source__code", "account")
        .annotate(steps=Count("id"), first=Min("at"), last=Max("at"))
    )
    cases = (
        ServiceCase.objects.filter(responsible=None)
        .exclude(responsible_account="")
        .values_list("source_id", "source__code", "responsible_account")
        .annotate(cases=Count("id"), first=Min("accepted_at"), last=Max("accepted_at"))
    )
    found: dict[tuple[int, str, str], list[tuple[int, int, dt.datetime, dt.datetime]]] = {}
    for *account, count, first, last in steps:
        found.setdefault(tuple(account), []).append((count, 0, first, last))
    for *account, count, first, last in cases:
        found.setdefault(tuple(account), []).append((0, count, first, last))
    rows = [
        UnknownAccount(*account, sum(p[0] for p in parts), sum(p[1] for p in parts), min(p[2] for p in parts), max(p[3] for p in parts))
        for account, parts in found.items()
    ]
    return sorted(rows, key=lambda row: (-row.cases, -row.steps, row.source, row.account))


@dataclass(frozen=True)
class TimelineStep:
    """``moves`` says what the step does to the clock: one of accept, stop, resume, finish, refuse, withdraw, or ""."""

    id: int
    at: dt.datetime
    activity: str
    officer: str | None
    account: str
    moves: str
    version: int
    is_current: bool
    cancelled: bool
    reason: str


def timeline(viewer: Viewer, case: ServiceCase) -> list[TimelineStep]:
    """All versions of all steps in order of time; officers are named for those who may see them."""
    rows = list(case.events.order_by("at", "id").select_related("officer"))
    seen = names_seen_by(viewer, {row.officer_id for row in rows})
    lists = case.source.mapping.get("clock", {})
    moves = {activity: word for word in WORDS for activity in lists.get(word, [])}
    return [
        TimelineStep(
            id=row.pk,
            at=row.at,
            activity=row.activity,
            officer=seen.get(row.officer_id),
            account=row.account,
            moves=moves.get(row.activity, ""),
            version=row.version,
            is_current=row.is_current,
            cancelled=row.cancelled,
            reason=row.reason,
        )
        for row in rows
    ]


def names_seen_by(viewer: Viewer, people: set[int | None]) -> dict[int | None, str]:
    """Names of those among ``people`` whom the viewer may see; whoever sees only aggregates gets none."""
    wanted = {person for person in people if person is not None}
    return dict(Employee.objects.visible_to(viewer).filter(id__in=wanted).values_list(F("id"), "name")) if wanted else {}
