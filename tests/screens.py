"""Pictures of every screen of the running system: `make run` in one terminal, `make screens` in another."""

import os
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.chromium import FLAGS, find

ADDRESS = f"http://127.0.0.1:{os.environ.get('PORT') or '8000'}"
PASSWORD = os.environ.get("DEMO_PASSWORD") or "bukittinggi-demo"
TARGET = Path(__file__).resolve().parent.parent / "screens"
WIDTHS = (360, 1280)
SCREENS = {
    "bkpsdm": ("/", "/kendali/", "/izin/", "/impor/", "/admin/"),
    "pengelola": ("/", "/kendali/"),
    "penilai": ("/", "/tim/", "/kinerja/"),
    "pegawai": ("/", "/kinerja/", "/keberatan/"),
    "atasan": ("/", "/tim/"),
    "dpmptsp": ("/", "/tim/", "/izin/"),
    "pimpinan": ("/", "/penetapan/", "/evaluasi/"),
    "inspektorat": ("/", "/insentif/"),
    "luar": ("/", "/kinerja/"),
}


def main() -> int:
    try:
        urllib.request.urlopen(f"{ADDRESS}/masuk/", timeout=5).close()
    except OSError:
        print(f"Belum ada yang menjawab di {ADDRESS}. Jalankan dulu: make run")
        return 1
    TARGET.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=list(FLAGS))
        for width in WIDTHS:
            for name in pictures(browser, width):
                print(name)
        browser.close()
    return 0


def pictures(browser: Browser, width: int) -> Iterator[str]:
    for user, paths in SCREENS.items():
        page = browser.new_context(base_url=ADDRESS, viewport={"width": width, "height": 900}, locale="id-ID").new_page()
        page.goto("/masuk/")
        if user == "bkpsdm":
            yield picture(page, "masuk", width)
        page.fill("[name=username]", user)
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_load_state()
        for path in paths:
            answer = page.goto(path)
            # What is not delivered yet has no picture.
            if answer is not None and answer.ok:
                yield picture(page, f"{user}-{path.strip('/').replace('/', '-') or 'beranda'}", width)
        page.context.close()


def picture(page: Page, name: str, width: int) -> str:
    file = TARGET / f"{name}-{width}.png"
    page.screenshot(path=file, full_page=True)
    return file.name


if __name__ == "__main__":
    sys.exit(main())
