"""One decree moves 150 people in the middle of a month, in a real browser: nobody's unfinished rating is left without an owner."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from appraisal.models import Assessment, Cycle
from appraisal.policies import may_rate
from appraisal.services.cases import ensure_assessments
from employees.models import Employee, User
from employees.queries import viewer_of
from tests.browser.conftest import DESKTOP, Visitor
from tests.imports.carried import work, xlsx_of
from tests.months import DAY, open_cycle, running_period, today
from tests.people import City

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DECREE = "821.2/77/BKPSDM-2026"


@pytest.fixture
def moving(visitor: Visitor) -> list[Employee]:
    """Last month waits for its ratings, 150 more people under one rater; the head of the Dinas Kesehatan has no account any more."""
    city = visitor.city
    people = city.add_staff(150)
    cycle = open_cycle(city, running_period().previous(), state="PENILAIAN", due=today() + 3 * DAY)
    ensure_assessments(cycle=cycle, now=timezone.now())
    User.objects.filter(employee=city.people["kadinkes"]).update(is_active=False)
    return people


def middle() -> dt.date:
    return running_period().previous().start + 15 * DAY


def decree_sheet(people: list[Employee]) -> Any:
    """Half of them to the Dinas Kesehatan, half to the secretariat, as a browser takes a file."""
    rows = [["NIP Baru", "Unit Kerja", "Jabatan", "Jenis Jabatan"]]
    rows += [[p.nip, "DINKES.YAN" if n % 2 else "DPMPTSP.SEK", "Pengadministrasi", "PELAKSANA"] for n, p in enumerate(people)]
    return {"name": "sk-mutasi.xlsx", "mimeType": SHEET, "buffer": xlsx_of(rows)}


def brought_and_tried(page: Page, people: list[Employee]) -> None:
    page.goto("/impor/penempatan/")
    page.set_input_files("input[name=file]", decree_sheet(people))
    page.get_by_role("button", name="Unggah dan lihat kolom").click()
    page.get_by_label("Nomor SK").fill(DECREE)
    page.get_by_label("Tanggal SK").fill(f"{middle() - DAY}")
    page.get_by_label("Berlaku sejak").fill(f"{middle()}")
    page.get_by_role("button", name="Uji berkas").click()
    finished(page)
    expect(page.locator(".angka-impor")).to_have_text("0 baru, 150 berubah, 0 tetap, 0 salah")


def finished(page: Page) -> None:
    """The page of the running work notices by itself that a worker did it."""
    page.locator("[data-jalan]").wait_for()
    work()
    page.locator("[data-jalan]").wait_for(state="detached")


def without_rater(cycle: Cycle) -> list[Assessment]:
    """Unfinished cases that nobody who can sign in may rate."""
    open_cases = Assessment.objects.current().filter(cycle=cycle, state="DRAF").select_related("employee", "assessor")
    viewers = [viewer_of(user, on=today()) for user in User.objects.filter(is_active=True)]
    return [case for case in open_cases if not any(may_rate(viewer, case) for viewer in viewers)]


def test_an_sk_moves_150_people_in_mid_month_and_every_unfinished_rating_has_an_owner(visitor: Visitor, moving: list[Employee]) -> None:
    city: City = visitor.city
    cycle = Cycle.objects.get()
    page = visitor.open("/", "bkpsdm", width=DESKTOP)
    brought_and_tried(page, moving)
    page.get_by_label("Alasan").fill("Rotasi")
    page.get_by_role("button", name="Terapkan 150 baris").click()
    finished(page)
    expect(page.get_by_role("heading", name="Diterapkan")).to_be_visible()
    ensure_assessments(cycle=cycle, now=timezone.now())  # what the cycle does every ten minutes
    cases = Assessment.objects.current().filter(cycle=cycle, employee__in=moving)
    assert cases.count() == 300, "two posts, two cases"
    assert set(cases.filter(stretch_start=middle()).values_list("assessor", flat=True)) == {
        city.people["kadinkes"].pk,
        city.people["dpmptsp"].pk,
    }
    assert len(without_rater(cycle)) == 76, "those who came to the Dinas Kesehatan, and who was there before"

    page.goto("/serah-terima/")
    left = page.get_by_role("region", name="Penilaian belum selesai tanpa penilai").last
    expect(page.locator("section[aria-labelledby=penilaian] > header .chip")).to_have_text("76")
    expect(left.get_by_text(f"penilai {city.people['kadinkes'].name} tidak dapat menilai lagi").first).to_be_visible()
    left.get_by_role("link", name="Tunjuk pengganti").first.click()
    page.get_by_label(f"{city.people['dpmptsp'].name}, Kepala Dinas").check()
    page.fill("[name=reason]", "Kepala dinas lama pindah ke luar kota")
    page.get_by_role("button", name="Tunjuk pengganti").click()
    expect(page.get_by_text("Pengganti ditunjuk.")).to_be_visible()

    assert without_rater(cycle) == []
    page.goto("/serah-terima/")
    expect(page.get_by_text("Tidak ada yang tertinggal")).to_be_visible()
    rater = visitor.open(f"/tim/?periode={cycle.period}", "dpmptsp", width=DESKTOP)
    expect(rater.get_by_role("link", name=moving[0].name, exact=True)).to_be_visible()
    expect(rater.get_by_role("link", name=moving[1].name, exact=True)).to_be_visible()
    before = visitor.open(f"/tim/?periode={cycle.period}", "penilai", width=DESKTOP)
    expect(before.get_by_role("link", name=moving[1].name, exact=True)).to_be_visible()
