"""Files that leave: templates, error files and exports. No cell of them is a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

import xlsxwriter
from django.utils.translation import gettext as _

from bukittinggi_kinerja.common.cells import as_text
from bukittinggi_kinerja.common.formulas import formula_safe
from bukittinggi_kinerja.common.models import ImportBatch, ImportLine
from bukittinggi_kinerja.common.tables import read_table

from .kinds import ImportKind, RowState
from .lines import chunked
from .mapping import ERROR_COLUMNS, folded

FORMATS = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
_ZIP = b"PK\x03\x04"
_WIDEST = 60


def template_of(kind: ImportKind) -> bytes:
    """An empty sheet with the headers and an example row, and a second sheet that says what belongs where."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"strings_to_formulas": False, "in_memory": True}) as book:
        bold, text = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
        sheet = book.add_worksheet(kind.code[:31])
        for place, column in enumerate(kind.columns):
            sheet.set_column(place, place, max(12, len(column.name) + 2, len(column.example) + 2), text)
            sheet.write_string(0, place, column.name, bold)
            sheet.write_string(1, place, formula_safe(column.example))
        sheet.freeze_panes(1, 0)
        guide = book.add_worksheet(_("Petunjuk"))
        guide.set_column(0, 1, 24)
        guide.set_column(2, 3, _WIDEST)
        head = (_("Kolom"), _("Wajib"), _("Isi"), _("Contoh"))
        rows = [
            (one.name, _("wajib") if one.required else _("boleh kosong"), f"{one.label}. {one.help}".strip(), one.example)
            for one in kind.columns
        ]
        note = (_("Hapus baris contoh sebelum mengunggah."), "", "", "")
        for line, cells in enumerate([head, *rows, note]):
            for place, cell in enumerate(cells):
                guide.write_string(line, place, formula_safe(str(cell)), bold if line == 0 else None)
    return content.getvalue()


def write_errors(batch: ImportBatch, stream: IO[bytes]) -> str:
    """Refused rows as they came, with line, columns and what to mend; the format: ``xlsx`` for whoever brought one, else ``csv``."""
    path = Path(batch.file.path)
    with path.open("rb") as brought:
        start = brought.readline(65_536)
    rows = _refused(batch, path)
    if start.startswith(_ZIP):
        write_xlsx(stream, rows)
        return "xlsx"
    stream.writelines(csv_lines(rows, separator=";" if start.count(b";") > start.count(b",") else ","))
    return "csv"


def _refused(batch: ImportBatch, path: Path) -> Iterator[list[str]]:
    faults = dict(ImportLine.objects.filter(batch=batch, state=RowState.BAD).values_list("line", "faults"))
    headers = {place: name for name, place in batch.mapping.items()}
    table = read_table(path, name=batch.name)
    kept = [place for place, name in enumerate(table.header) if folded(name) not in ERROR_COLUMNS]
    yield [*(as_text(table.header[place]) for place in kept), *ERROR_COLUMNS]
    for line, cells in table.rows:
        if line in faults:
            named = {column: _header_of(column, headers, batch.header) for column, _text in faults[line]}
            columns = ", ".join(dict.fromkeys(name for name in named.values() if name))
            told = " ".join(dict.fromkeys(text for _column, text in faults[line]))
            yield [*(_shown(cells, place) for place in kept), str(line), columns, told]


def _header_of(column: str, headers: Mapping[int, str], header: Sequence[str]) -> str:
    """The column by the name it has in the file of the clerk."""
    return next((header[place] for place, name in headers.items() if name == column and place < len(header)), column)


def csv_lines(rows: Iterable[Sequence[str]], *, separator: str = ",") -> Iterator[bytes]:
    """In pieces, so that a hundred thousand rows never wait in memory; marked as UTF-8 for sheets."""
    yield b"\xef\xbb\xbf"
    for chunk in chunked(rows, 500):
        piece = io.StringIO(newline="")
        csv.writer(piece, delimiter=separator, lineterminator="\r\n").writerows([formula_safe(cell) for cell in row] for row in chunk)
        yield piece.getvalue().encode()


def write_xlsx(stream: IO[bytes], rows: Iterable[Sequence[str]]) -> None:
    """Written row by row, every cell as text: a NIP keeps its 18 digits."""
    with xlsxwriter.Workbook(stream, {"constant_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        for line, cells in enumerate(rows):
            for place, cell in enumerate(cells):
                sheet.write_string(line, place, formula_safe(cell))


def table_of(kind: ImportKind, rows: Iterable[Mapping[str, Any]]) -> Iterator[list[str]]:
    """Rows of an export under the headers of the import."""
    names = [column.name for column in kind.columns]
    yield names
    for row in rows:
        yield ["" if row.get(name) is None else str(row[name]) for name in names]


def _shown(cells: Sequence[Any], place: int) -> str:
    if place >= len(cells) or cells[place] is None:
        return ""
    return cells[place] if isinstance(cells[place], str) else as_text(cells[place])
