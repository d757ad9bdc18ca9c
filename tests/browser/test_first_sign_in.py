"""From the printed slip to the second sign-in, by people who have never been here, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor
from tests.people import City

NEW = "danau-maninjau-88"


def test_a_slip_is_printed_and_opens_the_own_page_and_then_the_password_does(
    month: City, visitor: Visitor, axe: Callable[[Page], list[str]]
) -> None:
    desk = visitor.open("/akun/", "pengelola")
    assert axe(desk) == []
    desk.get_by_role("link", name="Dinas Penanaman Modal").first.click()
    assert axe(desk) == []
    desk.get_by_role("button", name="Buat slip untuk unit ini").click()
    slip = desk.locator(".slip").filter(has_text="Desi Ratnasari")
    code = slip.locator(".slip-kode").inner_text()
    assert axe(desk) == []
    _no_slip_is_cut(desk)

    page = visitor.open("/masuk/", width=360)
    page.get_by_role("link", name="Aktifkan akun").click()
    assert axe(page) == []
    page.get_by_label("NIP atau nama pengguna").fill(month.users["staf3"].username)
    page.get_by_label("Kode dari slip").fill(code)
    page.get_by_label("Kata sandi baru", exact=True).fill(NEW)
    page.get_by_label("Ulangi kata sandi baru").fill(NEW)
    page.get_by_role("button", name="Simpan kata sandi dan masuk").click()
    expect(page).to_have_url(re.compile(r"/$"))
    page.goto("/profil/")
    expect(page.get_by_role("heading", name="Desi Ratnasari")).to_be_visible()
    assert axe(page) == []
    page.get_by_role("button", name="Keluar", exact=True).click()
    page.get_by_label("Nama pengguna atau NIP").fill(month.users["staf3"].username)
    page.get_by_label("Kata sandi").fill(NEW)
    page.get_by_role("button", name="Masuk").click()
    page.goto("/kinerja/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Kinerja Saya")

    desk.goto("/akun/")
    expect(desk.get_by_text("6 dari 16 akun sudah aktif")).to_be_visible()


def _no_slip_is_cut(page: Page) -> None:
    """On paper: two in a row, and each as large as what stands in it."""
    size = page.viewport_size or {"width": 1280, "height": 800}
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 718, "height": 1046})
    measured = page.evaluate(
        "[...document.querySelectorAll('.slip')].map(e => [e.getBoundingClientRect().left,"
        " e.scrollHeight - e.clientHeight, e.scrollWidth - e.clientWidth])"
    )
    page.emulate_media(media="screen")
    page.set_viewport_size(size)
    assert len({left for left, _high, _wide in measured}) == 2
    assert [slip for slip in measured if slip[1] > 1 or slip[2] > 1] == []
