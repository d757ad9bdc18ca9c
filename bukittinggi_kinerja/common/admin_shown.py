"""How the admin shows what it lets nobody change: spans of days, and the numbers of a policy."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from django.contrib import admin
from django.utils.formats import localize
from django.utils.html import format_html_join
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .models import PolicyVersion

ONE_DAY = dt.timedelta(days=1)


class AwaitsConfirmation:
    """Versions of a policy: the numbers that await the legal office, by their names and with their values."""

    shown_by: Mapping[str, str] = {"to_confirm": "awaiting"}

    @admin.display(description=_("perlu dikonfirmasi"))
    def unconfirmed(self, version: PolicyVersion) -> int:
        return len(version.to_confirm)

    @admin.display(description=_("perlu dikonfirmasi"))
    def awaiting(self, version: PolicyVersion) -> str:
        waiting = [field for field in numbers_of(type(version)) if field.name in version.to_confirm]
        return format_html_join("", "<div>{}: {}</div>", ((field.verbose_name, _number(version, field.name)) for field in waiting)) or "—"


def numbers_of(model: type[PolicyVersion]) -> list[Any]:
    """The fields of a version that a decree can change."""
    own = {"id", *(field.name for field in PolicyVersion._meta.get_fields())}
    return [field for field in model._meta.concrete_fields if field.name not in own]


def _number(version: PolicyVersion, name: str) -> str:
    value = getattr(version, f"get_{name}_display", lambda: getattr(version, name))()
    if isinstance(value, bool):
        return gettext("ya") if value else gettext("tidak")
    return str(localize(value))


@cache
def days_column(field: Any) -> Callable[[Any], str]:
    """One function for a field, as Django tells columns apart by it."""
    name, label = field.name, field.verbose_name

    @admin.display(description=label, ordering=name)
    def days(row: Any) -> str:
        return shown_days(getattr(row, name))

    return days


def shown_days(days: Any) -> str:
    """A span as people read it: first and last day, or since when."""
    if days is None or days.isempty:
        return "—"
    first = f"{days.lower:%d-%m-%Y}" if days.lower else "…"
    return f"{first} – {days.upper - ONE_DAY:%d-%m-%Y}" if days.upper else gettext("sejak %(day)s") % {"day": first}
