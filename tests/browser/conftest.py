"""A real Chromium in front of the live system, with everything it complains about written down."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.chromium import FLAGS, find
from tests.months import fill_team
from tests.people import City

# Playwright's loop lives in the thread of the test, where the ORM would otherwise refuse to work.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PHONE, DESKTOP = 320, 1280
#: Every look meets every language in the long run; the short one takes each of them once.
LOOKS = [
    ("light", "id"),
    ("dark", "en"),
    pytest.param("light", "en", marks=pytest.mark.slow),
    pytest.param("dark", "id", marks=pytest.mark.slow),
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=list(FLAGS))
        yield browser
        browser.close()


@dataclass
class Visitor:
    """Opens pages as somebody; ``problems`` are console errors, script errors, and requests that failed or left the site."""

    browser: Browser
    base: str
    city: City
    problems: list[str] = field(default_factory=list)
    awaited: tuple[str, ...] = ()
    contexts: list[BrowserContext] = field(default_factory=list)

    def context(
        self, login: str | None = None, *, width: int = DESKTOP, theme: str = "light", scripts: bool = True, **more: Any
    ) -> BrowserContext:
        touch = width < 700
        context = self.browser.new_context(
            base_url=self.base,
            viewport={"width": width, "height": 800},
            color_scheme=theme,
            java_script_enabled=scripts,
            has_touch=touch,
            locale="id-ID",
            **more,
        )
        context.set_default_timeout(10_000)
        if login:
            cookie = self.city.client(login).cookies["sessionid"].value
            context.add_cookies([{"name": "sessionid", "value": cookie, "url": self.base}])
        self.contexts.append(context)
        return context

    def open(self, path: str, login: str | None = None, **more: Any) -> Page:
        return self.page(self.context(login, **more), path)

    def page(self, context: BrowserContext, path: str) -> Page:
        page = context.new_page()
        page.on("console", lambda m: self.problems.append(f"{path}: {m.text}") if m.type == "error" else None)
        page.on("pageerror", lambda e: self.problems.append(f"{path}: {e}"))
        page.on(
            "request", lambda r: None if r.url.startswith((self.base, "data:", "blob:")) else self.problems.append(f"{path} asks {r.url}")
        )
        page.goto(path)
        return page

    def awaits(self, *words: str) -> None:
        """The browser reports every refused or failed request itself, now or later; those with these words were asked for."""
        self.awaited += words

    def surprises(self) -> list[str]:
        return [problem for problem in self.problems if not any(words in problem for words in self.awaited)]

    def close(self) -> None:
        for context in self.contexts:
            context.close()


@pytest.fixture
def visitor(transactional_db: None, city: City, live_server: LiveServer, chromium: Browser) -> Iterator[Visitor]:
    """Pages of the small city; a page that complains in its console fails the test at the end."""
    visitor = Visitor(chromium, live_server.url, city)
    yield visitor
    visitor.close()
    assert visitor.surprises() == []


@pytest.fixture
def month(visitor: Visitor) -> City:
    """The small city with two published months and a running one."""
    fill_team(visitor.city, published=2)
    return visitor.city


@pytest.fixture
def axe() -> Callable[[Page], list[str]]:
    """Violations of a page, each with the first places where it stands."""

    def run(page: Page) -> list[str]:
        page.evaluate(AXE)
        found = page.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})", AXE_TAGS)
        return [f"{v['id']}: {[n['target'] for n in v['nodes'][:3]]} {v['nodes'][0]['failureSummary'][:200]}" for v in found["violations"]]

    return run
