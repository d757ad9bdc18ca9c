"""Years, months and days over a list of the admin, without asking the table which of them have rows.

Django's own tag reads the first and last day and every distinct one: over a million events that is a scan for each page.
"""

from __future__ import annotations

import calendar
import datetime as dt
from typing import Any

from django import template
from django.contrib.admin.views.main import ChangeList
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

register = template.Library()

YEARS_BEFORE = 4
YEARS_AFTER = 1


@register.inclusion_tag("admin/date_hierarchy.html", takes_context=True)
def calendar_of(context: dict[str, Any], cl: ChangeList) -> dict[str, Any]:
    """The next finer step from where the list stands; some of the days offered may have no row."""
    name = cl.date_hierarchy
    year, month, day = (_chosen(cl, f"{name}__{part}") for part in ("year", "month", "day"))

    def link(**parts: int) -> str:
        words = {f"{name}__{part}": str(number) for part, number in parts.items()}
        return str(cl.get_query_string(words, [f"{name}__"]))

    if year is None:
        now = context["request"].now.year
        years = range(now - YEARS_BEFORE, now + YEARS_AFTER + 1)
        return _shown(None, [(str(one), link(year=one)) for one in years])
    if month is None:
        months = [(_month(year, one), link(year=year, month=one)) for one in range(1, 13)]
        return _shown((_("Semua tanggal"), link()), months)
    last = calendar.monthrange(year, month)[1]
    if day is None:
        days = [(str(one), link(year=year, month=month, day=one)) for one in range(1, last + 1)]
        return _shown((str(year), link(year=year)), days)
    here = date_format(dt.date(year, month, min(day, last)), "MONTH_DAY_FORMAT")
    return _shown((_month(year, month), link(year=year, month=month)), [(here, "")])


def _chosen(cl: ChangeList, name: str) -> int | None:
    """The list itself refused what is no number or no day."""
    found = cl.params.get(name)
    return int(found) if found else None


def _month(year: int, month: int) -> str:
    return str(capfirst(date_format(dt.date(year, month, 1), "YEAR_MONTH_FORMAT")))


def _shown(back: tuple[str, str] | None, choices: list[tuple[str, str]]) -> dict[str, Any]:
    return {
        "show": True,
        "back": {"title": back[0], "link": back[1]} if back else None,
        "choices": [{"title": title, "link": link} for title, link in choices],
    }
