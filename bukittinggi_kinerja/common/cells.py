"""One cell of a spreadsheet or csv as a clerk typed it: text, date, choice. Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal

from .formulas import formula_plain

Cell = str | int | float | bool | dt.date | dt.datetime | dt.time | dt.timedelta | None

EARLIEST = dt.date(1900, 1, 1)
LATEST = dt.date(2099, 12, 31)
# A sheet keeps 15 digits of a number; a NIP has 18.
DIGITS_KEPT = 10**15
_EXCEL_DAY_0 = dt.date(1899, 12, 30)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?)?", re.ASCII)
_LOCAL = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})", re.ASCII)
# Five digits: from 1927 on. Four may be a year.
_SERIAL = re.compile(r"\d{5}(?:[.,]0+)?", re.ASCII)
_POWER = re.compile(r"[+-]?\d+(?:[.,]\d+)?[eE][+-]?\d+", re.ASCII)
_BLANKS = re.compile(r"\s+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")


class BadDate(ValueError):
    """``fault`` tells a text that is no date from a day that does not exist, or lies beyond all that is kept here."""

    def __init__(self, text: str, fault: str) -> None:
        super().__init__(text)
        self.text = text
        self.fault = fault


class LostDigits(ValueError):
    """A long number that the sheet has already cut."""


def squeezed(text: str) -> str:
    """Without blanks at the ends or doubled within."""
    return _BLANKS.sub(" ", text).strip()


def as_text(cell: Cell) -> str:
    """The cell as a clerk reads it: blanks squeezed, invisible signs and the apostrophe of our own exports dropped."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        return _digits_of(cell)
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(" ")
    if isinstance(cell, (dt.date, dt.time)):
        return cell.isoformat()
    return formula_plain(squeezed(_CONTROL.sub(" ", formula_plain(str(cell)))))


def as_number_text(cell: Cell) -> str:
    """A cell that holds a long number; raises LostDigits where the sheet no longer knows all of them."""
    text = as_text(cell)
    too_long = isinstance(cell, (int, float)) and not isinstance(cell, bool) and abs(cell) >= DIGITS_KEPT
    if too_long or _POWER.fullmatch(text):
        raise LostDigits(text)
    return text


def as_date(cell: Cell) -> dt.date | None:
    """ISO, ``31-12-2026``, or the day number of a sheet; None when empty. Raises BadDate."""
    if isinstance(cell, dt.datetime):
        return _within(cell.date(), as_text(cell))
    if isinstance(cell, dt.date):
        return _within(cell, as_text(cell))
    text = as_text(cell)
    if not text:
        return None
    if _SERIAL.fullmatch(text):
        return _within(_EXCEL_DAY_0 + dt.timedelta(days=int(Decimal(text.replace(",", ".")))), text)
    if found := _ISO.fullmatch(text):
        return _day(int(found[1]), int(found[2]), int(found[3]), text)
    if found := _LOCAL.fullmatch(text):
        return _day(int(found[3]), int(found[2]), int(found[1]), text)
    raise BadDate(text, "no_date")


def as_choice(cell: Cell, choices: Mapping[str, str]) -> str | None:
    """The code among ``choices`` (keys in upper case, with "_"), however the clerk wrote it; None when unknown."""
    return choices.get(re.sub(r"[\s_\-]+", "_", as_text(cell)).upper())


def _day(year: int, month: int, day: int, text: str) -> dt.date:
    try:
        found = dt.date(year, month, day)
    except ValueError:
        raise BadDate(text, "no_such_day") from None
    return _within(found, text)


def _within(day: dt.date, text: str) -> dt.date:
    if day < EARLIEST:
        raise BadDate(text, "too_long_ago")
    if day > LATEST:
        raise BadDate(text, "too_far_ahead")
    return day


def _digits_of(number: float) -> str:
    if number != number or number in (float("inf"), float("-inf")):
        return ""
    return str(int(number)) if number == int(number) else repr(number)
