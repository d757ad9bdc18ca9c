"""Lists and logs that somebody brings: bombs, macros, formulas, cut numbers, days that are none. By screen and by command alike."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import subprocess
import sys
import zipfile
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest
import xlsxwriter
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from bukittinggi_kinerja.common.errors import Unacceptable
from bukittinggi_kinerja.common.importing import batches
from bukittinggi_kinerja.common.models import ImportBatch
from bukittinggi_kinerja.common.tables import read_table
from employees.models import Employee
from employees.rules.importing import COLUMNS
from tests.employees.sheets import bring_in, row, write_csv, write_xlsx
from tests.imports.carried import Carried, stored_files
from tests.people import City

LAST_CELL = (1_048_575, 16_383)
NIP = "199205172018041001"
CELL = '<c r={reference} t="inlineStr"><is><t>{text}</t></is></c>'


def workbook(path: Path, sheet: str, *, target: str = "worksheets/sheet1.xml", **more: str) -> Path:
    """A workbook whose first sheet is written by hand, for what no honest program writes."""
    honest = io.BytesIO()
    with xlsxwriter.Workbook(honest) as book:
        book.add_worksheet()
    with zipfile.ZipFile(honest) as kept, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as parts:
        for name in kept.namelist():
            if name != "xl/worksheets/sheet1.xml":
                parts.writestr(name, kept.read(name).replace(b"worksheets/sheet1.xml", target.encode()))
        parts.writestr(f"xl/{target}", sheet)
        for name, content in more.items():
            parts.writestr(name, content)
    return path


def sheet_of(*references: str, before: str = "") -> str:
    cells = "".join(f"<row>{CELL.format(reference=quoteattr(one), text='x')}</row>" for one in references)
    return (
        f'{before}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{cells}</sheetData></worksheet>'
    )


def far_corner(path: Path) -> Path:
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_string(0, 0, "nip")
        sheet.write_string(*LAST_CELL, "x")
    return path


def test_one_cell_in_the_last_corner_is_refused_and_does_not_end_the_process(tmp_path: Path) -> None:
    """In a process of its own: laid out in full, the sheet takes half a terabyte, and no exception comes of it."""
    path = far_corner(tmp_path / "daftar.xlsx")
    assert path.stat().st_size < 10_000
    program = (
        "import sys; from pathlib import Path; from bukittinggi_kinerja.common.tables import read_table\n"
        "from bukittinggi_kinerja.common.errors import Unacceptable\n"
        "from django.conf import settings; settings.configure(USE_I18N=False)\n"
        "try: read_table(Path(sys.argv[1]))\n"
        "except Unacceptable as refusal: print(refusal)\n"
    )
    ended = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=False, timeout=60)
    assert (ended.returncode, "terlalu luas" in ended.stdout) == (0, True), ended.stderr[-300:]


@pytest.mark.parametrize("reference", ["XFD1048576", "xfd1048576", "A5000001", "ZZZZ1000", "A999999999"])
def test_no_spelling_of_a_far_cell_is_laid_out(tmp_path: Path, reference: str) -> None:
    with pytest.raises(Unacceptable, match="terlalu luas"):
        read_table(workbook(tmp_path / "daftar.xlsx", sheet_of("A1", reference)))


@pytest.mark.parametrize(
    ("sheet", "more"),
    [
        (sheet_of("A1", "A1:XFD1048576"), {}),
        (sheet_of("A1", "&x;", before='<!DOCTYPE worksheet [<!ENTITY x "XFD1048576">]>'), {}),
        (sheet_of("A1")[:-20], {}),
        (sheet_of("A1"), {"content.xml": "<x/>"}),
        (sheet_of("A1"), {"xl/workbook.bin": "x"}),
    ],
    ids=["reference", "entity", "broken", "open document", "binary workbook"],
)
def test_a_workbook_that_is_not_plainly_one_is_refused(tmp_path: Path, sheet: str, more: dict[str, str]) -> None:
    with pytest.raises(Unacceptable, match="bukan lembar xlsx"):
        read_table(workbook(tmp_path / "daftar.xlsx", sheet.replace("&amp;", "&"), **more))


def test_a_sheet_under_another_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unacceptable, match="bukan lembar xlsx"):
        read_table(workbook(tmp_path / "daftar.xlsx", sheet_of("XFD1048576"), target="media/gambar.png"))


def test_the_hand_written_workbook_is_read_where_nothing_is_wrong_with_it(tmp_path: Path) -> None:
    """Else the refusals above would say nothing."""
    table = read_table(workbook(tmp_path / "daftar.xlsx", sheet_of("A1", "B2")))
    assert (table.header[0], [line for line, _cells in table.rows]) == ("x", [2])


def test_a_size_that_lies_is_found_out(tmp_path: Path) -> None:
    path = workbook(tmp_path / "daftar.xlsx", sheet_of("A1").replace("x</t>", "x" * 5_000_000 + "</t>"))
    content = path.read_bytes()
    with zipfile.ZipFile(path) as parts:
        true = parts.getinfo("xl/worksheets/sheet1.xml").file_size.to_bytes(4, "little")
    assert content.count(true) == 2
    path.write_bytes(content.replace(true, (900).to_bytes(4, "little")))
    with pytest.raises(Unacceptable, match="bukan lembar xlsx"):
        read_table(path)


@pytest.mark.parametrize("depth", [2, 3])
def test_an_archive_within_an_archive_is_opened_once(tmp_path: Path, depth: int) -> None:
    content = b"nip\n" + b"0" * 1_000_000
    for _layer in range(depth):
        content = gzip.compress(content, mtime=0)
    path = tmp_path / "daftar.csv.gz"
    path.write_bytes(content)
    table = read_table(path, encoding="latin-1")
    assert "0" * 1000 not in str(table.header)


def uploaded(city: City, path: Path) -> str:
    file = SimpleUploadedFile(path.name, path.read_bytes())
    answer = city.client("bkpsdm").post("/impor/pegawai/", {"file": file})
    assert answer.status_code == 400
    assert not ImportBatch.objects.exists()
    assert stored_files(settings.MEDIA_ROOT) == []
    return answer.content.decode()


def test_the_screen_says_of_a_bomb_what_the_command_says(city: City, tmp_path: Path) -> None:
    before = Employee.objects.count()
    assert "terlalu luas" in uploaded(city, far_corner(tmp_path / "daftar.xlsx"))
    assert Employee.objects.count() == before


def test_macros_of_a_list_are_neither_run_nor_a_reason_to_lose_it(city: City, tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "daftar.xlsm", [row(1)])
    with zipfile.ZipFile(path, "a") as parts:
        parts.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0 Sub Auto_Open()")
    assert bring_in(path).new == 1
    assert Employee.objects.get(nip=NIP).name == "Orang Baru 1"


@pytest.mark.parametrize("formula", ['=HYPERLINK("http://jahat.example","x")', "=1+1", "+1+1", "-2+3", "@SUM(1)", "=cmd|'/C calc'!A0"])
def test_a_formula_in_a_cell_is_a_text_like_any_other(city: City, tmp_path: Path, formula: str) -> None:
    """Nothing is computed here; what leaves again leaves with an apostrophe."""
    assert bring_in(write_csv(tmp_path / "daftar.csv", [row(1, nama=f"{formula} Koto")])).new == 1
    assert Employee.objects.get(nip=NIP).name == f"{formula} Koto"
    asked = {"file_format": "csv", "unit": "", "reason": "x"}
    out = city.client("bkpsdm").post("/impor/pegawai/unduh/", asked).getvalue().decode()
    assert f"'{formula[:4]}" in out


@pytest.mark.parametrize(
    ("column", "cell", "told"),
    [
        ("nip", "1,99205E+17", "teks"),
        ("nip", "1.99205172018041E+17", "teks"),
        ("nip", "99205172018041001", "18"),
        ("tanggal_lahir", "31/02/1992", "tidak ada"),
        ("tanggal_lahir", "29-02-2023", "tidak ada"),
        ("tanggal_lahir", "=TODAY()", "tanggal"),
        ("tmt_jabatan", "2024-13-01", "tidak ada"),
        ("tmt_jabatan", "besok", "tanggal"),
        ("tmt_jabatan", "99999", "terlalu jauh di depan"),
        ("unit", "DPMPTSP' OR '1'='1", "unit"),
        ("nama", "", "nama"),
        ("nama", "a" * 1000, "nama"),
    ],
)
def test_a_cell_that_cannot_be_meant_is_refused_by_row_and_column(city: City, tmp_path: Path, column: str, cell: str, told: str) -> None:
    report = bring_in(write_csv(tmp_path / "daftar.csv", [row(1), row(2, **{column: cell})]), apply_good=True)
    assert (report.new, report.bad) == (1, 1)
    [problem] = [one for one in report.problems if column in one.columns]
    assert problem.line == 3
    assert told.lower() in f"{problem.columns} {problem.text}".lower()


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("1/2/1992", (1992, 2, 1)),
        ("33635", (1992, 2, 1)),
        ("33635,0", (1992, 2, 1)),
        ("1992-02-01", (1992, 2, 1)),
        ("29/02/1992", (1992, 2, 29)),
    ],
)
def test_a_day_is_read_as_written_here_and_a_number_of_a_sheet_as_its_day(
    city: City, tmp_path: Path, cell: str, day: tuple[int, int, int]
) -> None:
    assert bring_in(write_csv(tmp_path / "daftar.csv", [row(1, tanggal_lahir=cell)], separator=";")).new == 1
    assert Employee.objects.get(nip=NIP).birth_date == dt.date(*day)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "cp1252", "utf-32", "utf-7"])
def test_no_encoding_breaks_the_import_or_the_screen(city: City, tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "daftar.csv"
    lines = [",".join(COLUMNS), ",".join(str(row(1)[column]) for column in COLUMNS)]
    path.write_bytes("\n".join(lines).encode(encoding))
    carried = Carried(city).bring(path.read_bytes())
    if encoding == "utf-32":
        assert carried.browser.post(f"/impor/{carried.pk}/kolom/", {}).status_code == 400
    else:
        carried.check().apply()
    assert Employee.objects.filter(nip=NIP).exists() is (encoding != "utf-32")


@pytest.mark.parametrize(
    "content", [b"\x00" * 4096, bytes(range(256)) * 20, b"nip\x00,nama\n1\x00,x\n", b"\xff\xfe\x00\xd8a,b\n", b'"' * 5000, b"," * 200_000]
)
def test_no_bytes_at_all_break_the_screen(city: City, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "daftar.csv"
    path.write_bytes(content)
    before = Employee.objects.count()
    assert "ringkas-salah" in uploaded(city, path)
    assert Employee.objects.count() == before


def test_a_name_of_a_file_leads_nowhere(city: City, tmp_path: Path) -> None:
    content = write_csv(tmp_path / "daftar.csv", [row(1)]).read_bytes()
    file = io.BytesIO(content)
    file.name = "../../../../tmp/pegawai-jahat.csv"
    assert city.client("bkpsdm").post("/impor/pegawai/", {"file": file}).status_code == 302
    [stored] = stored_files(settings.MEDIA_ROOT)
    assert (stored.suffix, len(stored.name), stored.stat().st_mode & 0o777) == ("", 32, 0o600)
    assert not Path("/tmp/pegawai-jahat.csv").exists()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"a" + b"," * 20_000, "terlalu luas"),
        (b"a,b\n1,2" + b"," * 20_000, "terlalu luas"),
        (b'a,b\n"x\n"' + b',"\n"' * 20_000, "terlalu luas"),
    ],
)
def test_a_line_wider_than_any_sheet_is_not_laid_out(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "daftar.csv"
    path.write_bytes(gzip.compress(content, mtime=0))
    with pytest.raises(Unacceptable, match=sentence):
        list(read_table(path).rows)


def test_lines_of_separators_between_rows_are_counted_and_never_become_cells(tmp_path: Path) -> None:
    path = tmp_path / "daftar.csv"
    path.write_bytes(b"a,b\n" + b"," * 20_000 + b"\n \t\n1,2\n" + b",\n" * 3 + b'"x\n\n,,\ny",3\n')
    assert list(read_table(path).rows) == [(4, ["1", "2"]), (8, ["x\n\n,,\ny", "3"])]


@pytest.mark.parametrize("body", [b"\n", b",\n", b"1,2\n", b'"', b","])
def test_a_hundred_kilobytes_that_unpack_to_a_list_without_end_are_refused_within_the_memory_of_a_page(tmp_path: Path, body: bytes) -> None:
    """In a process of its own, with half a gigabyte beyond the bytes themselves."""
    path = tmp_path / "daftar.csv"
    path.write_bytes(gzip.compress(b"a,b\n" + body * (64 * 1024 * 1024 // len(body)), mtime=0))
    program = (
        "import resource, sys; from pathlib import Path; from bukittinggi_kinerja.common.tables import read_table\n"
        "from bukittinggi_kinerja.common.errors import Unacceptable\n"
        "from django.conf import settings; settings.configure(USE_I18N=False)\n"
        "resource.setrlimit(resource.RLIMIT_AS, (640 * 1024 * 1024, 640 * 1024 * 1024))\n"
        "try: print(sum(1 for number, _row in zip(range(250_001), read_table(Path(sys.argv[1])).rows)))\n"
        "except Unacceptable as refusal: print(refusal)\n"
    )
    ended = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=False, timeout=60)
    assert ended.returncode == 0, ended.stderr[-300:]


def test_an_upload_is_given_up_at_its_first_row_too_many(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "MOST_ROWS", 3)
    monkeypatch.setattr(batches, "MOST_CELLS", 8)
    hr = city.client("bkpsdm")
    for content, sentence in (
        (b"nip\n" + b"1\n" * 4 + b'"', "lebih dari 3 baris"),
        (b"nip,nama\n1,2,3,4\n1,2,3,4\n1,2\n" + b'"', "terlalu luas"),
    ):
        answer = hr.post("/impor/pegawai/", {"file": SimpleUploadedFile("daftar.csv", content)})
        assert sentence in answer.content.decode(), "what comes after is not read any more"
