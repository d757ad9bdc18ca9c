"""First filling of the city's calendar out of the `holidays` library. Afterwards the two tables are HR's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction

from .models import CalendarYear, ClosedDay
from .models.calendar import ClosedDayKind

#: The library knows joint leave (cuti bersama) of these years.
LOADABLE_YEARS = range(2003, 2028)

_CATEGORY = {ClosedDayKind.NATIONAL: "public", ClosedDayKind.JOINT_LEAVE: "government"}


def known_closed_days(year: int) -> dict[dt.date, tuple[ClosedDayKind, str]]:
    """Kind and Indonesian name of every closed day of a year; a national holiday wins over joint leave."""
    # Imported here: the library is large, and a web process never needs it.
    import holidays

    days: dict[dt.date, tuple[ClosedDayKind, str]] = {}
    for kind, category in _CATEGORY.items():
        for day, name in sorted(holidays.Indonesia(years=year, categories=(category,), language="id").items()):
            days.setdefault(day, (kind, name))
    return days


@transaction.atomic
def load_calendar(years: Iterable[int] = LOADABLE_YEARS) -> list[int]:
    """Load the years that are not there yet; returns them.

    A year once loaded belongs to HR: its days are never added to, changed or removed again.
    """
    present = set(CalendarYear.objects.values_list("year", flat=True))
    missing = sorted(set(years) - present)
    CalendarYear.objects.bulk_create([CalendarYear(year=year) for year in missing], ignore_conflicts=True)
    ClosedDay.objects.bulk_create(
        [ClosedDay(date=day, kind=kind, name=name) for year in missing for day, (kind, name) in sorted(known_closed_days(year).items())],
        ignore_conflicts=True,
    )
    return missing
