"""Measured indicators: whose cases, which month, and what is missing."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from appraisal.incentives.models import AccountAlias, EventSource
from appraisal.incentives.queries.credit import credited_cases
from appraisal.incentives.services.measuring import feed_measured
from appraisal.models import Assessment, Cycle, ProgressEntry
from appraisal.services.measured import MeasuredReport
from appraisal.services.publishing import work_on
from bukittinggi_kinerja.common.period import JAKARTA, Period, start_of_day
from bukittinggi_kinerja.cycle import run_cycle
from employees.models import Employee
from tests.appraisal.planning import make_cycle, make_indicator, make_plan
from tests.people import City

from .logs import NOW, issued, mapping, step, take

pytestmark = pytest.mark.usefixtures("services")
OCTOBER = Period.parse("2026-10")
ON_TIME, MEDIAN = "LAYANAN_TEPAT_WAKTU", "LAYANAN_MEDIAN_HARI"


def account(who: Employee, name: str, source: str = "simpel") -> None:
    row, _made = EventSource.objects.get_or_create(code=source)
    AccountAlias.objects.create(source=row, account=name, employee=who, valid=(None, None))


def feed(period: Period = OCTOBER) -> MeasuredReport:
    return feed_measured(period=period, now=NOW)


def figures() -> dict[tuple[int, str], Decimal | None]:
    rows = ProgressEntry.objects.current().values_list("employee_id", "target__indicator__measure", "value")
    return {(who, measure): value for who, measure, value in rows}


@pytest.fixture
def officers(city: City) -> list[Employee]:
    """Two people with both indicators, accounts a and b, and an open October."""
    make_cycle(city)
    people = city.staff[:2]
    for who, name in zip(people, "ab", strict=True):
        plan = make_plan(who)
        make_indicator(plan, name="Tepat waktu", measure=ON_TIME, accumulation="LAST", target="90")
        make_indicator(plan, name="Median", measure=MEDIAN, accumulation="LAST", target="5", direction="TURUN")
        account(who, name)
    return people


def test_share_and_median_of_the_cases_one_answers_for(officers: list[Employee]) -> None:
    take(
        [
            *issued("1", "2026-10-01 09:00", "2026-10-05 10:00", responsible="a"),
            *issued("2", "2026-10-01 09:00", "2026-10-07 10:00", responsible="a"),
            *issued("3", "2026-10-01 09:00", "2026-10-19 10:00", responsible="a"),
            *issued("4", "2026-10-01 09:00", "2026-10-02 10:00", responsible="b"),
        ]
    )
    feed()
    a, b = (who.pk for who in officers)
    assert figures() == {
        (a, ON_TIME): Decimal("66.67"),
        (a, MEDIAN): Decimal("4.00"),
        (b, ON_TIME): Decimal("100.00"),
        (b, MEDIAN): Decimal("1.00"),
    }


def test_the_cases_behind_a_figure_are_frozen_with_it(officers: list[Employee]) -> None:
    take(issued("17", "2026-10-01 09:00", "2026-10-05 10:00", responsible="a", service_type="SIP-DR"))
    feed()
    (source,) = ProgressEntry.objects.current().filter(target__indicator__measure=ON_TIME).get().sources
    assert source == {
        "ref": "simpel/17",
        "label": "Surat Izin Praktik dokter 17",
        "value": 2,
        "on_time": True,
        "finished_on": "2026-10-05",
    }


@pytest.mark.parametrize(
    ("finished", "counts"),
    [
        ("2026-09-30T16:59:59+00:00", False),
        ("2026-09-30T17:00:00+00:00", True),
        ("2026-10-31T16:59:59+00:00", True),
        ("2026-10-31T17:00:00+00:00", False),
    ],
)
def test_a_case_counts_in_the_month_it_finished_in_jakarta(officers: list[Employee], finished: str, counts: bool) -> None:
    take(issued("1", "2026-09-21 09:00", finished, responsible="a"), now=dt.datetime(2026, 11, 5, 9, 0, tzinfo=JAKARTA))
    feed()
    assert bool(figures()) is counts


def test_without_a_finished_case_the_figure_is_missing_and_not_zero(officers: list[Employee]) -> None:
    take([step("1", "DITERIMA", "2026-10-01 09:00", responsible="a")])
    feed()
    assert figures() == {}


@pytest.mark.parametrize("end", ["DITOLAK", "DITARIK", "DIKEMBALIKAN"])
def test_refused_and_withdrawn_cases_count_for_nobody(officers: list[Employee], end: str) -> None:
    said = {"responsible": "a", "ended": "2026-10-05 10:00"}
    take([step("1", "DITERIMA", "2026-10-01 09:00", "a", **said), step("1", end, "2026-10-05 10:00", "a", **said)])
    feed()
    assert figures() == {}


def test_a_case_of_an_unknown_officer_counts_for_nobody(officers: list[Employee]) -> None:
    take(
        [
            *issued("1", "2026-10-01 09:00", "2026-10-05 10:00", responsible="user17", officer="a"),
            *issued("2", "2026-10-01 09:00", "2026-10-05 10:00", responsible="", officer="a"),
        ]
    )
    assert list(credited_cases(OCTOBER, employees={who.pk for who in officers})) == []


def test_where_the_map_says_step_each_officer_of_a_step_is_credited_once(officers: list[Employee]) -> None:
    for who, name in zip(officers, "ab", strict=True):
        account(who, name, source="langkah")
    take(
        [
            step("1", "DITERIMA", "2026-10-01 09:00", "a", responsible="b"),
            step("1", "PENETAPAN", "2026-10-02 09:00", "a"),
            step("1", "PENETAPAN", "2026-10-02 10:00", "user17"),
            step("1", "TERBIT", "2026-10-05 10:00", "a"),
            *issued("2", "2026-10-01 09:00", "2026-10-05 10:00", officer="b", responsible="a"),
        ],
        mapping("langkah", credit="step"),
    )
    credit = [(row.employee_id, row.case_id) for row in credited_cases(OCTOBER, employees={who.pk for who in officers})]
    assert credit == [(officers[0].pk, "1"), (officers[1].pk, "2")]


def test_a_case_that_cannot_be_judged_is_left_out_of_the_share(officers: list[Employee]) -> None:
    take(
        [
            *issued("1", "2026-10-01 09:00", "2026-10-05 10:00", responsible="a"),
            *issued("2", "2026-10-01 09:00", "2026-10-05 10:00", responsible="a", service_type="IMB"),
        ]
    )
    feed()
    assert figures()[officers[0].pk, ON_TIME] == 100
    assert len(ProgressEntry.objects.current().filter(target__indicator__measure=ON_TIME).get().sources) == 2


def test_feeding_twice_changes_nothing(officers: list[Employee]) -> None:
    take(issued("1", "2026-10-01 09:00", "2026-10-05 10:00", responsible="a"))
    assert feed().changed == 0
    rows = list(ProgressEntry.objects.values())
    assert feed().changed == 0
    assert list(ProgressEntry.objects.values()) == rows


def test_an_intake_into_an_open_month_feeds_it_and_into_a_closed_one_only_tells(officers: list[Employee]) -> None:
    first = issued("1", "2026-10-01 09:00", "2026-10-05 10:00", responsible="a")
    assert take(first).differences == ()
    assert figures()[officers[0].pk, ON_TIME] == 100
    Cycle.objects.update(state="TERBIT")
    report = take(issued("2", "2026-10-01 09:00", "2026-10-19 10:00", responsible="a"))
    assert {(d.measure, d.stored, d.found) for d in report.differences} == {
        (ON_TIME, Decimal(100), Decimal("50.00")),
        (MEDIAN, Decimal(2), Decimal("7.00")),
    }
    assert figures()[officers[0].pk, ON_TIME] == 100


def test_who_has_no_such_indicator_is_not_asked_for(city: City, officers: list[Employee]) -> None:
    account(city.staff[5], "c")
    take(issued("1", "2026-10-01 09:00", "2026-10-05 10:00", responsible="c"))
    assert feed().without_target == 0
    assert figures() == {}


def test_two_hundred_officers_take_as_many_queries_as_two(city: City, officers: list[Employee]) -> None:
    counts = []
    for group in (city.add_staff(2), city.add_staff(200)):
        for who in group:
            make_indicator(make_plan(who), measure=ON_TIME, accumulation="LAST", target="90")
            account(who, str(who.pk))
        take([row for who in group for row in issued(f"c{who.pk}", "2026-10-01 09:00", "2026-10-05 10:00", responsible=str(who.pk))])
        ProgressEntry.objects.all().delete()
        with CaptureQueriesContext(connection) as queries:
            feed()
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_quarter_takes_the_cases_of_its_three_months(city: City, officers: list[Employee]) -> None:
    quarter = Period.parse("2026-Q4")
    rows = [
        row
        for n, day in enumerate(("2026-10-05", "2026-11-05", "2026-12-07", "2027-01-04"))
        for row in issued(str(n), "2026-10-01 09:00", f"{day} 10:00", responsible="a")
    ]
    take(rows, now=dt.datetime(2027, 1, 5, 9, 0, tzinfo=JAKARTA))
    assert len(list(credited_cases(quarter, employees={officers[0].pk}))) == 3
    assert dt.date(2026, 12, 31) in quarter


def test_closing_a_month_sends_no_finished_rating_back(city: City, officers: list[Employee]) -> None:
    rows = issued("1", "2026-10-01 09:00", "2026-10-05 10:00", responsible="a")
    take(rows)
    cycle = Cycle.objects.get()
    run_cycle(period=OCTOBER, as_of=start_of_day(OCTOBER.end))
    Assessment.objects.filter(employee=officers[0]).update(
        state="DINILAI", result_rating=2, behaviour_rating=2, rated_by=city.people["penilai"], rated_at=NOW
    )
    late = cycle.rating_due + dt.timedelta(minutes=5)
    take(issued("2", "2026-10-01 09:00", "2026-10-19 10:00", responsible="a"), now=late)
    for job in run_cycle(period=OCTOBER, as_of=late):
        work_on(job, now=late)
    assert Assessment.objects.get(employee=officers[0]).state == "DINILAI"
    assert Assessment.objects.get(employee=officers[1]).state == "BELUM_DINILAI"
    assert figures()[officers[0].pk, ON_TIME] == Decimal(100)
