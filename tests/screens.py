"""Pictures of every screen of a running city, for people who judge them: `make screens`.

Start the city first (`make run`). All pictures go to screens/, which git ignores; with `--docs` the few that the
documents show are written to docs/screens/ as well, with few colours so that they stay small.
"""

from __future__ import annotations

import argparse
import os
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.chromium import FLAGS, find

ROOT = Path(__file__).resolve().parent.parent
WIDTHS = (320, 360, 1280)
TALLEST = 2400
COLOURS = 128


@dataclass(frozen=True)
class Screen:
    """``path``, or the first link on ``path`` whose address begins with ``follow``."""

    name: str
    login: str
    path: str
    follow: str = ""


SCREENS = (
    Screen("masuk", "", "/masuk/"),
    *(Screen(f"beranda-{login}", login, "/") for login in ("pegawai", "penilai", "pimpinan", "bkpsdm", "inspektorat", "pengelola")),
    Screen("kinerja", "pegawai", "/kinerja/"),
    Screen("mengapa", "pegawai", "/kinerja/", "/kinerja/nilai/"),
    Screen("realisasi", "luar", "/kinerja/", "/kinerja/realisasi/"),
    Screen("skp", "pegawai", "/kinerja/skp/"),
    Screen("umpan-balik", "pegawai", "/kinerja/umpan-balik/"),
    Screen("tim", "penilai", "/tim/"),
    Screen("penilaian", "penilai", "/tim/", "/tim/nilai/"),
    Screen("kendali", "bkpsdm", "/kendali/"),
    Screen("batas", "bkpsdm", "/kendali/batas/"),
    Screen("gangguan", "bkpsdm", "/kendali/gangguan/"),
    Screen("susulan", "bkpsdm", "/kendali/susulan/"),
    Screen("selisih", "bkpsdm", "/kendali/selisih/"),
    Screen("cetak", "bkpsdm", "/kendali/cetak/"),
    Screen("impor", "bkpsdm", "/impor/"),
    Screen("impor-pegawai", "bkpsdm", "/impor/pegawai/"),
    Screen("pekerjaan", "bkpsdm", "/pekerjaan/"),
    Screen("pegawai", "bkpsdm", "/pegawai/"),
    Screen("data-pegawai", "bkpsdm", "/pegawai/", "/pegawai/"),
    Screen("akun", "bkpsdm", "/akun/"),
    Screen("serah-terima", "bkpsdm", "/serah-terima/"),
    Screen("pengganti", "bkpsdm", "/pengganti/"),
    Screen("pensiun", "bkpsdm", "/pensiun/"),
    Screen("laporan-data", "bkpsdm", "/laporan-data/"),
    Screen("siapkan-skp", "bkpsdm", "/skp/siapkan/"),
    Screen("matriks", "bkpsdm", "/skp/matriks/", "/skp/matriks/"),
    Screen("formulir", "pengelola", "/kinerja/formulir/"),
    Screen("izin", "dpmptsp", "/izin/"),
    Screen("profil", "pegawai", "/profil/"),
    Screen("admin", "bkpsdm", "/admin/"),
    Screen("panduan-api", "", "/api/v1/docs/"),
)
#: (name, width, theme, language) of the pictures in the documents.
SHOWN = {
    ("beranda-pegawai", 360, "light", "id"),
    ("mengapa", 1280, "light", "id"),
    ("tim", 1280, "light", "id"),
    ("kendali", 1280, "light", "id"),
    ("impor", 1280, "light", "id"),
    ("data-pegawai", 1280, "light", "id"),
    ("serah-terima", 1280, "light", "id"),
    ("pengganti", 360, "light", "id"),
    ("matriks", 1280, "light", "id"),
    ("kinerja", 360, "dark", "id"),
    ("beranda-pimpinan", 1280, "light", "en"),
}


class Photographer:
    def __init__(self, browser: Browser, base: str, target: Path, *, docs: bool) -> None:
        self.browser, self.base, self.target, self.docs = browser, base, target, docs
        self.password = os.environ.get("DEMO_PASSWORD", "bukittinggi-demo")

    def take(self, theme: str, language: str) -> Iterator[str]:
        """One line for each picture; a screen that does not answer 200 says so."""
        for login in dict.fromkeys(screen.login for screen in SCREENS):
            context = self._signed_in(login, theme, language)
            for screen in (s for s in SCREENS if s.login == login):
                yield from self._each_width(context, screen, theme, language)
            self._speak(context, "id")
            context.close()

    def _signed_in(self, login: str, theme: str, language: str) -> BrowserContext:
        context = self.browser.new_context(base_url=self.base, color_scheme=theme, locale="id-ID")
        page = context.new_page()
        page.goto("/masuk/")
        if login:
            page.fill("[name=username]", login)
            page.fill("[name=password]", self.password)
            page.click("main button.btn")
            page.wait_for_url(f"{self.base}/")
        page.close()
        self._speak(context, language)
        return context

    def _speak(self, context: BrowserContext, language: str) -> None:
        page = context.new_page()
        page.goto("/")
        button = page.locator(f"footer [name=bahasa][value={language}]")
        if button.count():
            button.click()
            page.wait_for_selector(f"html[lang={language}]")
        page.close()

    def _each_width(self, context: BrowserContext, screen: Screen, theme: str, language: str) -> Iterator[str]:
        page = context.new_page()
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            status = self._go(page, screen)
            key = (screen.name, width, theme, language)
            # As tall as the page, or what is fixed to the window would lie across its middle.
            page.set_viewport_size({"width": width, "height": page.evaluate("document.documentElement.scrollHeight")})
            self._keep(page.screenshot(full_page=True), key)
            over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            yield f"{screen.name:20} {width:5} {theme:5} {language} {status}{f' lebih lebar {over}' if over > 0 else ''}"
        page.close()

    def _go(self, page: Page, screen: Screen) -> int:
        answer = page.goto(screen.path)
        link = page.locator(f'main a[href^="{screen.follow}"]').first
        if screen.follow and link.count():
            answer = page.goto(link.get_attribute("href") or screen.path)
        return answer.status if answer else 0

    def _keep(self, picture: bytes, key: tuple[str, int, str, str]) -> None:
        name = "-".join(map(str, key)) + ".png"
        self.target.mkdir(parents=True, exist_ok=True)
        (self.target / name).write_bytes(picture)
        if self.docs and key in SHOWN:
            folder = ROOT / "docs/screens"
            folder.mkdir(parents=True, exist_ok=True)
            image = Image.open(BytesIO(picture)).convert("RGB")
            image = image.crop((0, 0, image.width, min(image.height, TALLEST)))
            image.quantize(COLOURS).save(folder / name, optimize=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base", default=f"http://127.0.0.1:{os.environ.get('PORT', '8000')}", help="alamat kota yang berjalan")
    parser.add_argument("--docs", action="store_true", help="tulis juga potret pilihan ke docs/screens")
    options = parser.parse_args()
    try:
        urllib.request.urlopen(f"{options.base}/masuk/", timeout=10).close()
    except (urllib.error.URLError, OSError):
        print(f"Kota tidak menjawab di {options.base}. Jalankan dahulu: make run")
        return 1
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=list(FLAGS))
        photographer = Photographer(browser, options.base, ROOT / "screens", docs=options.docs)
        for theme in ("light", "dark"):
            for language in ("id", "en"):
                for line in photographer.take(theme, language):
                    print(line, flush=True)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
