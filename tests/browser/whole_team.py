"""Rating a whole team as one does on a phone: aspect by aspect, then checked and sent."""

from __future__ import annotations

from playwright.sync_api import Page, expect


def rate_team(page: Page, period: str, *, people: int, mark: int = 2) -> None:
    """Give everybody on the rater's list this mark in every aspect that is asked, and send all of it."""
    page.goto(f"/tim/?periode={period}&aspek=result")
    expect(page.locator(".orang")).to_have_count(people)
    onward = page.locator("button[name=lalu]")
    while True:
        for radio in page.locator(f'.orang input[type=radio][value="{mark}"]').all():
            radio.check(force=True)
        if not onward.count():
            break
        with page.expect_navigation():
            onward.click()
    with page.expect_navigation():
        page.get_by_role("button", name="Periksa dan kirim").click()
    expect(page.get_by_text(f"{people} siap dikirim")).to_be_visible()
    with page.expect_navigation():
        page.get_by_role("button", name="Kirim penilaian terpilih").click()
