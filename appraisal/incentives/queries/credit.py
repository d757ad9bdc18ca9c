"""Whom a finished case counts for (docs/rules/jam-kerja-layanan.md): its responsible officer, or each step's."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.db.models import F

from appraisal.incentives.models import ServiceCase, ServiceEvent
from appraisal.incentives.models.cases import CaseState
from appraisal.models import PerformancePlan, PeriodTarget
from bukittinggi_kinerja.common.period import Period, start_of_day


@dataclass(frozen=True)
class Credit:
    """One case that counts for one person; None is unknown."""

    employee_id: int
    source: str
    case_id: str
    service_type: str
    net_days: int | None
    on_time: bool | None
    finished_at: dt.datetime


def measured_targets(period: Period) -> set[tuple[int, str]]:
    """Person and measure of every agreed indicator of this period that is measured, never typed."""
    rows = PeriodTarget.objects.filter(period=period.key, indicator__plan__in=PerformancePlan.objects.agreed().values("id")).exclude(
        indicator__measure=""
    )
    return set(rows.values_list("indicator__plan__employee_id", "indicator__measure"))


def credited_cases(period: Period, *, employees: Collection[int]) -> Iterator[Credit]:
    """Cases issued in the period (days of Asia/Jakarta) that count for these people, in order of finishing.

    Refused and withdrawn cases and unknown officers count for nobody. One statement, whatever the number of people.
    """
    cases = ServiceCase.objects.filter(
        state=CaseState.ISSUED, finished_at__gte=start_of_day(period.start), finished_at__lt=start_of_day(period.end)
    )
    columns = ("source__code", "case_id", "service_type__name", "net_working_days", "on_time", "finished_at", "id")
    responsible = cases.filter(source__credit="responsible", responsible__in=employees).values_list(F("responsible_id"), *columns)
    steps = (
        ServiceEvent.objects.current()
        .filter(case__in=cases.filter(source__credit="step"), cancelled=False, officer__in=employees)
        .values_list(F("officer_id"), *(f"case__{column}" for column in columns))
    )
    # The plain union leaves one row for each person and case, however many steps he did.
    for *row, _id in responsible.union(steps).order_by("finished_at", "id"):
        yield Credit(*row)
