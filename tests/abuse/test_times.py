"""The edges of days, months and years, in Jakarta and in Greenwich."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.utils import timezone

from bukittinggi_kinerja.common.period import JAKARTA, Period, PeriodKind, end_of_day, local_date, start_of_day
from employees.models import RoleAssignment
from employees.services.tokens import issue_token
from tests.people import FIRST_DAY, City

Clock = Callable[[dt.datetime], None]
LAST_DAY = dt.date(2026, 12, 31)
NEW_YEAR = dt.date(2027, 1, 1)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    def set_to(moment: dt.datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return set_to


@pytest.mark.parametrize(
    ("key", "first", "last"),
    [
        ("2026-12", (2026, 12, 1), (2026, 12, 31)),
        ("2028-02", (2028, 2, 1), (2028, 2, 29)),
        ("2100-02", (2100, 2, 1), (2100, 2, 28)),
        ("2026-Q4", (2026, 10, 1), (2026, 12, 31)),
        ("2028-Q1", (2028, 1, 1), (2028, 3, 31)),
        ("2026-S1", (2026, 1, 1), (2026, 6, 30)),
        ("2026-S2", (2026, 7, 1), (2026, 12, 31)),
        ("2028", (2028, 1, 1), (2028, 12, 31)),
    ],
)
def test_a_period_ends_with_its_last_day_and_the_next_begins_the_day_after(key: str, first: tuple[int, ...], last: tuple[int, ...]) -> None:
    period = Period.parse(key)
    assert (period.start, period.last_day, period.key) == (dt.date(*first), dt.date(*last), key)
    assert Period.containing(period.end, period.kind).start == period.last_day + dt.timedelta(days=1)


def test_the_months_of_a_leap_year_leave_no_day_out_and_count_none_twice() -> None:
    days = [month.start + dt.timedelta(days=n) for month in Period.parse("2028").months() for n in range((month.end - month.start).days)]
    assert len(days) == len(set(days)) == 366
    assert Period.containing(dt.date(2028, 2, 29), PeriodKind.MONTH).key == "2028-02"


@pytest.mark.parametrize("key", ["2026-13", "2026-00", "2026-Q5", "2026-S3", "0999", "10000", "2026-1", " 2026", "2026-10\n", "٢٠٢٦", ""])
def test_no_other_text_is_a_period(key: str) -> None:
    with pytest.raises(ValueError, match=""):
        Period.parse(key)


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (dt.datetime(2026, 12, 31, 16, 59, 59, tzinfo=dt.UTC), LAST_DAY),
        (dt.datetime(2026, 12, 31, 17, 0, tzinfo=dt.UTC), NEW_YEAR),
        (dt.datetime(2027, 1, 1, 0, 0, tzinfo=JAKARTA), NEW_YEAR),
        (dt.datetime(2028, 2, 28, 17, 0, tzinfo=dt.UTC), dt.date(2028, 2, 29)),
    ],
)
def test_a_day_begins_at_midnight_in_jakarta(moment: dt.datetime, day: dt.date) -> None:
    assert local_date(moment) == day
    assert start_of_day(day) <= moment <= end_of_day(day)


@pytest.mark.django_db
def test_a_role_ends_at_midnight_in_jakarta_and_not_in_greenwich(city: City, clock: Clock) -> None:
    RoleAssignment.objects.filter(user=city.users["pengelola"]).update(valid=DateRange(FIRST_DAY, NEW_YEAR))
    clock(end_of_day(LAST_DAY))
    browser = city.client("pengelola")
    assert browser.get("/kendali/").status_code == 200
    clock(start_of_day(NEW_YEAR))
    assert local_date(timezone.now()) == NEW_YEAR
    assert timezone.now().astimezone(dt.UTC).date() == LAST_DAY
    assert browser.get("/kendali/").status_code == 403


@pytest.mark.django_db
def test_a_role_begins_at_midnight_in_jakarta(city: City, clock: Clock) -> None:
    RoleAssignment.objects.filter(user=city.users["pengelola"]).update(valid=DateRange(NEW_YEAR, None))
    clock(end_of_day(LAST_DAY))
    browser = city.client("pengelola")
    assert browser.get("/kendali/").status_code == 403
    clock(start_of_day(NEW_YEAR))
    assert browser.get("/kendali/").status_code == 200


@pytest.mark.django_db
def test_a_token_ends_at_its_moment_and_a_clock_set_back_gives_no_other_rights(city: City, clock: Clock) -> None:
    issued = start_of_day(LAST_DAY)
    clock(issued)
    _token, secret = issue_token(user=city.users["pengelola"], scopes=["read:people"], days=1, now=issued)
    seen = []
    for moment in (issued + dt.timedelta(hours=24, seconds=-1), issued + dt.timedelta(hours=24), issued - dt.timedelta(days=3)):
        clock(moment)
        seen.append(Client().get(f"/api/v1/employees/{city.people['luar'].pk}/", HTTP_AUTHORIZATION=f"Bearer {secret}").status_code)
    assert seen == [404, 401, 404]
