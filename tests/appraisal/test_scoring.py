"""The rule as the database computes it, held against the worked examples and the oracle."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.db.models import F, IntegerField, Q, QuerySet, Value
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appraisal import scoring
from appraisal.models import Assessment, ScoredIndicator
from appraisal.rules.vocabulary import BEHAVIOUR_FIELDS, QUADRANT, Predicate, Rating
from tests.appraisal.oracle import THREE_BY_THREE, Case, achievement_of, mean_mark, weighted

pytestmark = pytest.mark.django_db

D = Decimal
INDICATOR_COLUMNS = (
    "id assessment_id weight form direction target target_max target_date period_start realisation realised_on raw achievement"
)
CASTS = ["int", "int", "int", "text", "text", "numeric", "numeric", "date", "date", "numeric", "date", "numeric", "numeric"]


def over_values(
    table: str, columns: list[str], casts: list[str], rows: list[tuple[Any, ...]], query: QuerySet[Any]
) -> list[tuple[Any, ...]]:
    """Run a query as if its table held these literal rows."""
    one = "(" + ", ".join(f"%s::{cast}" for cast in casts) + ")"
    sql, params = query.query.sql_with_params()
    shadow = f'WITH "{table}" ({", ".join(columns)}) AS (VALUES {", ".join([one] * len(rows))}) '
    with connection.cursor() as cursor:
        cursor.execute(shadow + sql, [*(value for row in rows for value in row), *params])
        return cursor.fetchall()


def indicator_row(number: int, case: Case, *, assessment: int = 1, achieved: Decimal | None = None) -> tuple[Any, ...]:
    high = case.target_max if case.form == "RENTANG" else None
    return (
        number,
        assessment,
        case.weight,
        case.form,
        case.direction,
        case.target,
        high,
        case.target_date,
        case.start,
        case.value,
        case.on,
        None,
        achieved,
    )


def achievements(cases: list[Case]) -> list[Decimal | None]:
    query = (
        ScoredIndicator.objects.annotate(kept=scoring.raw_achievement())
        .annotate(limited=scoring.achievement("kept", cap=D(120)))
        .order_by("id")
        .values_list("limited", flat=True)
    )
    rows = [indicator_row(n, case) for n, case in enumerate(cases)]
    return [row[0] for row in over_values("appraisal_scoredindicator", INDICATOR_COLUMNS.split(), CASTS, rows, query)]


def score_of(cases: list[Case]) -> Decimal | None:
    achieved = achievements(cases)
    query = (
        ScoredIndicator.objects.values("assessment_id")
        .annotate(h=scoring.result_score(weight="weight", achieved="achievement"))
        .values_list("h")
    )
    rows = [indicator_row(n, case, achieved=a) for n, (case, a) in enumerate(zip(cases, achieved, strict=True))]
    return over_values("appraisal_scoredindicator", INDICATOR_COLUMNS.split(), CASTS, rows, query)[0][0]


def rated(result: int | None, behaviour: int | None, marks: list[int | None]) -> tuple[Any, ...]:
    query = Assessment.objects.annotate(
        p=scoring.behaviour_score(BEHAVIOUR_FIELDS),
        n=scoring.marks_given(BEHAVIOUR_FIELDS),
        predicate=scoring.predicate("result_rating", "behaviour_rating", unrated=Q(pk__lt=0)),
    )
    query = query.annotate(advice=scoring.advice("p", above=D("2.50"), meets=D("1.50"), enough=Q(n__gte=4)))
    columns = ["id", "result_rating", "behaviour_rating", *BEHAVIOUR_FIELDS]
    rows = [(1, result, behaviour, *marks)]
    return over_values("appraisal_assessment", columns, ["int"] * 10, rows, query.values_list("p", "advice", "predicate"))[0]


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        pytest.param(Case("TUNGGAL", "NAIK", target=D(40), value=D(46)), D("115.00"), id="40 documents wanted, 46 made"),
        pytest.param(Case("TUNGGAL", "TURUN", target=D(10), value=D(8)), D("120.00"), id="at most 10 complaints, 8 came"),
        pytest.param(Case("TUNGGAL", "TURUN", target=D(10), value=D(25)), D("0.00"), id="at most 10 complaints, 25 came: floor"),
        pytest.param(Case("RENTANG", "NAIK", target=D(90), target_max=D(95), value=D(92)), D("100.00"), id="inside the range"),
        pytest.param(Case("RENTANG", "NAIK", target=D(90), target_max=D(95), value=D(81)), D("90.00"), id="below the range"),
        pytest.param(Case("RENTANG", "TEPAT", target=D(90), target_max=D(95), value=D(100)), D("95.00"), id="above a range that is best"),
        pytest.param(Case("RENTANG", "TURUN", target=D(4), target_max=D(5), value=D(3)), D("120.00"), id="below a falling range, limited"),
        pytest.param(Case("TUNGGAL", target=D(0), value=D(3)), None, id="a target of zero is never divided by"),
        pytest.param(Case("TUNGGAL", target=D(5)), None, id="no realisation is missing, not zero"),
        pytest.param(Case("TUNGGAL", target=D(5), value=D(0)), D("0.00"), id="a realisation of zero is zero"),
        pytest.param(Case("PERNYATAAN"), None, id="a statement without a date"),
        pytest.param(Case("TANGGAL", target_date=dt.date(2026, 6, 30), on=dt.date(2026, 6, 30)), D("100.00"), id="on the day"),
        pytest.param(Case("TANGGAL", target_date=dt.date(2026, 6, 30), on=dt.date(2026, 7, 18)), D("90.00"), id="18 of 180 days late"),
        pytest.param(
            Case("TANGGAL", target_date=dt.date(2026, 1, 11), on=dt.date(2026, 6, 30)), D("0.00"), id="later than planned twice over"
        ),
    ],
)
def test_achievement_of_one_indicator(case: Case, expected: Decimal | None) -> None:
    assert achievements([case]) == [expected]


def test_a_missing_indicator_leaves_with_its_weight() -> None:
    cases = [
        Case("TUNGGAL", target=D(100), value=D(100), weight=50),
        Case("TUNGGAL", target=D(100), value=D(80), weight=30),
        Case("TUNGGAL", target=D(100), weight=20),
    ]
    assert score_of(cases) == D("92.50")


def test_nothing_judged_gives_no_score() -> None:
    assert score_of([Case("PERNYATAAN"), Case("TUNGGAL", target=D(3))]) is None


@pytest.mark.parametrize(("result", "behaviour"), [(r, b) for r in Rating for b in Rating])
def test_the_quadrant_gives_the_predicate(result: Rating, behaviour: Rating) -> None:
    found = rated(result, behaviour, [2] * 7)[2]
    assert Predicate(found).code == THREE_BY_THREE[result.value, behaviour.value]
    assert QUADRANT[result, behaviour] == found


@pytest.mark.parametrize(("result", "behaviour"), [(None, 2), (2, None), (None, None)])
def test_one_rating_alone_gives_no_predicate(result: int | None, behaviour: int | None) -> None:
    assert rated(result, behaviour, [3] * 7)[2] is None


@pytest.mark.parametrize(
    ("marks", "mean", "advised"),
    [
        ([3, 3, 3, 3, 2, 2, 2], D("2.57"), 3),
        ([3, 2, 3, 2, None, None, None], D("2.50"), 3),
        ([1, 2, 1, 2, None, None, None], D("1.50"), 2),
        ([1, 1, 1, 2, 2, 1, 2], D("1.43"), 1),
        ([3, 3, 3, None, None, None, None], D("3.00"), None),
        ([None] * 7, None, None),
    ],
)
def test_behaviour_advice_follows_the_mean_of_the_marks_given(marks: list[int | None], mean: Decimal | None, advised: int | None) -> None:
    assert rated(2, 2, marks)[:2] == (mean, advised)


AMOUNTS = st.decimals(min_value=0, max_value=99999, places=4, allow_nan=False, allow_infinity=False)
DAYS = st.dates(dt.date(2025, 6, 1), dt.date(2027, 6, 1))


@st.composite
def cases(draw: st.DrawFn) -> Case:
    form = draw(st.sampled_from(["TUNGGAL", "RENTANG", "TANGGAL", "PERNYATAAN"]))
    low, high = sorted((draw(AMOUNTS), draw(AMOUNTS)))
    return Case(
        form=form,
        direction=draw(st.sampled_from(["NAIK", "TURUN", "TEPAT"])),
        target=low if form in {"TUNGGAL", "RENTANG"} else None,
        target_max=high if form == "RENTANG" else None,
        target_date=draw(DAYS) if form == "TANGGAL" else draw(st.none() | DAYS) if form == "PERNYATAAN" else None,
        start=draw(st.dates(dt.date(2025, 1, 1), dt.date(2026, 12, 1))),
        value=draw(st.none() | AMOUNTS | st.just(low)),
        on=draw(st.none() | DAYS),
        weight=draw(st.integers(1, 100)),
    )


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batch=st.lists(cases(), min_size=1, max_size=12))
def test_every_achievement_and_score_equals_the_oracle(batch: list[Case]) -> None:
    assert achievements(batch) == [achievement_of(case) for case in batch]
    assert score_of(batch) == weighted(batch)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(marks=st.lists(st.none() | st.integers(1, 3), min_size=7, max_size=7))
def test_every_behaviour_mean_equals_the_oracle(marks: list[int | None]) -> None:
    assert rated(2, 2, marks)[0] == mean_mark(marks)


def test_realisation_is_the_sum_the_mean_or_the_last() -> None:
    query = ScoredIndicator.objects.annotate(
        found=scoring.realisation(total=Value(D(7)), mean=Value(D("2.33335")), last=F("target")), n=Value(1, output_field=IntegerField())
    )
    columns = ["id", "accumulation", "target"]
    rows = [(1, "SUM", D(3)), (2, "MEAN", D(3)), (3, "LAST", D(3))]
    found = over_values("appraisal_scoredindicator", columns, ["int", "text", "numeric"], rows, query.order_by("id").values_list("found"))
    assert [row[0] for row in found] == [D(7), D("2.3334"), D(3)]
