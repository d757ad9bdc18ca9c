"""Reminders: one bundled notice a person and day, outside quiet hours, none once the work is done."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, Q, QuerySet

from appraisal.models import Assessment
from appraisal.queries.deadlines import STILL_OPEN, deadline_policy, due_progress, due_rating
from appraisal.queries.late import TAKES_LATE
from appraisal.queries.targets import left_empty
from appraisal.rules.lifecycle import AssessmentState, CycleState
from bukittinggi_kinerja.common.calendar import working_calendar
from bukittinggi_kinerja.common.models import Notice
from bukittinggi_kinerja.common.notices import notify
from bukittinggi_kinerja.common.period import JAKARTA, local_date
from bukittinggi_kinerja.common.workdays import OutsideCalendar, WorkingCalendar
from employees.queries.desks import desks_of, people_by_account, stands_in_for

KIND = "daily_reminder"
RATE, FILL, LATE = "nilai", "realisasi", "terlambat"
LINKS = {RATE: "/tim/", FILL: "/kinerja/", LATE: "/tim/"}
#: One line of a notice: what, period, deadline, how many people.
Line = tuple[str, str, str, int]


def is_quiet(now: dt.datetime) -> bool:
    """Whether nobody is to be disturbed at this moment."""
    day = local_date(now)
    try:
        working = working_calendar().is_working(day)
    except OutsideCalendar:
        working = True
    clock = now.astimezone(JAKARTA).time()
    return deadline_policy(on=day).quiet_hours.hold(clock, is_working=working)


def send_daily_reminders(*, now: dt.datetime) -> int:
    """Tell everybody what waits for him today; the notices made. A second call on the same day makes none."""
    return 0 if is_quiet(now) else _send(now)


@transaction.atomic
def _send(now: dt.datetime) -> int:
    day = local_date(now)
    lines = lines_by_person(now=now)
    accounts = people_by_account(lines)
    _take_back(set(accounts), now)
    bundles: dict[tuple[Line, ...], list[int]] = defaultdict(list)
    for account, person in accounts.items():
        bundles[tuple(sorted(lines[person]))].append(account)
    return sum(
        notify(
            recipients=people,
            kind=KIND,
            data={"items": [dict(zip(("what", "period", "due", "n"), line, strict=True)) for line in bundle]},
            link=LINKS[bundle[0][0]] if len({LINKS[line[0]] for line in bundle}) == 1 else "/",
            once=f"{KIND}:{day.isoformat()}",
            event=None,
            now=now,
        )
        for bundle, people in bundles.items()
    )


def _take_back(waiting: set[int], now: dt.datetime) -> None:
    """Yesterday's reminders make room for today's, and whoever is done is not reminded any more."""
    unread = Notice.objects.filter(kind=KIND, read_at=None, withdrawn_at=None)
    today = Q(once__startswith=f"{KIND}:{local_date(now).isoformat()}:")
    unread.filter(~today | ~Q(recipient__in=waiting)).update(withdrawn_at=now)


def lines_by_person(*, now: dt.datetime) -> dict[int, list[Line]]:
    """What waits for each person, by employee: five queries, whatever their number.

    Ratings wait for the official and for who holds his mandate today; nobody is reminded to rate himself.
    """
    policy, calendar, day = deadline_policy(on=local_date(now)), working_calendar(), local_date(now)
    drafts = Assessment.objects.current().filter(STILL_OPEN, state=AssessmentState.DRAFT.value)
    rated = drafts.exclude(cycle__state=CycleState.RUNNING.value).filter(assessor__isnull=False).annotate(due=due_rating())
    filled = drafts.filter(Exists(left_empty()), plan__isnull=False).annotate(due=due_progress())
    late = Assessment.objects.current().filter(TAKES_LATE, assessor__isnull=False).annotate(due=due_rating())
    to_rate = [
        (RATE, row)
        for row in _by_official(rated.filter(due__gte=now), day)
        if _workdays(calendar, day, local_date(row["due"])) <= policy.remind_days_before
    ]
    to_rate += [
        (LATE, row)
        for row in _by_official(late.filter(due__gte=now - dt.timedelta(days=60)), day)
        if _workdays(calendar, local_date(row["due"]), day) <= policy.remind_days_after
    ]
    found: dict[int, Counter[tuple[str, str, str]]] = defaultdict(Counter)
    desks = desks_of({row["assessor"] for _what, row in to_rate}, on=day)
    for what, row in to_rate:
        for person in desks.at(row["assessor"]):
            waiting = row["n"] if person == row["assessor"] else row["others"]
            found[person][what, row["cycle__period"], row["due"].isoformat()] += waiting
    for row in _counted(filled.filter(due__gte=now), "employee"):
        if _workdays(calendar, day, local_date(row["due"])) <= policy.remind_days_before:
            found[row["employee"]][FILL, row["cycle__period"], row["due"].isoformat()] += row["n"]
    return {person: [(*line, n) for line, n in waiting.items() if n] for person, waiting in found.items() if waiting.total()}


def _by_official(cases: QuerySet[Assessment, Any], day: dt.date) -> QuerySet[Any, dict[str, Any]]:
    """``others`` leaves out who holds the mandate himself: his own case is not his to rate."""
    others = Count("employee", distinct=True, filter=~stands_in_for("assessor", "employee", on=day))
    rows: QuerySet[Any, dict[str, Any]] = _counted(cases, "assessor").annotate(others=others)
    return rows


def _counted(cases: QuerySet[Assessment, Any], who: str) -> QuerySet[Any, dict[str, Any]]:
    rows: QuerySet[Any, dict[str, Any]] = cases.order_by().values(who, "cycle__period", "due").annotate(n=Count("employee", distinct=True))
    return rows


def _workdays(calendar: WorkingCalendar, start: dt.date, end: dt.date) -> int:
    try:
        return calendar.between(start, end)
    except OutsideCalendar:
        return (end - start).days
