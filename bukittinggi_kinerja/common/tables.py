"""Tables that people bring: csv, gzipped csv, xlsx. Told apart by content, never by name."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from python_calamine import CalamineError, CalamineWorkbook

from .csv_stream import CsvStream, decodes
from .errors import Unacceptable
from .sheet_size import TooManyCells, require_openable

#: Unpacked size that is still read; beyond it a small file may be a bomb.
MOST_BYTES = 256 * 1024 * 1024
SEPARATORS = ",;\t|"

_GZIP, _ZIP = b"\x1f\x8b", b"PK\x03\x04"
_OTHER_FILES = {
    b"\xd0\xcf\x11\xe0": gettext_lazy("lembar Excel bentuk lama (xls)"),
    b"%PDF": gettext_lazy("dokumen PDF"),
    b"\x89PNG": gettext_lazy("gambar"),
    b"\xff\xd8\xff": gettext_lazy("gambar"),
}
_BYTE_ORDER_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


@dataclass(frozen=True)
class Table:
    """Header cells, and rows of cells with their number as a sheet shows it (the header is row 1)."""

    header: list[Any]
    rows: Iterator[tuple[int, list[Any]]]


def read_table(path: Path, *, separator: str | None = None, encoding: str | None = None, name: str = "") -> Table:
    """The first sheet, or the csv; wholly blank rows are left out.

    Without ``separator`` the header decides; without ``encoding`` UTF-8 is tried, then the one of old office
    programs. Raises Unacceptable with a sentence for a file that cannot be read; ``name`` is what people call the file.
    """
    try:
        data = path.read_bytes() if path.stat().st_size <= MOST_BYTES else None
    except OSError:
        raise Unacceptable(_("Berkas %(name)s tidak ada atau tidak dapat dibaca.") % {"name": name or path.name}) from None
    path = Path(name) if name else path
    if data is None:
        raise _too_large(path)
    if data.startswith(_GZIP):
        data = _unpacked(data, path)
    if encoding is None:
        _require_text_or_sheet(data, path)
    records: Iterator[Sequence[Any]] = _sheet(data, path) if data.startswith(_ZIP) else _csv(data, path, separator, encoding)
    header = next(records, None)
    if header is None or _is_blank(header):
        raise Unacceptable(_("Berkas %(name)s kosong.") % {"name": path.name})
    if path.suffix.casefold() == ".xlsx" and not data.startswith(_ZIP) and len(header) == 1:
        raise _no_table(path, _("teks biasa"))
    return Table(list(header), ((line, list(cells)) for line, cells in enumerate(records, start=2) if not _is_blank(cells)))


def _require_text_or_sheet(data: bytes, path: Path) -> None:
    """A clerk who brings the old form of a sheet, or a letter, is told what he brought."""
    kind = next((name for mark, name in _OTHER_FILES.items() if data.startswith(mark)), None)
    marked = data.startswith((_ZIP, *_BYTE_ORDER_MARKS))
    if kind is not None or (not marked and b"\0" in data[:4096]):
        raise _no_table(path, kind or _("berkas yang bukan tabel"))


def _no_table(path: Path, kind: object) -> Unacceptable:
    text = _(
        "Berkas %(name)s bukan lembar xlsx atau csv, melainkan %(kind)s. Buka isinya di program lembar kerja, lalu simpan sebagai xlsx."
    )
    return Unacceptable(text % {"name": path.name, "kind": kind})


def _unpacked(data: bytes, path: Path) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as packed:
            content = packed.read(MOST_BYTES + 1)
    except (OSError, EOFError, zlib.error):
        raise Unacceptable(_("Berkas %(name)s rusak. Unduh atau kirim ulang berkas itu.") % {"name": path.name}) from None
    if len(content) > MOST_BYTES:
        raise _too_large(path)
    return content


def _sheet(data: bytes, path: Path) -> Iterator[Sequence[Any]]:
    """Cells as the sheet holds them; a formula cell gives its last value."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            if sum(part.file_size for part in parts.infolist()) > MOST_BYTES:
                raise _too_large(path)
            require_openable(parts)
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        rows: list[list[Any]] = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except TooManyCells:
        raise _too_wide(path) from None
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error, EOFError, CalamineError, IndexError, ValueError):
        raise Unacceptable(
            _("Berkas %(name)s bukan lembar xlsx yang utuh. Buka di program lembar kerja, lalu simpan ulang sebagai xlsx.")
            % {"name": path.name}
        ) from None
    return iter(rows)


def _csv(data: bytes, path: Path, separator: str | None, encoding: str | None) -> Iterator[Sequence[Any]]:
    stream = CsvStream(data, _encoding_of(data, path, encoding))
    sign = separator or _separator_of(stream.opening())
    try:
        yield from stream.records(sign)
    except TooManyCells:
        raise _too_wide(path) from None
    except csv.Error:
        raise Unacceptable(
            _("Baris %(line)s berkas %(name)s tidak dapat dibaca: tanda kutip atau pemisah kolom rusak.")
            % {"line": stream.line, "name": path.name}
        ) from None


def _encoding_of(data: bytes, path: Path, encoding: str | None) -> str:
    marked = next((name for mark, name in _BYTE_ORDER_MARKS.items() if data.startswith(mark)), None)
    declared = codecs.lookup(encoding).name if encoding else None
    if declared == "utf-8":
        declared = "utf-8-sig"
    for candidate in [declared] if declared else [marked or "utf-8", "cp1252"]:
        if decodes(data, candidate):
            return candidate
    raise Unacceptable(
        _("Huruf dalam berkas %(name)s tidak cocok dengan pengodean %(encoding)s.") % {"name": path.name, "encoding": encoding or "UTF-8"}
    )


def _separator_of(header: str) -> str:
    """The sign that divides the header most often."""
    unquoted = "".join(header.split('"')[::2]) or header
    return max(SEPARATORS, key=unquoted.count)


def _is_blank(cells: Sequence[Any]) -> bool:
    return all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in cells)


def _too_wide(path: Path) -> Unacceptable:
    return Unacceptable(_("Lembar %(name)s terlalu luas. Hapus baris dan kolom kosong di luar daftar.") % {"name": path.name})


def _too_large(path: Path) -> Unacceptable:
    return Unacceptable(
        _("Berkas %(name)s lebih besar dari %(limit)s MB. Bagi menjadi beberapa berkas.")
        % {"name": path.name, "limit": MOST_BYTES // (1024 * 1024)}
    )
