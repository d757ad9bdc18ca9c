"""Working-day arithmetic on a given set of closed days. Pure.

A working day is Monday to Friday and neither a national holiday, a joint leave day (cuti bersama) nor a local
holiday. Intervals count half-open: first day out, last day in. Source: docs/rules/jam-kerja-layanan.md.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field

ONE_DAY = dt.timedelta(days=1)
SATURDAY = 5


class OutsideCalendar(ValueError):
    """A day for which no calendar is loaded; carries the day."""

    def __init__(self, day: dt.date) -> None:
        super().__init__(day)
        self.day = day


@dataclass(frozen=True)
class WorkingCalendar:
    """Closed days from ``first`` to ``last`` inclusive; outside them nothing is known."""

    first: dt.date
    last: dt.date
    closed: frozenset[dt.date]
    _working: list[dt.date] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        days = (self.last - self.first).days + 1
        every = (self.first + n * ONE_DAY for n in range(days))
        object.__setattr__(self, "_working", [d for d in every if d.weekday() < SATURDAY and d not in self.closed])

    @classmethod
    def of_years(cls, years: Iterable[int], closed: Iterable[dt.date]) -> WorkingCalendar:
        """Calendar over the unbroken run of years that ends with the latest one loaded."""
        ordered = sorted(set(years), reverse=True)
        run = [y for n, y in enumerate(ordered) if y == ordered[0] - n]
        if not run:
            return cls(dt.date(1, 1, 2), dt.date(1, 1, 1), frozenset())
        return cls(dt.date(run[-1], 1, 1), dt.date(run[0], 12, 31), frozenset(closed))

    def is_working(self, day: dt.date) -> bool:
        self._require(day)
        return day.weekday() < SATURDAY and day not in self.closed

    def between(self, start: dt.date, end: dt.date) -> int:
        """Working days after ``start`` up to and including ``end``; 0 when ``end <= start``.

        Raises OutsideCalendar for a day that is not loaded.
        """
        self._require(start)
        self._require(end)
        return max(0, bisect_right(self._working, end) - bisect_right(self._working, start))

    def add(self, start: dt.date, days: int) -> dt.date:
        """The ``days``-th working day after ``start``; ``start`` itself for 0 days."""
        self._require(start)
        if days <= 0:
            return start
        place = bisect_right(self._working, start) + days - 1
        if place >= len(self._working):
            raise OutsideCalendar(self.last + ONE_DAY)
        return self._working[place]

    def on_or_after(self, day: dt.date) -> dt.date:
        """``day`` when it is a working day, else the next one."""
        self._require(day)
        place = bisect_right(self._working, day - ONE_DAY)
        if place >= len(self._working):
            raise OutsideCalendar(self.last + ONE_DAY)
        return self._working[place]

    def _require(self, day: dt.date) -> None:
        if not self.first <= day <= self.last:
            raise OutsideCalendar(day)
