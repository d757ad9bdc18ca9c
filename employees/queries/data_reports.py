"""Reports of wrong data: one's own, and the worklist of who keeps the records."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet

from bukittinggi_kinerja.common.calendar import working_calendar
from bukittinggi_kinerja.common.workdays import OutsideCalendar
from employees.models import DataReport, ReportState
from employees.rules.viewing import Viewer

from . import managed_paths


def worklist(viewer: Viewer, *, answered: bool) -> QuerySet[DataReport]:
    """Reports in the viewer's care: open ones by their day, answered ones the latest first."""
    found = DataReport.objects.visible_to(viewer, managed_paths(viewer)).select_related("employee", "unit")
    if answered:
        return found.exclude(state=ReportState.OPEN).order_by("-answered_at", "-pk")
    return found.filter(state=ReportState.OPEN).order_by("due_on", "pk")


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

    return {report.pk: Clock(days(report.due_on)) for report in reports}
