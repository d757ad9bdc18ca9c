"""October 2026 of the small city: plans of the twelve, targets, progress, and an open cycle."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from appraisal.models import Assessment, Cycle, Indicator, PerformancePlan, PeriodTarget, ProgressEntry, RatingExample, WorkResult
from appraisal.rules.lifecycle import CycleState
from appraisal.services.cases import ensure_assessments
from appraisal.services.cycles import move_cycle, open_cycle
from appraisal.services.publishing import close_cycle, unfinished_jobs, work_on
from appraisal.services.reference import load_reference as load_policy
from bukittinggi_kinerja.common.calendar_loading import load_calendar
from bukittinggi_kinerja.common.period import JAKARTA, Period
from employees.models import Employee, Posting
from tests.people import City

OCTOBER = Period.parse("2026-10")
IN_OCTOBER = dt.datetime(2026, 10, 20, 9, 0, tzinfo=JAKARTA)
IN_WINDOW = dt.datetime(2026, 11, 3, 9, 0, tzinfo=JAKARTA)
AFTER_DEADLINE = dt.datetime(2026, 11, 16, 9, 0, tzinfo=JAKARTA)
YEAR = DateRange(dt.date(2026, 1, 1), dt.date(2027, 1, 1))


@dataclass
class Month:
    city: City
    cycle: Cycle

    def case(self, person: Employee) -> Assessment:
        return Assessment.objects.current().select_related("cycle__policy").get(cycle=self.cycle, employee=person)

    def rate(self, person: Employee, *, result: int = 2, behaviour: int = 2, marks: Sequence[int | None] = (2,) * 7) -> Assessment:
        """Marks as the rater would have left them, finished."""
        case = self.case(person)
        case.result_rating, case.behaviour_rating = result, behaviour
        for name, mark in zip(("bp", "ak", "ko", "ha", "lo", "ad", "kl"), marks, strict=True):
            setattr(case, f"mark_{name}", mark)
        case.state, case.rated_by, case.rated_at = "DINILAI", self.city.people["penilai"], IN_WINDOW
        case.save()
        RatingExample.objects.create(assessment=case, aspect="HASIL", text="Menutup tunggakan berkas", written_at=IN_WINDOW)
        return case

    def publish(self, *, now: dt.datetime = AFTER_DEADLINE) -> None:
        move_cycle(cycle=self.cycle, to=CycleState.RATING, actor=None, now=now)
        close_cycle(cycle=self.cycle, now=now)
        while (job := unfinished_jobs().first()) is not None:
            work_on(job, now=now)
        self.cycle.refresh_from_db()


def plan_for(city: City, person: Employee, *, valid: DateRange = YEAR, posting: Posting | None = None) -> PerformancePlan:
    """A signed plan with three indicators (weights 50, 30, 20) and their targets of October."""
    return _plans([posting or Posting.objects.known().get(employee=person)], valid)[0]


def plans_for(people: Sequence[Employee]) -> list[PerformancePlan]:
    """The same for many in a few statements."""
    held = {posting.employee_id: posting for posting in Posting.objects.known().filter(employee__in=people)}
    return _plans([held[person.pk] for person in people], YEAR)


def _plans(postings: Sequence[Posting], valid: DateRange) -> list[PerformancePlan]:
    plans = PerformancePlan.objects.bulk_create(
        PerformancePlan(
            employee_id=held.employee_id,
            unit_id=held.unit_id,
            position_id=held.position_id,
            posting=held,
            assessor_id=held.supervisor_id,
            year=2026,
            valid=valid,
            state="DITETAPKAN",
            signed_by_employee_at=IN_OCTOBER,
            signed_by_assessor_at=IN_OCTOBER,
        )
        for held in postings
    )
    results = WorkResult.objects.bulk_create(WorkResult(plan=plan, title="Izin terbit tepat waktu") for plan in plans)
    rows = [
        ("Berkas selesai", "KUANTITAS", "SUM", Decimal(1200), Decimal(100), 50),
        ("Kelengkapan berkas", "KUALITAS", "MEAN", Decimal(95), Decimal(95), 30),
        ("Tunggakan", "WAKTU", "LAST", Decimal(10), Decimal(10), 20),
    ]
    indicators = Indicator.objects.bulk_create(
        Indicator(
            work_result=result,
            plan_id=result.plan_id,
            name=name,
            aspect=aspect,
            accumulation=accumulation,
            target=yearly,
            weight=weight,
            order=order,
            direction="TURUN" if accumulation == "LAST" else "NAIK",
        )
        for result in results
        for order, (name, aspect, accumulation, yearly, _monthly, weight) in enumerate(rows, 1)
    )
    PeriodTarget.objects.bulk_create(
        PeriodTarget(indicator=one, period="2026-10", start=OCTOBER.start, end=OCTOBER.end, target=rows[one.order - 1][4])
        for one in indicators
    )
    return plans


def enter(plan: PerformancePlan, name: str, *values: str | int) -> list[ProgressEntry]:
    target = PeriodTarget.objects.get(indicator__plan=plan, indicator__name=name, period="2026-10")
    return [
        ProgressEntry.objects.create(
            target=target, employee=plan.employee, value=Decimal(value), entered_at=IN_OCTOBER + dt.timedelta(days=n), note="Rekap"
        )
        for n, value in enumerate(values)
    ]


def build_month(city: City) -> Month:
    """The cycle of October 2026 is running; the twelve have plans, the first three have progress."""
    load_policy()
    load_calendar([2025, 2026, 2027])
    plans = plans_for(city.staff)
    for plan in plans[:3]:
        enter(plan, "Berkas selesai", 60, 40)
        enter(plan, "Kelengkapan berkas", 90, "95.5", 96)
        enter(plan, "Tunggakan", 20, 12)
    cycle = open_cycle(group=city.group, period=OCTOBER, now=IN_OCTOBER)
    ensure_assessments(cycle=cycle, now=IN_OCTOBER)
    return Month(city, cycle)


@pytest.fixture
def month(city: City) -> Month:
    """October of the small city, fresh for each test."""
    return build_month(city)
