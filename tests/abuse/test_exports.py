"""Everything that leaves as a file for spreadsheets: no cell is a formula, and every text comes back to the letter."""

from __future__ import annotations

import csv
import io
import zipfile
from typing import Any

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from appraisal.models import Assessment
from bukittinggi_kinerja.common.formulas import FORMULA_SIGNS, formula_plain
from employees.models import Employee, OrgUnit
from tests.architecture.code import calls, dotted, modules
from tests.employees.sheets import bring_in, row, write_csv
from tests.rights.conftest import signed_in
from tests.rights.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("abuse-exports")]

#: Where a file for spreadsheets is written; a new place needs its line in the tests below.
WRITERS = {
    "bukittinggi_kinerja/common/api/tables.py", "bukittinggi_kinerja/common/importing/sheets.py", "employees/services/importing/errors_file.py",
    "appraisal/incentives/services/log_files.py",
}  # fmt: skip
REPORTS = ("performance-summary", "lateness", "service-times")
AWKWARD = ['Budi, S.H., "Haji"', "Baris\nkedua", "a;b\tc", "\u202egpj.exe", "Zoë ’Uni’", "'Aisyah", "DROP TABLE x;--"]


def lines_of_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def rows_of_xlsx(content: bytes) -> list[list[str]]:
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        sheets = [name for name in parts.namelist() if "worksheets/" in name]
        assert sheets
        for name in sheets:
            assert b"<f>" not in parts.read(name), name
            assert b"<hyperlink" not in parts.read(name), name
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return [[str(cell) for cell in row] for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python()]


def exports(world: World) -> dict[str, list[list[str]]]:
    """Every file that the three doors hand out, as rows of cells."""
    hr, token = signed_in(world, "bkpsdm"), {"HTTP_AUTHORIZATION": f"Bearer {world.tokens['bkpsdm']}"}
    found: dict[str, Any] = {"web csv": hr.get("/kendali/daftar/", {"periode": "2026-10", "berkas": "csv"})}
    found["matrix csv"] = hr.get(f"/skp/matriks/{world.things['seksi']['unit_id']}/", {"tahun": "2026", "berkas": "csv"})
    found["sources csv"] = hr.get("/kendali/selisih/", {"periode": "2026-09", "daftar": "semua", "berkas": "csv"})
    for name in ("", "aturan/"):
        found[f"web susulan {name} csv"] = hr.get(f"/kendali/susulan/{name}", {"berkas": "csv"})
    for report in REPORTS:
        for form in ("csv", "xlsx"):
            found[f"api {report} {form}"] = Client().get(f"/api/v1/reports/{report}/", {"period": "2026-10", "file": form}, **token)
    for form in ("csv", "xlsx"):
        found[f"admin {form}"] = hr.post("/impor/pegawai/unduh/", {"file_format": form, "unit": "", "reason": "uji"})
        for code in ("cuti", "dinas-luar", "disiplin", "pendidikan", "rekening", "pajak", "kelas-jabatan", "tpp-dasar", "kontrak"):
            found[f"{code} {form}"] = hr.post(f"/impor/{code}/unduh/", {"file_format": form, "reason": "uji"})
        found[f"units {form}"] = hr.post("/impor/unit/unduh/", {"file_format": form, "reason": "uji"})
    rows = {}
    for name, answer in found.items():
        assert answer.status_code == 200, name
        assert answer["Content-Disposition"].startswith("attachment"), name
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        rows[name] = rows_of_xlsx(content) if name.endswith("xlsx") else lines_of_csv(content)
    return rows


def named(text: str) -> None:
    """Everybody and every unit bears this name."""
    Employee.objects.update(name=text)
    OrgUnit.objects.exclude(parent=None).update(name=text, full_name=text)


def test_every_place_that_writes_a_sheet_is_known() -> None:
    writes = {"csv.writer", "csv.DictWriter", "xlsxwriter.Workbook", "tablib.Dataset", "openpyxl.Workbook"}
    found = {str(module) for module in modules() for call in calls(module) if dotted(call.func) in writes}
    assert found == WRITERS


@pytest.mark.parametrize("sign", FORMULA_SIGNS, ids=repr)
def test_no_cell_of_any_export_is_a_formula(world: World, sign: str) -> None:
    named(f"{sign}cmd|'/C calc'!A0")
    seen = 0
    for name, rows in exports(world).items():
        cells = [cell for row in rows for cell in row]
        assert [cell for cell in cells if cell.startswith(FORMULA_SIGNS) and not _is_number(cell)] == [] or name.endswith("xlsx"), name
        seen += any("calc" in cell for cell in cells)
    assert seen >= 5, "the name stands in most of them"


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize("text", AWKWARD, ids=repr)
def test_a_name_with_commas_quotes_lines_or_marks_of_direction_stays_in_its_cell(world: World, text: str) -> None:
    named(text)
    seen = 0
    for name, rows in exports(world).items():
        widths = {len(row) for row in rows}
        if name.endswith("csv"):
            assert len(widths) == 1, name
        seen += any(formula_plain(cell) == text for row in rows for cell in row)
    assert seen >= 5


def test_a_nip_keeps_its_eighteen_digits_in_every_export_that_holds_one(world: World) -> None:
    numbers = set(Assessment.objects.values_list("employee__nip", flat=True))
    rows = exports(world)
    for name in ("web csv", "admin csv", "admin xlsx"):
        cells = {cell for row in rows[name] for cell in row}
        assert numbers & cells, name
        assert not [cell for cell in cells if "E+17" in cell or "e+17" in cell], name


def test_the_list_of_refused_rows_is_harmless_too(world: World, tmp_path: Any) -> None:
    out = tmp_path / "galat.csv"
    evil = '=HYPERLINK("http://jahat.example","klik")'
    bring_in(write_csv(tmp_path / "a.csv", [row(1, nama=evil, unit="+1+1", jabatan="@x")]), errors_out=out)
    cells = [cell for line in lines_of_csv(out.read_bytes()) for cell in line]
    assert f"'{evil}" in cells
    assert [cell for cell in cells if cell.startswith(FORMULA_SIGNS)] == []
