"""From the headers of a file to the columns of a list: guessed, remembered, and read."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from bukittinggi_kinerja.common.cells import as_text
from bukittinggi_kinerja.common.errors import Unacceptable
from bukittinggi_kinerja.common.tables import read_table

from .kinds import ImportColumn, SourceRow

#: Columns of our own error files; a mended file is imported as it is.
ERROR_COLUMNS = ("baris", "kolom", "galat")
_BETWEEN = re.compile(r"[\s_\-./]+")


@dataclass(frozen=True)
class MappedTable:
    """``places`` says at which place of the header each column stands. Read anew at each ``rows()``."""

    path: Path
    name: str
    places: Mapping[str, int]

    @property
    def columns(self) -> Sequence[str]:
        return tuple(self.places)

    def rows(self) -> Iterator[SourceRow]:
        table = read_table(self.path, name=self.name)
        width = len(table.header)
        for line, cells in table.rows:
            found = {column: cells[place] if place < len(cells) else None for column, place in self.places.items()}
            yield SourceRow(line, found, any(cell not in (None, "") for cell in cells[width:]))


def folded(header: object) -> str:
    """Two spellings of one header: case, blanks, dashes, dots and underscores do not count."""
    return _BETWEEN.sub("_", as_text(header if isinstance(header, (str, int, float)) else str(header or ""))).strip("_").casefold()


def fingerprint(header: Sequence[str]) -> str:
    """Of the headers alone, in their order; those that our error file adds at the end do not make it another list."""
    names = [folded(name) for name in header]
    while names and names[-1] in ERROR_COLUMNS:
        names.pop()
    return hashlib.sha256("\x1f".join(names).encode()).hexdigest()


def guessed(columns: Iterable[ImportColumn], header: Sequence[str]) -> dict[str, int]:
    """Each column at the first header that is its name, its label or one of its other names; no header serves twice."""
    names = [folded(name) for name in header]
    places: dict[str, int] = {}
    for ways in _ways(columns):
        for column, known in ways.items():
            free = (place for place, name in enumerate(names) if name in known and place not in places.values())
            if column not in places and (place := next(free, None)) is not None:
                places[column] = place
    return places


def _ways(columns: Iterable[ImportColumn]) -> list[dict[str, set[str]]]:
    """Names first, so that no alias takes the place of a real name."""
    listed = list(columns)
    return [
        {one.name: {folded(one.name)} for one in listed},
        {one.name: {folded(str(one.label)), *(folded(alias) for alias in one.aliases)} for one in listed},
    ]


def require_mapped(columns: Sequence[ImportColumn], places: Mapping[str, int], header: Sequence[str]) -> None:
    """Raises Unacceptable with a sentence for each column that cannot stay as it is."""
    errors: dict[str, list[str]] = {}
    for column in columns:
        if column.required and column.name not in places:
            errors[column.name] = [_("Kolom %(column)s wajib ada. Pilih kolom berkas yang memuatnya.") % {"column": column.label}]
    for name, place in places.items():
        if list(places.values()).count(place) > 1:
            errors[name] = [_("Kolom berkas ini dipilih dua kali. Pilih kolom lain.")]
        elif not 0 <= place < len(header):
            errors[name] = [_("Kolom ini tidak ada dalam berkas. Pilih dari daftar.")]
    if errors:
        raise Unacceptable(_("Pemetaan kolom belum lengkap."), errors=errors)


def texts_of(cells: Sequence[Any], width: int) -> list[str]:
    """Cells of a line as a clerk reads them, as many as there are headers."""
    return [as_text(cells[place]) if place < len(cells) else "" for place in range(width)]
