"""Periods are half-open: ``[start, end)``. Pure; the grammar is the one of every door.

``2026-10`` month, ``2026-Q4`` quarter, ``2026-S2`` semester, ``2026`` year.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

JAKARTA = ZoneInfo("Asia/Jakarta")

_GRAMMAR = re.compile(r"(?P<year>[12]\d{3})(?:-(?:(?P<month>0[1-9]|1[0-2])|Q(?P<quarter>[1-4])|S(?P<half>[12])))?", re.ASCII)


class PeriodKind(StrEnum):
    MONTH = "BULAN"
    QUARTER = "TRIWULAN"
    SEMESTER = "SEMESTER"
    YEAR = "TAHUN"


MONTHS_OF = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3, PeriodKind.SEMESTER: 6, PeriodKind.YEAR: 12}


@dataclass(frozen=True, order=True)
class Period:
    """Days from ``start`` up to, not including, ``end``."""

    start: dt.date
    end: dt.date
    kind: PeriodKind

    @classmethod
    def parse(cls, key: str) -> Period:
        """Read a period key; raises ValueError for anything outside the grammar."""
        found = _GRAMMAR.fullmatch(key)
        if not found:
            raise ValueError(key)
        year = int(found["year"])
        if found["month"]:
            return cls._of(year, int(found["month"]), PeriodKind.MONTH)
        if found["quarter"]:
            return cls._of(year, 3 * int(found["quarter"]) - 2, PeriodKind.QUARTER)
        if found["half"]:
            return cls._of(year, 6 * int(found["half"]) - 5, PeriodKind.SEMESTER)
        return cls._of(year, 1, PeriodKind.YEAR)

    @classmethod
    def containing(cls, day: dt.date, kind: PeriodKind) -> Period:
        size = MONTHS_OF[kind]
        return cls._of(day.year, (day.month - 1) // size * size + 1, kind)

    @classmethod
    def _of(cls, year: int, month: int, kind: PeriodKind) -> Period:
        return cls(dt.date(year, month, 1), _first_after(year, month, MONTHS_OF[kind]), kind)

    @property
    def key(self) -> str:
        year, month = self.start.year, self.start.month
        return {
            PeriodKind.MONTH: f"{year:04}-{month:02}",
            PeriodKind.QUARTER: f"{year:04}-Q{(month + 2) // 3}",
            PeriodKind.SEMESTER: f"{year:04}-S{(month + 5) // 6}",
            PeriodKind.YEAR: f"{year:04}",
        }[self.kind]

    @property
    def last_day(self) -> dt.date:
        return self.end - dt.timedelta(days=1)

    def __contains__(self, day: dt.date) -> bool:
        return self.start <= day < self.end

    def previous(self) -> Period:
        return Period.containing(self.start - dt.timedelta(days=1), self.kind)

    def next(self) -> Period:
        return Period.containing(self.end, self.kind)

    def months(self) -> list[Period]:
        """The calendar months within, first to last."""
        found = [Period.containing(self.start, PeriodKind.MONTH)]
        while found[-1].end < self.end:
            found.append(found[-1].next())
        return found


def _first_after(year: int, month: int, size: int) -> dt.date:
    years, months = divmod(month - 1 + size, 12)
    return dt.date(year + years, months + 1, 1)


def local_date(moment: dt.datetime) -> dt.date:
    """The calendar day in Asia/Jakarta of an aware moment."""
    return moment.astimezone(JAKARTA).date()


def end_of_day(day: dt.date) -> dt.datetime:
    """23:59:59 in Asia/Jakarta, the last second of a deadline day (inclusive)."""
    return dt.datetime.combine(day, dt.time(23, 59, 59), tzinfo=JAKARTA)


def start_of_day(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(), tzinfo=JAKARTA)
