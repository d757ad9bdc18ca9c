"""Whoever leaves the service is judged for his last whole month: its figures are still taken, from him or on paper."""

from __future__ import annotations

import datetime as dt
from uuid import uuid4

import pytest
from django.utils import timezone

from appraisal.models import Assessment, Indicator, ProgressEntry
from appraisal.queries.handover import owed_by
from appraisal.services.cases import ensure_assessments
from appraisal.services.daily_reminders import lines_by_person
from employees.models import User
from tests.appraisal.month import AFTER_DEADLINE, IN_OCTOBER, IN_WINDOW, Month
from tests.appraisal.planning import pdf
from tests.home.test_handover import leave, rating

LAST_DAY = dt.date(2026, 10, 31)


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: IN_WINDOW)


@pytest.fixture
def retired(month: Month) -> Month:
    """One of the twelve, without a figure for October, retired on its last day; it is the third of November."""
    month.city.people["pensiunan"] = month.city.staff[4]
    rating(month)
    leave(month.city, "pensiunan", LAST_DAY)
    ensure_assessments(cycle=month.cycle, now=IN_WINDOW)
    return month


def figures(month: Month) -> list[Indicator]:
    return list(Indicator.objects.filter(plan__employee=month.city.staff[4]).order_by("order"))


def form(note: str) -> dict[str, str]:
    return {"kunci": str(uuid4()), "value": "90", "note": note}


def test_he_enters_the_figures_of_his_last_month_himself_and_is_rated_by_who_led_him(retired: Month) -> None:
    city, person = retired.city, retired.city.staff[4]
    user = User.objects.get(pk=city.users["staf4"].pk)
    assert user.only_reads(on=IN_WINDOW.date())
    assert [line[0] for line in lines_by_person(now=IN_WINDOW)[person.pk]] == ["realisasi"]
    browser = city.client_anew("staf4")
    for indicator in figures(retired):
        address = f"/kinerja/realisasi/{indicator.pk}/2026-10/"
        assert address in browser.get("/kinerja/").content.decode()
        assert browser.post(address, form("Rekap Oktober")).status_code == 302
    assert ProgressEntry.objects.filter(employee=person).count() == 3
    assert person.pk not in lines_by_person(now=IN_WINDOW)
    retired.rate(person)
    retired.publish()
    case = Assessment.objects.current().get(employee=person)
    assert (case.state, case.rated_by) == ("TERBIT", city.people["penilai"])
    assert browser.get(f"/kinerja/nilai/{case.pk}/").status_code == 200


def test_he_writes_nothing_else_and_nothing_of_others(retired: Month) -> None:
    browser = retired.city.client_anew("staf4")
    other = Indicator.objects.filter(plan__employee=retired.city.staff[5]).first()
    assert other is not None
    assert browser.post(f"/kinerja/realisasi/{other.pk}/2026-10/", form("Bukan saya")).status_code in {403, 404}
    for address in ("/kinerja/skp/", "/tim/nilai/", "/pengganti/", "/kinerja/umpan-balik/1/tanggapan/"):
        answer = browser.post(address, {})
        assert answer.status_code == 403
        assert "mengisi realisasi bulan terakhir" in answer.content.decode()
    assert not ProgressEntry.objects.filter(note="Bukan saya").exists()


def test_after_the_deadline_his_figures_are_taken_no_more(retired: Month, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: AFTER_DEADLINE)
    browser = retired.city.client_anew("staf4")
    one = figures(retired)[0]
    answer = browser.post(f"/kinerja/realisasi/{one.pk}/2026-10/", form("Rekap"))
    assert answer.status_code in {400, 409}
    assert "Batas realisasi periode ini sudah lewat" in answer.content.decode()
    assert not ProgressEntry.objects.filter(target__indicator=one).exists()


def test_his_pengelola_types_them_from_the_signed_form(retired: Month) -> None:
    office, one = retired.city.client("pengelola"), figures(retired)[0]
    assert retired.city.staff[4].name in office.get("/kinerja/formulir/?periode=2026-10").content.decode()
    answer = office.post(f"/kinerja/realisasi/{one.pk}/2026-10/", {**form("Rekap"), "paper": pdf("formulir.pdf")})
    assert answer.status_code == 302
    assert ProgressEntry.objects.get(target__indicator=one).source == "KERTAS"


def test_the_checklist_of_an_end_of_service_says_what_is_missing_and_how_it_is_entered(
    retired: Month, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"/pegawai/{retired.city.staff[4].pk}/akhir/"
    owed = owed_by(retired.city.staff[4].pk, last_day=LAST_DAY)
    assert (owed.last_month, owed.last_figures, owed.last_due) == ("2026-10", 3, retired.cycle.progress_due)
    page = retired.city.client("bkpsdm").get(address).content.decode()
    assert "Realisasinya Oktober 2026 yang belum diisi" in page
    assert "ia dapat mengisi realisasinya di akunnya sampai" in page
    monkeypatch.setattr(timezone, "now", lambda: retired.cycle.progress_due + dt.timedelta(hours=1))
    late = retired.city.client_anew("bkpsdm").get(address).content.decode()
    assert "sudah lewat" in late
    assert "/kendali/batas/?periode=2026-10#pindah" in late


def test_who_has_entered_everything_has_nothing_left(month: Month) -> None:
    assert owed_by(month.city.staff[0].pk, last_day=LAST_DAY).last_figures == 0
    assert owed_by(month.city.staff[0].pk, last_day=IN_OCTOBER.date()).last_month == "2026-09"
