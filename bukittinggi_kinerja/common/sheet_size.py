"""Whether a workbook may be opened: its reader lays out every cell between the first and the last one.

One cell in the last corner of a sheet is a file of five kilobytes and half a terabyte of memory, which ends the process.
"""

from __future__ import annotations

import re
import zipfile
from typing import IO
from xml.parsers import expat

#: A hundred thousand rows of fifty columns.
MOST_CELLS = 5_000_000
WORKBOOK = "xl/workbook.xml"
#: Parts of other kinds of workbook, whose cells are counted in another way.
OTHER_KINDS = ("xl/workbook.bin", "content.xml")

_REFERENCE = re.compile(r"([A-Za-z]{1,4})([0-9]{1,9})", re.ASCII)
_LETTERS = 26


class NotAWorkbook(ValueError):
    """Not an xlsx that can be trusted."""


class TooManyCells(ValueError):
    """More cells than anybody's list, filled or empty."""


def require_openable(parts: zipfile.ZipFile) -> None:
    """Raises NotAWorkbook or TooManyCells; reads every part once, in pieces."""
    names = parts.namelist()
    if WORKBOOK not in names or any(name in names for name in OTHER_KINDS):
        raise NotAWorkbook(WORKBOOK)
    for name in names:
        if name.lower().endswith((".xml", ".rels")):
            with parts.open(name) as part:
                _Reading().read(part)


class _Reading:
    """One part: where its last row and its widest row end, counted as the reader of cells does."""

    def __init__(self) -> None:
        self.row = self.column = self.last_row = self.last_column = 0
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._begin
        self.parser.EntityDeclHandler = self._refuse

    def read(self, part: IO[bytes]) -> None:
        try:
            self.parser.ParseFile(part)
        except expat.ExpatError as problem:
            raise NotAWorkbook(str(problem)) from None

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        kind = name.rpartition(":")[2]
        if kind == "c":
            self._cell(attributes.get("r", ""))
        elif kind == "row":
            number = attributes.get("r", "")
            self.row, self.column = int(number) if number.isdecimal() else self.row + 1, 0
            self._reach()
        elif kind == "Relationship" and attributes.get("Type", "").endswith("/worksheet"):
            self._require_xml(attributes.get("Target", ""))

    def _require_xml(self, target: str) -> None:
        """A sheet under another ending would not have been counted."""
        if not target.lower().endswith(".xml"):
            raise NotAWorkbook(target)

    def _cell(self, reference: str) -> None:
        found = _REFERENCE.fullmatch(reference)
        if found:
            self.row, self.column = int(found[2]), _column(found[1])
        elif reference:
            raise NotAWorkbook(reference)
        else:
            self.column += 1
        self._reach()

    def _reach(self) -> None:
        self.last_row, self.last_column = max(self.last_row, self.row), max(self.last_column, self.column)
        if self.last_row * max(1, self.last_column) > MOST_CELLS:
            raise TooManyCells

    def _refuse(self, *_declaration: object) -> None:
        raise NotAWorkbook("DTD")


def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * _LETTERS + ord(letter) - ord("A") + 1
    return number
