"""Logs as files: the map and the rows that come in, the rows that were not taken going out."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from appraisal.incentives.rules.mapping import BadMap, LogMapping, MapFault, parse_map
from appraisal.incentives.rules.reading import ERROR_COLUMNS, EXTRA_CELLS
from bukittinggi_kinerja.common.errors import Unacceptable
from bukittinggi_kinerja.common.formulas import formula_plain, formula_safe
from bukittinggi_kinerja.common.tables import Table, read_table
from employees.rules.cells import as_text

from .intake import IntakeReport
from .intake_sorting import LogRow


def read_map(path: Path) -> LogMapping:
    """MAP.toml, whatever its file is called. Raises BadMap."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as problem:
        raise BadMap(MapFault.NOT_TOML, detail=problem.reason) from None
    return parse_map(text)


def read_log(path: Path, mapping: LogMapping) -> tuple[list[str], Iterator[LogRow]]:
    """Header and rows of a log. Raises BadMap for a column it has not, Unacceptable for a file that cannot be read."""
    table = read_table(path, separator=mapping.format.separator, encoding=mapping.format.encoding)
    header = [as_text(cell) for cell in table.header]
    absent = mapping.absent_columns(header)
    if absent:
        raise BadMap(MapFault.COLUMN_ABSENT, columns=", ".join(absent))
    twice = [name for name, count in Counter(filter(None, header)).items() if count > 1]
    if twice:
        raise Unacceptable(_("Judul kolom berikut ada lebih dari satu kali: %(columns)s.") % {"columns": ", ".join(twice)})
    return header, _rows(table, header)


def _rows(table: Table, header: Sequence[str]) -> Iterator[LogRow]:
    kept = [(place, name) for place, name in enumerate(header) if name and name not in ERROR_COLUMNS]
    for line, cells in table.rows:
        content = {name: _text(cells[place]) if place < len(cells) else "" for place, name in kept}
        extra = [_text(cell) for cell in cells[len(header) :] if cell not in (None, "")]
        if extra:
            content[EXTRA_CELLS] = " ".join(extra)
        yield LogRow(line, content)


def _text(cell: Any) -> str:
    """Texts as they stand, less the apostrophe that our own files put before a formula sign."""
    return formula_plain(cell) if isinstance(cell, str) else as_text(cell)


def require_writable(path: Path) -> None:
    """Asked before anything is taken: a list that cannot be written would leave refusals untold."""
    try:
        path.open("a").close()
    except OSError:
        raise _unwritable(path) from None


def write_listed(path: Path, header: Sequence[str], report: IntakeReport) -> None:
    """Refused and contradictory rows as they came, with row, column and reason; a later import ignores those three."""
    names = [name for name in header if name and name not in ERROR_COLUMNS]
    try:
        with path.open("w", encoding="utf-8-sig", newline="") as out:
            writer = csv.writer(out)
            writer.writerow([*map(formula_safe, names), *ERROR_COLUMNS])
            for row in report.listed:
                cells = [formula_safe(row.content.get(name, "")) for name in names]
                writer.writerow([*cells, row.line, formula_safe(row.column), formula_safe(row.reason)])
    except OSError:
        raise _unwritable(path) from None


def _unwritable(path: Path) -> Unacceptable:
    return Unacceptable(_("Berkas %(name)s tidak dapat ditulis.") % {"name": path})
