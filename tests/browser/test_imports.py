"""HR brings a sheet: maps an odd header, sees the difference, applies the good rows, mends the rest, and takes the last one back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page
from python_calamine import CalamineWorkbook

from employees.models import Employee
from tests.browser.conftest import PHONE, Visitor
from tests.employees.sheets import known, row
from tests.imports.carried import work, xlsx_of

Axe = Callable[[Page], list[str]]
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def sheet(rows: list[dict[str, Any]], **headers: str) -> Any:
    """As a browser takes a file; ``headers`` rename columns."""
    lines = [[headers.get(name, name) for name in rows[0]], *(list(one.values()) for one in rows)]
    return {"name": "pegawai.xlsx", "mimeType": SHEET, "buffer": xlsx_of(lines)}


def brought(page: Page, file: Any) -> None:
    page.goto("/impor/pegawai/")
    page.set_input_files("input[name=file]", file)
    page.get_by_role("button", name="Unggah dan lihat kolom").click()
    page.get_by_role("heading", name="Cocokkan kolom").wait_for()


def checked(page: Page) -> str:
    page.get_by_role("button", name="Uji berkas").click()
    page.locator("[data-jalan]").wait_for(timeout=30_000)
    work()
    return page.locator(".angka-impor").inner_text()


def applied(page: Page, button: str) -> None:
    page.get_by_label("Alasan").fill("SK 12/2026")
    page.get_by_role("button", name=button).click()
    page.locator("[data-jalan]").wait_for(timeout=30_000)
    work()
    page.get_by_role("heading", name="Diterapkan").wait_for()


@pytest.mark.parametrize("width", [PHONE])
def test_hr_brings_a_sheet_mends_it_and_takes_the_last_one_back(visitor: Visitor, axe: Axe, tmp_path: Path, width: int) -> None:
    page = visitor.open("/impor/", "bkpsdm", width=width)
    assert axe(page) == []
    moved = known(visitor.city, "staf1", email="budi@contoh.go.id")
    bad = [row(n, unit="TIDAK ADA") for n in (2, 3, 4)]
    brought(page, sheet([row(1), *bad, {name: moved[name] for name in row(1)}], unit="Tempat Tugas"))
    assert axe(page) == []
    assert page.locator("[name=kolom_unit]").input_value() == ""
    page.locator("[name=kolom_unit]").select_option(label="Tempat Tugas (DPMPTSP.IZIN.YAN, TIDAK ADA)")
    assert checked(page) == "1 baru, 1 berubah, 0 tetap, 3 salah"
    page.get_by_role("link", name="Berubah (1)").click()
    assert "budi@contoh.go.id" in page.locator(".baris-impor").inner_text()
    assert axe(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == width
    applied(page, "Terapkan 2 baris yang baik")
    with page.expect_download() as download:
        page.get_by_role("link", name="Unduh baris yang salah").click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    header, *refused = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    assert (len(refused), header[-3:]) == (3, ["baris", "kolom", "galat"])
    mended = [{**dict(zip(header, cells, strict=True)), "Tempat Tugas": "DPMPTSP.IZIN.YAN"} for cells in refused]
    brought(page, sheet(mended))
    assert checked(page) == "3 baru, 0 berubah, 0 tetap, 0 salah"
    applied(page, "Terapkan 3 baris")
    assert Employee.objects.filter(name__startswith="Orang Baru").count() == 4
    page.get_by_role("button", name="Urungkan").click()
    page.locator("[data-jalan]").wait_for(timeout=30_000)
    work()
    page.get_by_role("heading", name="Diurungkan").wait_for()
    assert Employee.objects.filter(name__startswith="Orang Baru").count() == 1
