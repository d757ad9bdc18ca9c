"""The loaded working calendar, read from its two tables."""

from __future__ import annotations

import datetime as dt

from .models import CalendarYear, ClosedDay
from .workdays import WorkingCalendar


def calendar_between(first: dt.date, last: dt.date) -> WorkingCalendar:
    """The days of a short stretch alone, whether or not their years are loaded; one query."""
    return WorkingCalendar(first, last, frozenset(ClosedDay.objects.filter(date__range=(first, last)).values_list("date", flat=True)))


def working_calendar() -> WorkingCalendar:
    """The city's calendar as loaded now; two small queries."""
    years = CalendarYear.objects.values_list("year", flat=True)
    closed = ClosedDay.objects.values_list("date", flat=True)
    return WorkingCalendar.of_years(years, closed)
