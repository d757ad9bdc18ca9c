"""A substitute by phone, and an employee who retires, in a real browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from appraisal.models import AppraisalPolicy, Assessment
from employees.models import ActingAppointment, DataReport, Posting
from tests.browser.conftest import DESKTOP, PHONE, Visitor
from tests.browser.whole_team import rate_team
from tests.months import DAY, open_cycle, running_period, today
from tests.people import PASSWORD, City
from tests.teams import open_team

SMALL_PHONE = 360
SCREENS = (("bkpsdm", "/serah-terima/"), ("atasan", "/pengganti/"), ("bkpsdm", "/pensiun/"), ("pengelola", "/laporan-data/"))


def rated_month(visitor: Visitor, *also: str) -> City:
    """Last month waits for the ratings of the twelve, and of those named besides; two ratings a person are asked."""
    city = visitor.city
    cycle = open_cycle(city, running_period().previous(), state="PENILAIAN", due=today() + 3 * DAY)
    open_team(city, cycle=cycle, people=[*city.staff, *(city.people[key] for key in also)])
    AppraisalPolicy.objects.update(behaviour_depth="TAHUNAN")
    return city


def test_a_supervisor_falls_ill_and_his_substitute_appointed_by_phone_finishes_the_ratings(visitor: Visitor) -> None:
    city = rated_month(visitor)
    page = visitor.open("/pengganti/", "atasan", width=SMALL_PHONE)
    page.get_by_role("link", name=city.people["penilai"].name).click()
    page.get_by_label(f"{city.staff[5].name}, Pengelola Perizinan").check()
    page.fill("[name=reason]", "Sakit, dirawat")
    page.get_by_role("button", name="Tunjuk pengganti").click()
    expect(page.get_by_text("Pengganti ditunjuk.")).to_be_visible()
    expect(page.get_by_text("surat menyusul paling lambat")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    mandate = ActingAppointment.objects.get()
    assert (mandate.substitute, mandate.kind) == (city.staff[5], "PLH")

    user = city.users["staf5"]
    user.set_password(PASSWORD)
    user.save()
    phone = visitor.open("/masuk/", width=SMALL_PHONE)
    phone.fill("[name=username]", user.username)
    phone.fill("[name=password]", PASSWORD)
    phone.get_by_role("button", name="Masuk").click()
    expect(phone.get_by_text("11 dari 11 pegawai belum selesai dinilai")).to_be_visible()
    rate_team(phone, running_period().previous().key, people=11)
    expect(phone.get_by_text("11 sudah terkirim")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    cases = Assessment.objects.current().filter(employee__in=city.staff)
    done = cases.exclude(employee=city.staff[5])
    assert set(done.values_list("state", "assessor", "rated_by")) == {("DINILAI", city.people["penilai"].pk, city.staff[5].pk)}
    assert cases.get(employee=city.staff[5]).state == "DRAF", "nobody rates himself"


def test_an_employee_retires_reads_his_own_and_writes_nothing_and_his_people_have_an_owner(visitor: Visitor) -> None:
    city = rated_month(visitor, "penilai")
    before = visitor.context("penilai")
    page = visitor.open("/pensiun/", "bkpsdm", width=DESKTOP)
    page.fill("[name=cari]", "Darwis")
    page.get_by_role("button", name="Cari").click()
    page.get_by_role("link", name="Darwis Sikumbang").click()
    expect(page.get_by_text("Bawahan yang berpindah")).to_be_visible()
    page.get_by_label("Pensiun karena batas usia").check()
    page.fill("[name=last_day]", (today() - DAY).isoformat())
    page.fill("[name=reason]", "Mencapai batas usia")
    page.get_by_role("button", name="Catat akhir tugas").click()
    expect(page.get_by_text("Bawahan dan tugasnya sudah berpindah.")).to_be_visible()

    assert visitor.page(before, "/kinerja/").url.endswith("/masuk/?next=%2Fkinerja%2F")
    own = visitor.open("/kinerja/", "penilai")
    expect(own.get_by_role("heading", level=1)).to_be_visible()
    visitor.awaits("403")
    own.goto("/kinerja/umpan-balik/")
    assert city.client_anew("penilai").post("/kinerja/skp/", {"penempatan": "1"}).status_code == 403
    page.goto("/serah-terima/")
    expect(page.get_by_text("Tidak ada yang tertinggal")).to_be_visible()

    superior = visitor.open("/", "atasan", width=SMALL_PHONE)
    rate_team(superior, running_period().previous().key, people=13)
    judged = Assessment.objects.current().filter(cycle__period=running_period().previous().key)
    assert set(judged.values_list("state", "rated_by")) == {("DINILAI", city.people["atasan"].pk)}
    assert judged.get(employee=city.people["penilai"]).result_rating == 2, "his last whole month is judged"


@pytest.mark.parametrize(("width", "theme"), [(SMALL_PHONE, "dark"), (DESKTOP, "light")])
def test_hr_splits_a_unit_and_places_its_people_without_scripts(visitor: Visitor, width: int, theme: str) -> None:
    city = visitor.city
    unit = city.units["DPMPTSP.IZIN.YAN"]
    context = visitor.context("bkpsdm", width=width, theme=theme, scripts=False)
    page = visitor.page(context, f"/admin/employees/orgunit/{unit.pk}/pecah/")
    first_day = today() + 30 * DAY
    for name, text in {
        "parts": "YAN.1; Seksi Satu\nYAN.2; Seksi Dua", "on": f"{first_day:%d-%m-%Y}", "decree": "188/9/2026", "reason": "Penataan"
    }.items():  # fmt: skip
        page.fill(f"[name={name}]", text)
    page.get_by_role("button", name="Lihat dampak").click()
    page.get_by_label("Pengelola Perizinan, 12 orang").select_option(label="Seksi Dua")
    page.get_by_label(city.staff[4].name, exact=True).select_option(label="Seksi Satu")
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    page.get_by_role("button", name="Pecah").click()
    expect(page.get_by_text("Unit dipecah menjadi Seksi Satu, Seksi Dua.")).to_be_visible()
    expect(page.get_by_role("heading", name="Serah terima", level=1)).to_be_visible()
    placed = dict(Posting.objects.in_force(on=first_day).filter(employee__in=city.staff).values_list("employee", "unit__code"))
    assert {person for person, code in placed.items() if code == "YAN.1"} == {city.staff[4].pk}


@pytest.mark.slow  # each of them once, in the short run, among all pages
def test_screens_of_moves_are_sound_on_phones_and_desks(visitor: Visitor, axe: Callable[[Page], list[str]]) -> None:
    city = rated_month(visitor)
    report = DataReport.objects.create(
        number="LD-2026-0001", employee=city.staff[0], unit=city.units["DPMPTSP.IZIN.YAN"], subject="UNIT", text="Keliru",
        created_at=f"{today()}T09:00+07:00", due_on=today() - 9 * DAY,
    )  # fmt: skip
    more = (
        ("atasan", f"/pengganti/untuk/{city.people['penilai'].pk}/"), ("pegawai", "/laporan-data/baru/"),
        ("pengelola", f"/laporan-data/{report.pk}/"), ("bkpsdm", f"/pegawai/{city.people['penilai'].pk}/akhir/"),
        ("bkpsdm", f"/pegawai/{city.people['penilai'].pk}/"), ("bkpsdm", f"/serah-terima/?pegawai={city.people['penilai'].pk}"),
    )  # fmt: skip
    for width, theme in ((PHONE, "light"), (DESKTOP, "dark")):
        for login, path in (*SCREENS, *more):
            page = visitor.open(path, login, width=width, theme=theme)
            assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0, (path, width)
            assert axe(page) == [], (path, width)
            page.close()
