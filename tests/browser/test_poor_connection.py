"""A phone in the field: the connection goes, the session ends, an answer is lost - and nothing is lost or stored twice."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from PIL import ExifTags, Image, ImageFilter
from playwright.sync_api import BrowserContext, Page, Route, expect

from appraisal.models import Feedback, ProgressEntry
from tests.browser.conftest import Visitor
from tests.people import PASSWORD, City

WORDS = "Berkas di meja layanan"


def progress_form(visitor: Visitor, context: BrowserContext, paper: Path) -> Page:
    page = visitor.page(context, "/kinerja/")
    page.get_by_role("link", name="Tambah realisasi Berkas permohonan diverifikasi").click()
    page.get_by_label("Realisasi (berkas)").fill("41")
    page.get_by_label(re.compile("Apa yang dikerjakan")).fill(WORDS)
    page.get_by_label("Pilih berkas bukti").set_input_files(paper)
    return page


def stored() -> list[ProgressEntry]:
    return list(ProgressEntry.objects.filter(note=WORDS))


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    found = tmp_path / "rekap.pdf"
    found.write_bytes(b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n")
    return found


@pytest.mark.parametrize("kind", ["jpeg", "png"])
def test_a_photo_is_made_smaller_before_it_travels(month: City, visitor: Visitor, tmp_path: Path, kind: str) -> None:
    """Straight from the camera and sent at once: twelve million pixels, and the place where it was taken is left at home."""
    photo = tmp_path / f"papan.{kind}"
    image = Image.effect_noise((4000, 3000), 80).convert("RGB").filter(ImageFilter.GaussianBlur(2))
    place = Image.Exif()
    place.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitudeRef] = "S"
    image.save(photo, exif=place, quality=95)
    assert photo.stat().st_size > 2_000_000
    page = progress_form(visitor, visitor.context("pegawai", width=360), photo)
    page.get_by_role("button", name="Simpan realisasi").click()
    expect(page.get_by_text("Realisasi tersimpan: 41 berkas.")).to_be_visible()
    [proof] = stored()[0].evidence.all()
    assert (proof.title, proof.content_type) == ("papan.jpg", "image/jpeg")
    assert proof.size <= 300_000
    kept = Image.open(Path(settings.MEDIA_ROOT) / proof.file.name)
    assert max(kept.size) <= 1600
    assert not kept.getexif()


def test_what_is_sent_without_a_connection_goes_with_its_file_once_it_is_back(month: City, visitor: Visitor, paper: Path) -> None:
    context = visitor.context("pegawai", width=360)
    page = progress_form(visitor, context, paper)
    context.set_offline(True)
    page.get_by_role("button", name="Simpan realisasi").click()
    page.get_by_role("button", name="Simpan realisasi").click()
    expect(page.locator("[data-status]")).to_contain_text("Anda sedang luring")
    visitor.awaits("ERR_INTERNET_DISCONNECTED")
    assert stored() == []
    context.set_offline(False)
    expect(page.get_by_text("Realisasi tersimpan: 41 berkas.")).to_be_visible()
    [entry] = stored()
    assert [proof.title for proof in entry.evidence.all()] == ["rekap.pdf"]
    assert page.evaluate("Object.keys(localStorage).filter(k => k.startsWith('draf:'))") == []


def test_a_session_that_ended_before_the_form_was_sent_costs_neither_words_nor_file(month: City, visitor: Visitor, paper: Path) -> None:
    page = progress_form(visitor, visitor.context("pegawai", width=360), paper)
    Session.objects.all().delete()
    page.get_by_role("button", name="Simpan realisasi").click()
    visitor.awaits("status of 401")
    dialog = page.get_by_role("dialog", name="Sesi Anda berakhir")
    expect(dialog.get_by_role("button", name="Masuk lagi")).to_be_focused()
    page.keyboard.press("Enter")
    dialog.get_by_label("Kata sandi").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Realisasi tersimpan: 41 berkas.")).to_be_visible()
    [entry] = stored()
    assert entry.evidence.count() == 1


def test_a_lost_answer_does_not_store_a_figure_or_feedback_twice(month: City, visitor: Visitor, paper: Path) -> None:
    def swallow(route: Route) -> None:
        route.fetch()
        route.abort()

    def twice(page: Page, pattern: str, button: str) -> Page:
        page.route(re.compile(pattern), swallow, times=1)
        page.get_by_role("button", name=button).click()
        expect(page.get_by_role("button", name=button)).to_have_count(0)
        again = visitor.page(page.context, address)
        again.get_by_role("button", name=button).click()
        return again

    visitor.awaits("ERR_FAILED")
    page = progress_form(visitor, visitor.context("pegawai", width=360), paper)
    page.get_by_label("Pilih berkas bukti").set_input_files([])
    address = page.url
    expect(twice(page, r"/kinerja/realisasi/", "Simpan realisasi").get_by_text("Realisasi tersimpan: 41 berkas.")).to_be_visible()
    assert len(stored()) == 1

    address = f"/tim/umpan-balik/{month.people['pegawai'].pk}/"
    page = visitor.open(address, "penilai", width=360)
    page.get_by_label("Apresiasi: ini patut diteruskan").check()
    page.get_by_label("Tentang").select_option(label="Kompeten")
    page.get_by_role("textbox", name="Umpan balik").fill("Membantu loket sampai antrean habis.")
    again = twice(page, r"/tim/umpan-balik/", "Kirim umpan balik")
    expect(again.get_by_text("Umpan balik terkirim.")).to_be_visible()
    assert Feedback.objects.filter(text__startswith="Membantu loket").count() == 1
    again = visitor.page(again.context, address)
    expect(again.get_by_role("textbox", name="Umpan balik")).to_have_value("")
