"""The files themselves: formats, encodings, and files that are none; and the command line."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection

from bukittinggi_kinerja.common.errors import Unacceptable
from employees.models import Employee, Posting, User
from employees.rules.importing import COLUMNS
from tests.employees.sheets import bring_in, row, write_csv, write_xlsx
from tests.people import City

NIP = "199205172018041001"


def test_a_sheet_gives_dates_texts_and_the_values_of_formulas(city: City, tmp_path: Path) -> None:
    cells = row(1, tmt_jabatan=dt.date(2024, 3, 1), tanggal_lahir=33741, nama='="Siti"&" Aisyah"', formula_value="Siti Aisyah")
    report = bring_in(write_xlsx(tmp_path / "pegawai.xlsx", [cells]))
    assert (report.new, report.bad) == (1, 0)
    person = Employee.objects.get(nip=NIP)
    assert (person.name, person.birth_date) == ("Siti Aisyah", dt.date(1992, 5, 17))
    assert Posting.objects.get(employee=person).valid.lower == dt.date(2024, 3, 1)


def test_a_nip_that_a_sheet_took_for_a_number_is_refused_with_the_remedy(city: City, tmp_path: Path) -> None:
    [problem] = bring_in(write_xlsx(tmp_path / "pegawai.xlsx", [row(1, nip=199205172018041001)])).problems
    assert problem.columns == "nip"
    assert "teks" in problem.text


def test_the_error_file_of_a_sheet_is_a_csv(city: City, tmp_path: Path) -> None:
    out = tmp_path / "galat.csv"
    bring_in(write_xlsx(tmp_path / "pegawai.xlsx", [row(1, unit="?", tmt_jabatan=dt.date(2024, 3, 1))]), errors_out=out)
    with out.open(encoding="utf-8", newline="") as stream:
        [bad] = list(csv.DictReader(stream))
    assert (bad["TMT_JABATAN"], bad["kolom"]) == ("2024-03-01", "unit")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";"])
def test_a_csv_is_read_whatever_office_wrote_it(city: City, tmp_path: Path, encoding: str, separator: str) -> None:
    path = write_csv(tmp_path / "pegawai.csv", [row(1, nama="Zoë “Uni” Koto")], encoding=encoding, separator=separator)
    bring_in(path)
    assert Employee.objects.get(nip=NIP).name == "Zoë “Uni” Koto"


def test_header_names_are_case_free_and_unknown_columns_do_not_matter(city: City, tmp_path: Path) -> None:
    path = tmp_path / "pegawai.csv"
    header = ["No", *(column.upper().replace("_", " ") for column in COLUMNS)]
    path.write_text("\n".join([",".join(header), ",".join(["1", *(str(row(1)[column]) for column in COLUMNS)])]), encoding="utf-8")
    assert bring_in(path).new == 1


def test_blank_lines_are_skipped_and_keep_the_numbers_of_the_others(city: City, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "pegawai.csv", [row(1), dict.fromkeys(COLUMNS, ""), row(2, unit="?")])
    report = bring_in(path)
    assert [problem.line for problem in report.problems] == [4]


def test_an_unquoted_separator_in_a_name_is_refused_and_never_shifts_the_row(city: City, tmp_path: Path) -> None:
    path = write_csv(tmp_path / "pegawai.csv", [row(1)])
    path.write_text(path.read_text().replace("Orang Baru 1", "Orang Baru, S.H., M.H."))
    [problem] = bring_in(path).problems
    assert "tanda kutip" in problem.text


def bomb() -> bytes:
    """A small file that unpacks to more than anybody's list of people."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as parts, parts.open("xl/worksheets/sheet1.xml", "w") as stream:
        for _piece in range(300):
            stream.write(b"0" * 1024 * 1024)
    return content.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("kosong.csv", b""),
        ("gambar.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256))),
        ("rusak.xlsx", b"PK\x03\x04 bukan arsip"),
        ("tanpa-kolom.csv", b"nip,nama\n1,A\n"),
        ("dua-kali.csv", (",".join([*COLUMNS, "nip"]) + "\n").encode()),
    ],
)
def test_a_file_that_is_no_list_of_people_is_refused_with_a_sentence(city: City, tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(Unacceptable) as refusal:
        bring_in(path)
    assert str(refusal.value).endswith(".")


def test_a_sheet_that_unpacks_without_end_is_refused_before_it_is_unpacked(city: City, tmp_path: Path) -> None:
    path = tmp_path / "bom.xlsx"
    path.write_bytes(bomb())
    assert path.stat().st_size < 1_000_000
    with pytest.raises(Unacceptable):
        bring_in(path)


def test_a_crash_in_the_middle_leaves_nothing(city: City, tmp_path: Path) -> None:
    """People and accounts are written by then, postings fail."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE employees_posting ADD CONSTRAINT crash CHECK (valid IS NULL) NOT VALID")
    with pytest.raises(IntegrityError):
        bring_in(write_csv(tmp_path / "pegawai.csv", [row(1)]))
    assert not Employee.objects.filter(nip=NIP).exists()
    assert not User.objects.filter(username=NIP).exists()


# --- the command


def run(*words: str) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("import_employees", *words, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_the_command_prints_one_line_of_counts(city: City, tmp_path: Path) -> None:
    out, err = run(str(write_csv(tmp_path / "pegawai.csv", [row(1), row(2)])))
    assert (out, err) == ("2 baru, 0 berubah, 0 tetap, 0 salah\n", "")


def test_the_command_names_row_column_and_remedy_and_ends_with_1(city: City, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_csv(tmp_path / "pegawai.csv", [row(1), row(2, tmt_jabatan="31-02-2026")])
    with pytest.raises(CommandError) as refusal:
        call_command("import_employees", str(path))
    assert refusal.value.returncode == 1
    told = capsys.readouterr()
    assert told.out == "1 baru, 0 berubah, 0 tetap, 1 salah\n"
    assert told.err.startswith("Baris 3, kolom tmt_jabatan: Tanggal 31-02-2026 tidak ada. Tulis tanggal yang benar")


def test_the_command_takes_good_rows_and_writes_the_others_when_asked(city: City, tmp_path: Path) -> None:
    out_file = tmp_path / "galat.csv"
    path = write_csv(tmp_path / "pegawai.csv", [row(1), row(2, tmt_jabatan="31-02-2026")])
    out, _err = run(str(path), "--apply-good", "--errors", str(out_file))
    assert out == "1 baru, 0 berubah, 0 tetap, 1 salah\n"
    assert len(out_file.read_text().splitlines()) == 2


def test_the_command_rehearses(city: City, tmp_path: Path) -> None:
    out, _err = run(str(write_csv(tmp_path / "pegawai.csv", [row(1)])), "--dry-run")
    assert out.startswith("1 baru")
    assert not Employee.objects.filter(nip=NIP).exists()


@pytest.mark.parametrize("words", [["tidak-ada.csv"], ["{file}", "--errors", "{file}"], ["{file}", "--errors", "tidak/ada/galat.csv"]])
def test_a_wrong_call_ends_with_2(city: City, tmp_path: Path, words: list[str]) -> None:
    path = write_csv(tmp_path / "pegawai.csv", [row(1)])
    with pytest.raises(CommandError) as refusal:
        call_command("import_employees", *(word.replace("{file}", str(path)) for word in words))
    assert refusal.value.returncode == 2
    assert not Employee.objects.filter(nip=NIP).exists()
