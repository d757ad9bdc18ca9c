"""Texts that leave for spreadsheets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bukittinggi_kinerja.common.formulas import FORMULA_SIGNS, formula_plain, formula_safe
from employees.rules.cells import as_text

SHEETY = st.text(st.sampled_from([*FORMULA_SIGNS, "'", "a", " ", "\u200b"]), max_size=6)


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_a_text_with_the_sign_of_a_formula_leaves_with_an_apostrophe(sign: str) -> None:
    assert formula_safe(f"{sign}1") == f"'{sign}1"


@pytest.mark.parametrize("text", ["", "Budi", "'Aisyah", "1-2", " =1"])
def test_any_other_text_leaves_as_it_is(text: str) -> None:
    assert formula_safe(text) == text


@given(SHEETY)
def test_what_left_safely_comes_back_as_a_clerk_would_have_typed_it(text: str) -> None:
    assert as_text(formula_safe(text)) == as_text(text)


@given(st.sampled_from(FORMULA_SIGNS), SHEETY)
def test_what_was_made_safe_comes_back_to_the_letter(sign: str, rest: str) -> None:
    assert formula_plain(formula_safe(sign + rest)) == sign + rest
