"""Csv in pieces: never the whole text beside its bytes, and given up as soon as it is wider or longer than any list.

A hundred kilobytes unpack to lines of nothing but separators; laid out as rows they keep a process busy for minutes.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from itertools import islice, repeat

from .sheet_size import TooManyCells

#: As wide as the widest sheet.
MOST_CELLS_IN_ROW = 16_384
MOST_LINES = 5_000_000
#: So much of the first line says how columns are divided.
OPENING = 65_536
PIECE = 1024 * 1024


def decodes(data: bytes, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for start in range(0, len(data), PIECE):
            decoder.decode(data[start : start + PIECE])
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


class CsvStream:
    """``line`` is the line that was read last."""

    def __init__(self, data: bytes, encoding: str) -> None:
        self._data, self._encoding = data, encoding
        self.line = 0
        self._between, self._blank, self._width = True, 0, 0

    def opening(self) -> str:
        """The beginning of the first line that is not blank."""
        return next((line[:OPENING] for line in islice(self._text(), MOST_LINES) if line.strip()), "")

    def records(self, separator: str) -> Iterator[list[str]]:
        """A blank line is a row without cells, as a sheet counts it. Raises TooManyCells, csv.Error."""
        reader = csv.reader(self._lines(separator), delimiter=separator, strict=True)
        while True:
            self._between, self._blank, self._width = True, 0, 0
            record = next(reader, None)
            yield from repeat([], self._blank)
            if record is None:
                return
            yield record

    def _lines(self, separator: str) -> Iterator[str]:
        """What the reader of csv needs; lines of nothing but separators never become cells."""
        nothing = f"{separator} \t\r\n"
        for line in self._text():
            self.line += 1
            if self.line > MOST_LINES:
                raise TooManyCells
            if self._between and not line.strip(nothing):
                self._blank += 1
                continue
            self._between = False
            self._width += line.count(separator)
            if self._width > MOST_CELLS_IN_ROW:
                raise TooManyCells
            yield line

    def _text(self) -> Iterator[str]:
        return io.TextIOWrapper(io.BytesIO(self._data), encoding=self._encoding, newline="")
