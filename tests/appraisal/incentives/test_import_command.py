"""``import_service_events``: what a clerk calls, what he is told, and what stands in the list of refused rows."""

import csv
from io import StringIO
from pathlib import Path

import pytest
import xlsxwriter
from django.core.management import CommandError, call_command

from appraisal.incentives.models import EventSource, ServiceCase, ServiceEvent

pytestmark = pytest.mark.usefixtures("services", "october")
MAP = """
[columns]
case_id = "berkas"
activity = "langkah"
timestamp = "waktu"
officer = "petugas"
[clock]
accept = ["DITERIMA"]
finish = ["TERBIT"]
"""
LOG = """berkas,langkah,waktu,petugas,catatan
1,DITERIMA,2026-06-08 09:00,budi,
1,TERBIT,2026-06-12 10:00,budi,=1+1
NA,DITERIMA,08-06-2026 09:00,,
3,DITERIMA,31-02-2026 09:00,citra,=bahaya
3,TERBIT,2026-06-12 10:00,citra,
"""


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    (tmp_path / "loket.toml").write_text(MAP)
    (tmp_path / "log.csv").write_text(LOG)
    return tmp_path


def run(desk: Path, *words: str, log: str = "log.csv", by: str = "loket.toml") -> str:
    out = StringIO()
    call_command("import_service_events", str(desk / log), "--mapping", str(desk / by), *words, stdout=out)
    return out.getvalue()


def refused(desk: Path, *words: str, **names: str) -> tuple[int, str]:
    out, said = StringIO(), StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command(
            "import_service_events",
            str(desk / names.get("log", "log.csv")),
            "--mapping",
            str(desk / names.get("by", "loket.toml")),
            *words,
            stdout=out,
            stderr=said,
        )
    assert out.getvalue() == ""
    return int(ended.value.code or 0), said.getvalue().strip()


def _on_time(count: int) -> str:
    return f"{count} selesai, {count} tepat waktu dari {count} yang dapat dinilai (100,00%), 0 tidak dapat dinilai"


def test_read_and_taken_are_told_in_plain_numbers(desk: Path) -> None:
    said = run(desk).splitlines()
    assert said[:4] == [
        f"Sumber {EventSource.objects.get().code}",
        f"Dibaca: 5 peristiwa, 3 berkas, 2 kegiatan, 2 petugas; {_on_time(2)}",
        f"Diambil: 3 peristiwa, 2 berkas, 2 kegiatan, 1 petugas; {_on_time(1)}",
        "Baru: 3 peristiwa, 2 berkas; 0 berkas berubah; 0 peristiwa sudah ada.",
    ]
    assert sorted(ServiceCase.objects.values_list("case_id", flat=True)) == ["1", "NA"]


def test_what_cannot_be_judged_is_told_apart_and_not_as_late(desk: Path) -> None:
    """A file from before the first day of the calendar has no standard time that could be counted."""
    (desk / "log.csv").write_text(LOG + "4,DITERIMA,2001-06-08 09:00,budi,\n4,TERBIT,2001-09-12 10:00,budi,\n")
    said = run(desk).splitlines()
    assert "2 selesai, 1 tepat waktu dari 1 yang dapat dinilai (100,00%), 1 tidak dapat dinilai" in said[2]


def test_a_second_import_says_that_everything_is_there(desk: Path) -> None:
    run(desk)
    assert "Baru: 0 peristiwa, 0 berkas; 0 berkas berubah; 3 peristiwa sudah ada." in run(desk)


def test_a_dry_run_says_so_and_leaves_no_trace(desk: Path) -> None:
    said = run(desk, "--dry-run", "--errors", str(desk / "galat.csv"))
    assert "Dapat diambil: 3 peristiwa, 2 berkas" in said
    assert said.splitlines()[-1] == "Uji saja: tidak ada yang ditulis."
    assert not EventSource.objects.exists()
    assert "31-02-2026" in (desk / "galat.csv").read_text(encoding="utf-8-sig")


def test_refused_rows_come_back_as_they_were_with_row_column_and_reason(desk: Path) -> None:
    run(desk, "--errors", str(desk / "galat.csv"))
    with (desk / "galat.csv").open(encoding="utf-8-sig", newline="") as out:
        rows = list(csv.DictReader(out))
    assert [(r["berkas"], r["baris"], r["kolom"]) for r in rows] == [("3", "5", "waktu"), ("3", "6", "")]
    assert rows[0]["catatan"] == "'=bahaya"
    assert rows[0]["galat"] == "Kolom waktu berisi 31-02-2026 09:00, bukan waktu yang dapat dibaca."
    assert "Baris 5" in rows[1]["galat"]


