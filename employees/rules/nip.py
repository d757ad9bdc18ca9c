"""NIP of civil servants and NI PPPK of contract staff, 18 digits each. Pure; ``today`` is an argument.

NIP: birth date YYYYMMDD, month of the CPNS appointment YYYYMM, 1 man / 2 woman, serial from 001.
NI PPPK: the same, but digits 9-12 are the year of appointment and 13-14 a code that is not a month.
There is no check digit, so a lawful number may still be somebody else's: compare it with birth date and sex.
Source: Perka BKN 22/2007 and 43/2007; the layout of the NI PPPK is to be confirmed.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum

LEAST_AGE = 18
CONTRACT_KINDS = frozenset({"PPPK", "PPPK_PARUH_WAKTU"})

_LAYOUT = re.compile(r"(\d{8})(\d{4})(\d{2})(\d)(\d{3})", re.ASCII)
_CLUTTER = re.compile(r"[\s'’‘`\u200b\u200e\u200f\u2060\ufeff]+")
_SEX = {"1": "L", "2": "P"}


class NipFault(StrEnum):
    LENGTH = "nip_length"
    BIRTH = "nip_birth"
    MONTH = "nip_month"
    TOO_YOUNG = "nip_too_young"
    FUTURE = "nip_future"
    SEX = "nip_sex"
    SERIAL = "nip_serial"


class BadNip(ValueError):
    """A number that cannot be a NIP; carries the first fault found, from left to right."""

    def __init__(self, fault: NipFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True)
class Nip:
    """``month`` of appointment is None for contract staff; ``sex`` is L or P."""

    digits: str
    birth: dt.date
    year: int
    month: int | None
    sex: str
    serial: str


def clean_nip(text: str) -> str:
    """Without blanks and apostrophes; zeros that stand before 18 digits are dropped, nothing else is guessed."""
    plain = _CLUTTER.sub("", text)
    if len(plain) > 18 and plain.isascii() and plain.isdigit():
        plain = plain.lstrip("0")
    return plain


def parse_nip(text: str, *, kind: str, today: dt.date) -> Nip:
    """Read the number of a PNS, CPNS, PPPK or PPPK_PARUH_WAKTU; raises BadNip."""
    digits = clean_nip(text)
    found = _LAYOUT.fullmatch(digits)
    if not found:
        raise BadNip(NipFault.LENGTH)
    birth = _birth(found[1], today)
    year, code = int(found[2]), int(found[3])
    month = None if kind in CONTRACT_KINDS else code
    _check_appointment(birth, year, month, today)
    if found[4] not in _SEX:
        raise BadNip(NipFault.SEX)
    if found[5] == "000":
        raise BadNip(NipFault.SERIAL)
    return Nip(digits=digits, birth=birth, year=year, month=month, sex=_SEX[found[4]], serial=found[5])


def _birth(digits: str, today: dt.date) -> dt.date:
    try:
        birth = dt.date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        raise BadNip(NipFault.BIRTH) from None
    if birth > today:
        raise BadNip(NipFault.BIRTH)
    return birth


def _check_appointment(birth: dt.date, year: int, month: int | None, today: dt.date) -> None:
    """The number knows the month only, so the month of the 18th birthday is old enough."""
    if month is not None and not 1 <= month <= 12:
        raise BadNip(NipFault.MONTH)
    if (year, month or 12) < (birth.year + LEAST_AGE, birth.month):
        raise BadNip(NipFault.TOO_YOUNG)
    if (year, month or 1) > (today.year, today.month):
        raise BadNip(NipFault.FUTURE)


def printed(digits: str) -> str:
    """``19860926 201505 1 001``, as forms print it."""
    return f"{digits[:8]} {digits[8:14]} {digits[14:15]} {digits[15:]}"
