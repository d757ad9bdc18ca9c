"""Every screen at every width, theme and language: reachable by all, nothing cut off, nothing foreign."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from appraisal.models import Assessment, Indicator, ProgressEntry
from employees.models import OrgUnit, Position, User
from tests.browser.conftest import DESKTOP, LOOKS, PHONE, Visitor
from tests.browser.looks import FORBIDDEN, OVERFLOW, SMALL_TARGETS, SPLIT_WORDS, TEXTS
from tests.months import running_period
from tests.people import City

Axe = Callable[[Page], list[str]]


def screens(city: City) -> list[tuple[str | None, str]]:
    """Who opens what: the screens of these apps."""
    pegawai = city.people["pegawai"]
    published = Assessment.objects.filter(employee=pegawai, state="TERBIT").latest("id")
    running = Assessment.objects.get(employee=pegawai, cycle__state="BERJALAN")
    indicator = Indicator.objects.filter(plan=running.plan).order_by("order")[0]
    entry = ProgressEntry.objects.current().filter(target__indicator=indicator).latest("id")
    return [
        (None, "/masuk/"),
        ("pegawai", "/"),
        ("penilai", "/"),
        ("bkpsdm", "/"),
        ("pimpinan", "/"),
        ("inspektorat", "/"),
        ("pegawai", "/kinerja/"),
        ("pegawai", reverse("nilai", args=[published.pk])),
        ("pegawai", reverse("nilai", args=[running.pk])),
        ("pegawai", reverse("realisasi", args=[indicator.pk, running_period().key])),
        ("pegawai", reverse("realisasi-catatan", args=[entry.pk])),
        ("pegawai", "/profil/"),
        (None, "/masuk/aktivasi/"),
        ("bkpsdm", "/akun/"),
        ("bkpsdm", "/akun/daftar/?unit=DPMPTSP"),
    ]


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
@pytest.mark.parametrize(("theme", "language"), LOOKS)
def test_axe_finds_nothing_and_nothing_overflows(month: City, visitor: Visitor, axe: Axe, width: int, theme: str, language: str) -> None:
    found: list[str] = []
    User.objects.update(language=language)
    contexts = {login: visitor.context(login, width=width, theme=theme) for login in {login for login, _path in screens(month)}}
    for login, path in screens(month):
        page = visitor.page(contexts[login], path)
        found += [f"{login} {path} {language}: {v}" for v in axe(page)]
        if page.evaluate(OVERFLOW) > 0:
            found.append(f"{login} {path} {language}: wider than {width}")
        page.close()
    assert found == []


def test_a_page_holds_at_twice_the_text_size(month: City, visitor: Visitor) -> None:
    context = visitor.context("pegawai", width=640)
    for login, path in screens(month):
        if login != "pegawai":
            continue
        page = visitor.page(context, path)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert page.evaluate(OVERFLOW) <= 0, path
        page.close()


def test_no_word_breaks_in_its_middle_on_the_smallest_phone(month: City, visitor: Visitor) -> None:
    Position.objects.filter(kind="PELAKSANA", title="Pengelola Perizinan").update(
        title="Pengelola Layanan Perizinan Berusaha Berbasis Risiko"
    )
    OrgUnit.objects.filter(kind="SEKSI").update(name="Seksi Penyelenggaraan Pelayanan Perizinan dan Nonperizinan")
    found = []
    for language in ("id", "en"):
        User.objects.update(language=language)
        for login, path in screens(month):
            page = visitor.open(path, login, width=PHONE)
            found += [f"{path} {language}: {word}" for word in page.evaluate(SPLIT_WORDS)]
            page.close()
    assert found == []


@pytest.mark.parametrize(("width", "least"), [(PHONE, 44), (DESKTOP, 24)])
def test_targets_are_large_enough_for_a_thumb(month: City, visitor: Visitor, width: int, least: int) -> None:
    found = []
    for login, path in screens(month):
        page = visitor.open(path, login, width=width)
        found += [f"{path}: {small}" for small in page.evaluate(SMALL_TARGETS, least)]
        page.close()
    assert found == []


def test_numbers_dates_and_money_are_written_as_people_here_write_them(month: City, visitor: Visitor) -> None:
    found = []
    for login, path in screens(month):
        page = visitor.open(path, login)
        text = page.evaluate(TEXTS)
        found += [f"{path}: {what} {match.group()!r}" for what, rule in FORBIDDEN.items() for match in re.finditer(rule, text)]
        page.close()
    assert found == []


def test_an_employees_pages_stay_within_their_bytes_and_requests(month: City, visitor: Visitor) -> None:
    """Budgets in bytes as they travel, cold: page 14 kB, sheet 12 kB, scripts 32 kB, all 80 kB, 8 requests."""
    for _login, path in [entry for entry in screens(month) if entry[0] == "pegawai"]:
        page = visitor.context("pegawai", width=360).new_page()
        weights: dict[str, int] = {}
        page.on("response", lambda r, seen=weights: seen.update({r.url: len(gzip.compress(r.body(), 6))}))
        page.goto(path, wait_until="networkidle")
        kinds = {kind: sum(n for url, n in weights.items() if url.endswith(kind)) for kind in (".css", ".js")}
        whole = sum(weights.values())
        assert len(weights) <= 8, weights
        assert kinds[".css"] <= 12_000, weights
        assert kinds[".js"] <= 32_000, weights
        assert whole <= 80_000, weights
        assert weights[page.url] <= 14_000, weights
        page.close()


def test_the_keyboard_reaches_everything_in_order_and_shows_where_it_is(month: City, visitor: Visitor) -> None:
    page = visitor.open("/kinerja/", "pegawai")
    places: list[dict[str, object]] = []
    for _n in range(60):
        page.keyboard.press("Tab")
        here = page.evaluate(
            """() => { const e = document.activeElement, s = getComputedStyle(e), b = e.getBoundingClientRect();
            const top = document.elementFromPoint(b.x + b.width / 2, b.y + b.height / 2);
            return {tag: e.tagName, text: e.textContent.trim().slice(0, 40), ring: s.outlineStyle !== 'none' || e.tagName === 'BODY',
                    seen: e === document.body || !top || e.contains(top) || top.contains(e), y: b.y + scrollY}; }"""
        )
        if here["tag"] == "BODY":
            break
        places.append(here)
    assert places[0]["text"] == "Langsung ke isi"
    assert [p for p in places if not p["ring"]] == []
    assert [p for p in places if not p["seen"]] == []
    assert any(p["text"] == "Keluar" for p in places)


def test_the_skip_link_leads_to_the_content(month: City, visitor: Visitor) -> None:
    page = visitor.open("/kinerja/", "pegawai")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "utama"


@pytest.mark.parametrize("feature", [{"forced_colors": "active"}, {"reduced_motion": "reduce"}])
def test_forced_colours_and_stillness_break_nothing(month: City, visitor: Visitor, feature: dict[str, str]) -> None:
    page = visitor.open("/kinerja/", "pegawai", **feature)
    assert page.get_by_role("heading", name="Kinerja Saya").is_visible()


def test_without_storage_pages_work(month: City, visitor: Visitor) -> None:
    context = visitor.context("pegawai", width=360)
    context.add_init_script("Object.defineProperty(self, 'localStorage', {get() { throw new Error('off') }})")
    page = visitor.page(context, "/kinerja/")
    page.get_by_role("link", name="Tambah realisasi").nth(1).click()
    page.get_by_label("Apa yang dikerjakan?").fill("Tanpa simpanan")
    assert page.get_by_role("button", name="Simpan realisasi").is_visible()
