"""Whole numbers in texts from outside."""

from __future__ import annotations

import pytest

from bukittinggi_kinerja.common.numbers import whole_number
from employees.rules.grades import grade_code


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("007", 7), ("9" * 18, 10**18 - 1)])
def test_plain_digits_are_a_number(text: str, number: int) -> None:
    assert whole_number(text) == number


@pytest.mark.parametrize("text", [None, "", "²", "٣", "１", "-1", "+1", "1.0", " 1", "1\n", "1_0", "9" * 19, "1" * 5000])
def test_anything_else_is_none_and_never_a_failure(text: str | None) -> None:
    assert whole_number(text) is None


@pytest.mark.parametrize("text", ["1" * 5000, "٣", "²"])
def test_a_grade_of_odd_digits_comes_back_unread(text: str) -> None:
    assert grade_code(text, contract=True) == text
