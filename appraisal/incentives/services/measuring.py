"""Measured indicators of the officers: share within the standard and median net working days, with their cases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction

from appraisal.incentives.queries.credit import Credit, credited_cases, measured_targets
from appraisal.incentives.rules.measures import median, on_time_share
from appraisal.models import Cycle
from appraisal.rules.vocabulary import Measure
from appraisal.services.measured import Difference
from appraisal.services.progress import MeasuredFigure, MeasuredReport, record_measured_progress
from bukittinggi_kinerja.common.period import Period, PeriodKind, local_date


@transaction.atomic
def feed_measured(*, period: Period, now: dt.datetime) -> MeasuredReport:
    """Push the figures of a period to everyone who has such an indicator.

    Percent and days have 2 decimals, half-up. Who finished no case has a missing figure, never zero. The cases behind
    a figure are frozen with it.
    """
    wanted = measured_targets(period)
    of_person: dict[int, list[Credit]] = {}
    for credit in credited_cases(period, employees={employee for employee, _measure in wanted}):
        of_person.setdefault(credit.employee_id, []).append(credit)
    figures = [
        MeasuredFigure(employee_id=employee, measure=Measure(measure), value=_value(measure, cases), sources=[_source(c) for c in cases])
        for employee, measure in sorted(wanted)
        for cases in [of_person.get(employee, [])]
    ]
    return record_measured_progress(period=period, figures=figures, now=now)


def feed_periods_of(moments: Iterable[dt.datetime | None], *, now: dt.datetime) -> tuple[Difference, ...]:
    """Feed every period with a cycle in which one of these cases finished; what closed periods would say today.

    Closed periods are never changed, so their differences are all that is left to tell.
    """
    days = {local_date(moment) for moment in moments if moment}
    keys = {Period.containing(day, kind).key for day in days for kind in (PeriodKind.MONTH, PeriodKind.QUARTER)}
    held = Cycle.objects.filter(period__in=keys).order_by("period").values_list("period", flat=True).distinct()
    return tuple(found for key in held for found in feed_measured(period=Period.parse(key), now=now).differences)


def _value(measure: str, cases: Sequence[Credit]) -> Decimal | None:
    if measure == Measure.ON_TIME_SHARE:
        return on_time_share(case.on_time for case in cases)
    return median(case.net_days for case in cases)


def _source(case: Credit) -> dict[str, Any]:
    return {
        "ref": f"{case.source}/{case.case_id}",
        "label": f"{case.service_type} {case.case_id}",
        "value": case.net_days,
        "on_time": case.on_time,
        "finished_on": local_date(case.finished_at).isoformat(),
    }
