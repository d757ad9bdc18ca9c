"""Cells as clerks type them."""

from __future__ import annotations

import datetime as dt

import pytest

from employees.rules.cells import BadDate, Cell, LostDigits, as_choice, as_date, as_number_text, as_text


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2026-12-31", dt.date(2026, 12, 31)),
        ("2026-12-31 00:00:00", dt.date(2026, 12, 31)),
        ("31-12-2026", dt.date(2026, 12, 31)),
        ("31/12/2026", dt.date(2026, 12, 31)),
        ("1/2/2026", dt.date(2026, 2, 1)),  # day before month, as written here
        ("46387", dt.date(2026, 12, 31)),  # day number of a sheet
        (46387, dt.date(2026, 12, 31)),
        (46387.0, dt.date(2026, 12, 31)),
        ("46387,0", dt.date(2026, 12, 31)),
        (dt.datetime(2026, 12, 31), dt.date(2026, 12, 31)),
        (dt.date(2026, 12, 31), dt.date(2026, 12, 31)),
        ("", None),
        (None, None),
        ("   ", None),
    ],
)
def test_a_date_is_read_in_every_way_it_is_written(cell: Cell, day: dt.date | None) -> None:
    assert as_date(cell) == day


@pytest.mark.parametrize("cell", ["31-02-2026", "2026-02-30", "31/02/2026", "00-01-2026", "29-02-2025"])
def test_a_day_that_does_not_exist_is_named_so(cell: str) -> None:
    with pytest.raises(BadDate) as refusal:
        as_date(cell)
    assert refusal.value.fault == "no_such_day"


@pytest.mark.parametrize(
    ("cell", "fault"),
    [("1026-01-01", "too_long_ago"), ("2999-01-01", "too_far_ahead"), ("01-01-2100", "too_far_ahead"), ("99999", "too_far_ahead")],
)
def test_a_day_beyond_all_that_is_kept_is_named_so(cell: str, fault: str) -> None:
    with pytest.raises(BadDate) as refusal:
        as_date(cell)
    assert refusal.value.fault == fault


@pytest.mark.parametrize("cell", ["kemarin", "31-12-26", "12 Desember 2026", "2026", "2026-12", "=TODAY()"])
def test_a_text_that_is_no_date_is_named_so(cell: str) -> None:
    with pytest.raises(BadDate) as refusal:
        as_date(cell)
    assert refusal.value.fault == "no_date"


@pytest.mark.parametrize("cell", [1.9900101201501e17, 198609262015051001, "1,98609E+17", "1.98609E17"])
def test_a_long_number_that_the_sheet_has_cut_is_not_guessed(cell: Cell) -> None:
    with pytest.raises(LostDigits):
        as_number_text(cell)


def test_a_nip_kept_as_text_stays_whole() -> None:
    assert as_number_text("198609262015051001") == "198609262015051001"


def test_invisible_signs_and_doubled_blanks_are_dropped() -> None:
    assert as_text("\ufeff  Dinas \t Sosial\u200b \x00") == "Dinas Sosial"


def test_the_apostrophe_of_our_own_exports_is_taken_off_and_no_other() -> None:
    assert as_text("'=SUM(A1)") == "=SUM(A1)"
    assert as_text("'Aisyah") == "'Aisyah"


@pytest.mark.parametrize("text", ["jpt pratama", "JPT-PRATAMA", "Jpt_Pratama"])
def test_a_choice_is_case_free(text: str) -> None:
    assert as_choice(text, {"JPT_PRATAMA": "JPT_PRATAMA"}) == "JPT_PRATAMA"
