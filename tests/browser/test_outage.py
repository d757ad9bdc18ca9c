"""The last evening without a network, in a real browser: the month closes in the night, the outage is entered, the rater finishes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from appraisal.models import AppraisalPolicy, Assessment, Cycle
from appraisal.queries.reports import rating_lateness
from appraisal.services.publishing import close_cycle, close_extended, unfinished_jobs, work_on
from bukittinggi_kinerja.common.calendar import working_calendar
from bukittinggi_kinerja.common.calendar_loading import load_calendar
from bukittinggi_kinerja.common.workdays import ONE_DAY
from employees.rules.aggregates import AggregateScope
from tests.browser.conftest import DESKTOP, PHONE, Visitor
from tests.browser.whole_team import rate_team
from tests.months import open_cycle, running_period, today
from tests.people import City
from tests.teams import open_team


def last_working_day() -> dt.date:
    """The latest working day before today."""
    load_calendar()
    day = today() - ONE_DAY
    while not working_calendar().is_working(day):
        day -= ONE_DAY
    return day


@pytest.fixture
def lost_evening(visitor: Visitor) -> dt.date:
    """The deadline's day, whose evening nobody could use; the month closed and was published in the night."""
    day = last_working_day()
    cycle = open_cycle(visitor.city, running_period().previous(), state="PENILAIAN", due=day)
    open_team(visitor.city, cycle=cycle)
    AppraisalPolicy.objects.update(behaviour_depth="TAHUNAN")
    night = cycle.rating_due + dt.timedelta(minutes=10)
    close_cycle(cycle=cycle, now=night)
    worked(night)
    return day


def worked(now: dt.datetime) -> None:
    while (job := unfinished_jobs().first()) is not None:
        work_on(job, now=now)


def enter(page: Page, day: dt.date) -> None:
    for name, value in (("start_day", f"{day}"), ("start_time", "18:00"), ("end", f"{day}"), ("end_time", "23:30")):
        page.fill(f"[name={name}]", value)
    page.fill("[name=reason]", "Pusat data padam")


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_after_an_outage_on_the_last_evening_ratings_are_sent_and_nobody_is_late(
    lost_evening: dt.date, visitor: Visitor, width: int
) -> None:
    city: City = visitor.city
    page = visitor.open("/kendali/gangguan/", "bkpsdm", width=width, scripts=False)
    enter(page, lost_evening)
    page.get_by_role("button", name="Periksa akibatnya").click()
    expect(page.get_by_role("heading", name="Batas yang dipindah")).to_be_visible()
    assert not Assessment.objects.filter(state="DRAF").exists()
    page.get_by_role("button", name="Catat gangguan").click()
    expect(page.get_by_text("Batas dipindah untuk 12 pegawai.")).to_be_visible()
    assert Cycle.objects.get(period=running_period().previous().key).state == "TERBIT"

    rater = visitor.open("/tim/", "penilai", width=width, scripts=False)
    expect(rater.get_by_text("karena gangguan layanan").first).to_be_visible()
    expect(rater.get_by_text("Pusat data padam").first).to_be_visible()
    expect(rater.get_by_text("dapat dinilai terlambat")).to_have_count(0)

    own = visitor.open("/kinerja/", "pegawai", width=width, scripts=False)
    expect(own.get_by_text("karena gangguan layanan").first).to_be_visible()
    assert Assessment.objects.current().filter(employee__in=city.staff, state="DRAF").count() == 12

    rate_team(rater, running_period().previous().key, people=12)
    expect(rater.get_by_text("12 sudah terkirim")).to_be_visible()
    _published_and_nobody_late(visitor, width)


def _published_and_nobody_late(visitor: Visitor, width: int) -> None:
    """After the moved deadline: the report of lateness, the control room and the employee's own page."""
    cycle = Cycle.objects.get(period=running_period().previous().key)
    moved = Assessment.objects.current().exclude(own_rating_due=None).values_list("own_rating_due", flat=True)
    after = max(moved) + dt.timedelta(minutes=10)
    close_extended(cycle=cycle, now=after)
    worked(after)
    report = rating_lateness(period=cycle.as_period, scope=AggregateScope((), names_people=True), now=after)
    assert (report.total.late, report.total.cases) == (0, 12)
    assert set(Assessment.objects.current().values_list("state", flat=True)) == {"TERBIT"}
    room = visitor.open(f"/kendali/?periode={cycle.period}", "bkpsdm", width=width, scripts=False)
    expect(room.get_by_text("Semua penilaian periode ini selesai.")).to_be_visible()
    own = visitor.open("/", "pegawai", width=width, scripts=False)
    expect(own.locator(".predikat").first).to_contain_text("Baik")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_screens_of_deadlines_are_sound(lost_evening: dt.date, visitor: Visitor, axe: Callable[[Page], list[str]], theme: str) -> None:
    for path in (
        "/kendali/batas/",
        "/kendali/gangguan/",
        f"/kendali/cetak/?periode={running_period().previous().key}",
        "/pekerjaan/",
        "/profil/pengingat/",
    ):
        page = visitor.open(path, "bkpsdm", width=PHONE, theme=theme)
        assert axe(page) == []
