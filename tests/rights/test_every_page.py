"""Every page that anybody may open, as a person sees it: nothing cut off, nothing too small, nothing a reader of screens misses.

The pages come out of the city of the rights matrix, so a new route is looked at as soon as it stands there. The browser is
real; what it asks for is answered in this process, so nothing has to be committed for it.
"""

from __future__ import annotations

import contextvars
import gzip
import mimetypes
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, Route

from employees.models import User
from tests.browser.looks import COVERED, FORBIDDEN, OVERFLOW, SMALL_TARGETS, SPLIT_WORDS, TEXTS, WITHOUT_RING, violations

from . import web
from .conftest import address_of, signed_in, taken_back
from .reading import ROLES, Line, lines_of
from .world import World

pytestmark = [pytest.mark.django_db, pytest.mark.browser, pytest.mark.xdist_group("every-page")]

BASE = "http://localhost"
WIDTHS = (320, 360, 1280)
LOOKS = [(width, theme, language) for language in ("id", "en") for theme in ("light", "dark") for width in WIDTHS]
#: Pictures, calendars, files and answers without a page.
NO_PAGE = ("/healthz", "/profil/kode/kotak.svg", "/kinerja/bukti/<int:evidence_id>/", "/impor/<slug:code>/contoh/")


def pages() -> Iterator[tuple[Line, str]]:
    """Each address for each object and question, by the first role that may open it and by the one that sees most on it."""
    for line in lines_of(web.READING):
        allowed = [role for role in ROLES if line.expected[role] == 200]
        if line.route not in NO_PAGE and "berkas=" not in line.query:
            yield from ((line, role) for role in dict.fromkeys([*allowed[:1], *(["bkpsdm"] if "bkpsdm" in allowed else [])]))


def combinations() -> Iterator[object]:
    """The long run meets every look; the short one shows each page in one of them, and all looks come in turn."""
    shown: set[Line] = set()
    for number, (line, role) in enumerate(pages()):
        for turn, (width, theme, language) in enumerate(LOOKS):
            slow = turn != (number * 5) % len(LOOKS) or line in shown
            marks = [pytest.mark.slow] if slow else []
            yield pytest.param(line, role, (width, theme, language), marks=marks, id=f"{line} {role} {width}-{theme}-{language}")
        shown.add(line)


@pytest.fixture(scope="module")
def windows(chromium: Browser) -> Iterator[dict[tuple[int, str], BrowserContext]]:
    """A context for each width and theme; they live as long as the module, pages do not."""
    opened: dict[tuple[int, str], BrowserContext] = {}
    for width in WIDTHS:
        for theme in ("light", "dark"):
            opened[width, theme] = chromium.new_context(
                base_url=BASE, viewport={"width": width, "height": 800}, color_scheme=theme, has_touch=width < 700, locale="id-ID",
                service_workers="block",
            )  # fmt: skip
    yield opened
    for context in opened.values():
        context.close()


def answering(client: Client, weights: dict[str, int]) -> Callable[[Route], None]:
    """What the server would say to the browser, over the connection of the test: the city is in its transaction.

    ``weights`` takes the bytes of each answer as it would travel.
    """
    here = contextvars.copy_context()

    def answer(route: Route) -> None:
        address = urlsplit(route.request.url)
        if address.path.startswith("/static/"):
            # A name may carry the hash of its content.
            plain = re.sub(r"\.[0-9a-f]{12}(?=\.\w+$)", "", address.path.removeprefix("/static/"))
            found = finders.find(plain)
            assert found, address.path
            kind = mimetypes.guess_type(plain)[0] or "application/octet-stream"
            sent = Path(str(found)).read_bytes()
            weights[plain] = len(gzip.compress(sent, 6))
            route.fulfill(body=sent, content_type=kind)
            return
        told = here.run(client.get, address.path + (f"?{address.query}" if address.query else ""))
        body = b"".join(told.streaming_content) if told.streaming else told.content
        weights[address.path] = len(gzip.compress(body, 6))
        headers = {name: value for name, value in told.headers.items() if name.lower() != "set-cookie"}
        route.fulfill(status=told.status_code, headers=headers, body=body)

    return answer


@pytest.mark.parametrize(("line", "role", "look"), list(combinations()))
def test_a_page_holds_as_people_see_it(
    world: World,
    windows: dict[tuple[int, str], BrowserContext],
    line: Line,
    role: str,
    look: tuple[int, str, str],
) -> None:
    width, theme, language = look
    found: list[str] = []
    with taken_back():
        User.objects.update(language=language)
        page = windows[width, theme].new_page()
        page.on("console", lambda message: found.append(f"console: {message.text}") if message.type == "error" else None)
        page.on("pageerror", lambda error: found.append(f"script: {error}"))
        weights: dict[str, int] = {}
        page.route("**/*", answering(signed_in(world, role), weights))
        try:
            answer = page.goto(address_of(world, line))
            assert answer is not None
            assert answer.status == 200
            if "text/html" not in answer.headers["content-type"]:
                pytest.fail("no page: name it in NO_PAGE")
            found += violations(page)
            found += looked_at(page, width, language) + weighed(weights, address_of(world, line), employee=role in {"anonim", "pegawai"})
        finally:
            page.close()
    assert found == []


def looked_at(page: Page, width: int, language: str) -> list[str]:
    least = 44 if width < 700 else 24
    found = [f"wider than {width} by {over}"] if (over := page.evaluate(OVERFLOW)) > 0 else []
    found += [f"small: {target}" for target in page.evaluate(SMALL_TARGETS, least)]
    found += [f"split: {word}" for word in page.evaluate(SPLIT_WORDS)]
    if language == "id":
        text = page.evaluate(TEXTS)
        found += [f"{what}: {match.group()!r}" for what, rule in FORBIDDEN.items() for match in re.finditer(rule, text)]
    page.keyboard.press("Tab")
    found += [f"no ring: {place}" for place in page.evaluate(WITHOUT_RING)]
    found += [f"covered: {place}" for place in page.evaluate(COVERED)]
    return found


def weighed(weights: dict[str, int], address: str, *, employee: bool) -> list[str]:
    """What is heavier than it may be: an employee's page 14 kB, sheet 12, scripts 32, all 80, in 8 requests; a desk's 18, 45 and 200."""
    sheet, scripts, whole = (12_000, 32_000, 80_000) if employee else (18_000, 45_000, 200_000)
    kinds = {kind: sum(n for name, n in weights.items() if name.endswith(kind)) for kind in (".css", ".js")}
    limits = [
        ("sheet", kinds[".css"], sheet),
        ("scripts", kinds[".js"], scripts),
        ("all", sum(weights.values()), whole),
        ("page", weights[urlsplit(address).path], 14_000),
        ("requests", len(weights), 8 if employee else 12),
    ]
    return [f"{what} {weight} of {most}" for what, weight, most in limits if weight > most]
