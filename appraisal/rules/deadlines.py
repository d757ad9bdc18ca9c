"""How deadlines move: by an outage of the service, and one after the other. Pure.

Worked tables: docs/rules/batas-waktu.md.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from bukittinggi_kinerja.common.period import end_of_day, local_date, start_of_day
from bukittinggi_kinerja.common.workdays import ONE_DAY, WorkingCalendar


class What(StrEnum):
    PROGRESS = "REALISASI"
    RATING = "PENILAIAN"


class Scope(StrEnum):
    CITY = "KOTA"
    UNIT = "UNIT"
    PERSON = "PEGAWAI"


class Kind(StrEnum):
    EXTENSION = "PERPANJANGAN"
    REOPENING = "PEMBUKAAN"
    OUTAGE = "GANGGUAN"


def last_moment(day: dt.date) -> dt.datetime:
    """The last admissible moment of a deadline day: a mark in its last second is still in time."""
    return end_of_day(day).replace(microsecond=999_999)


@dataclass(frozen=True)
class Outage:
    """``[start, end)``: nobody could work in the system."""

    start: dt.datetime
    end: dt.datetime

    @property
    def last_day(self) -> dt.date:
        """The day of its last moment: what ends at midnight does not reach into the next day."""
        return local_date(self.end - dt.timedelta(microseconds=1))

    def minutes_on(self, day: dt.date) -> int:
        """Whole minutes that it took of a calendar day."""
        first, last = max(self.start, start_of_day(day)), min(self.end, start_of_day(day + ONE_DAY))
        return max(0, int((last - first).total_seconds()) // 60)


@dataclass(frozen=True)
class OutageRule:
    """A working day counts as lost from ``least_minutes`` on; ``reach`` working days after the end are still affected."""

    least_minutes: int
    reach: int


def lost_workdays(outage: Outage, due: dt.datetime, calendar: WorkingCalendar, rule: OutageRule) -> int:
    """Working days up to the deadline's day of which the outage took enough to count."""
    day, last = local_date(outage.start), min(outage.last_day, local_date(due))
    lost = 0
    while day <= last:
        lost += calendar.is_working(day) and outage.minutes_on(day) >= rule.least_minutes
        day += ONE_DAY
    return lost


def moved_by_outage(due: dt.datetime, outage: Outage, calendar: WorkingCalendar, rule: OutageRule) -> dt.datetime | None:
    """The new deadline, or None where the outage took nothing from this one.

    Affected is a deadline within the outage or at most ``reach`` working days after its end. It gets as many whole
    working days as were lost before it, counted from the later of its own day and the day the outage ended.
    """
    if due < outage.start or local_date(due) > calendar.add(outage.last_day, rule.reach):
        return None
    lost = lost_workdays(outage, due, calendar, rule)
    if not lost:
        return None
    return last_moment(calendar.add(max(local_date(due), outage.last_day), lost))


def following_rating(
    *, progress_due: dt.datetime, new_progress_due: dt.datetime, rating_due: dt.datetime, calendar: WorkingCalendar
) -> dt.datetime | None:
    """The rating's new deadline where progress reaches or passes it: as many working days later as progress moved."""
    if local_date(new_progress_due) < local_date(rating_due):
        return None
    moved = calendar.between(local_date(progress_due), local_date(new_progress_due))
    later = last_moment(calendar.add(local_date(rating_due), moved))
    return max(later, new_progress_due) if later > rating_due else None


@dataclass(frozen=True)
class QuietHours:
    """No reminder from ``start`` to ``end`` of the clock, nor on days off where ``days_off``."""

    start: dt.time
    end: dt.time
    days_off: bool

    def hold(self, clock: dt.time, *, is_working: bool) -> bool:
        if self.days_off and not is_working:
            return True
        if self.start <= self.end:
            return self.start <= clock < self.end
        return clock >= self.start or clock < self.end
