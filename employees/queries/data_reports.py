"""Reports of wrong data: one's own, and the worklist of who keeps the records."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from bukittinggi_kinerja.common.calendar import working_calendar
from bukittinggi_kinerja.common.workdays import OutsideCalendar
from employees.models import WAITING_REPORTS, DataReport
from employees.rules.viewing import Viewer

from . import managed_paths


def worklist(viewer: Viewer, *, settled: bool) -> QuerySet[DataReport]:
    """Reports in the viewer's care: those that wait, by the day of their step; settled ones the latest first."""
    found = DataReport.objects.visible_to(viewer, managed_paths(viewer)).select_related("employee", "unit")
    if settled:
        return found.exclude(state__in=WAITING_REPORTS).order_by(Coalesce("mended_at", "answered_at").desc(), "-pk")
    return found.filter(state__in=WAITING_REPORTS).order_by(Coalesce("mend_by", "due_on"), "pk")


def own_reports(viewer: Viewer) -> QuerySet[DataReport]:
    return DataReport.objects.filter(employee_id=viewer.employee_id or 0).order_by("-pk")


@dataclass(frozen=True)
class Clock:
    """Working days that are left; below zero they are over."""

    days: int

    @property
    def overdue(self) -> bool:
        return self.days < 0

    @property
    def over(self) -> int:
        return -self.days


def clocks(reports: list[DataReport], *, today: dt.date) -> dict[int, Clock]:
    """By report; two queries for the calendar."""
    calendar = working_calendar()

    def days(due: dt.date) -> int:
        try:
            return calendar.between(today, due) if due >= today else -calendar.between(due, today)
        except OutsideCalendar:
            return (due - today).days

    return {report.pk: Clock(days(report.deadline)) for report in reports}
