"""The error file: refused rows with their original columns, so that they can be mended and imported again."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bukittinggi_kinerja.common.formulas import formula_safe
from bukittinggi_kinerja.common.tables import read_table
from employees.rules.cells import as_text
from employees.rules.importing import ERROR_COLUMNS, header_names

from .reading import Batch
from .sentences import columns_of, sentences

_ZIP = b"PK\x03\x04"


def write_errors(path: Path, out: Path, batch: Batch) -> None:
    """A csv with the separator of the original; read again from there, so that good rows never wait in memory."""
    table = read_table(path)
    names = header_names(table.header)
    kept = [place for place, name in enumerate(names) if name not in ERROR_COLUMNS]
    with out.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter=_separator(path), lineterminator="\n")
        writer.writerow([*(formula_safe(as_text(table.header[place])) for place in kept), *ERROR_COLUMNS])
        for line, cells in table.rows:
            if line in batch.faults:
                faults = batch.faults[line]
                original = [formula_safe(_shown(cells, place)) for place in kept]
                writer.writerow([*original, line, formula_safe(columns_of(faults)), formula_safe(sentences(faults))])


def _shown(cells: Sequence[Any], place: int) -> str:
    if place >= len(cells) or cells[place] is None:
        return ""
    return cells[place] if isinstance(cells[place], str) else as_text(cells[place])


def _separator(path: Path) -> str:
    with path.open("rb") as stream:
        header = stream.readline(65_536)
    return ";" if not header.startswith(_ZIP) and header.count(b";") > header.count(b",") else ","
