"""How a fair judgement is asked for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.rules.anchors import ASPECT_BY_KEY, RATED_ASPECTS, asked
from appraisal.rules.judging import asks_values, judging_order, looks_uniform
from appraisal.rules.vocabulary import Depth
from appraisal.services.rating import ASPECTS, MARK_COLUMNS
from bukittinggi_kinerja.common.period import Period


@pytest.mark.parametrize(
    ("depth", "period", "expected"),
    [
        (Depth.MONTHLY, "2026-10", True),
        (Depth.QUARTERLY, "2026-10", False),
        (Depth.QUARTERLY, "2026-12", True),
        (Depth.QUARTERLY, "2026-Q3", True),
        (Depth.YEARLY, "2026-11", False),
        (Depth.YEARLY, "2026-12", True),
        (Depth.YEARLY, "2026-Q4", True),
        (Depth.YEARLY, "2026-Q3", False),
    ],
)
def test_the_seven_values_are_asked_where_the_policys_grain_ends(depth: Depth, period: str, expected: bool) -> None:
    assert asks_values(depth, Period.parse(period)) is expected


@given(st.sets(st.integers(1, 10_000), max_size=60), st.integers(1, 500))
def test_the_order_of_people_is_the_same_at_every_visit_of_one_rater(people: set[int], rater: int) -> None:
    order = judging_order(people, rater=rater, period="2026-10")
    assert order == judging_order(sorted(people, reverse=True), rater=rater, period="2026-10")
    assert sorted(order) == sorted(people)


def test_another_rater_and_another_month_meet_another_order() -> None:
    people = range(12)
    orders = {tuple(judging_order(people, rater=rater, period=period)) for rater in (1, 2) for period in ("2026-10", "2026-11")}
    assert len(orders) == 4


@pytest.mark.parametrize(
    ("marks", "expected"),
    [([2, 2, 2, 2], True), ([2, 2, 2, 3], False), ([2, 2, 2], False), ([2, 2, 2, None], False), ([None] * 5, False), ([], False)],
)
def test_only_a_full_column_of_one_mark_asks_for_a_second_look(marks: list[int | None], expected: bool) -> None:
    assert looks_uniform(marks) is expected


def test_the_aspects_of_the_screens_are_those_the_services_know() -> None:
    assert {key: aspect.field for key, aspect in ASPECT_BY_KEY.items()} == MARK_COLUMNS
    assert {aspect.code for aspect in RATED_ASPECTS} == set(ASPECTS)


def test_the_overall_verdict_closes_the_row() -> None:
    assert [a.key for a in asked(values=True)] == ["result", "bp", "ak", "ko", "ha", "lo", "ad", "kl", "behaviour"]
    assert [a.key for a in asked(values=False)] == ["result", "behaviour"]


def test_every_mark_has_an_anchor_of_its_own_in_a_short_sentence() -> None:
    anchors = [text for aspect in RATED_ASPECTS for text in aspect.anchors]
    assert len(set(anchors)) == 3 * len(RATED_ASPECTS)
    assert all(text.endswith(".") and len(text.split()) <= 20 for text in anchors)
