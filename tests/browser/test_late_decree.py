"""A decree that arrives late, in a real browser: one proposes, another approves, the employee reads both versions; without scripts."""

from __future__ import annotations

from collections.abc import Callable

from django.utils import timezone
from playwright.sync_api import Page, expect

from appraisal.models import Assessment
from appraisal.services.publishing import unfinished_jobs, work_on
from employees.models import Posting, RoleAssignment
from employees.rules.viewing import Role
from employees.services.postings import post_employee
from tests.browser.conftest import PHONE, Visitor
from tests.months import recent_months
from tests.people import ALWAYS, City


def record_late(city: City) -> None:
    """Somebody moved at the beginning of last month, which is published; the city hears of it today."""
    held = Posting.objects.known().get(employee=city.staff[0])
    post_employee(
        employee_id=held.employee_id, unit_id=city.units["DPMPTSP.SEK"].pk, position_id=held.position_id,
        supervisor_id=city.people["dpmptsp"].pk, heads_unit=False, valid_from=recent_months(1)[0].start, valid_to=None, decided_on=None,
        decree="821/77/2026", reason="Mutasi", actor=None, now=timezone.now(),
    )  # fmt: skip


def test_a_late_decree_becomes_a_version_by_two_people_and_the_employee_reads_it(
    month: City, visitor: Visitor, axe: Callable[[Page], list[str]]
) -> None:
    record_late(month)
    RoleAssignment.objects.filter(user=month.users["inspektorat"]).delete()
    RoleAssignment.objects.create(user=month.users["inspektorat"], role=Role.CITY_HR, valid=ALWAYS)
    page = visitor.open("/kendali/", "bkpsdm", width=PHONE)
    page.get_by_role("link", name="Perubahan berlaku surut").click()
    expect(page.get_by_role("heading", name="SK 821/77/2026")).to_be_visible()
    expect(page.get_by_text("Dinilai sah oleh Darwis Sikumbang menurut penempatan yang diketahui pada")).to_be_visible()
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE
    page.get_by_label("Alasan").fill("SK mutasi baru diterima")
    page.get_by_role("button", name="Kirim usulan").click()
    expect(page.get_by_text("Orang BKPSDM lain perlu menyetujuinya.")).to_be_visible()
    expect(page.get_by_role("button", name="Setujui usulan")).to_have_count(0)
    address = page.url

    other = visitor.open(address, "inspektorat", width=PHONE, scripts=False)
    other.get_by_role("button", name="Setujui usulan").click()
    expect(other.get_by_text("Usulan disetujui.")).to_be_visible()
    for job in unfinished_jobs():
        work_on(job, now=timezone.now())
    other.reload()
    expect(other.get_by_text("Diterapkan", exact=True)).to_be_visible()

    new = Assessment.objects.current().get(employee=month.staff[0], version=2)
    own = visitor.open(f"/kinerja/nilai/{new.pk}/", "pegawai", width=PHONE, scripts=False)
    expect(own.get_by_text("Penempatan diketahui terlambat")).to_be_visible()
    expect(own.get_by_text("Alasan: SK mutasi baru diterima")).to_be_visible()
    own.get_by_role("link", name="versi sebelumnya").click()
    expect(own.get_by_text("Ini versi 1.")).to_be_visible()
    new.refresh_from_db()
    assert new.received_at is not None
