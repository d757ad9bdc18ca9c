"""Tables that people bring: told apart by content, read whole or refused with a sentence."""

import datetime as dt
import gzip
import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from bukittinggi_kinerja.common import tables
from bukittinggi_kinerja.common.errors import Unacceptable
from bukittinggi_kinerja.common.tables import read_table


def write(folder: Path, content: bytes, name: str = "log.csv") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def rows(path: Path, **options: str) -> list[list[object]]:
    table = read_table(path, **options)
    return [table.header, *(cells for _line, cells in table.rows)]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_the_sign_that_divides_the_header(tmp_path: Path, separator: str) -> None:
    text = separator.join(("nomor", '"nama, lengkap; gelar"', "waktu")) + "\n" + separator.join(("1", "x", "y"))
    assert rows(write(tmp_path, text.encode())) == [["nomor", "nama, lengkap; gelar", "waktu"], ["1", "x", "y"]]


def test_a_stated_separator_rules(tmp_path: Path) -> None:
    assert rows(write(tmp_path, b"a;b,c\n1;2,3"), separator=",") == [["a;b", "c"], ["1;2", "3"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_the_usual_encodings_are_recognised(tmp_path: Path, encoding: str) -> None:
    assert rows(write(tmp_path, "nama\nCafé".encode(encoding))) == [["nama"], ["Café"]]


def test_a_stated_encoding_rules_and_its_mark_is_dropped(tmp_path: Path) -> None:
    assert rows(write(tmp_path, "nama\nŁódź".encode("cp1250")), encoding="cp1250") == [["nama"], ["Łódź"]]
    assert rows(write(tmp_path, "\ufeffnama\nx".encode()), encoding="utf-8") == [["nama"], ["x"]]
    with pytest.raises(Unacceptable, match="utf-8"):
        read_table(write(tmp_path, b"nama\n\xe9"), encoding="utf-8")


def test_gzip_is_seen_by_content_whatever_the_name(tmp_path: Path) -> None:
    assert rows(write(tmp_path, gzip.compress(b"a,b\n1,2", mtime=0))) == [["a", "b"], ["1", "2"]]


def test_lines_within_quotes_belong_to_one_row_and_rows_are_numbered_like_a_sheet(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, b'a,b\r\n1,"x\r\ny"\r\n\r\n , \r\n2,z'))
    assert list(table.rows) == [(2, ["1", "x\r\ny"]), (5, ["2", "z"])]


def test_a_sheet_gives_its_cells_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["nomor", "waktu", "jumlah"])
    sheet.write_string(1, 0, "0012")
    sheet.write_datetime(1, 1, dt.datetime(2026, 10, 12, 8, 30), book.add_format({"num_format": "dd-mm-yyyy hh:mm"}))
    sheet.write_formula(1, 2, "=1+1", None, 2)
    book.close()
    assert rows(path) == [["nomor", "waktu", "jumlah"], ["0012", dt.datetime(2026, 10, 12, 8, 30), 2.0]]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "kosong"),
        (b"\n , \n", "kosong"),
        (gzip.compress(b"a,b\n1,2", mtime=0)[:-9], "rusak"),
        (b"\x1f\x8b\x08sampah", "rusak"),
        (b"PK\x03\x04sampah", "simpan ulang sebagai xlsx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "bentuk lama"),
        (b"%PDF-1.4\nnip,nama\n", "dokumen PDF"),
        (b"nip,nama\n1,\0\0\0", "berkas yang bukan tabel"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(tmp_path: Path, content: bytes, sentence: str) -> None:
    with pytest.raises(Unacceptable, match=sentence):
        rows(write(tmp_path, content))


def test_a_text_that_is_called_xlsx_is_told_so_unless_it_is_a_table(tmp_path: Path) -> None:
    path = tmp_path / "pegawai.xlsx"
    path.write_text("Daftar pegawai menyusul.\n")
    with pytest.raises(Unacceptable, match="teks biasa"):
        rows(path)
    path.write_text("nip,nama\n1,Budi\n")
    assert rows(path) == [["nip", "nama"], ["1", "Budi"]]


def test_an_open_quote_does_not_swallow_the_rest_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(Unacceptable, match="tanda kutip"):
        rows(write(tmp_path, b'a,b\n1,"x\n2,y\n3,z\n'))


def test_a_file_that_is_not_there_is_told_by_name(tmp_path: Path) -> None:
    with pytest.raises(Unacceptable, match=r"tidak-ada\.csv"):
        read_table(tmp_path / "tidak-ada.csv")


def test_a_small_file_may_not_unpack_to_a_large_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_BYTES", 100_000)
    with pytest.raises(Unacceptable, match="lebih besar"):
        read_table(write(tmp_path, gzip.compress(b"a" * 200_000, mtime=0)))
    path = tmp_path / "bom.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/worksheets/sheet1.xml", b"0" * 200_000)
    with pytest.raises(Unacceptable, match="lebih besar"):
        read_table(path)
