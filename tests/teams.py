"""A rater's open month in a few statements: plans, targets, figures and cases of the twelve, for tests by the dozen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from django.db.backends.postgresql.psycopg_any import DateRange

from appraisal.models import Assessment, Cycle, Evidence, Indicator, PerformancePlan, PeriodTarget, ProgressEntry, WorkResult
from bukittinggi_kinerja.common.period import Period, start_of_day
from employees.models import Employee, Posting
from tests.months import open_cycle, running_period, today
from tests.people import City

#: name, unit, target of the month, figure of the month
GOALS = (("Izin usaha terbit tepat waktu", "%", 90, 86), ("Berkas permohonan diverifikasi", "berkas", 100, None))


def open_team(city: City, *, period: Period | None = None, people: Sequence[Employee] = (), cycle: Cycle | None = None) -> Cycle:
    """Agreed plans with two indicators, one figure with a link, and open cases of ``people`` (the twelve)."""
    cycle = cycle or open_cycle(city, period or running_period())
    plans = _plans(people or city.staff, cycle)
    indicators = _indicators(plans)
    targets = PeriodTarget.objects.bulk_create(
        PeriodTarget(indicator=one, period=cycle.period, start=cycle.start, end=cycle.end, target=one.target) for one in indicators
    )
    _figures(targets, start_of_day(min(cycle.as_period.last_day, today())))
    boss_of = dict(Posting.objects.known().values_list("employee", "supervisor"))
    Assessment.objects.bulk_create(
        Assessment(
            cycle=cycle, plan=plan, employee_id=plan.employee_id, unit_id=plan.unit_id, assessor_id=plan.assessor_id,
            reviewer_id=boss_of.get(plan.assessor_id), stretch_start=cycle.start, stretch_end=cycle.end,
        )
        for plan in plans
    )  # fmt: skip
    return cycle


def _plans(people: Sequence[Employee], cycle: Cycle) -> list[PerformancePlan]:
    year, signed = cycle.start.year, start_of_day(dt.date(cycle.start.year, 1, 5))
    known = {p.employee_id: p for p in PerformancePlan.objects.filter(employee__in=people, year=year)}
    postings = Posting.objects.known().filter(employee__in=[p for p in people if p.pk not in known])
    made = PerformancePlan.objects.bulk_create(
        PerformancePlan(
            employee_id=p.employee_id, unit_id=p.unit_id, position_id=p.position_id, posting=p, assessor_id=p.supervisor_id, year=year,
            valid=DateRange(dt.date(year, 1, 1), dt.date(year + 1, 1, 1)), state="DITETAPKAN",
            signed_by_employee_at=signed, signed_by_assessor_at=signed,
        )
        for p in postings
    )  # fmt: skip
    return [*known.values(), *made]


def _indicators(plans: Sequence[PerformancePlan]) -> list[Indicator]:
    results = WorkResult.objects.bulk_create(WorkResult(plan=plan, title="Pelayanan perizinan yang cepat dan pasti") for plan in plans)
    return Indicator.objects.bulk_create(
        Indicator(
            work_result=result, plan_id=result.plan_id, name=name, aspect="KUANTITAS", unit_name=unit, accumulation="LAST",
            target=Decimal(target), weight=1, order=order,
        )
        for result in results
        for order, (name, unit, target, _figure) in enumerate(GOALS)
    )  # fmt: skip


def _figures(targets: Sequence[PeriodTarget], at: dt.datetime) -> None:
    figure = {name: value for name, _unit, _target, value in GOALS}
    entries = ProgressEntry.objects.bulk_create(
        ProgressEntry(target=one, employee_id=one.indicator.plan.employee_id, value=Decimal(value), entered_at=at, note="Rekap bulan ini")
        for one in targets
        if (value := figure[one.indicator.name]) is not None
    )
    Evidence.objects.bulk_create(
        Evidence(entry=entry, kind="TAUTAN", title="Rekap", url=f"https://contoh.bukittinggikota.go.id/{entry.pk}", uploaded_at=at)
        for entry in entries
    )


def running_case(city: City, place: int = 0) -> Assessment:
    """The open case of one of the twelve."""
    return Assessment.objects.get(employee=city.staff[place], cycle__state="BERJALAN")
