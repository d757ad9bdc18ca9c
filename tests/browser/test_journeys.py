"""What people do here, clicked and typed in a real browser."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from appraisal.models import Assessment, Evidence, ProgressEntry
from employees.models import User
from tests.browser.conftest import Visitor
from tests.people import PASSWORD, City

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def sign_in(page: Page, name: str = "pegawai", password: str = PASSWORD) -> None:
    page.get_by_label("Nama pengguna atau NIP").fill(name)
    page.get_by_label("Kata sandi").fill(password)
    page.get_by_role("button", name="Masuk").click()


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    file = tmp_path / "rekap.pdf"
    file.write_bytes(PDF)
    return file


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_an_employee_adds_progress_with_a_file_and_sees_it(month: City, visitor: Visitor, paper: Path, scripts: bool) -> None:
    page = visitor.open("/kinerja/", width=360, scripts=scripts)
    sign_in(page)
    page.get_by_role("link", name="Tambah realisasi Berkas permohonan diverifikasi").click()
    page.get_by_label("Realisasi (berkas)").fill("86,5")
    page.get_by_label(re.compile("Apa yang dikerjakan")).fill("Rekap minggu ketiga")
    page.get_by_label(re.compile("Pilih berkas bukti")).set_input_files(paper)
    page.get_by_role("button", name="Simpan realisasi").click()
    expect(page.get_by_role("status").first).to_contain_text("Realisasi tersimpan: 86,5 berkas.")
    expect(page.get_by_role("link", name="rekap.pdf")).to_be_visible()
    assert Evidence.objects.get(title="rekap.pdf").entry.note == "Rekap minggu ketiga"


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "plain"])
def test_from_home_the_reason_of_a_result_is_one_press_away(month: City, visitor: Visitor, scripts: bool) -> None:
    page = visitor.open("/", "pegawai", width=360, scripts=scripts)
    expect(page.locator(".predikat")).to_contain_text("Baik")
    page.get_by_role("link", name="Mengapa nilainya begini?").click()
    expect(page.get_by_role("heading", name="Mengapa nilainya begini?")).to_be_visible()
    expect(page.get_by_text("64 + 47 = 111 berkas")).to_be_visible()
    page.get_by_text("2 catatan dan buktinya").first.click()
    expect(page.get_by_role("link", name="Rekap 1").first).to_be_visible()
    assert Assessment.objects.filter(received_at__isnull=False).count() == 1


def test_a_refused_form_leads_to_its_fields(month: City, visitor: Visitor) -> None:
    page = visitor.open("/kinerja/", "pegawai")
    page.get_by_role("link", name="Tambah realisasi Berkas permohonan diverifikasi").click()
    page.get_by_label("Realisasi (berkas)").fill("delapan")
    page.get_by_role("button", name="Simpan realisasi").click()
    visitor.awaits("status of 400")
    expect(page).to_have_title(re.compile("^Galat: "))
    expect(page.locator("#ringkasan-galat")).to_be_focused()
    page.locator("#ringkasan-galat").get_by_role("link", name="Tulis angka saja, misalnya 86,5.").click()
    box = page.get_by_label("Realisasi (berkas)")
    expect(box).to_be_focused()
    expect(box).to_have_value("delapan")
    described = box.get_attribute("aria-describedby") or ""
    assert "Tulis angka saja" in " ".join(page.locator(f"#{part}").inner_text() for part in described.split())


def test_a_wrong_password_is_said_in_the_summary(month: City, visitor: Visitor) -> None:
    page = visitor.open("/masuk/")
    sign_in(page, password="salah")
    expect(page).to_have_title(re.compile("^Galat: "))
    expect(page.locator("#ringkasan-galat")).to_be_focused()


def test_a_number_is_read_back_while_it_is_typed(month: City, visitor: Visitor) -> None:
    page = visitor.open("/kinerja/", "pegawai")
    page.get_by_role("link", name="Tambah realisasi Berkas permohonan diverifikasi").click()
    box = page.get_by_label("Realisasi (berkas)")
    for typed, read in (
        ("1250,5", "Terbaca: 1.250,5 berkas"),
        ("1.250", "Terbaca: 1.250 berkas"),
        ("satu", "Belum terbaca sebagai angka. Contoh: 86,5"),
    ):
        box.fill(typed)
        expect(page.locator("#terbaca")).to_have_text(read)


def test_a_draft_outlives_a_closed_page_and_goes_once_it_is_saved(month: City, visitor: Visitor) -> None:
    context = visitor.context("pegawai", width=360)
    page = visitor.page(context, "/kinerja/")
    page.get_by_role("link", name="Tambah realisasi Berkas permohonan diverifikasi").click()
    address = page.url
    page.get_by_label("Realisasi (berkas)").fill("77")
    page.get_by_label(re.compile("Apa yang dikerjakan")).fill("Belum selesai ditulis")
    page.close(run_before_unload=False)
    again = visitor.page(context, address)
    expect(again.get_by_label("Realisasi (berkas)")).to_have_value("77")
    expect(again.locator("[data-status]")).to_contain_text("dipulihkan")
    again.get_by_role("button", name="Simpan realisasi").click()
    expect(again.get_by_label("Realisasi (berkas)")).to_have_value("")
    assert again.evaluate("Object.keys(localStorage).filter(k => k.startsWith('draf:'))") == []
    assert ProgressEntry.objects.filter(note="Belum selesai ditulis").count() == 1


def test_on_a_shared_computer_nothing_is_kept(month: City, visitor: Visitor) -> None:
    page = visitor.open("/kinerja/", width=360)
    page.get_by_label(re.compile("Ini komputer bersama")).check()
    sign_in(page)
    page.get_by_role("link", name="Tambah realisasi Berkas permohonan diverifikasi").click()
    page.get_by_label(re.compile("Apa yang dikerjakan")).fill("Jangan disimpan")
    page.wait_for_timeout(300)
    assert page.evaluate("Object.keys(localStorage).length") == 0


def test_signing_out_forgets_the_drafts(month: City, visitor: Visitor) -> None:
    page = visitor.open("/kinerja/", "pegawai")
    page.get_by_role("link", name="Tambah realisasi Berkas permohonan diverifikasi").click()
    page.get_by_label(re.compile("Apa yang dikerjakan")).fill("Rahasia kantor")
    page.wait_for_timeout(300)
    assert page.evaluate("Object.keys(localStorage).length") == 1
    page.get_by_role("button", name="Keluar").click()
    expect(page.get_by_role("heading", name="Masuk")).to_be_visible()
    assert page.evaluate("Object.keys(localStorage).length") == 0


def test_language_and_theme_are_chosen_at_the_foot_of_every_page(month: City, visitor: Visitor) -> None:
    page = visitor.open("/kinerja/", "pegawai", scripts=False)
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="My performance")).to_be_visible()
    assert page.url.endswith("/kinerja/")
    page.get_by_role("button", name="Dark theme").click()
    assert page.locator("html").get_attribute("data-tema") == "gelap"
    assert User.objects.get(username="pegawai").theme == "gelap"


def test_a_printed_explanation_fits_the_paper_and_opens_what_is_folded(month: City, visitor: Visitor) -> None:
    page = visitor.open("/kinerja/", "pegawai")
    page.get_by_role("link", name="Mengapa nilainya begini?").click()
    page.wait_for_url("**/kinerja/nilai/**")
    page.emulate_media(media="print")
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    assert not page.locator(".nav-bawah").is_visible()
    assert page.get_by_text("aturan-2025").is_visible()
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
