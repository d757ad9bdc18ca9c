"""The screens of raters and offices at every width, theme and language, and the control room clicked through."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from appraisal.incentives.models import EventSource, ServiceCase, ServiceEvent, ServiceType
from appraisal.models import Assessment, Feedback
from bukittinggi_kinerja.common.models import Notice
from bukittinggi_kinerja.common.period import start_of_day
from employees.models import User
from tests.browser.conftest import DESKTOP, LOOKS, PHONE, Visitor
from tests.browser.looks import OVERFLOW
from tests.months import open_cycle, running_period, today
from tests.people import City
from tests.teams import open_team, running_case

Axe = Callable[[Page], list[str]]
#: A word that stands on more lines than it has: cut in the middle.
BROKEN_WORDS = r"""() => { const found = [], walker = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode());) { if (!node.parentElement.checkVisibility() || node.parentElement.closest('.sr, script, svg')) continue;
    for (const m of node.data.matchAll(/[\p{L}]{3,}/gu)) { const r = document.createRange(); r.setStart(node, m.index); r.setEnd(node, m.index + m[0].length);
      if (new Set([...r.getClientRects()].map(b => Math.round(b.top))).size > 1) found.push(m[0]); } } return found; }"""
SMALL = """least => [...document.querySelectorAll('main a, main button, main summary, main input:not([type=hidden]), main select, main textarea')]
  .filter(e => e.checkVisibility() && !e.closest('li p, td, th, dd, .orang-catatan, .umpan, .sr') && !(e.tagName === 'A' && e.closest('p, li') && !e.matches('.btn, .tab a')))
  .map(e => [e.type === 'radio' || e.type === 'checkbox' ? (e.closest('label') || e) : e, e]).map(([box, e]) => [box.getBoundingClientRect(), e])
  .filter(([b]) => b.width && (b.height < least || b.width < least)).map(([b, e]) => `${e.tagName} ${e.name || e.textContent.trim().slice(0, 30)} ${Math.round(b.width)}x${Math.round(b.height)}`)"""


@pytest.fixture
def office(visitor: Visitor) -> City:
    """A running month with marks, last month in rating, feedback, and permits in every open state."""
    city = visitor.city
    open_team(city)
    open_team(city, people=city.add_staff(3), cycle=open_cycle(city, running_period().previous(), state="PENILAIAN", due=today()))
    case = running_case(city)
    Assessment.objects.filter(pk=case.pk).update(result_rating=3, behaviour_rating=2, mark_ak=1, mark_bp=2)
    Feedback.objects.create(
        employee=case.employee, author=city.people["penilai"], source="PIMPINAN", behaviour="AK", tone="PERBAIKAN",
        happened_on=running_period().start, text="Rekap terlambat dua hari.", created_at=start_of_day(running_period().start),
    )  # fmt: skip
    permits(city)
    return city


def permits(city: City) -> None:
    source = EventSource.objects.create(code="izin-kota", mapping={"clock": {"accept": ["Diterima"], "stop": ["Perbaikan"]}})
    kind, _made = ServiceType.objects.get_or_create(code="PBG", defaults={"name": "Persetujuan Bangunan Gedung"})
    now = dt.datetime.now(dt.UTC)
    day = dt.timedelta(days=1)
    states = (("DITERIMA", 20, None), ("DIPROSES", -3, None), ("DIPROSES", 0, None), ("JEDA", None, now - 4 * day))
    for n, (state, due, paused) in enumerate(states):
        case = ServiceCase.objects.create(
            source=source, case_id=f"503/{n:05}/2026", service_type=kind, state=state, accepted_at=now - 10 * day, standard_days=28,
            due_at=None if due is None else now + due * day, paused_since=paused, responsible=city.staff[n],
        )  # fmt: skip
        ServiceEvent.objects.create(
            case=case,
            source=source,
            key=f"k{n}",
            activity="Diterima",
            at=now - 10 * day,
            officer=city.staff[n],
            digest="-",
            recorded_at=now,
        )


def screens(city: City) -> list[tuple[str, str]]:
    case = running_case(city)
    last = running_period().previous().key
    return [
        ("penilai", f"/tim/?periode={running_period().key}"),
        ("penilai", f"/tim/?periode={running_period().key}&aspek=ak"),
        ("penilai", f"/tim/periksa/?periode={running_period().key}"),
        ("penilai", f"/tim/nilai/{case.pk}/"),
        ("atasan", f"/tim/nilai/{case.pk}/"),
        ("penilai", f"/tim/umpan-balik/{case.employee_id}/"),
        ("pegawai", "/kinerja/umpan-balik/"),
        ("penilai", "/kinerja/umpan-balik/?dari=saya"),
        ("bkpsdm", "/kendali/"),
        ("bkpsdm", f"/kendali/daftar/?periode={last}&tahap=nilai&keadaan=belum"),
        ("dpmptsp", "/izin/"),
        ("dpmptsp", "/izin/?keadaan=DIPROSES"),
        ("dpmptsp", f"/izin/{ServiceCase.objects.get(state='JEDA').pk}/"),
    ]


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
@pytest.mark.parametrize(("theme", "language"), LOOKS)
def test_axe_finds_nothing_and_nothing_is_cut_off(office: City, visitor: Visitor, axe: Axe, width: int, theme: str, language: str) -> None:
    found: list[str] = []
    User.objects.update(language=language)
    contexts = {login: visitor.context(login, width=width, theme=theme) for login in {login for login, _path in screens(office)}}
    for login, path in screens(office):
        page = visitor.page(contexts[login], path)
        found += [f"{login} {path} {language}: {v}" for v in axe(page)]
        found += [f"{login} {path} {language}: {word} is broken" for word in page.evaluate(BROKEN_WORDS)]
        found += [f"{login} {path} {language}: small {t}" for t in page.evaluate(SMALL, 44 if width == PHONE else 24)]
        if page.evaluate(OVERFLOW) > 0:
            found.append(f"{login} {path} {language}: wider than {width}")
        page.close()
    assert found == []


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_thousand_late_files_push_the_board_no_wider_than_a_small_phone(office: City, visitor: Visitor, language: str) -> None:
    User.objects.update(language=language)
    late = ServiceCase.objects.get(case_id="503/00001/2026")
    same = {name: getattr(late, name) for name in ("source", "service_type", "accepted_at", "due_at", "responsible")}
    ServiceCase.objects.bulk_create(
        ServiceCase(**same, state=state, case_id=f"tunggak-{state}-{n}") for state in ("DITERIMA", "DIPROSES") for n in range(1200)
    )
    page = visitor.open("/izin/", "bkpsdm", width=320)
    expect(page.locator(".ringkas-izin .chip").first).to_contain_text("1.200" if language == "id" else "1,200")
    assert page.evaluate(OVERFLOW) == 0


@pytest.mark.parametrize("language", ["id", "en"])
def test_the_grid_fits_a_desk_and_a_small_window_without_sideways_scrolling(office: City, visitor: Visitor, language: str) -> None:
    User.objects.update(language=language)
    page = visitor.open(f"/tim/?periode={running_period().key}", "penilai")
    for width in (1440, 1280, 1024, 800, 700):
        page.set_viewport_size({"width": width, "height": 800})
        inner, outer = page.evaluate(
            "() => { const g = document.querySelector('.kisi-tabel .gulir'); return [g.scrollWidth, g.clientWidth]; }"
        )
        assert inner <= outer, width


def test_who_is_late_stands_on_the_first_page_and_one_press_reminds(office: City, visitor: Visitor) -> None:
    page = visitor.open("/kendali/", "bkpsdm")
    expect(page.get_by_role("heading", name="1 penilai belum selesai, 3 pegawai belum dinilai")).to_be_visible()
    expect(page.get_by_role("rowheader", name=office.people["penilai"].name)).to_be_visible()
    page.get_by_role("button", name="Kirim pengingat ke 1 penilai").click()
    expect(page.get_by_role("status").first).to_have_text("Pengingat terkirim ke 1 penilai.")
    notice = Notice.objects.get(kind="rating_reminder")
    assert notice.recipient == office.users["penilai"].pk
    page.get_by_role("button", name="Kirim pengingat ke 1 penilai").click()
    expect(page.get_by_role("status").first).to_contain_text("1 penilai sudah diingatkan hari ini.")
    assert Notice.objects.filter(kind="rating_reminder").count() == 1


def test_the_board_leads_to_the_story_of_a_case(office: City, visitor: Visitor) -> None:
    page = visitor.open("/izin/", "dpmptsp", width=360)
    late = page.get_by_role("listitem").filter(has_text="503/00001/2026")
    expect(late).to_contain_text("Terlambat")
    page.get_by_role("link", name="503/00003/2026").click()
    expect(page.get_by_text("Waktu berhenti sejak")).to_be_visible()
    expect(page.get_by_text("Waktu mulai")).to_be_visible()
