"""Measured figures: pushed, never typed; equal is untouched, closed is only compared."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext

from appraisal.models import Assessment, Cycle, Indicator, ProgressEntry
from appraisal.rules.lifecycle import CycleState
from appraisal.rules.vocabulary import Measure
from appraisal.services.cases import ensure_assessments
from appraisal.services.cycles import move_cycle
from appraisal.services.progress import MeasuredFigure, MeasuredReport, record_measured_progress
from bukittinggi_kinerja.common.models import Event, Notice
from bukittinggi_kinerja.common.period import JAKARTA, Period
from employees.models import Employee
from tests.people import City

from .planning import NOW, OCTOBER, make_cycle, make_indicator, make_plan

CASES = [{"ref": "coselog/case-1", "label": "Izin reklame", "value": Decimal("3"), "on_time": True}]


def measured(who: Employee, **values: object) -> Indicator:
    plan = who.plans.first() or make_plan(who)
    return make_indicator(plan, **{"name": "Tepat waktu", "measure": Measure.ON_TIME_SHARE.value, "accumulation": "LAST", **values})


def push(
    *figures: tuple[Employee, str | None], sources: list | None = None, period: str = OCTOBER, now: dt.datetime = NOW
) -> MeasuredReport:
    rows = [
        MeasuredFigure(who.pk, Measure.ON_TIME_SHARE, None if value is None else Decimal(value), CASES if sources is None else sources)
        for who, value in figures
    ]
    return record_measured_progress(period=Period.parse(period), figures=rows, now=now)


@pytest.fixture
def officers(city: City) -> list[Employee]:
    make_cycle(city)
    for who in city.staff[:3]:
        measured(who)
    return city.staff[:3]


def test_a_measured_figure_becomes_an_entry_with_its_source_rows(officers: list[Employee]) -> None:
    assert push((officers[0], "85.71"), (officers[1], "100")).created == 2
    entry = ProgressEntry.objects.get(employee=officers[0])
    assert (entry.value, entry.source, entry.entered_by) == (Decimal("85.7100"), "TERUKUR", None)
    assert entry.sources == [{"ref": "coselog/case-1", "label": "Izin reklame", "value": "3", "on_time": True}]
    assert Event.objects.get(action="appraisal.progress.measured").new["created"] == 2


def test_an_equal_figure_changes_nothing(officers: list[Employee]) -> None:
    push((officers[0], "85.71"))
    before = list(ProgressEntry.objects.values())
    report = push((officers[0], "85.710000"), now=NOW + dt.timedelta(hours=1))
    assert (report.changed, report.unchanged) == (0, 1)
    assert list(ProgressEntry.objects.values()) == before
    assert Event.objects.filter(action="appraisal.progress.measured").count() == 1


def test_another_figure_or_other_evidence_replaces_the_entry(officers: list[Employee]) -> None:
    push((officers[0], "80"))
    assert push((officers[0], "90")).replaced == 1
    assert push((officers[0], "90"), sources=[{"ref": "coselog/case-2"}]).replaced == 1
    current = ProgressEntry.objects.current().get()
    assert current.replaces.value == 90  # type: ignore[union-attr]
    assert ProgressEntry.objects.count() == 3


def test_nothing_to_measure_withdraws_the_figure_and_is_not_zero(officers: list[Employee]) -> None:
    push((officers[0], "80"))
    assert push((officers[0], None)).withdrawn == 1
    assert not ProgressEntry.objects.current().exists()
    assert push((officers[0], None)).unchanged == 1


def test_a_person_who_is_not_pushed_is_not_touched(officers: list[Employee]) -> None:
    push((officers[0], "80"), (officers[1], "70"))
    push((officers[0], "81"))
    assert ProgressEntry.objects.current().get(employee=officers[1]).value == 70


def test_a_withdrawn_row_is_found_by_whoever_reads_what_changed(officers: list[Employee]) -> None:
    push((officers[0], "80"))
    before = ProgressEntry.objects.get().updated_at
    push((officers[0], "81"))
    assert ProgressEntry.objects.get(value=80).updated_at > before


@pytest.mark.parametrize("state", ["DITUTUP", "TERBIT"])
def test_a_closed_period_is_left_alone_and_its_difference_listed(officers: list[Employee], state: str) -> None:
    push((officers[0], "80"))
    Cycle.objects.update(state=state)
    report = push((officers[0], "90"), (officers[1], "70"), (officers[2], None))
    assert report.changed == 0
    assert {(d.employee_id, d.stored, d.found) for d in report.differences} == {
        (officers[0].pk, Decimal(80), Decimal(90)),
        (officers[1].pk, None, Decimal(70)),
    }
    assert ProgressEntry.objects.current().get().value == 80


def test_a_figure_without_a_target_is_counted_and_left(city: City, officers: list[Employee]) -> None:
    assert push((city.people["luar"], "80")).without_target == 1


def test_a_retired_indicator_and_a_plan_that_is_not_agreed_take_nothing(city: City, officers: list[Employee]) -> None:
    Indicator.objects.filter(plan__employee=officers[0]).update(retired_on=dt.date(2026, 10, 1))
    officers[1].plans.update(state="DRAF")
    assert push((officers[0], "80"), (officers[1], "80")).without_target == 2


def test_in_a_month_with_a_transfer_the_later_plan_takes_the_figure(city: City, officers: list[Employee]) -> None:
    mover = officers[0]
    mover.plans.update(valid=DateRange(dt.date(2026, 1, 1), dt.date(2026, 10, 12)))
    later = make_plan(mover, start=dt.date(2026, 10, 12))
    make_indicator(later, measure=Measure.ON_TIME_SHARE.value, accumulation="LAST")
    push((mover, "80"))
    assert ProgressEntry.objects.get().target.indicator.plan == later


def test_a_quarter_is_another_period_than_its_months(officers: list[Employee]) -> None:
    assert push((officers[0], "80"), period="2026-Q4").without_target == 1


def test_two_hundred_officers_take_as_many_queries_as_two(city: City, officers: list[Employee]) -> None:
    people = city.add_staff(200)
    for who in people:
        measured(who)
    counts = []
    for group in (people[:2], people[2:]):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            push(*((who, "75") for who in group))
        counts.append(len(queries))
    assert counts[0] == counts[1]


# --- a figure under a finished rating


IN_WINDOW = dt.datetime(2026, 11, 3, 9, 0, tzinfo=JAKARTA)


@pytest.fixture
def rated(city: City, officers: list[Employee]) -> Assessment:
    """The first officer is rated on a figure of 80; the window for ratings is open."""
    push((officers[0], "80"))
    cycle = Cycle.objects.get()
    ensure_assessments(cycle=cycle, now=NOW)
    move_cycle(cycle=cycle, to=CycleState.RATING, actor=None, now=IN_WINDOW)
    case = Assessment.objects.get(employee=officers[0])
    Assessment.objects.filter(pk=case.pk).update(
        state="DINILAI", result_rating=3, behaviour_rating=2, mark_bp=3, rated_by=city.people["penilai"], rated_at=IN_WINDOW, note="Rapi"
    )
    case.refresh_from_db()
    return case


def test_another_figure_under_a_finished_rating_opens_it_again_and_keeps_the_marks(city: City, rated: Assessment) -> None:
    assert push((rated.employee, "90"), now=IN_WINDOW).replaced == 1
    before = rated.revision
    kept = (rated.result_rating, rated.behaviour_rating, rated.mark_bp, rated.rated_by_id, rated.rated_at, rated.note)
    rated.refresh_from_db()
    assert (rated.state, rated.revision) == ("DRAF", before + 1)
    assert (rated.result_rating, rated.behaviour_rating, rated.mark_bp, rated.rated_by_id, rated.rated_at, rated.note) == kept
    event = Event.objects.get(action="appraisal.assessment.reopened")
    assert (event.subject_id, event.old["state"], event.new["state"]) == (str(rated.pk), "DINILAI", "DRAF")
    notice = Notice.objects.get(kind="rating_overtaken")
    assert (notice.recipient, notice.link, notice.event_id) == (city.users["penilai"].pk, f"/tim/nilai/{rated.pk}/", event.pk)
    assert "berubah setelah Anda menilai" in city.client("penilai").get("/").content.decode()


def test_the_same_figure_again_opens_no_rating(rated: Assessment) -> None:
    push((rated.employee, "80"), now=IN_WINDOW)
    push((rated.employee, "80"), sources=[{"ref": "coselog/case-2"}], now=IN_WINDOW)
    rated.refresh_from_db()
    assert rated.state == "DINILAI"
    assert not Notice.objects.filter(kind="rating_overtaken").exists()


def test_a_rating_finished_again_is_opened_again_only_by_another_figure(rated: Assessment) -> None:
    for value in ("90", "90", "95"):
        push((rated.employee, value), now=IN_WINDOW)
        Assessment.objects.filter(pk=rated.pk).update(state="DINILAI")
    assert Event.objects.filter(action="appraisal.assessment.reopened").count() == 2
    assert Notice.objects.filter(kind="rating_overtaken").count() == 2


@pytest.mark.parametrize("value", [None, "70"])
def test_a_figure_that_goes_or_comes_overtakes_the_rating_too(rated: Assessment, value: str | None) -> None:
    if value:
        ProgressEntry.objects.update(withdrawn_at=IN_WINDOW)
    push((rated.employee, value), now=IN_WINDOW)
    rated.refresh_from_db()
    assert rated.state == "DRAF"


def test_a_published_rating_is_left_alone(rated: Assessment) -> None:
    Assessment.objects.filter(pk=rated.pk).update(state="TERBIT", published_at=IN_WINDOW)
    Cycle.objects.update(state="TERBIT")
    assert len(push((rated.employee, "90"), now=IN_WINDOW).differences) == 1
    rated.refresh_from_db()
    assert rated.state == "TERBIT"


def test_ratings_of_people_whose_figure_stays_are_left_alone(officers: list[Employee], rated: Assessment) -> None:
    push((officers[0], "80"), (officers[1], "50"), now=IN_WINDOW)
    rated.refresh_from_db()
    assert rated.state == "DINILAI"


def test_after_the_deadline_the_rating_stands_on_what_its_rater_saw(officers: list[Employee], rated: Assessment) -> None:
    late = Cycle.objects.get().rating_due + dt.timedelta(minutes=5)
    report = push((officers[0], "90"), (officers[1], "60"), now=late)
    assert [(d.employee_id, d.stored, d.found) for d in report.differences] == [(officers[0].pk, Decimal(80), Decimal(90))]
    assert ProgressEntry.objects.current().get(employee=officers[1]).value == 60
    rated.refresh_from_db()
    assert (rated.state, ProgressEntry.objects.current().get(employee=officers[0]).value) == ("DINILAI", 80)
