"""The last evening without a network, in a real browser: the month closes in the night, the outage is entered, the rater finishes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from appraisal.models import Assessment, Cycle
from appraisal.services.publishing import close_cycle, unfinished_jobs, work_on
from bukittinggi_kinerja.common.calendar import working_calendar
from bukittinggi_kinerja.common.calendar_loading import load_calendar
from bukittinggi_kinerja.common.workdays import ONE_DAY
from tests.browser.conftest import DESKTOP, PHONE, Visitor
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
    night = cycle.rating_due + dt.timedelta(minutes=10)
    close_cycle(cycle=cycle, now=night)
    while (job := unfinished_jobs().first()) is not None:
        work_on(job, now=night)
    return day


def enter(page: Page, day: dt.date) -> None:
    for name, value in (("start_day", f"{day}"), ("start_time", "18:00"), ("end", f"{day}"), ("end_time", "23:30")):
        page.fill(f"[name={name}]", value)
    page.fill("[name=reason]", "Pusat data padam")


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_an_outage_on_the_last_evening_leaves_nobody_late(lost_evening: dt.date, visitor: Visitor, width: int) -> None:
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
