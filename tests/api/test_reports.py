"""reports/: one table in three forms, for whom the totals are meant and no further."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from appraisal.models import AppraisalPolicy, Assessment
from appraisal.queries.reports import performance_summary, rating_lateness
from bukittinggi_kinerja.common.api.tables import Column, Table, as_csv, as_xlsx
from bukittinggi_kinerja.common.period import Period
from employees.models import Employee
from employees.rules.aggregates import AggregateScope, cells_to_hide, outermost
from tests.api.conftest import Caller, Callers
from tests.appraisal.month import AFTER_DEADLINE, OCTOBER, Month

WHOLE_CITY = AggregateScope((), names_people=True)
NAMES = ("performance-summary", "lateness", "service-times")
Clock = Callable[[dt.datetime], None]


@pytest.fixture
def published(month: Month) -> Month:
    """Of the twelve: one above, one misconduct, eight good, two left unrated by their rater."""
    month.rate(month.city.staff[0], result=3, behaviour=3)
    month.rate(month.city.staff[1], behaviour=1)
    for person in month.city.staff[2:10]:
        month.rate(person)
    month.publish()
    return month


def reader(caller: Callers, who: str) -> Caller:
    return caller(who, "read:reports")


def rows_of(answer: Any) -> dict[str, Any]:
    return {row["unit"]: row for row in answer["rows"]}


def test_the_summary_counts_predicates_and_what_is_missing(caller: Callers, published: Month) -> None:
    told = reader(caller, "bkpsdm").get("reports/performance-summary/?period=2026-10")
    assert (told["report"], told["period"], told["unit"], told["rule_versions"]) == (
        "performance-summary",
        "2026-10",
        None,
        ["aturan-2025"],
    )
    office = rows_of(told)["DPMPTSP"]
    assert (office["people"], office["results"], office["published"], office["not_rated"], office["open"]) == (16, 16, 10, 6, 0)
    assert [office[name] for name in ("very_good", "good", "needs_improvement", "poor", "very_poor")] == [1, 8, 0, 1, 0]
    assert office["published_share"] == "62.50"
    assert office["hidden"] is False


def test_the_mean_is_that_of_the_published_scores(caller: Callers, published: Month) -> None:
    office = rows_of(reader(caller, "bkpsdm").get("reports/performance-summary/?period=2026-10"))["DPMPTSP"]
    scores = [
        case.score_row.result_score
        for case in Assessment.objects.filter(published_at__isnull=False).select_related("score_row")
        if case.score_row.result_score is not None
    ]
    assert len(scores) == 3
    assert Decimal(office["mean_score"]) == round(sum(scores) / len(scores), 2)


def test_marks_count_only_once_they_are_published(caller: Callers, month: Month) -> None:
    month.rate(month.city.staff[0], result=3, behaviour=3)
    office = rows_of(reader(caller, "bkpsdm").get("reports/performance-summary/?period=2026-10"))["DPMPTSP"]
    assert (office["open"], office["published"], office["very_good"], office["mean_score"]) == (16, 0, 0, None)


def test_a_unit_is_reported_by_the_level_below(caller: Callers, published: Month) -> None:
    told = reader(caller, "bkpsdm").get("reports/performance-summary/?period=2026-10&unit=DPMPTSP")
    assert {unit: row["people"] for unit, row in rows_of(told).items()} == {"DPMPTSP": 1, "DPMPTSP.IZIN": 14, "DPMPTSP.SEK": 1}
    assert told["total"]["people"] == 16
    assert told["unit"] == "DPMPTSP"
    # The head alone stands in the row of the office, so its column must not promise all below.
    [heading] = [column for column in told["columns"] if column["key"] == "unit_name"]
    assert "hanya pegawai langsungnya" in heading["meaning"]


@pytest.mark.parametrize(
    ("period", "people"), [("2026-10", 21), ("2026-Q4", 21), ("2026-S2", 21), ("2026", 21), ("2026-09", 0), ("2026-Q3", 0)]
)
def test_longer_periods_add_up_the_months_within(caller: Callers, published: Month, period: str, people: int) -> None:
    total = reader(caller, "bkpsdm").get(f"reports/performance-summary/?period={period}")["total"]
    assert (total["people"] if total else 0) == people


def test_two_months_count_a_person_once_and_each_result(published: Month, django_assert_num_queries: Any) -> None:
    september = Period.parse("2026-09")
    cycle = published.cycle
    cycle.pk, cycle.period, cycle.start, cycle.end = None, september.key, september.start, september.end
    cycle.save()
    old = Assessment.objects.get(employee=published.city.staff[0])
    Assessment.objects.create(
        cycle=cycle, stretch_start=cycle.start, stretch_end=cycle.end, plan=old.plan, employee=old.employee, unit=old.unit,
        assessor=old.assessor,
    )  # fmt: skip
    with django_assert_num_queries(4):  # the rows, their units, people once, rule versions
        total = performance_summary(period=Period.parse("2026"), scope=WHOLE_CITY).total
    assert (total.people, total.results) == (21, 22)


ALLOWED = {
    "bkpsdm": (200, 200, 200),
    "inspektorat": (200, 200, 200),
    "pimpinan": (200, 200, 200),
    "pengelola": (200, 200, 403),
    "dpmptsp": (200, 200, 403),
    "penilai": (200, 403, 403),
    "pegawai": (403, 403, 403),
    "luar": (403, 403, 403),
}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("who", ALLOWED)
def test_reports_are_for_those_who_may_see_totals_of_the_unit(caller: Callers, published: Month, who: str, name: str) -> None:
    """Of all that is his, of DPMPTSP, of another OPD."""
    someone = reader(caller, who)
    asked = ("", "&unit=DPMPTSP", "&unit=DINKES")
    for suffix, status in zip(asked, ALLOWED[who], strict=True):
        for file in ("", "&file=csv", "&file=xlsx"):
            someone.call("GET", f"reports/{name}/?period=2026-10{suffix}{file}", status)


def test_the_head_of_a_section_reports_his_section_alone(caller: Callers, published: Month) -> None:
    told = reader(caller, "penilai").get("reports/performance-summary/?period=2026-10")
    assert {unit: row["people"] for unit, row in rows_of(told).items()} == {"DPMPTSP.IZIN.YAN": 13}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("", "period"),
        ("?period=", "period"),
        ("?period=2026-13", "period"),
        ("?period=2026-10&file=pdf", "file"),
        ("?period=2026-10&unit=TIDAK", "unit"),
        ("?period=2026-10&columns=nip", "columns"),
        ("?period=2026-10&page_size=5", "page_size"),
    ],
)
def test_a_report_asked_wrongly_is_400(caller: Callers, month: Month, name: str, query: str, field: str) -> None:
    assert field in reader(caller, "bkpsdm").get(f"reports/{name}/{query}", 400)["errors"]


def test_an_unknown_report_is_404_and_another_scope_403(caller: Callers, month: Month) -> None:
    reader(caller, "bkpsdm").get("reports/gaji/?period=2026-10", 404)
    caller("bkpsdm", "read:people").get("reports/lateness/?period=2026-10", 403)


def test_lateness_names_raters_to_those_who_may_see_them(caller: Callers, published: Month, clock: Clock) -> None:
    clock(AFTER_DEADLINE)
    told = reader(caller, "bkpsdm").get("reports/lateness/?period=2026-10")
    row = next(row for row in told["rows"] if row["rater_name"] == "Darwis Sikumbang")
    assert (row["unit"], row["rater_nip"]) == ("DPMPTSP.IZIN.YAN", published.city.people["penilai"].nip)
    assert (row["cases"], row["on_time"], row["late"], row["missing"], row["open"]) == (12, 10, 0, 2, 0)
    assert row["on_time_share"] == "83.33"
    # The first three of the twelve have entered everything.
    assert row["without_progress"] == 9


def test_lateness_tells_a_leader_totals_without_names(caller: Callers, published: Month, clock: Clock) -> None:
    clock(AFTER_DEADLINE)
    told = reader(caller, "pimpinan").get("reports/lateness/?period=2026-10")
    assert {(row["rater_nip"], row["rater_name"]) for row in told["rows"]} == {(None, None)}
    office = rows_of(told)["DPMPTSP"]
    assert (office["cases"], office["on_time"], office["missing"]) == (16, 10, 6)


def test_a_rating_after_the_deadline_is_late_and_an_open_one_has_time(month: Month) -> None:
    late, punctual = month.rate(month.city.staff[0]), month.rate(month.city.staff[1])
    Assessment.objects.filter(pk=late.pk).update(rated_at=month.cycle.rating_due + dt.timedelta(seconds=1))
    Assessment.objects.filter(pk=punctual.pk).update(rated_at=month.cycle.rating_due)
    before = rating_lateness(period=OCTOBER, scope=WHOLE_CITY, now=month.cycle.rating_due).total
    after = rating_lateness(period=OCTOBER, scope=WHOLE_CITY, now=month.cycle.rating_due + dt.timedelta(seconds=1)).total
    assert (before.on_time, before.late, before.missing, before.open) == (1, 1, 0, 19)
    assert (after.on_time, after.late, after.missing, after.open) == (1, 1, 19, 0)


def test_a_leader_is_not_told_about_groups_below_the_smallest_cell(caller: Callers, published: Month) -> None:
    leader = reader(caller, "pimpinan")
    told = rows_of(leader.get("reports/performance-summary/?period=2026-10"))
    # DPMPTSP is the only OPD with five people or more; the small ones together are six.
    assert {unit for unit, row in told.items() if not row["hidden"]} == {"DPMPTSP"}
    assert told["DINKES"]["not_rated"] is told["DINKES"]["mean_score"] is told["DINKES"]["published_share"] is None
    alone = leader.get("reports/performance-summary/?period=2026-10&unit=DINKES")["total"]
    assert (alone["hidden"], alone["not_rated"], alone["people"]) == (True, None, 2)
    # Head and secretariat are one person each: the division goes with them, or the total would tell.
    within = leader.get("reports/performance-summary/?period=2026-10&unit=DPMPTSP")
    assert {row["hidden"] for row in within["rows"]} == {True}
    assert within["total"]["good"] == 8


def test_a_leader_reads_the_totals_of_every_unit(caller: Callers, published: Month) -> None:
    for name in NAMES:
        for who in ("pimpinan", "bkpsdm"):
            told = reader(caller, who).get(f"reports/{name}/?period=2026-10&unit=DPMPTSP.IZIN")
            assert told["unit"] == "DPMPTSP.IZIN"


@pytest.mark.parametrize("name", ["performance-summary", "lateness"])
def test_a_unit_that_is_hidden_further_up_stays_hidden_when_asked_alone(caller: Callers, published: Month, name: str) -> None:
    """The office less its division would be its head, and the division less its section would be the head of that."""

    def hidden(unit: str) -> tuple[bool, set[bool]]:
        told = reader(caller, "pimpinan").get(f"reports/{name}/?period=2026-10&unit={unit}")
        return told["total"]["hidden"], {row["hidden"] for row in told["rows"]}

    assert hidden("DPMPTSP.IZIN") == hidden("DPMPTSP.IZIN.YAN") == (True, {True})
    # With groups of two the secretariat and the head hide each other, and the division is told; not so its section.
    AppraisalPolicy.objects.update(smallest_cell=2)
    assert hidden("DPMPTSP") == (False, {True, False})
    assert hidden("DPMPTSP.IZIN") == (False, {True})
    assert hidden("DPMPTSP.IZIN.YAN") == (True, {True})
    assert reader(caller, "bkpsdm").get(f"reports/{name}/?period=2026-10&unit=DPMPTSP.IZIN.YAN")["total"]["hidden"] is False


def test_an_opd_hidden_beside_a_smaller_one_stays_hidden_when_asked_alone(published: Month) -> None:
    """With one small OPD the next one is hidden too; asking for it by itself must not give both away."""
    Assessment.objects.exclude(unit__path__startswith="BKT/DPMPTSP/").exclude(unit__path__startswith="BKT/DINKES/").update(
        unit=published.city.units["DPMPTSP"]
    )
    totals_only = AggregateScope((), names_people=False)
    assert {row.hidden for row in performance_summary(period=OCTOBER, scope=totals_only).rows} == {True}
    alone = performance_summary(period=OCTOBER, scope=AggregateScope(("BKT/DPMPTSP/",), names_people=False))
    assert alone.total.people > 5
    assert all(row.hidden for row in [*alone.rows, alone.total])


def test_the_smallest_cell_is_a_number_of_the_policy(published: Month) -> None:
    totals_only = AggregateScope((), names_people=False)
    AppraisalPolicy.objects.update(smallest_cell=1)
    assert {row.hidden for row in performance_summary(period=OCTOBER, scope=totals_only).rows} == {False}
    AppraisalPolicy.objects.update(smallest_cell=22)
    report = performance_summary(period=OCTOBER, scope=totals_only)
    assert all(row.hidden for row in [*report.rows, report.total])


@given(st.lists(st.integers(0, 12), max_size=8), st.integers(1, 6))
def test_no_group_below_the_smallest_cell_can_be_had_by_subtraction(people: list[int], smallest: int) -> None:
    hidden = cells_to_hide(people, smallest=smallest)
    small = {place for place, count in enumerate(people) if 0 < count < smallest}
    assert small <= hidden
    told = [count for place, count in enumerate(people) if count and place not in hidden]
    if hidden and told:
        assert len(hidden) >= 2
        assert sum(people[place] for place in hidden) >= smallest
    assert bool(hidden) == bool(small)


def test_nested_subtrees_are_one() -> None:
    assert outermost(("A/B/", "A/", "C/D/", "A/B/")) == ("A/", "C/D/")


def body_of(answer: HttpResponse) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


@pytest.mark.parametrize("name", ["performance-summary", "lateness"])
def test_json_csv_and_xlsx_carry_the_same_figures(caller: Callers, published: Month, name: str) -> None:
    someone, path = reader(caller, "bkpsdm"), f"reports/{name}/?period=2026-10"
    told = someone.get(path)
    keys = [column["key"] for column in told["columns"]]
    lines = csv.DictReader(io.StringIO(body_of(someone.call("GET", f"{path}&file=csv", 200)).decode()))
    assert list(lines.fieldnames or []) == keys
    assert [list(line.values()) for line in lines] == [[as_text(row[key]) for key in keys] for row in told["rows"]]
    book = CalamineWorkbook.from_filelike(io.BytesIO(body_of(someone.call("GET", f"{path}&file=xlsx", 200))))
    sheet = book.get_sheet_by_index(0).to_python()
    assert sheet[0] == [column["label"] for column in told["columns"]]
    assert [[plain(cell) for cell in line] for line in sheet[1:]] == [
        [plain(row[key]) for key in keys] for row in [*told["rows"], told["total"]]
    ]


def as_text(value: Any) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def plain(value: Any) -> Any:
    """Numbers of a sheet and digits of JSON as one kind."""
    if value is None or isinstance(value, bool):
        return value if value is not None else ""
    try:
        return Decimal(str(value)).normalize()
    except ArithmeticError:
        return value


def test_csv_is_streamed_and_named_after_its_period(caller: Callers, published: Month) -> None:
    answer = reader(caller, "bkpsdm").call("GET", "reports/lateness/?period=2026-Q4&file=csv", 200)
    assert answer.streaming
    assert answer.headers["Content-Disposition"] == 'attachment; filename="lateness-2026-Q4.csv"'
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"


EVIL = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", '=HYPERLINK("http://x")', "＝1+1", "＠SUM(A1)"]


@pytest.mark.parametrize("text", EVIL)
def test_a_text_is_never_a_formula_in_any_file(text: str) -> None:
    table = Table("x", "x", [Column(text, "a", kind="text")], [[text], ['Budi, "Haji"'], [Decimal("-1.50")]])
    cells = [row[0] for row in csv.reader(io.StringIO("".join(as_csv(table)), newline=""))]
    assert cells == [f"'{text}", f"'{text}", 'Budi, "Haji"', "-1.50"]
    sheet = as_xlsx(Table("x", "x", table.columns, [[text]])).read()
    assert b"<f>" not in sheet


def test_a_name_that_is_a_formula_leaves_as_text(caller: Callers, published: Month) -> None:
    Employee.objects.filter(pk=published.city.people["penilai"].pk).update(name='=cmd|"/C calc"!A0')
    lines = body_of(reader(caller, "bkpsdm").call("GET", "reports/lateness/?period=2026-10&file=csv", 200)).decode()
    assert """'=cmd""" in lines


@pytest.mark.parametrize("name", NAMES)
def test_a_report_takes_the_same_queries_however_many_people(caller: Callers, published: Month, name: str) -> None:
    someone = reader(caller, "bkpsdm")

    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            someone.get(f"reports/{name}/?period=2026-10")
        return len(seen)

    few = asked()
    people = published.city.add_staff(300)
    unit = published.city.units["DPMPTSP.IZIN.YAN"]
    Assessment.objects.bulk_create(
        Assessment(
            cycle=published.cycle, stretch_start=published.cycle.start, stretch_end=published.cycle.end, employee=person, unit=unit,
            assessor=published.city.people["penilai"],
        )
        for person in people
    )  # fmt: skip
    assert asked() == few <= 12
