"""The loaded working calendar, read from its two tables."""

from __future__ import annotations

from .models import CalendarYear, ClosedDay
from .workdays import WorkingCalendar


def working_calendar() -> WorkingCalendar:
    """The city's calendar as loaded now; two small queries."""
    years = CalendarYear.objects.values_list("year", flat=True)
    closed = ClosedDay.objects.values_list("date", flat=True)
    return WorkingCalendar.of_years(years, closed)
