"""The stock admin under the same strict policy as every page: it says nothing in the console and lets axe find nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from employees.models import User
from tests.browser.conftest import Visitor
from tests.browser.looks import OVERFLOW
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


@pytest.mark.parametrize(("theme", "language", "width"), [("light", "id", 1280), ("dark", "en", 360)])
def test_axe_finds_no_weak_contrast_in_the_admin_and_a_phone_shows_all(
    month: City, visitor: Visitor, axe: Axe, theme: str, language: str, width: int
) -> None:
    User.objects.update(language=language)
    luar = month.people["luar"]
    context = visitor.context("bkpsdm", theme=theme, width=width, bypass_csp=True)  # axe itself sets a style on these pages
    found = []
    for path in (
        "/admin/",
        reverse("admin:employees_employee_changelist"),
        reverse("admin:employees_employee_change", args=[luar.pk]),
        reverse("admin:employees_employee_history", args=[luar.pk]),
        reverse("admin:employees_user_akun-baru"),
    ):
        page = visitor.page(context, path)
        found += [f"{path}: {v}" for v in axe(page) if v.split(":")[0] in MINE]
        found += [f"{path}: wider than {width}"] if page.evaluate(OVERFLOW) > 0 else []
        page.close()
    assert found == []


def test_chosen_accounts_are_closed_after_a_page_that_asks_why(month: City, visitor: Visitor) -> None:
    page = visitor.open(reverse("admin:employees_user_changelist"), "bkpsdm")
    page.locator("tr", has_text="luar").locator("input.action-select").check()
    page.locator("select[name=action]").select_option("tutup_akun")
    page.locator("#changelist-form .actions button[type=submit]").click()
    page.get_by_label("Alasan").fill("Audit akun")
    page.get_by_role("button", name="Tutup akun").click()
    expect(page.get_by_text("1 baris selesai.")).to_be_visible()
    assert not User.objects.get(username="luar").is_active


def test_the_admin_leads_back_and_follows_the_theme_of_the_account(month: City, visitor: Visitor) -> None:
    month.users["bkpsdm"].theme = "gelap"
    month.users["bkpsdm"].save()
    page = visitor.open("/admin/", "bkpsdm")
    assert page.locator("html").get_attribute("data-theme") == "dark"
    page.get_by_role("link", name="Ke aplikasi").click()
    expect(page.get_by_role("heading", name="Yang perlu Anda lakukan")).to_be_visible()
