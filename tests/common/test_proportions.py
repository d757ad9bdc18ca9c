"""Shares and their differences, against the published example and what must always be true."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bukittinggi_kinerja.common.statistics.proportions import share_difference, wilson


@pytest.mark.parametrize(
    ("counts", "told"),
    [
        # Newcombe (1998), table II, method 10, examples a to h.
        ((56, 70, 48, 80), (0.2, 0.0524, 0.3339)),
        ((9, 10, 3, 10), (0.6, 0.1705, 0.8090)),
        ((6, 7, 2, 7), (0.5714, 0.0582, 0.8062)),
        ((5, 56, 0, 29), (0.0893, -0.0381, 0.1926)),
        ((0, 10, 0, 20), (0.0, -0.1611, 0.2775)),
        ((0, 10, 0, 10), (0.0, -0.2775, 0.2775)),
        ((10, 10, 0, 20), (1.0, 0.6791, 1.0)),
        ((10, 10, 0, 10), (1.0, 0.6075, 1.0)),
    ],
)
def test_the_published_examples(counts: tuple[int, int, int, int], told: tuple[float, float, float]) -> None:
    found = share_difference(*counts)
    assert (found.estimate, found.low, found.high) == pytest.approx(told, abs=5e-5)


@pytest.mark.parametrize(("part", "whole"), [(0, 0), (-1, 5), (6, 5)])
def test_what_is_no_share_is_refused(part: int, whole: int) -> None:
    with pytest.raises(ValueError, match="no share"):
        wilson(part, whole)


shares = st.integers(1, 6_000).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole)))


@given(one=shares, other=shares)
def test_the_interval_holds_the_difference_and_turns_with_it(one: tuple[int, int], other: tuple[int, int]) -> None:
    found, turned = share_difference(*one, *other), share_difference(*other, *one)
    assert found.low <= found.estimate <= found.high
    assert (found.low, found.high) == pytest.approx((-turned.high, -turned.low))
    assert found.excludes_zero is turned.excludes_zero
