"""A person's year with months in it: agreed plan, targets, figures, marks; published months and a running one.

Plain rows, no services but the scoring itself, so that every screen has something to show at any real date.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal

from django.db.backends.postgresql.psycopg_any import DateRange

from appraisal.models import (
    AppraisalPolicy,
    Assessment,
    Cycle,
    Evidence,
    Indicator,
    PerformancePlan,
    PeriodTarget,
    ProgressEntry,
    RatingExample,
    WorkResult,
)
from appraisal.services.reference import load_reference
from appraisal.services.scoring import score_assessments
from bukittinggi_kinerja.common.period import JAKARTA, Period, PeriodKind, end_of_day, start_of_day
from employees.models import Employee, Posting
from tests.people import City

DAY = dt.timedelta(days=1)
#: name, aspect, unit, direction, accumulation, yearly target, weight, figures of a good month
INDICATORS = (
    ("Izin usaha terbit tepat waktu", "KUALITAS", "%", "NAIK", "MEAN", "90", 50, ("83.5", "89")),
    ("Berkas permohonan diverifikasi", "KUANTITAS", "berkas", "NAIK", "SUM", "1200", 30, ("64", "47")),
    ("Lama verifikasi satu berkas", "WAKTU", "hari kerja", "TURUN", "MEAN", "3", 20, ("2.5",)),
)


def today() -> dt.date:
    return dt.datetime.now(JAKARTA).date()


def running_period() -> Period:
    return Period.containing(today(), PeriodKind.MONTH)


def policy() -> AppraisalPolicy:
    load_reference()
    return AppraisalPolicy.objects.adopted().get()


def open_cycle(city: City, period: Period, *, state: str = "BERJALAN", due: dt.date | None = None) -> Cycle:
    """A cycle of the general group; its deadlines lie a week after the month, or on ``due``."""
    last = end_of_day(due or period.last_day + 7 * DAY)
    return Cycle.objects.create(
        period=period.key,
        kind="BULAN",
        group=city.group,
        policy=policy(),
        start=period.start,
        end=period.end,
        state=state,
        progress_due=last - 2 * DAY,
        rating_due=last,
    )


def agreed_plan(person: Employee, *, year: int, indicators: Sequence[tuple[object, ...]] = INDICATORS) -> PerformancePlan:
    """A signed plan over the whole year with a target for each month."""
    posting = Posting.objects.known().select_related("position").get(employee=person)
    signed = start_of_day(dt.date(year, 1, 5))
    plan = PerformancePlan.objects.create(
        employee=person,
        unit_id=posting.unit_id,
        position=posting.position,
        posting=posting,
        assessor_id=posting.supervisor_id,
        year=year,
        valid=DateRange(dt.date(year, 1, 1), dt.date(year + 1, 1, 1)),
        state="DITETAPKAN",
        signed_by_employee_at=signed,
        signed_by_assessor_at=signed,
    )
    result = WorkResult.objects.create(plan=plan, title="Pelayanan perizinan yang cepat dan pasti")
    for order, (name, aspect, unit, direction, accumulation, target, weight, _figures) in enumerate(indicators, start=1):
        indicator = Indicator.objects.create(
            work_result=result, plan=plan, name=name, aspect=aspect, unit_name=unit, direction=direction,
            accumulation=accumulation, target=Decimal(str(target)), weight=weight, order=order,
        )  # fmt: skip
        monthly = indicator.target / 12 if accumulation == "SUM" else indicator.target
        PeriodTarget.objects.bulk_create(
            PeriodTarget(indicator=indicator, period=month.key, start=month.start, end=month.end, target=monthly)
            for month in Period.parse(str(year)).months()
        )
    return plan


def open_case(cycle: Cycle, plan: PerformancePlan, **fields: object) -> Assessment:
    boss = Posting.objects.known().filter(employee_id=plan.assessor_id).first()
    return Assessment.objects.create(
        cycle=cycle,
        stretch_start=cycle.start,
        stretch_end=cycle.end,
        plan=plan,
        employee_id=plan.employee_id,
        unit_id=plan.unit_id,
        assessor_id=plan.assessor_id,
        reviewer_id=boss.supervisor_id if boss else None,
        **fields,
    )


def add_figures(plan: PerformancePlan, period: Period, *, only: Iterable[int] = (0, 1, 2), now: dt.datetime | None = None) -> None:
    """Entries of the month with a link as evidence; ``only`` picks indicators by place."""
    moment = now or start_of_day(min(period.last_day, today()))
    targets = list(PeriodTarget.objects.filter(indicator__plan=plan, period=period.key).order_by("indicator__order"))
    for place in only:
        for n, value in enumerate(INDICATORS[place][7], start=1):
            entry = ProgressEntry.objects.create(
                target=targets[place], employee_id=plan.employee_id, value=Decimal(value), entered_at=moment,
                note=f"Rekap paruh ke-{n} bulan ini",
            )  # fmt: skip
            Evidence.objects.create(
                entry=entry, kind="TAUTAN", title=f"Rekap {n}", url=f"https://contoh.bukittinggikota.go.id/{entry.pk}", uploaded_at=moment
            )


def published_month(
    city: City, plans: Iterable[PerformancePlan], period: Period, *, result: int = 2, behaviour: int = 2
) -> list[Assessment]:
    """A month that is rated, scored and published for these plans."""
    cycle = Cycle.objects.filter(period=period.key).first() or open_cycle(city, period, state="TERBIT")
    moment = start_of_day(period.end + 5 * DAY)
    cases = []
    for plan in plans:
        add_figures(plan, period)
        marks = {f"mark_{code}": 2 for code in ("bp", "ak", "ko", "ha", "lo", "ad", "kl")} | {"mark_ak": 3}
        case = open_case(
            cycle, plan, state="DINILAI", result_rating=result, behaviour_rating=behaviour, rated_by_id=plan.assessor_id, rated_at=moment,
            note="Pertahankan ketelitian, dan bantu rekan baru.", **marks,
        )  # fmt: skip
        RatingExample.objects.create(
            assessment=case, aspect="AK", text="Menemukan dan memperbaiki selisih rekap sebelum diminta.", written_at=moment
        )
        cases.append(case)
    chosen = Assessment.objects.filter(pk__in=[case.pk for case in cases])
    score_assessments(chosen, policy=policy(), now=moment)
    chosen.update(state="TERBIT", published_at=moment)
    Cycle.objects.filter(pk=cycle.pk).update(published_at=moment)
    return list(chosen)


def recent_months(count: int) -> list[Period]:
    """The months before the running one, oldest first."""
    months = [running_period()]
    for _n in range(count):
        months.append(months[-1].previous())
    return months[:0:-1]


def fill_team(city: City, *, published: int = 3) -> dict[int, PerformancePlan]:
    """Plans for the twelve, ``published`` months behind them and the running one open; plans of this year by employee."""
    plans: dict[tuple[int, int], PerformancePlan] = {}
    months = recent_months(published)
    for person in city.staff:
        for year in {month.start.year for month in (*months, running_period())}:
            plans[person.pk, year] = agreed_plan(person, year=year)
    for month in months:
        published_month(city, [plans[person.pk, month.start.year] for person in city.staff], month)
    running = open_cycle(city, running_period())
    current = {person.pk: plans[person.pk, running.start.year] for person in city.staff}
    for plan in current.values():
        open_case(running, plan)
        add_figures(plan, running.as_period, only=(0,))
    return current
