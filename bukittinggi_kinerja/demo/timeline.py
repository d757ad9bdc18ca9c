"""The months of the demo city around its "today"."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from bukittinggi_kinerja.common.period import Period, PeriodKind, end_of_day, start_of_day
from bukittinggi_kinerja.common.workdays import WorkingCalendar


@dataclass(frozen=True)
class Timeline:
    """``closed`` months have their rating deadline before ``today``; ``rating`` have ended; ``running`` holds today.

    ``moment`` is the first instant of today in Asia/Jakarta: nothing in the demo happens at or after it.
    """

    today: dt.date
    closed: tuple[Period, ...]
    rating: tuple[Period, ...]
    running: Period
    progress_workdays: int
    rating_workdays: int
    calendar: WorkingCalendar

    @classmethod
    def of(cls, today: dt.date, months: int, *, progress_workdays: int, rating_workdays: int, calendar: WorkingCalendar) -> Timeline:
        running = Period.containing(today, PeriodKind.MONTH)
        rating: list[Period] = []
        month = running.previous()
        while calendar.add(month.last_day, rating_workdays) >= today:
            rating.insert(0, month)
            month = month.previous()
        closed: list[Period] = []
        for _n in range(months):
            closed.insert(0, month)
            month = month.previous()
        if not closed:
            rating = rating[-1:]
        return cls(today, tuple(closed), tuple(rating), running, progress_workdays, rating_workdays, calendar)

    @property
    def months(self) -> tuple[Period, ...]:
        return (*self.closed, *self.rating, self.running)

    @property
    def start(self) -> dt.date:
        return self.months[0].start

    @property
    def moment(self) -> dt.datetime:
        return start_of_day(self.today)

    def progress_due(self, month: Period) -> dt.datetime:
        return end_of_day(self.calendar.add(month.last_day, self.progress_workdays))

    def rating_due(self, month: Period) -> dt.datetime:
        return end_of_day(self.calendar.add(month.last_day, self.rating_workdays))