def test_no_title_and_no_named_column_of_the_list_is_a_formula(desk: Path) -> None:
    (desk / "loket.toml").write_text(MAP.replace('"waktu"', '"=waktu"'))
    (desk / "log.csv").write_text(LOG.replace("waktu", "=waktu", 1))
    run(desk, "--errors", str(desk / "galat.csv"))
    with (desk / "galat.csv").open(encoding="utf-8-sig", newline="") as out:
        first = next(csv.DictReader(out))
    assert first["'=waktu"] == "31-02-2026 09:00"
    assert first["kolom"] == "'=waktu"


def test_the_list_can_be_mended_and_imported_as_it_is(desk: Path) -> None:
    run(desk, "--errors", str(desk / "galat.csv"))
    mended = (desk / "galat.csv").read_text(encoding="utf-8-sig").replace("31-02-2026 09:00,citra", "01-06-2026 09:00,citra")
    (desk / "galat.csv").write_text(mended)
    assert "Baru: 2 peristiwa, 1 berkas" in run(desk, log="galat.csv")
    content = ServiceEvent.objects.get(case__case_id="3", activity="DITERIMA").content
    assert (content["catatan"], set(content)) == ("=bahaya", {"berkas", "langkah", "waktu", "petugas", "catatan"})


def test_a_semicolon_file_of_an_old_program_and_a_sheet_give_the_same_cases(desk: Path) -> None:
    (desk / "lama.csv").write_bytes(LOG.replace(",", ";").encode("cp1252"))
    book = xlsxwriter.Workbook(desk / "log.xlsx")
    sheet = book.add_worksheet()
    for number, line in enumerate(csv.reader(StringIO(LOG))):
        for place, cell in enumerate(line):
            sheet.write_string(number, place, cell)
    book.close()
    for log in ("log.csv", "lama.csv", "log.xlsx"):
        assert "Diambil: 3 peristiwa, 2 berkas" in run(desk, log=log)
    assert ServiceEvent.objects.count() == 3


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[columns", "Peta bukan TOML"),
        ('[columns]\ncase_id = "berkas"\nactivity = "langkah"\n', "timestamp"),
        (MAP.replace("waktu", "jam"), "jam"),
        (MAP + "\n[format]\nseparator = 'ab'\n", "Pemisah"),
    ],
)
def test_a_bad_map_ends_with_2_and_one_sentence(desk: Path, text: str, sentence: str) -> None:
    (desk / "loket.toml").write_text(text)
    code, said = refused(desk)
    assert code == 2
    assert sentence in said
    assert "\n" not in said


def test_a_log_that_cannot_be_read_ends_with_1_and_nothing_is_written(desk: Path) -> None:
    (desk / "log.csv").write_text('berkas,langkah,waktu,petugas\n1,"A,2026-06-08,x\n')
    code, said = refused(desk)
    assert (code, "tanda kutip" in said) == (1, True)
    assert not EventSource.objects.exists()


def test_a_doubled_title_is_refused_before_anything_is_read(desk: Path) -> None:
    (desk / "log.csv").write_text("berkas,langkah,waktu,petugas,petugas\n1,A,2026-06-08,x,y\n")
    assert refused(desk)[0] == 1


def test_files_that_are_not_there_are_a_wrong_call(desk: Path) -> None:
    with pytest.raises(CommandError, match="tidak ada"):
        run(desk, log="hilang.csv")
    with pytest.raises(CommandError, match="tidak ada"):
        run(desk, by="hilang.toml")


def test_without_a_place_for_the_refused_rows_nothing_is_taken(desk: Path) -> None:
    code, said = refused(desk, "--errors", str(desk / "tidak/ada.csv"))
    assert (code, "tidak dapat ditulis" in said) == (2, True)
    assert not ServiceCase.objects.exists()


@pytest.mark.parametrize("name", ["utf-16", "utf-16-le", "cp1252"])
def test_a_log_in_another_encoding_is_read_by_what_its_map_declares(desk: Path, name: str) -> None:
    (desk / "loket.toml").write_text(f'{MAP}\n[format]\nencoding = "{name}"\n')
    (desk / "log.csv").write_bytes(LOG.encode(name))
    assert "Diambil: 3 peristiwa, 2 berkas" in run(desk)
