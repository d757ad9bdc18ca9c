"""The page of the API: a stranger reads it, tries it with a token, and sees why a request was refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from employees.services.tokens import issue_token
from tests.browser.conftest import DESKTOP, PHONE, Visitor
from tests.people import City

DOCS = "/api/v1/docs/"
Axe = Callable[[Page], list[str]]


def token_of(city: City, who: str, *scopes: str) -> str:
    return issue_token(user=city.users[who], scopes=scopes, days=1, now=timezone.now())[1]


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_page_of_the_api_is_open_to_all_and_fits_every_screen(visitor: Visitor, axe: Axe, width: int, theme: str) -> None:
    page = visitor.open(DOCS, width=width, theme=theme)
    expect(page).to_have_title("Panduan API – Kinerja ASN Kota Bukittinggi")
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    assert axe(page) == []


def test_a_report_is_tried_with_a_token_and_answers(visitor: Visitor) -> None:
    page = visitor.open(DOCS)
    page.fill("#token", token_of(visitor.city, "bkpsdm", "read:reports"))
    route = page.locator("[data-alamat='/api/v1/reports/performance-summary/']")
    if not route.get_attribute("open"):
        route.evaluate("d => { d.open = true }")
    route.get_by_role("button", name="Kirim").click()
    expect(route.locator("[data-status-jawaban]")).to_contain_text("200")
    expect(route.locator("[data-jawaban] pre")).to_contain_text('"report": "performance-summary"')


def test_the_command_follows_what_is_filled_in(visitor: Visitor) -> None:
    page = visitor.open(f"{DOCS}#employees_list")
    route = page.locator("#employees_list")
    route.get_by_label("unit").fill("A'B")
    expect(route.locator("[data-curl]")).to_have_text(
        f"curl -H 'Authorization: Bearer TOKEN' '{visitor.base}/api/v1/employees/?unit=A%27B'"
    )


def test_a_refused_request_shows_why(visitor: Visitor) -> None:
    page = visitor.open(f"{DOCS}#me_retrieve")
    route = page.locator("#me_retrieve")
    route.get_by_role("button", name="Kirim").click()
    expect(route.locator("[data-status-jawaban]")).to_contain_text("401")
    expect(route.locator("[data-jawaban] pre")).to_contain_text("/api/v1/docs/#masalah-token")
    visitor.awaits("401")


def test_without_scripts_the_page_still_tells_everything(visitor: Visitor) -> None:
    page = visitor.open(DOCS, scripts=False)
    expect(page.locator("#mulai")).to_be_visible()
    expect(page.get_by_role("button", name="Kirim")).to_have_count(0)
    assert page.locator("code", has_text="curl").count() > 20
