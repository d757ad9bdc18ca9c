"""The control room: counts that equal their lists, reach by role, reminders once a day."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from appraisal.models import Assessment, Cycle
from appraisal.queries.control import Step, chosen_period, control_room, people_of_step, recent_periods
from appraisal.services.reminders import ReminderReport, remind_raters
from appraisal.web.control_room import _headline, _reminded
from bukittinggi_kinerja.common.errors import NotAllowed, NotNow, NotVisible
from bukittinggi_kinerja.common.models import Event, Notice
from employees.models import User
from tests.months import open_cycle, running_period, today
from tests.people import City
from tests.teams import open_team

MOST_QUERIES = 12


@pytest.fixture
def late(city: City) -> City:
    """Last month is in rating: two of the twelve are rated, and one person of another OPD is not."""
    cycle = open_cycle(city, running_period().previous(), state="PENILAIAN", due=today())
    open_team(city, cycle=cycle)
    open_team(city, people=[city.people["luar"]], cycle=cycle)
    done = [person.pk for person in city.staff[:2]]
    Assessment.objects.filter(employee__in=done).update(
        state="DINILAI", result_rating=2, behaviour_rating=2, rated_by=city.people["penilai"]
    )
    return city


@pytest.fixture
def key() -> str:
    return running_period().previous().key


def test_every_number_opens_a_list_of_as_many(late: City, key: str) -> None:
    for who in ("bkpsdm", "pengelola"):
        viewer = late.viewer(who)
        periods = recent_periods()
        room = control_room(viewer, period=chosen_period(periods, key), periods=periods, now=timezone.now())
        assert [count.step for count in room.steps] == list(Step)
        assert sum(count.left for count in room.steps) > 0
        assert room.agencies
        for count in room.steps:
            assert people_of_step(viewer, key, step=count.step, done=True).count() == count.done
            assert people_of_step(viewer, key, step=count.step, done=False).count() == count.left
        for row in room.agencies:
            rating = row.of(Step.RATING)
            assert people_of_step(viewer, key, step=Step.RATING, done=False, agency=row.code).count() == rating.left == row.pending


def test_names_the_late_raters_and_how_many_people_wait(late: City) -> None:
    page = late.client("bkpsdm").get("/kendali/").content.decode()
    assert "2 penilai belum selesai, 11 pegawai belum dinilai" in page
    assert late.people["penilai"].name in page
    assert late.people["kadinkes"].name in page


def test_thousands_are_written_with_their_point(late: City, key: str) -> None:
    """The sentence writes its numbers like the figures beside it."""
    periods = recent_periods()
    room = control_room(late.viewer("bkpsdm"), period=chosen_period(periods, key), periods=periods, now=timezone.now())
    told = _headline(replace(room, owed=replace(room.owed, raters=1034, pending=2965)))
    assert "1.034 penilai" in told
    assert "2.965 pegawai" in told
    assert _reminded(ReminderReport(sent=1034, already=0, unreachable=0)) == "Pengingat terkirim ke 1.034 penilai."


def test_after_the_deadline_they_are_late(late: City, key: str) -> None:
    Cycle.objects.filter(period=key).update(state="DITUTUP")
    Assessment.objects.filter(state="DRAF").update(state="BELUM_DINILAI")
    assert "2 penilai terlambat, 11 pegawai belum dinilai" in late.client("bkpsdm").get("/kendali/").content.decode()


def test_pengelola_sees_his_opd_alone(late: City) -> None:
    page = late.client("pengelola").get("/kendali/").content.decode()
    assert "1 penilai belum selesai, 10 pegawai belum dinilai" in page
    assert "Dinas Kesehatan" not in page
    listed = late.client("pengelola").get("/kendali/daftar/?tahap=nilai&opd=DINKES").content.decode()
    assert late.people["luar"].name not in listed


@pytest.mark.parametrize("who", ["pegawai", "penilai", "atasan", "dpmptsp", "pimpinan", "luar"])
def test_others_are_turned_away(late: City, key: str, who: str) -> None:
    browser = late.client(who)
    assert {browser.get(path).status_code for path in ("/kendali/", "/kendali/daftar/", "/kendali/daftar/?berkas=csv")} == {403}
    assert browser.post("/kendali/ingatkan/", {"periode": key}).status_code == 403
    with pytest.raises(NotAllowed):
        remind_raters(viewer=late.viewer(who), period=key, now=Cycle.objects.get().rating_due)


def test_the_auditor_reads_it_all_and_reminds_nobody(late: City, key: str) -> None:
    browser = late.client("inspektorat")
    page = browser.get("/kendali/").content.decode()
    assert "2 penilai belum selesai, 11 pegawai belum dinilai" in page
    assert "/kendali/ingatkan/" not in page
    assert "/kendali/ingatkan/" in late.client("bkpsdm").get("/kendali/").content.decode()
    assert browser.get(f"/kendali/daftar/?periode={key}&tahap=nilai&berkas=csv").status_code == 200
    assert browser.post("/kendali/ingatkan/", {"periode": key}).status_code == 403
    with pytest.raises(NotAllowed):
        remind_raters(viewer=late.viewer("inspektorat"), period=key, now=Cycle.objects.get().rating_due)


def test_the_signed_out_go_to_sign_in(late: City) -> None:
    assert Client().get("/kendali/").status_code == 302


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("periode=oktober", 400),
        ("periode=1999-01", 404),
        ("tahap=lain", 400),
        ("penilai=x", 200),
        ("penilai=²", 200),
        ("opd=%00", 200),
        ("halaman=99", 200),
        ("halaman=-1", 200),
    ],
)
def test_odd_words_get_an_answer(late: City, query: str, expected: int) -> None:
    assert late.client("bkpsdm").get(f"/kendali/daftar/?{query}").status_code == expected


@pytest.mark.parametrize("digits", ["9" * 18, "1" * 5000])
def test_a_rater_of_any_number_of_digits_gets_an_answer(late: City, digits: str) -> None:
    assert late.client("bkpsdm").get(f"/kendali/daftar/?penilai={digits}").status_code == 200


def test_an_opd_is_read_without_what_no_code_holds(late: City, key: str) -> None:
    browser = late.client("bkpsdm")
    page = browser.get(f"/kendali/daftar/?periode={key}&opd=DPM%00PTSP").content.decode()
    assert "opd=DPMPTSP&amp;berkas=csv" in page
    assert browser.post("/kendali/ingatkan/", {"periode": key, "opd": "DPMPTSP\0"}).status_code == 302
    assert Event.objects.get(action="appraisal.raters.reminded").new["agency"] == "DPMPTSP"


@pytest.mark.parametrize(("period", "expected"), [("\0", 400), ("oktober", 400), ("", 400), ("1999-01", 404)])
def test_nobody_is_reminded_of_a_period_that_is_none(late: City, period: str, expected: int) -> None:
    assert late.client("bkpsdm").post("/kendali/ingatkan/", {"periode": period}).status_code == expected


def test_the_list_comes_as_csv_that_no_spreadsheet_takes_for_a_formula(late: City, key: str) -> None:
    late.staff[3].name = '=HYPERLINK("x")'
    late.staff[3].save()
    answer = late.client("bkpsdm").get(f"/kendali/daftar/?periode={key}&tahap=nilai&keadaan=belum&berkas=csv")
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))
    assert len(rows) == 11
    assert [row["nama"] for row in rows if "HYPERLINK" in row["nama"]] == ['\'=HYPERLINK("x")']


def test_no_mark_leaves_the_control_room(late: City, key: str) -> None:
    page = late.client("bkpsdm").get(f"/kendali/daftar/?periode={key}&tahap=nilai&keadaan=sudah").content.decode()
    assert not re.search(r"ekspektasi|data-p=|Saran", page[page.index("<main") :])


def queries_of(browser: Client, path: str) -> int:
    browser.get(path)
    with CaptureQueriesContext(connection) as seen:
        assert browser.get(path).status_code == 200
    return len(seen)


def test_asks_the_database_as_often_for_two_hundred_as_for_twelve(late: City, key: str) -> None:
    browser = late.client("bkpsdm")
    paths = ("/kendali/", f"/kendali/daftar/?periode={key}&tahap=nilai&keadaan=belum")
    few = [queries_of(browser, path) for path in paths]
    open_team(late, people=late.add_staff(200), cycle=Cycle.objects.get())
    assert [queries_of(browser, path) for path in paths] == few
    assert max(few) <= MOST_QUERIES


class TestReminding:
    def test_reaches_every_late_rater_once_a_day(self, late: City, key: str) -> None:
        now = Cycle.objects.get().rating_due
        first = remind_raters(viewer=late.viewer("bkpsdm"), period=key, now=now)
        second = remind_raters(viewer=late.viewer("bkpsdm"), period=key, now=now)
        assert (first.sent, first.already, second.sent, second.already) == (2, 0, 0, 2)
        raters = {late.users["penilai"].pk, late.users["kadinkes"].pk}
        assert set(Notice.objects.filter(kind="rating_reminder").values_list("recipient", flat=True)) == raters

    def test_of_one_opd_leaves_the_others_alone(self, late: City, key: str) -> None:
        remind_raters(viewer=late.viewer("bkpsdm"), period=key, agency="DINKES", now=Cycle.objects.get().rating_due)
        assert Notice.objects.get(kind="rating_reminder").recipient == late.users["kadinkes"].pk

    def test_by_pengelola_stays_within_his_opd(self, late: City, key: str) -> None:
        report = remind_raters(viewer=late.viewer("pengelola"), period=key, agency="DINKES", now=Cycle.objects.get().rating_due)
        assert report.sent == 0

    def test_leaves_one_event_and_names_those_without_an_account(self, late: City, key: str) -> None:
        User.objects.filter(pk=late.users["kadinkes"].pk).update(is_active=False)
        report = remind_raters(viewer=late.viewer("bkpsdm"), period=key, now=Cycle.objects.get().rating_due)
        assert (report.sent, report.unreachable) == (1, 1)
        assert Event.objects.get(action="appraisal.raters.reminded").actor == late.users["bkpsdm"].pk

    def test_waits_for_the_end_of_the_period(self, late: City, key: str) -> None:
        Cycle.objects.update(state="BERJALAN")
        with pytest.raises(NotNow):
            remind_raters(viewer=late.viewer("bkpsdm"), period=key, now=Cycle.objects.get().rating_due)

    def test_of_a_period_that_is_not_there_finds_nothing(self, late: City) -> None:
        with pytest.raises(NotVisible):
            remind_raters(viewer=late.viewer("bkpsdm"), period="1999-01", now=Cycle.objects.get().rating_due)


def test_before_any_period_the_room_says_so(city: City) -> None:
    assert "Belum ada periode penilaian." in city.client("bkpsdm").get("/kendali/").content.decode()
