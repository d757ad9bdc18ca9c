"""A rater who missed somebody, in a real browser: from home to the published late rating, without any script."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from appraisal.models import Assessment
from appraisal.services.publishing import close_cycle, unfinished_jobs, work_on
from tests.browser.conftest import DESKTOP, PHONE, Visitor
from tests.months import DAY, open_cycle, running_period, today
from tests.people import City
from tests.teams import open_team

REASON = "Penilai dirawat di rumah sakit"


@pytest.fixture
def closed(visitor: Visitor) -> City:
    """Last month closed, and nobody had been rated."""
    cycle = open_cycle(visitor.city, running_period().previous(), state="PENILAIAN", due=today() - DAY)
    open_team(visitor.city, cycle=cycle)
    close_cycle(cycle=cycle, now=cycle.rating_due + DAY)
    while (job := unfinished_jobs().first()) is not None:
        work_on(job, now=cycle.rating_due + DAY)
    return visitor.city


def chosen(page: Page, **marks: int) -> None:
    for key, mark in marks.items():
        page.check(f'input[name="n-{key}"][value="{mark}"]')


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_a_rater_rates_late_without_scripts_and_the_employee_reads_why(closed: City, visitor: Visitor, width: int) -> None:
    name = closed.staff[0].name
    page = visitor.open("/", "penilai", width=width, scripts=False)
    expect(page.get_by_text("12 penilaian")).to_be_visible()
    page.get_by_role("link", name="Nilai terlambat").click()
    page.get_by_role("region", name="Belum dinilai, dapat dinilai terlambat").get_by_role("link", name=name).click()
    chosen(page, result=1, behaviour=2, **dict.fromkeys(("bp", "ak", "ko", "ha", "lo", "ad", "kl"), 2))
    expect(page.get_by_text("Saran dari")).to_have_count(0)
    visitor.awaits("400")
    page.get_by_role("button", name="Simpan dan terbitkan penilaian terlambat").click()
    expect(page.get_by_role("alert")).to_contain_text("Isi alasan menilai terlambat.")
    page.fill("[name=why]", REASON)
    page.get_by_role("button", name="Simpan dan terbitkan penilaian terlambat").click()
    expect(page.get_by_role("alert")).to_contain_text("Saran dari capaian 95,56%: sesuai ekspektasi.")
    assert page.locator("[name=why]").input_value() == REASON
    assert page.locator('input[name="n-result"][value="1"]').is_checked()
    page.fill('[name="ex-HASIL"]', "Tiga berkas hilang")
    page.fill('[name="reason-result"]', "Capaian tertolong bulan lalu")
    page.get_by_role("button", name="Simpan dan terbitkan penilaian terlambat").click()
    expect(page.get_by_text("Versi 2 tersimpan dan terbit.")).to_be_visible()
    expect(page.get_by_role("heading", name="Predikat", exact=True)).to_be_visible()
    new = Assessment.objects.current().get(employee=closed.staff[0])
    page.get_by_role("link", name="versi sebelumnya").click()
    expect(page.get_by_text("Ini versi 1.")).to_be_visible()

    own = visitor.open("/", "pegawai", width=width, scripts=False)
    own.get_by_role("button", name="sudah terbit").click()
    assert own.url.endswith(f"/kinerja/nilai/{new.pk}/")
    expect(own.get_by_text(f"Alasan: {REASON}")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_late_form_and_the_list_are_sound_on_every_screen(
    closed: City, visitor: Visitor, axe: Callable[[Page], list[str]], theme: str
) -> None:
    case = Assessment.objects.current().get(employee=closed.staff[0])
    for width in (PHONE, DESKTOP):
        for path in (f"/tim/?periode={case.cycle.period}", f"/tim/nilai/{case.pk}/"):
            page = visitor.open(path, "atasan", width=width, theme=theme)
            assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0, path
            assert axe(page) == [], path
