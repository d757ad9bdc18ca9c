"""Reminders: one bundled notice a person and day, outside quiet hours, none once the work is done."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
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
from employees.models import User

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
    accounts = dict(User.objects.filter(is_active=True, employee__in=list(lines)).order_by("id").values_list("id", "employee"))
    _take_back(set(accounts), now)
    bundles: dict[tuple[Line, ...], list[int]] = defaultdict(list)
    for account, person in accounts.items():
        bundles[tuple(sorted(lines[person or 0]))].append(account)
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
    """What waits for each person, by employee: three queries, whatever their number."""
    policy, calendar, day = deadline_policy(on=local_date(now)), working_calendar(), local_date(now)
    found: dict[int, list[Line]] = defaultdict(list)
    drafts = Assessment.objects.current().filter(STILL_OPEN, state=AssessmentState.DRAFT.value)
    rated = drafts.exclude(cycle__state=CycleState.RUNNING.value).filter(assessor__isnull=False).annotate(due=due_rating())
    filled = drafts.filter(Exists(left_empty()), plan__isnull=False).annotate(due=due_progress())
    for what, cases, who in ((RATE, rated, "assessor"), (FILL, filled, "employee")):
        for row in _counted(cases.filter(due__gte=now), who):
            if _workdays(calendar, day, local_date(row["due"])) <= policy.remind_days_before:
                found[row[who]].append((what, row["cycle__period"], row["due"].isoformat(), row["n"]))
    late = Assessment.objects.current().filter(TAKES_LATE, assessor__isnull=False).annotate(due=due_rating())
    for row in _counted(late.filter(due__gte=now - dt.timedelta(days=60)), "assessor"):
        if _workdays(calendar, local_date(row["due"]), day) <= policy.remind_days_after:
            found[row["assessor"]].append((LATE, row["cycle__period"], row["due"].isoformat(), row["n"]))
    return found


def _counted(cases: QuerySet[Assessment, Any], who: str) -> QuerySet[Any, dict[str, Any]]:
    rows: QuerySet[Any, dict[str, Any]] = cases.order_by().values(who, "cycle__period", "due").annotate(n=Count("employee", distinct=True))
    return rows


def _workdays(calendar: WorkingCalendar, start: dt.date, end: dt.date) -> int:
    try:
        return calendar.between(start, end)
    except OutsideCalendar:
        return (end - start).days
