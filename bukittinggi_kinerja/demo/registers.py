"""What the registers of the made-up city say: leave, travel, a few punishments, schooling, classes, allowances, accounts, tax.

No account number is one that a bank could have given: all begin with 9999.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable, Iterator, Sequence

from employees.models import (
    AllowanceBase,
    BankAccount,
    ContractTerm,
    Discipline,
    Education,
    EmploymentKind,
    JobClass,
    Kept,
    Leave,
    OfficialTravel,
    TaxCategory,
)

from .draws import draws
from .people import Person
from .rows import Row, at_office
from .timeline import Timeline
from .tree import Tree
from .writing import Span, copy_rows

REGISTERS: tuple[type[Kept], ...] = (Leave, OfficialTravel, Discipline, Education, JobClass, AllowanceBase, BankAccount, TaxCategory)
ROW = ("letter_number", "note", "recorded_at")
DAYS = ("employee", "valid", *ROW)
#: Rupiah a month of a class, made up: it grows with the class.
LOWEST, STEP = 1_100_000, 350_000
PLACES = ("Padang", "Payakumbuh", "Jakarta", "Pekanbaru", "Padang Panjang")
PURPOSES = ("Rapat koordinasi", "Bimbingan teknis", "Konsultasi", "Studi tiru")
SCHOOLS = ("Universitas Andalas", "Universitas Negeri Padang", "UIN Sjech M. Djamil Djambek", "Universitas Fort de Kock")
MAJORS = ("Administrasi Negara", "Manajemen", "Ilmu Hukum", "Akuntansi", "Teknik Sipil", "Keperawatan")
TAX = ("TK/0", "TK/1", "K/0", "K/1", "K/2", "K/3")
TAX_WEIGHTS = (20, 5, 15, 25, 25, 10)
IN_SERVICE = dt.date(2025, 1, 1)


def write_registers(tree: Tree, people: Sequence[Person], line: Timeline, titles: dict[tuple[str, str], int], *, seed: int) -> None:
    known = [person for person in people if person.kind != EmploymentKind.NOT_ASN]
    copy_rows(Leave, ("kind", *DAYS), _leaves(known, line, draws(seed, "leaves")))
    copy_rows(OfficialTravel, ("destination", "purpose", *DAYS), _travels(known, line, draws(seed, "travels")))
    copy_rows(Discipline, ("kind", *DAYS), _punishments(known, line, draws(seed, "punishments")))
    copy_rows(Education, ("level", "major", "school", "graduated", "certificate_number", "employee", *ROW), _schooling(known, line, seed))
    copy_rows(JobClass, ("position", "job_class", "valid", *ROW), _classes(tree, titles))
    copy_rows(AllowanceBase, ("job_class", "criterion", "amount", "valid", *ROW), _bases())
    copy_rows(BankAccount, ("bank", "number", "holder", *DAYS), _accounts(known, line))
    copy_rows(TaxCategory, ("status", *DAYS), _taxes(known, line, draws(seed, "taxes")))
    copy_rows(ContractTerm, ("employee", "valid", "number"), _contracts(known, line))


def _contracts(people: Iterable[Person], line: Timeline) -> Iterator[Row]:
    """Five years for a PPPK, one for a part-time PPPK, renewed until the term holds today: some end within the next months."""
    for person in people:
        years = {EmploymentKind.PPPK: 5, EmploymentKind.PPPK_PART_TIME: 1}.get(EmploymentKind(person.kind))
        if years is None:
            continue
        month = 1 + person.id % 12
        first = dt.date(2021 + person.id % years if years > 1 else 2025, month, 1)
        while first <= line.moment.date():
            end = first.replace(year=first.year + years)
            yield person.id, Span(first, end), f"814/{person.id}/PK/{first.year}"
            first = end


def _row(person: Person, first: dt.date, end: dt.date | None, letter: str, line: Timeline) -> Row:
    return person.id, Span(first, end), letter, "", min(at_office(first - dt.timedelta(days=3)), line.moment)


def _leaves(people: Iterable[Person], line: Timeline, dice: random.Random) -> Iterator[Row]:
    """Whole months of absence as the timeline has them, and a few days a year for a third of the others."""
    for person in people:
        if person.away:
            for first in sorted(person.away):
                kind = (
                    "MELAHIRKAN"
                    if "melahirkan" in person.away[first].lower()
                    else "SAKIT"
                    if "sakit" in person.away[first].lower()
                    else "BESAR"
                )
                end = (first.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
                yield kind, *_row(person, first, end, f"850/{person.id}/BKPSDM/{first.year}", line)
        elif line.months and dice.random() < 1 / 3:
            first = dice.choice(line.months).start + dt.timedelta(days=dice.randrange(20))
            kind = dice.choice(("TAHUNAN", "TAHUNAN", "TAHUNAN", "SAKIT", "ALASAN_PENTING"))
            yield kind, *_row(person, first, first + dt.timedelta(days=dice.randint(1, 5)), f"850/{person.id}/{first.year}", line)


def _travels(people: Iterable[Person], line: Timeline, dice: random.Random) -> Iterator[Row]:
    for person in people:
        if line.months and not person.away and dice.random() < 0.15:
            first = dice.choice(line.months).start + dt.timedelta(days=25 + dice.randrange(2))
            row = _row(person, first, first + dt.timedelta(days=dice.randint(1, 2)), f"094/{person.id}/{first.year}", line)
            yield dice.choice(PLACES), dice.choice(PURPOSES), *row


def _punishments(people: Sequence[Person], line: Timeline, dice: random.Random) -> Iterator[Row]:
    """Very few; never somebody who signs in."""
    plain = [person for person in people if not person.stints[0].post.login]
    for person in sorted(dice.sample(plain, max(1, len(plain) // 250)), key=lambda one: one.id) if plain else []:
        first = line.start + dt.timedelta(days=dice.randrange(20))
        kind = dice.choice(("TEGURAN_LISAN", "TEGURAN_TERTULIS", "POTONG_6"))
        yield kind, *_row(person, first, first + dt.timedelta(days=182), f"862/{person.id}/BKPSDM/{first.year}", line)


def _schooling(people: Iterable[Person], line: Timeline, seed: int) -> Iterator[Row]:
    dice = draws(seed, "schooling")
    for person in people:
        level, age = ("SMA", 18) if person.grade.startswith(("I/", "II/")) else ("S1", 23)
        year = min(person.birth.year + age, line.start.year - 1)
        school = dice.choice(SCHOOLS) if level == "S1" else "SMA Negeri 1 Bukittinggi"
        yield (
            level,
            dice.choice(MAJORS) if level == "S1" else "",
            school,
            year,
            f"{person.id:06}/{year}",
            person.id,
            "",
            "",
            at_office(line.start),
        )


def _classes(tree: Tree, titles: dict[tuple[str, str], int]) -> Iterator[Row]:
    since = Span(IN_SERVICE, None)
    found = {titles[post.title, post.kind]: post.job_class for post in reversed(tree.posts)}
    for position, job_class in sorted(found.items()):
        if 1 <= job_class <= 17:
            yield position, job_class, since, "188.45/17/2024", "", at_office(IN_SERVICE)


def _bases() -> Iterator[Row]:
    for job_class in range(1, 18):
        yield (
            job_class,
            "BEBAN_KERJA",
            LOWEST + STEP * (job_class - 1),
            Span(IN_SERVICE, None),
            "Perwali 3/2025 (contoh)",
            "",
            at_office(IN_SERVICE),
        )


def _accounts(people: Iterable[Person], line: Timeline) -> Iterator[Row]:
    for person in people:
        yield "Bank Nagari", f"9999{person.id:08}", person.name[:120], *_row(person, IN_SERVICE, None, "", line)


def _taxes(people: Iterable[Person], line: Timeline, dice: random.Random) -> Iterator[Row]:
    for person in people:
        yield dice.choices(TAX, TAX_WEIGHTS)[0], *_row(person, IN_SERVICE, None, "", line)
