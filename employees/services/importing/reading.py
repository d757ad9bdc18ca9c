"""From a file to rows and faults: everything one line can tell by itself, and numbers that come twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from bukittinggi_kinerja.common.errors import Unacceptable
from bukittinggi_kinerja.common.tables import read_table
from employees.rules.importing import Fault, Row, header_names, missing_columns, read_row, repeated_columns

from .sentences import WHOLE_ROW

MOST_ROWS = 250_000
TOLD_EVERY = 1_000


@dataclass
class Batch:
    """``rows`` are those still good, by line; ``faults`` those refused; ``line_of`` the first line of each NIP.

    ``drafts`` are rows refused for one column whose other columns are still looked at, so that a clerk hears of all at once.
    """

    rows: dict[int, Row] = field(default_factory=dict)
    drafts: dict[int, Row] = field(default_factory=dict)
    faults: dict[int, list[Fault]] = field(default_factory=dict)
    warnings: list[tuple[int, Fault]] = field(default_factory=list)
    line_of: dict[str, int] = field(default_factory=dict)

    def refuse(self, line: int, fault: Fault) -> None:
        self.faults.setdefault(line, []).append(fault)
        if (row := self.rows.pop(line, None)) is not None:
            self.drafts[line] = row

    def sound(self, line: int, *columns: str) -> bool:
        """Whether nothing is wrong with these columns of a line, as far as is known by now."""
        return not any(fault.column in columns for fault in self.faults.get(line, ()))

    def stated(self) -> list[Row]:
        """Good rows and drafts in the order of the file."""
        rows = {**self.rows, **self.drafts}
        return [rows[line] for line in sorted(rows)]

    def warn(self, line: int, fault: Fault) -> None:
        self.warnings.append((line, fault))


def read_batch(lines: Iterable[tuple[int, Mapping[str, Any], bool]], *, today: dt.date, tick: Callable[[int], None] | None = None) -> Batch:
    """Lines as ``read_lines`` gives them; ``tick`` hears of each thousand."""
    batch = Batch()
    for line, cells, surplus in lines:
        reading = read_row(cells, line=line, today=today)
        for warning in reading.warnings:
            batch.warn(line, warning)
        faults = list(reading.faults)
        if surplus:
            faults.insert(0, Fault(WHOLE_ROW, "too_many_cells"))
        if reading.nip is not None and (first := batch.line_of.setdefault(reading.nip, line)) != line:
            faults.append(Fault("nip", "repeated", {"first": first}))
        if faults:
            batch.faults[line] = faults
        else:
            batch.rows[line] = reading.row
        # Cells that slid into other columns would only be blamed for what they do not mean.
        if faults and not surplus:
            batch.drafts[line] = reading.row
        if tick is not None and (len(batch.rows) + len(batch.faults)) % TOLD_EVERY == 0:
            tick(TOLD_EVERY)
        if len(batch.rows) + len(batch.faults) > MOST_ROWS:
            raise Unacceptable(_("Berkas memuat lebih dari %(most)s baris. Bagi menjadi beberapa berkas.") % {"most": MOST_ROWS})
    return batch


def read_lines(path: Path) -> Iterator[tuple[int, dict[str, Any], bool]]:
    """Line number, cells by column, and whether the line has cells beyond the header.

    Raises Unacceptable for a file that is no table or lacks columns.
    """
    table = read_table(path)
    names = header_names(table.header)
    if absent := missing_columns(names):
        raise Unacceptable(_("Berkas ini tidak mempunyai kolom %(columns)s.") % {"columns": ", ".join(absent)})
    if twice := repeated_columns(names):
        raise Unacceptable(_("Kolom %(columns)s ada lebih dari sekali. Hapus salah satunya.") % {"columns": ", ".join(twice)})
    width = len(names)
    for line, cells in table.rows:
        yield line, dict(zip(names, cells, strict=False)), any(cell not in (None, "") for cell in cells[width:])
