"""A real Chromium in front of the live system, with everything it complains about written down."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from tests.browser.looks import violations
from tests.months import fill_team
from tests.people import City

PHONE, DESKTOP = 320, 1280
#: Every look meets every language in the long run. The short one takes the first: there each page of the site is drawn in
#: one of all looks beside it (tests/rights/test_every_page.py).
LOOKS = [
    ("light", "id"),
    pytest.param("dark", "en", marks=pytest.mark.slow),
    pytest.param("light", "en", marks=pytest.mark.slow),
    pytest.param("dark", "id", marks=pytest.mark.slow),
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


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
    return violations
