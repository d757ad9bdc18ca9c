"""The service board behind its door: who opens it, what a card says of time, and how often the database is asked."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from appraisal.incentives.models import ServiceCase
from appraisal.incentives.queries.board import Card
from appraisal.incentives.services.intake import take_events
from appraisal.incentives.web.board import time_words
from bukittinggi_kinerja.common.period import JAKARTA
from employees.models import Employee
from tests.appraisal.incentives.logs import LogRow, issued, mapping, step
from tests.people import City

MOST_QUERIES = 20
ODD_PAGES = [(f"keadaan=JEDA&halaman={text}", 200) for text in ("²", "٣", "9" * 18, "9" * 5000)]
MONDAY = dt.datetime(2026, 10, 19, 9, 0, tzinfo=JAKARTA)


def card(**values: object) -> Card:
    plain: dict[str, object] = {
        "id": 1, "case_id": "503/1", "source": "simpel", "service_type": "PBG", "state": "DIPROSES", "responsible": "", "accepted_at": MONDAY,
        "due_at": MONDAY, "finished_at": None, "paused_since": None, "standard_days": 7, "net_days": None, "on_time": None, "late": False,
        "days_left": 5, "paused_days": None,
    }  # fmt: skip
    return Card(**{**plain, **values})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, "Sisa 5 hari kerja dari 7"),
        ({"days_left": 0}, "Sisa 0 hari kerja dari 7"),
        ({"standard_days": None}, "Sisa 5 hari kerja"),
        ({"days_left": -3, "late": True}, "Terlambat 3 hari kerja"),
        ({"days_left": 0, "late": True}, "Terlambat 1 hari kerja"),
        ({"days_left": None, "due_at": None}, "Batas waktu belum diketahui"),
        ({"state": "JEDA", "paused_since": MONDAY}, "Waktu berhenti sejak 19 Oktober 2026: menunggu pemohon"),
        ({"finished_at": MONDAY, "net_days": 4, "days_left": None}, "Selesai 19 Oktober 2026 dalam 4 hari kerja"),
        ({"finished_at": MONDAY, "days_left": None}, "Selesai 19 Oktober 2026"),
    ],
)
def test_a_card_says_what_is_left_of_its_time(values: dict[str, object], expected: str) -> None:
    assert time_words(card(**values)) == expected


@pytest.fixture
def permits(city: City, services: None) -> City:
    """Open and finished files, all answered for by staff of the section."""
    rows = [
        step("503/1", "DITERIMA", "2026-10-01 09:00:00", responsible="a"),
        *issued("503/2", "2026-10-01 09:00:00", "2026-10-05 09:00:00", responsible="a"),
        step("503/3", "DITERIMA", "2026-10-01 09:00:00", responsible="a"),
        step("503/3", "PERBAIKAN", "2026-10-02 09:00:00", responsible="a"),
    ]
    take_events(mapping=mapping(), rows=[LogRow(n, row) for n, row in enumerate(rows, 2)], actor=None, now=MONDAY)
    ServiceCase.objects.update(responsible=city.staff[0])
    return city


def queries_of(browser: Client, path: str) -> int:
    browser.get(path)
    with CaptureQueriesContext(connection) as seen:
        assert browser.get(path).status_code == 200
    return len(seen)


@pytest.mark.parametrize(
    ("who", "expected"),
    [
        ("dpmptsp", 200), ("atasan", 200), ("penilai", 200), ("pegawai", 200), ("bkpsdm", 200), ("inspektorat", 200), ("pimpinan", 200),
        ("luar", 403),
    ],
)  # fmt: skip
def test_the_board_is_for_those_who_handle_files_or_answer_for_them(permits: City, who: str, expected: int) -> None:
    assert permits.client(who).get("/izin/").status_code == expected


def test_the_signed_out_go_to_sign_in(permits: City) -> None:
    assert Client().get("/izin/").status_code == 302


def test_columns_count_what_they_hold(permits: City) -> None:
    page = permits.client("dpmptsp").get("/izin/").content.decode()
    assert "503/1" in page
    assert "menunggu pemohon" in page
    assert permits.staff[0].name in page


def test_who_sees_aggregates_alone_reads_no_names(permits: City) -> None:
    assert permits.staff[0].name not in permits.client("pimpinan").get("/izin/").content.decode()


def test_a_case_tells_its_story(permits: City) -> None:
    paused = ServiceCase.objects.get(case_id="503/3")
    page = permits.client("dpmptsp").get(f"/izin/{paused.pk}/").content.decode()
    assert "Waktu mulai" in page
    assert "Waktu berhenti" in page


@pytest.mark.parametrize(("who", "expected"), [("luar", 403), ("pegawai", 200)])
def test_a_case_is_hidden_from_strangers(permits: City, who: str, expected: int) -> None:
    assert permits.client(who).get(f"/izin/{ServiceCase.objects.first().pk}/").status_code == expected


def test_a_colleague_finds_only_the_files_he_may_see(permits: City) -> None:
    ServiceCase.objects.filter(case_id="503/1").update(responsible=permits.people["dpmptsp"])
    hidden = ServiceCase.objects.get(case_id="503/1")
    browser = permits.client("pegawai")
    assert browser.get(f"/izin/{hidden.pk}/").status_code == 404
    assert "503/1" not in browser.get("/izin/").content.decode()


@pytest.mark.parametrize(("query", "expected"), [("keadaan=LAIN", 400), ("keadaan=JEDA", 200), ("keadaan=JEDA&halaman=0", 200), *ODD_PAGES])
def test_odd_words_get_an_answer(permits: City, query: str, expected: int) -> None:
    assert permits.client("dpmptsp").get(f"/izin/?{query}").status_code == expected


def test_asks_the_database_as_often_for_a_hundred_files(permits: City) -> None:
    browser = permits.client("dpmptsp")
    few = queries_of(browser, "/izin/")
    rows = [step(f"503/9{n:03}", "DITERIMA", "2026-10-01 09:00:00") for n in range(100)]
    take_events(mapping=mapping(), rows=[LogRow(n, row) for n, row in enumerate(rows, 2)], actor=None, now=MONDAY)
    people = list(Employee.objects.filter(pk__in=[p.pk for p in permits.staff]))
    for n, case in enumerate(ServiceCase.objects.filter(case_id__startswith="503/9")):
        ServiceCase.objects.filter(pk=case.pk).update(responsible=people[n % len(people)])
    assert queries_of(browser, "/izin/") == few <= MOST_QUERIES
