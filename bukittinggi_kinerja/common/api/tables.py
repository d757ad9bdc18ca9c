"""A report as a table, once; json, csv and xlsx are three ways to carry the same cells."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import IO, Any

import xlsxwriter

from bukittinggi_kinerja.common.formulas import formula_safe
from bukittinggi_kinerja.common.money import plain

Cell = str | int | Decimal | bool | None


@dataclass(frozen=True)
class Column:
    """``key`` names the cell for programs, ``label`` for people; ``meaning`` says what is counted and how it is rounded.

    ``kind`` is the type of a cell outside: text, whole number, decimal digits as text, or flag.
    """

    key: str
    label: Any
    meaning: Any = ""
    kind: str = "number"


@dataclass(frozen=True)
class Table:
    """``rows`` may be a stream; ``facts`` are what the figures rest on (period, unit, rule versions …)."""

    name: str
    title: Any
    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]]
    total: Sequence[Cell] | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


def as_mapping(table: Table) -> dict[str, Any]:
    keys = [column.key for column in table.columns]
    return {
        "report": table.name,
        "title": str(table.title),
        **table.facts,
        "columns": [{"key": c.key, "label": str(c.label), "meaning": str(c.meaning)} for c in table.columns],
        "rows": [dict(zip(keys, map(_value, row), strict=True)) for row in table.rows],
        "total": None if table.total is None else dict(zip(keys, map(_value, table.total), strict=True)),
    }


def as_csv(table: Table) -> Iterator[str]:
    """Lines as they are written, header first; no total, so that a sum over the rows counts nothing twice."""
    writer = csv.writer(_Echo())
    yield writer.writerow([formula_safe(column.key) for column in table.columns])
    for row in table.rows:
        yield writer.writerow([_csv_cell(cell) for cell in row])


def as_xlsx(table: Table) -> IO[bytes]:
    """A workbook in a temporary file, row by row; texts are never read as formulas or links."""
    target = tempfile.TemporaryFile(suffix=".xlsx")  # noqa: SIM115 - the answer closes it
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(target, options)
    bold = book.add_format({"bold": True})
    sheet = book.add_worksheet(table.name[:31])
    sheet.freeze_panes(1, 0)
    for number, column in enumerate(table.columns):
        sheet.set_column(number, number, max(12, min(40, len(str(column.label)) + 2)))
        sheet.write_string(0, number, str(column.label), bold)
    line = 1
    for row in table.rows:
        _write(sheet, line, row)
        line += 1
    if table.total is not None:
        _write(sheet, line, table.total, bold)
    _explain(book, table, bold)
    book.close()
    target.seek(0)
    return target


def _explain(book: Any, table: Table, bold: Any) -> None:
    """A second sheet says what the first rests on."""
    sheet = book.add_worksheet("Keterangan")
    sheet.set_column(0, 0, 32)
    sheet.set_column(1, 1, 90)
    lines = [(str(table.title), ""), *((name, _fact(value)) for name, value in table.facts.items())]
    lines += [(str(c.label), str(c.meaning)) for c in table.columns]
    for number, (name, text) in enumerate(lines):
        sheet.write_string(number, 0, name, bold)
        sheet.write_string(number, 1, text)


def _fact(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(str(item) for item in value)
    return "" if value is None else str(value)


def _write(sheet: Any, line: int, row: Sequence[Cell], style: Any = None) -> None:
    for number, cell in enumerate(row):
        if cell is None:
            continue
        if isinstance(cell, bool):
            sheet.write_boolean(line, number, cell, style)
        elif isinstance(cell, (int, Decimal)):
            sheet.write_number(line, number, cell, style)
        else:
            sheet.write_string(line, number, cell, style)


def _value(cell: Cell) -> str | int | bool | None:
    return plain(cell) if isinstance(cell, Decimal) else cell


def _csv_cell(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return str(_value(cell)) if isinstance(cell, (int, Decimal)) else formula_safe(cell)


class _Echo:
    """csv writes here and gets its line back at once."""

    def write(self, line: str) -> str:
        return line
