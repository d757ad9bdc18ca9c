"""What an outage takes from a deadline is given back in whole working days, and never less."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appraisal.rules.deadlines import Outage, OutageRule, QuietHours, following_rating, last_moment, lost_workdays, moved_by_outage
from bukittinggi_kinerja.common.period import JAKARTA, local_date
from bukittinggi_kinerja.common.workdays import WorkingCalendar

#: 5 November 2026, a Thursday, is closed here.
CALENDAR = WorkingCalendar.of_years([2026, 2027], [dt.date(2026, 11, 5)])
RULE = OutageRule(least_minutes=60, reach=1)


def at(day: int, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime(2026, 11, day, hour, minute, tzinfo=JAKARTA)


def due(day: int) -> dt.datetime:
    return last_moment(dt.date(2026, 11, day))


@pytest.mark.parametrize(
    ("start", "end", "deadline", "becomes"),
    [
        (at(10, 18), at(11, 0), 10, 11),  # the last evening: one day more
        (at(10, 18), at(10, 18, 40), 10, None),  # forty minutes do not count
        (at(10, 9), at(10, 12), 11, 12),  # the morning before the last day
        (at(10, 9), at(10, 12), 12, None),  # two working days remain
        (at(9, 10), at(12, 12), 10, 16),  # two days lost, given back after the end: Friday and Monday
        (at(4, 20), at(4, 23), 4, 6),  # the fifth is closed
        (at(7, 8), at(8, 20), 9, None),  # a weekend takes no working day
        (at(10, 18), at(11, 2), 9, None),  # the deadline had passed before
    ],
)
def test_an_outage_gives_back_the_working_days_it_took(start: dt.datetime, end: dt.datetime, deadline: int, becomes: int | None) -> None:
    found = moved_by_outage(due(deadline), Outage(start, end), CALENDAR, RULE)
    assert found == (due(becomes) if becomes else None)


@pytest.mark.parametrize(
    ("progress", "new_progress", "rating", "becomes"),
    [(4, 9, 6, 10), (4, 6, 6, 9), (4, 4, 6, None), (3, 4, 6, None)],
)
def test_rating_follows_when_progress_reaches_it(progress: int, new_progress: int, rating: int, becomes: int | None) -> None:
    found = following_rating(progress_due=due(progress), new_progress_due=due(new_progress), rating_due=due(rating), calendar=CALENDAR)
    assert found == (due(becomes) if becomes else None)


FIRST = dt.datetime(2026, 9, 1, tzinfo=JAKARTA)
MOMENTS = st.integers(0, 90 * 24 * 60).map(lambda minutes: FIRST + dt.timedelta(minutes=minutes))
DAYS = [FIRST.date() + dt.timedelta(days=n) for n in range(90)]
DUES = st.sampled_from([last_moment(day) for day in DAYS if CALENDAR.is_working(day)])
#: A shared machine may be slow to draw; the values are cheap.
PATIENT = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)


@PATIENT
@given(MOMENTS, st.integers(1, 10 * 24 * 60), DUES)
def test_whoever_lost_days_gets_as_many_after_the_outage(start: dt.datetime, minutes: int, deadline: dt.datetime) -> None:
    outage = Outage(start, start + dt.timedelta(minutes=minutes))
    lost, new = lost_workdays(outage, deadline, CALENDAR, RULE), moved_by_outage(deadline, outage, CALENDAR, RULE)
    if new is None:
        # Nothing was lost, or enough working days remain after the end, or it had passed before.
        left = CALENDAR.between(outage.last_day, local_date(deadline))
        assert not lost or left > RULE.reach or deadline < outage.start
        return
    assert lost
    assert new > deadline
    assert CALENDAR.is_working(local_date(new))
    assert CALENDAR.between(max(outage.last_day, local_date(deadline)), local_date(new)) == lost


@PATIENT
@given(MOMENTS, st.integers(1, 5 * 24 * 60), st.integers(0, 24 * 60), DUES)
def test_a_longer_outage_never_gives_less(start: dt.datetime, minutes: int, more: int, deadline: dt.datetime) -> None:
    short = moved_by_outage(deadline, Outage(start, start + dt.timedelta(minutes=minutes)), CALENDAR, RULE)
    longer = moved_by_outage(deadline, Outage(start, start + dt.timedelta(minutes=minutes + more)), CALENDAR, RULE)
    assert short is None or (longer is not None and longer >= short)


@pytest.mark.parametrize(
    ("clock", "working", "held"),
    [("17:59", True, False), ("18:00", True, True), ("06:59", True, True), ("07:00", True, False), ("10:00", False, True)],
)
def test_nobody_is_reminded_in_quiet_hours(clock: str, working: bool, held: bool) -> None:
    quiet = QuietHours(dt.time(18), dt.time(7), days_off=True)
    assert quiet.hold(dt.time.fromisoformat(clock), is_working=working) is held
