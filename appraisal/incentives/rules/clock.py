"""The working-day clock of one service case (docs/rules/jam-kerja-layanan.md). Pure.

Days are those of Asia/Jakarta. Day 0 is the day a file is accepted; after the cut-off hour or on a day off it is
the next working day. A stop uses up its own day; the resume day is the new day 0 for what is left.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from bukittinggi_kinerja.common.period import JAKARTA, local_date
from bukittinggi_kinerja.common.workdays import OutsideCalendar, WorkingCalendar

DEFAULT_CUT_OFF = dt.time(15)


@dataclass(frozen=True)
class Pause:
    """The clock stands from ``stop`` until ``resume``; without a resume it stands still."""

    stop: dt.datetime
    resume: dt.datetime | None = None


@dataclass(frozen=True)
class Standard:
    """Promised working days, and the hour after which the day counts as the next one."""

    workdays: int
    cut_off: dt.time = DEFAULT_CUT_OFF


@dataclass(frozen=True)
class Reading:
    """What the clock shows. None is unknown: no standard, a standing clock, or days outside the calendar."""

    net_days: int | None
    due_on: dt.date | None


def day_zero(moment: dt.datetime, calendar: WorkingCalendar, cut_off: dt.time = DEFAULT_CUT_OFF) -> dt.date:
    """The day from which working days are counted. Raises OutsideCalendar."""
    local = moment.astimezone(JAKARTA)
    day = local.date()
    if calendar.is_working(day) and local.time() > cut_off:
        day += dt.timedelta(days=1)
    return calendar.on_or_after(day)


def read_clock(
    *,
    accepted: dt.datetime,
    pauses: Sequence[Pause],
    finished: dt.datetime | None,
    standard: Standard | None,
    calendar: WorkingCalendar,
) -> Reading:
    """Net working days of a finished case and the due date under its standard.

    ``pauses`` are in order of time and do not overlap. A file that ends while its clock stands is read as if it
    had been resumed at its end.
    """
    cut_off = standard.cut_off if standard else DEFAULT_CUT_OFF
    closed = [Pause(p.stop, p.resume if p.resume or not finished else finished) for p in pauses]
    try:
        start = day_zero(accepted, calendar, cut_off)
        stretches, running_since = _stretches(start, closed, calendar, cut_off)
    except OutsideCalendar:
        return Reading(None, None)
    return Reading(
        net_days=_net(stretches, running_since, finished, calendar),
        due_on=_due(stretches, running_since, standard, calendar),
    )


def _stretches(
    start: dt.date, pauses: Sequence[Pause], calendar: WorkingCalendar, cut_off: dt.time
) -> tuple[list[tuple[dt.date, dt.date]], dt.date | None]:
    """Running stretches ``(day 0, stop day]`` and the day 0 since which the clock runs, None while it stands."""
    done: list[tuple[dt.date, dt.date]] = []
    for pause in pauses:
        done.append((start, max(start, local_date(pause.stop))))
        if pause.resume is None:
            return done, None
        start = max(start, day_zero(pause.resume, calendar, cut_off))
    return done, start


def _net(
    stretches: Sequence[tuple[dt.date, dt.date]], running_since: dt.date | None, finished: dt.datetime | None, calendar: WorkingCalendar
) -> int | None:
    if finished is None:
        return None
    last = [(running_since, local_date(finished))] if running_since else []
    try:
        return sum(calendar.between(first, end) for first, end in [*stretches, *last])
    except OutsideCalendar:
        return None


def _due(
    stretches: Sequence[tuple[dt.date, dt.date]], running_since: dt.date | None, standard: Standard | None, calendar: WorkingCalendar
) -> dt.date | None:
    """The day on which the last promised working day is used up; a stop after it changes nothing."""
    if standard is None:
        return None
    left = standard.workdays
    try:
        for first, stop in stretches:
            used = calendar.between(first, stop)
            if used >= left:
                return calendar.add(first, left)
            left -= used
        return calendar.add(running_since, left) if running_since else None
    except OutsideCalendar:
        return None
