"""NIP and NI PPPK: what a number says, and which numbers cannot be one."""

from __future__ import annotations

import contextlib
import csv
import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from employees.rules.nip import BadNip, NipFault, clean_nip, parse_nip, printed

TODAY = dt.date(2026, 11, 24)


def test_a_nip_tells_birth_appointment_sex_and_serial() -> None:
    nip = parse_nip("198609262015051001", kind="PNS", today=TODAY)
    assert (nip.birth, nip.year, nip.month, nip.sex, nip.serial) == (dt.date(1986, 9, 26), 2015, 5, "L", "001")


def test_a_nip_is_printed_in_four_groups() -> None:
    assert printed("198609262015051001") == "19860926 201505 1 001"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("198613262015051001", NipFault.BIRTH),  # month 13
        ("199002302015011001", NipFault.BIRTH),  # 30 February
        ("202611252026111001", NipFault.BIRTH),  # born tomorrow
        ("199001012003011001", NipFault.TOO_YOUNG),
        ("199001012015013001", NipFault.SEX),
        ("199001012015011000", NipFault.SERIAL),
        ("199001012015131001", NipFault.MONTH),
        ("199001012015001001", NipFault.MONTH),
        ("199001012026121001", NipFault.FUTURE),
        ("19900101201501100", NipFault.LENGTH),  # 17 digits
        ("1990010120150110011", NipFault.LENGTH),  # 19 digits
        ("19900101201501100A", NipFault.LENGTH),
        ("١٩٩٠٠١٠١٢٠١٥٠١١٠٠١", NipFault.LENGTH),  # digits, but not these
        ("", NipFault.LENGTH),
    ],
)
def test_a_number_that_cannot_be_a_nip_is_refused_with_its_fault(text: str, fault: NipFault) -> None:
    with pytest.raises(BadNip) as refusal:
        parse_nip(text, kind="PNS", today=TODAY)
    assert refusal.value.fault is fault


@pytest.mark.parametrize(
    "text", ["'198609262015051001", " 19860926 201505 1 001 ", "\u00a019860926\u00a02015051001", "00198609262015051001"]
)
def test_blanks_apostrophes_and_zeros_before_a_nip_do_not_matter(text: str) -> None:
    assert clean_nip(text) == "198609262015051001"


def test_the_month_of_the_eighteenth_birthday_is_old_enough() -> None:
    assert parse_nip("200005152018051001", kind="CPNS", today=TODAY).year == 2018
    with pytest.raises(BadNip):
        parse_nip("200005152018041001", kind="CPNS", today=TODAY)


@pytest.mark.parametrize("kind", ["PPPK", "PPPK_PARUH_WAKTU"])
def test_digits_13_and_14_of_a_contract_number_are_no_month(kind: str) -> None:
    nip = parse_nip("199001012023211001", kind=kind, today=TODAY)
    assert (nip.year, nip.month, nip.sex) == (2023, None, "L")
    with pytest.raises(BadNip) as refusal:
        parse_nip("199001012023211001", kind="PNS", today=TODAY)
    assert refusal.value.fault is NipFault.MONTH


def test_a_contract_number_of_this_year_is_taken_and_of_the_next_refused() -> None:
    assert parse_nip("199001012026212001", kind="PPPK", today=TODAY).sex == "P"
    with pytest.raises(BadNip):
        parse_nip("199001012027212001", kind="PPPK", today=TODAY)


@given(
    birth=st.dates(dt.date(1930, 1, 1), dt.date(2000, 1, 1)),
    years=st.integers(19, 26),
    month=st.integers(1, 12),
    sex=st.sampled_from("12"),
    serial=st.integers(1, 999),
)
def test_every_lawful_nip_gives_back_its_parts(birth: dt.date, years: int, month: int, sex: str, serial: int) -> None:
    nip = parse_nip(f"{birth:%Y%m%d}{birth.year + years}{month:02}{sex}{serial:03}", kind="PNS", today=TODAY)
    assert (nip.birth, nip.year, nip.month, nip.sex, nip.serial) == (
        birth,
        birth.year + years,
        month,
        {"1": "L", "2": "P"}[sex],
        f"{serial:03}",
    )


@given(st.text(max_size=20))
def test_any_text_is_either_a_nip_or_refused(text: str) -> None:
    with contextlib.suppress(BadNip):
        assert len(parse_nip(text, kind="PNS", today=TODAY).digits) == 18


@pytest.mark.realdata
def test_numbers_that_other_projects_test_get_their_verdict(real_data: Path) -> None:
    with (real_data / "nip_cases" / "nip_cases.csv").open(encoding="utf-8", newline="") as stream:
        cases = list(csv.DictReader(stream))
    assert len(cases) == 11
    for case in cases:
        if case["valid"] == "false":
            with pytest.raises(BadNip):
                parse_nip(case["input"], kind="PNS", today=TODAY)
            continue
        nip = parse_nip(case["input"], kind="PNS", today=TODAY)
        said = (nip.birth.isoformat(), f"{nip.year}-{nip.month:02}", nip.sex, nip.serial)
        assert said == (case["birth"], case["tmt"], case["sex"], case["serial"])
