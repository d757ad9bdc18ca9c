"""Rows of the employees file: columns, parsing, and the faults of a single row. Pure.

An empty cell never wipes out what is known of a known person: it leaves the field as it is. Only the superior belongs to
the post, so an empty one stays where unit and position do, and is nobody in another post. Birth date and sex that are
missing for a new person come from the number. The columns of an error file are ignored.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from employees.rules.cells import BadDate, Cell, LostDigits, as_choice, as_date, as_number_text, as_text
from employees.rules.grades import grade_code
from employees.rules.nip import CONTRACT_KINDS, BadNip, Nip, clean_nip, parse_nip

COLUMNS = (
    "nip", "nama", "jenis_pegawai", "jenis_kelamin", "tanggal_lahir", "golongan", "jabatan", "jenis_jabatan", "unit",
    "nip_atasan", "tmt_jabatan", "email", "status",
)  # fmt: skip
REQUIRED_COLUMNS = ("nip", "nama", "jenis_pegawai", "jabatan", "jenis_jabatan", "unit", "nip_atasan", "tmt_jabatan")
ERROR_COLUMNS = ("baris", "kolom", "galat")

KINDS = ("PNS", "CPNS", "PPPK", "PPPK_PARUH_WAKTU")
POST_KINDS = ("JPT_PRATAMA", "ADMINISTRATOR", "PENGAWAS", "FUNGSIONAL", "PELAKSANA")
STATUSES = ("AKTIF", "CUTI", "TUGAS_BELAJAR", "NONAKTIF", "PENSIUN")
SEXES = {"L": "L", "P": "P", "LAKI_LAKI": "L", "PRIA": "L", "PEREMPUAN": "P", "WANITA": "P"}

LONGEST = {"nama": 120, "jabatan": 160, "email": 254}
FIRST_POST = dt.date(1945, 8, 17)

_EMAIL = re.compile(r"[^@\s,;<>\"']+@[^@\s,;<>\"']+\.[^@\s,;<>\"'.]{2,}")
_HEADER = re.compile(r"[\s_\-]+")


@dataclass(frozen=True)
class Fault:
    """What is wrong in a column; ``code`` selects the sentence, ``values`` fill it."""

    column: str
    code: str
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Row:
    """A row as read. None: not stated (the field stays); "" as supervisor: the recorded one of the same post, else nobody.

    Where a column is at fault its field holds a placeholder, so ask the faults before you believe it.
    """

    line: int
    nip: str
    name: str
    kind: str
    sex: str | None
    birth_date: dt.date | None
    grade: str | None
    grade_as_typed: str
    title: str
    post_kind: str
    unit: str
    supervisor: str
    since: dt.date
    email: str | None
    status: str | None


@dataclass
class Reading:
    """The outcome for one line: good without faults; ``nip`` as far as it could be read. Warnings do not refuse."""

    line: int
    nip: str | None
    row: Row
    faults: list[Fault]
    warnings: list[Fault]


def header_names(cells: Sequence[Cell]) -> list[str]:
    """Column names case-free, blanks and dashes as "_"."""
    return [_HEADER.sub("_", as_text(cell)).strip("_").casefold() for cell in cells]


def missing_columns(names: Iterable[str]) -> list[str]:
    present = set(names)
    return [column for column in REQUIRED_COLUMNS if column not in present]


def repeated_columns(names: Sequence[str]) -> list[str]:
    return [column for column in COLUMNS if names.count(column) > 1]


def read_row(cells: Mapping[str, Cell], *, line: int, today: dt.date) -> Reading:
    """Parse one line; every fault of the line is found, not only the first."""
    return _Reader(cells, line, today).read()


class _Reader:
    def __init__(self, cells: Mapping[str, Cell], line: int, today: dt.date) -> None:
        self.cells = cells
        self.line = line
        self.today = today
        self.faults: list[Fault] = []
        self.warnings: list[Fault] = []

    def read(self) -> Reading:
        kind = self.choice("jenis_pegawai", KINDS, required=True)
        nip, number = self.nip(kind)
        sex = self.sex()
        birth = self.date("tanggal_lahir")
        if number is not None:
            self.compare(number, sex, birth)
        since = self.since(birth or (number.birth if number else None))
        if number is not None:
            self.compare_service(number, since)
        row = Row(
            line=self.line,
            nip=nip or "",
            name=self.text("nama", required=True),
            kind=kind or "",
            sex=sex,
            birth_date=birth,
            grade=self.grade(kind),
            grade_as_typed=as_text(self.cells.get("golongan")),
            title=self.text("jabatan", required=True),
            post_kind=self.choice("jenis_jabatan", POST_KINDS, required=True) or "",
            unit=self.text("unit", required=True),
            supervisor=self.supervisor(nip),
            since=since,
            email=self.email(),
            status=self.choice("status", STATUSES),
        )
        return Reading(self.line, nip, row, self.faults, self.warnings)

    def fault(self, column: str, code: str, **values: object) -> None:
        self.faults.append(Fault(column, code, values))

    def text(self, column: str, *, required: bool = False) -> str:
        text = as_text(self.cells.get(column))
        if required and not text:
            self.fault(column, "empty")
        elif len(text) > LONGEST.get(column, 800):
            self.fault(column, "too_long", most=LONGEST.get(column, 800))
        return text

    def choice(self, column: str, choices: Sequence[str], *, required: bool = False) -> str | None:
        text = as_text(self.cells.get(column))
        if not text:
            if required:
                self.fault(column, "empty")
            return None
        found = as_choice(text, {choice: choice for choice in choices})
        if found is None:
            self.fault(column, "unknown_choice", text=text, choices=", ".join(choices))
        return found

    def sex(self) -> str | None:
        text = as_text(self.cells.get("jenis_kelamin"))
        found = as_choice(text, SEXES) if text else None
        if text and found is None:
            self.fault("jenis_kelamin", "unknown_choice", text=text, choices="L, P")
        return found

    def date(self, column: str, *, required: bool = False) -> dt.date | None:
        try:
            found = as_date(self.cells.get(column))
        except BadDate as problem:
            self.fault(column, problem.fault, text=problem.text)
            return None
        if found is None and required:
            self.fault(column, "empty")
        return found

    def since(self, birth: dt.date | None) -> dt.date:
        """First day of the post; the last of all days where it cannot be read."""
        known = len(self.faults)
        since = self.date("tmt_jabatan", required=True)
        if since is None:
            return dt.date.max
        if since < max(FIRST_POST, birth or FIRST_POST) and len(self.faults) == known:
            self.fault("tmt_jabatan", "too_early", text=since.isoformat())
        return since

    def nip(self, kind: str | None) -> tuple[str | None, Nip | None]:
        """The number as a key, also where its checks fail, so that a second row with it is found.

        Of an unknown kind only what holds for every kind is asked, and that is what contract staff are asked.
        """
        digits = self.number("nip", required=True)
        if digits is None:
            return None, None
        try:
            return digits, parse_nip(digits, kind=kind or "PPPK", today=self.today)
        except BadNip as problem:
            self.fault("nip", problem.fault.value)
            return digits, None

    def number(self, column: str, *, required: bool = False) -> str | None:
        try:
            digits = clean_nip(as_number_text(self.cells.get(column)))
        except LostDigits:
            self.fault(column, "lost_digits")
            return None
        if not digits:
            if required:
                self.fault(column, "empty")
            return None
        if len(digits) != 18 or not (digits.isascii() and digits.isdigit()):
            self.fault(column, "nip_length")
            return None
        return digits

    def supervisor(self, nip: str | None) -> str:
        digits = self.number("nip_atasan")
        if digits is not None and digits == nip:
            self.fault("nip_atasan", "own_supervisor")
        return digits or ""

    def grade(self, kind: str | None) -> str | None:
        """The code as the table of grades spells it; whether it exists is asked of the table."""
        text = as_text(self.cells.get("golongan"))
        return grade_code(text, contract=kind in CONTRACT_KINDS) if text else None

    def email(self) -> str | None:
        text = self.text("email")
        if text and not _EMAIL.fullmatch(text):
            self.fault("email", "no_email", text=text)
        return text or None

    def compare(self, number: Nip, sex: str | None, birth: dt.date | None) -> None:
        """Numbers of old files carry wrong dates, so a difference warns and does not refuse."""
        if birth is not None and birth != number.birth:
            self.warnings.append(Fault("tanggal_lahir", "birth_differs", {"there": birth.isoformat(), "nip": number.birth.isoformat()}))
        if sex is not None and sex != number.sex:
            self.warnings.append(Fault("jenis_kelamin", "sex_differs", {"there": sex, "nip": number.sex}))

    def compare_service(self, number: Nip, since: dt.date) -> None:
        """Nobody held a post before his appointment, but the number may be the one that is wrong. It knows the month at most."""
        first = dt.date(number.year, number.month or 1, 1)
        if since < first:
            shown = f"{first:%m-%Y}" if number.month else f"{first:%Y}"
            self.warnings.append(Fault("tmt_jabatan", "since_before_service", {"there": f"{since:%d-%m-%Y}", "nip": shown}))


def completed(row: Row) -> tuple[str, dt.date]:
    """Sex and birth date of a new person: as stated, else out of the number."""
    digits = row.nip
    birth = row.birth_date or dt.date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    return row.sex or ("L" if digits[14] == "1" else "P"), birth
