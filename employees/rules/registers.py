"""The registers of a person: who may see which, how much of it, and who may write it. Pure.

One table answers for screens and admin alike. A detail is what hurts when the wrong eyes read it: the kind and letter of a
leave for health, a disciplinary punishment, the number of a bank account, the family behind a tax category.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import IntEnum, StrEnum
from types import MappingProxyType


class Register(StrEnum):
    """Kept for a person, but the last two: they are kept for posts, and shown with whoever holds the post."""

    LEAVE = "cuti"
    TRAVEL = "dinas-luar"
    DISCIPLINE = "disiplin"
    EDUCATION = "pendidikan"
    BANK = "rekening"
    TAX = "pajak"
    JOB_CLASS = "kelas-jabatan"
    ALLOWANCE = "tpp"


class Relation(StrEnum):
    """What a viewer is to the person whose registers he opens; he may be several."""

    OWNER = "pemilik"
    CITY_HR = "bkpsdm"
    AUDITOR = "inspektorat"
    UNIT_HR = "pengelola"
    RATER = "penilai"


class Sight(IntEnum):
    """How much of a register is seen; more includes less."""

    NOTHING = 0
    #: The days of absence, and not why.
    DAYS = 1
    #: The rows, their details closed for good.
    SUMMARY = 2
    #: The rows; a detail opens once, for a reason that is remembered.
    ON_REASON = 3
    FULL = 4


_NOBODY = dict.fromkeys(Relation, Sight.NOTHING)


def _seen(*, owner: Sight, city: Sight, auditor: Sight, unit: Sight, rater: Sight = Sight.NOTHING) -> Mapping[Relation, Sight]:
    by = {Relation.OWNER: owner, Relation.CITY_HR: city, Relation.AUDITOR: auditor, Relation.UNIT_HR: unit, Relation.RATER: rater}
    return MappingProxyType({**_NOBODY, **by})


_OPEN = _seen(owner=Sight.FULL, city=Sight.FULL, auditor=Sight.FULL, unit=Sight.FULL)
_CLOSED = _seen(owner=Sight.FULL, city=Sight.ON_REASON, auditor=Sight.ON_REASON, unit=Sight.SUMMARY)

SEEN: Mapping[Register, Mapping[Relation, Sight]] = MappingProxyType(
    {
        Register.LEAVE: _seen(owner=Sight.FULL, city=Sight.ON_REASON, auditor=Sight.ON_REASON, unit=Sight.SUMMARY, rater=Sight.DAYS),
        Register.TRAVEL: _seen(owner=Sight.FULL, city=Sight.FULL, auditor=Sight.FULL, unit=Sight.FULL, rater=Sight.DAYS),
        Register.DISCIPLINE: _CLOSED,
        Register.EDUCATION: _OPEN,
        # The owner too opens it by an act of his own: the computer of an office is shared.
        Register.BANK: _seen(owner=Sight.ON_REASON, city=Sight.ON_REASON, auditor=Sight.ON_REASON, unit=Sight.SUMMARY),
        Register.TAX: _CLOSED,
        Register.JOB_CLASS: _OPEN,
        Register.ALLOWANCE: _OPEN,
    }
)
#: Who adds, ends and corrects rows; the owner of a row never does, whatever else he is.
WRITTEN_BY: Mapping[Register, frozenset[Relation]] = MappingProxyType(
    {
        **dict.fromkeys((Register.LEAVE, Register.TRAVEL, Register.EDUCATION), frozenset({Relation.CITY_HR, Relation.UNIT_HR})),
        **dict.fromkeys((Register.DISCIPLINE, Register.BANK, Register.TAX), frozenset({Relation.CITY_HR})),
        **dict.fromkeys((Register.JOB_CLASS, Register.ALLOWANCE), frozenset({Relation.CITY_HR})),
    }
)
#: Leave that speaks of somebody's health.
MEDICAL_LEAVE = frozenset({"SAKIT", "MELAHIRKAN"})

#: Kinds of punishment by level, PP 94/2021 article 8.
PUNISHMENTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "RINGAN": ("TEGURAN_LISAN", "TEGURAN_TERTULIS", "TIDAK_PUAS"),
        "SEDANG": ("POTONG_6", "POTONG_9", "POTONG_12"),
        "BERAT": ("TURUN_JABATAN", "BEBAS_JABATAN", "BERHENTI"),
    }
)
SHOWN_DIGITS = 4


def sight_of(register: Register, relations: Iterable[Relation]) -> Sight:
    """Who is several things to a person sees the most that one of them allows."""
    return max((SEEN[register][relation] for relation in relations), default=Sight.NOTHING)


def may_write(register: Register, relations: frozenset[Relation]) -> bool:
    return Relation.OWNER not in relations and bool(WRITTEN_BY[register] & relations)


def level_of(punishment: str) -> str:
    """RINGAN, SEDANG or BERAT; empty for a code nobody knows."""
    return next((level for level, kinds in PUNISHMENTS.items() if punishment in kinds), "")


def masked_number(digits: str) -> str:
    """The last digits of an account number behind dots, which tell its length to nobody."""
    return f"••••{digits[-SHOWN_DIGITS:]}" if len(digits) >= 2 * SHOWN_DIGITS else "••••"
