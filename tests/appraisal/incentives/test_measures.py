"""Share, median and quantiles, exact and half-up."""

from collections import Counter
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.incentives.rules.measures import median, on_time_share, quantile
from bukittinggi_kinerja.common.money import share


@pytest.mark.parametrize(
    ("part", "whole", "percent"), [(952, 1329, "71.63"), (950, 1327, "71.59"), (1, 8, "12.50"), (1, 800, "0.13"), (0, 3, "0.00")]
)
def test_a_share_is_percent_half_up_to_two_decimals(part: int, whole: int, percent: str) -> None:
    assert share(part, whole) == Decimal(percent)


def test_nothing_to_measure_is_missing_and_not_zero() -> None:
    assert share(0, 0) is None
    assert median([]) is None
    assert median([None]) is None
    assert on_time_share([None, None]) is None


def test_an_outcome_that_is_unknown_counts_neither_way() -> None:
    assert on_time_share([True, None, False, True]) == Decimal("66.67")


@pytest.mark.parametrize(
    ("days", "middle"), [([3], "3.00"), ([1, 2], "1.50"), ([5, 1, 3], "3.00"), ([0, 0, 0, 9], "0.00"), ([4, None, 2], "3.00")]
)
def test_the_median_is_the_middle_of_what_is_known(days: list[int | None], middle: str) -> None:
    assert median(days) == Decimal(middle)


def linear(values: list[int], at: Fraction) -> Fraction:
    """The textbook quantile on the sorted list."""
    ordered = sorted(values)
    place = at * (len(ordered) - 1)
    low = place.numerator // place.denominator
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])


@given(st.lists(st.integers(0, 400), min_size=1, max_size=60), st.sampled_from(["0.5", "0.9", "0.25"]))
def test_counted_values_give_the_quantile_of_the_list(values: list[int], at: str) -> None:
    exact = linear(values, Fraction(at))
    found = quantile(Counter(values), Decimal(at))
    assert found == Decimal(int(exact * 100 + Fraction(1, 2))) / 100
