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
    return agreed_plans([person], year=year, indicators=indicators)[0]


def agreed_plans(people: Sequence[Employee], *, year: int, indicators: Sequence[tuple[object, ...]] = INDICATORS) -> list[PerformancePlan]:
    """The signed plans of many in a few statements."""
    held = {posting.employee_id: posting for posting in Posting.objects.known().select_related("position").filter(employee__in=people)}
    signed = start_of_day(dt.date(year, 1, 5))
    plans = PerformancePlan.objects.bulk_create(
        PerformancePlan(
            employee=person,
            unit_id=held[person.pk].unit_id,
            position=held[person.pk].position,
            posting=held[person.pk],
            assessor_id=held[person.pk].supervisor_id,
            year=year,
            valid=DateRange(dt.date(year, 1, 1), dt.date(year + 1, 1, 1)),
            state="DITETAPKAN",
            signed_by_employee_at=signed,
            signed_by_assessor_at=signed,
        )
        for person in people
    )
    results = WorkResult.objects.bulk_create(WorkResult(plan=plan, title="Pelayanan perizinan yang cepat dan pasti") for plan in plans)
    rows = Indicator.objects.bulk_create(
        Indicator(
            work_result=result, plan_id=result.plan_id, name=name, aspect=aspect, unit_name=unit, direction=direction,
            accumulation=accumulation, target=Decimal(str(target)), weight=weight, order=order,
        )
        for result in results
        for order, (name, aspect, unit, direction, accumulation, target, weight, _figures) in enumerate(indicators, start=1)
    )  # fmt: skip
    PeriodTarget.objects.bulk_create(
        PeriodTarget(indicator=row, period=month.key, start=month.start, end=month.end, target=_monthly(row))
        for row in rows
        for month in Period.parse(str(year)).months()
    )
    return plans


def _monthly(indicator: Indicator) -> Decimal:
    return indicator.target / 12 if indicator.accumulation == "SUM" else indicator.target


def open_case(cycle: Cycle, plan: PerformancePlan, **fields: object) -> Assessment:
    return open_cases(cycle, [plan], **fields)[0]


def open_cases(cycle: Cycle, plans: Sequence[PerformancePlan], **fields: object) -> list[Assessment]:
    """A case for each plan; ``fields`` hold for all of them, and who is rated was rated by the own leader."""
    posts = Posting.objects.known().filter(employee__in=[plan.assessor_id for plan in plans if plan.assessor_id]).order_by("-pk")
    above = dict(posts.values_list("employee_id", "supervisor_id"))
    return Assessment.objects.bulk_create(
        Assessment(
            cycle=cycle,
            stretch_start=cycle.start,
            stretch_end=cycle.end,
            plan=plan,
            employee_id=plan.employee_id,
            unit_id=plan.unit_id,
            assessor_id=plan.assessor_id,
            reviewer_id=above.get(plan.assessor_id),
            **{"rated_by_id": plan.assessor_id if fields.get("rated_at") else None, **fields},
        )
        for plan in plans
    )


def add_figures(
    plans: PerformancePlan | Sequence[PerformancePlan], period: Period, *, only: Iterable[int] = (0, 1, 2), now: dt.datetime | None = None
) -> None:
    """Entries of the month with a link as evidence; ``only`` picks indicators by place."""
    moment = now or start_of_day(min(period.last_day, today()))
    chosen = [plans] if isinstance(plans, PerformancePlan) else plans
    targets: dict[int, list[PeriodTarget]] = {plan.pk: [] for plan in chosen}
    rows = PeriodTarget.objects.filter(indicator__plan__in=chosen, period=period.key).select_related("indicator__plan")
    for target in rows.order_by("indicator__plan", "indicator__order"):
        targets[target.indicator.plan_id].append(target)
    places = list(only)
    numbered = [
        (own[place], n, value) for own in targets.values() for place in places for n, value in enumerate(INDICATORS[place][7], start=1)
    ]
    entries = ProgressEntry.objects.bulk_create(
        ProgressEntry(
            target=target, employee_id=target.indicator.plan.employee_id, value=Decimal(value), entered_at=moment,
            note=f"Rekap paruh ke-{n} bulan ini",
        )
        for target, n, value in numbered
    )  # fmt: skip
    Evidence.objects.bulk_create(
        Evidence(
            entry=entry, kind="TAUTAN", title=f"Rekap {n}",
            url=f"https://contoh.bukittinggikota.go.id/{entry.pk}", uploaded_at=moment,
        )
        for entry, (_target, n, _value) in zip(entries, numbered, strict=True)
    )  # fmt: skip


def published_month(
    city: City, plans: Iterable[PerformancePlan], period: Period, *, result: int = 2, behaviour: int = 2
) -> list[Assessment]:
    """A month that is rated, scored and published for these plans."""
    cycle = Cycle.objects.filter(period=period.key).first() or open_cycle(city, period, state="TERBIT")
    moment = start_of_day(period.end + 5 * DAY)
    plans = list(plans)
    add_figures(plans, period)
    marks = {f"mark_{code}": 2 for code in ("bp", "ak", "ko", "ha", "lo", "ad", "kl")} | {"mark_ak": 3}
    cases = open_cases(
        cycle, plans, state="DINILAI", result_rating=result, behaviour_rating=behaviour, rated_at=moment,
        note="Pertahankan ketelitian, dan bantu rekan baru.", **marks,
    )  # fmt: skip
    RatingExample.objects.bulk_create(
        RatingExample(assessment=case, aspect="AK", text="Menemukan dan memperbaiki selisih rekap sebelum diminta.", written_at=moment)
        for case in cases
    )
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
    for year in sorted({month.start.year for month in (*months, running_period())}):
        plans |= {(plan.employee_id, year): plan for plan in agreed_plans(city.staff, year=year)}
    for month in months:
        published_month(city, [plans[person.pk, month.start.year] for person in city.staff], month)
    running = open_cycle(city, running_period())
    current = {person.pk: plans[person.pk, running.start.year] for person in city.staff}
    open_cases(running, list(current.values()))
    add_figures(list(current.values()), running.as_period, only=(0,))
    return current
