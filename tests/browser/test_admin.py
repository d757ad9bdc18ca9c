"""The stock admin under the same strict policy as every page: it says nothing in the console and lets axe find nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visitor
from tests.people import City

Axe = Callable[[Page], list[str]]
#: What the theme and the templates decide; the rest of the stock pages is Django's.
MINE = {"color-contrast", "label", "html-has-lang", "document-title", "image-alt", "landmark-one-main"}


def test_every_list_opens_without_a_word_in_the_console(month: City, visitor: Visitor) -> None:
    context = visitor.context("bkpsdm")
    index = visitor.page(context, "/admin/")
    lists = index.eval_on_selector_all("#content-main th a", "links => links.map(link => link.pathname)")
    assert "/admin/employees/employee/" in lists
    for path in lists:
        page = visitor.page(context, path)
        assert page.locator("#site-name").is_visible(), path
        page.close()


def test_a_record_and_its_choices_open_under_the_strict_policy(month: City, visitor: Visitor) -> None:
    context = visitor.context("bkpsdm")
    for path in (
        reverse("admin:employees_employee_change", args=[month.people["luar"].pk]),
        reverse("admin:employees_posting_changelist"),
        reverse("admin:common_closedday_add"),
    ):
        page = visitor.page(context, path)
        expect(page.locator("#content h1")).to_be_visible()
        page.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_no_weak_contrast_in_the_admin(month: City, visitor: Visitor, axe: Axe, theme: str) -> None:
    context = visitor.context("bkpsdm", theme=theme, bypass_csp=True)  # axe itself sets a style on these pages
    found = []
    for path in (
        "/admin/",
        reverse("admin:employees_employee_changelist"),
        reverse("admin:employees_employee_change", args=[month.people["luar"].pk]),
    ):
        page = visitor.page(context, path)
        found += [f"{path}: {v}" for v in axe(page) if v.split(":")[0] in MINE]
        page.close()
    assert found == []


def test_the_admin_leads_back_and_follows_the_theme_of_the_account(month: City, visitor: Visitor) -> None:
    month.users["bkpsdm"].theme = "gelap"
    month.users["bkpsdm"].save()
    page = visitor.open("/admin/", "bkpsdm")
    assert page.locator("html").get_attribute("data-theme") == "dark"
    page.get_by_role("link", name="Ke aplikasi").click()
    expect(page.get_by_role("heading", name="Yang perlu Anda lakukan")).to_be_visible()
