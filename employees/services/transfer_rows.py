"""The rows of a transfer list, read against the city: who, whereto, under whom, and what is wrong with it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from bukittinggi_kinerja.common.cells import BadDate, Cell, as_choice, as_date, as_text, squeezed
from bukittinggi_kinerja.common.period import local_date
from employees.models import Employee, OrgUnit, Position, Posting, Status
from employees.rules.importing import POST_KINDS, Fault
from employees.rules.posts import leads_unit
from employees.rules.transfers import Clash, Move, Place, Superior, Wanted

from .importing.catalogue import Catalogue, load_catalogue, position_key
from .importing.sentences import sentence

#: In the column of the superior: the head of the unit above, who may have no NIP.
HEAD_ABOVE = "PIMPINAN_UNIT_INDUK"
GONE = frozenset({Status.RETIRED, Status.INACTIVE})
NIP_LENGTH = 18
Remark = tuple[str, str]


@dataclass(frozen=True, slots=True)
class TransferRow:
    """One line as it stands in the file."""

    line: int
    nip: Cell
    unit: Cell
    title: Cell
    kind: Cell = None
    supervisor: Cell = None
    since: Cell = None


@dataclass
class Line:
    """One line and what became of it; ``changes`` are (column, old, new), remarks (column, sentence)."""

    row: TransferRow
    label: str = ""
    wanted: Wanted | None = None
    move: Move | None = None
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    faults: list[Remark] = field(default_factory=list)
    warnings: list[Remark] = field(default_factory=list)


@dataclass
class Names:
    people: dict[int, str]
    units: dict[int, str]
    positions: dict[int, str]

    def person(self, pk: int | None) -> str:
        return self.people.get(pk or 0, "")


@dataclass
class Read:
    places: dict[int, Place]
    parents: dict[int, int | None]
    names: Names
    new_positions: dict[int, tuple[str, str]] = field(default_factory=dict)


def read_rows(rows: Iterable[TransferRow], *, on: dt.date, now: dt.datetime) -> tuple[list[Line], Read]:
    """Every line with its faults, and the posts of everybody on the day of the decree; ten queries whatever the number of rows."""
    reader = _Reader(on, local_date(now))
    lines = [reader.line(row) for row in rows]
    _refuse_repeated(lines)
    reader.warn_of_later_posts(lines)
    return lines, reader.read


class _Reader:
    def __init__(self, on: dt.date, today: dt.date) -> None:
        self.on, self.today = on, today
        self.catalogue: Catalogue = load_catalogue()
        people = list(Employee.objects.values_list("pk", "nip", "name", "status"))
        self.by_nip = {nip: (pk, name, status) for pk, nip, name, status in people if nip}
        posts = Posting.objects.in_force(on=on).values_list("employee_id", "unit_id", "position_id", "supervisor_id", "heads_unit")
        units = list(OrgUnit.objects.values_list("pk", "parent_id", "full_name", "name"))
        positions = list(Position.objects.values_list("pk", "title", "kind"))
        self.unit_names = {pk: name for pk, _parent, _full, name in units}
        self.kinds: dict[str, list[str]] = {}
        for _pk, title, kind in positions:
            self.kinds.setdefault(squeezed(title).casefold(), []).append(kind)
        self.read = Read(
            places={person: Place(unit, position, boss, heads) for person, unit, position, boss, heads in posts},
            parents={pk: parent for pk, parent, _full, _name in units},
            names=Names(
                {pk: name for pk, _nip, name, _status in people},
                {pk: full for pk, _parent, full, _name in units},
                {pk: title for pk, title, _kind in positions},
            ),
        )
        self.numbers: dict[tuple[str, str], int] = {}

    def line(self, row: TransferRow) -> Line:
        line = Line(row)
        person = self._person(line)
        day = self._day(line)
        unit = self._unit(line, day)
        title, kind = self._post(line)
        superior, boss = self._superior(line)
        if person is None or unit is None or line.faults:
            return line
        if superior == Superior.NAMED and boss == person:
            line.faults.append(("nip_atasan", sentence(Fault("nip_atasan", "own_supervisor", {}))))
        line.wanted = Wanted(
            line=row.line,
            employee=person,
            unit=unit,
            position=self._position(title, kind),
            heads=leads_unit(title=title, kind=kind, unit_name=self.unit_names[unit]),
            on=day,
            superior=superior,
            supervisor=boss,
        )
        return line

    def _person(self, line: Line) -> int | None:
        nip = as_text(line.row.nip).replace(" ", "")
        line.label = nip
        if not nip:
            line.faults.append(("nip", sentence(Fault("nip", "empty"))))
            return None
        found = self.by_nip.get(nip)
        if found is None:
            line.faults.append(("nip", _("NIP ini tidak dikenal. Periksa angkanya, atau impor pegawai ini dahulu.")))
            return None
        pk, line.label, status = found
        if status in GONE:
            line.faults.append(("nip", _("Pegawai ini berstatus %(status)s. Hapus baris ini.") % {"status": Status(status).label.lower()}))
        return pk

    def _day(self, line: Line) -> dt.date:
        try:
            day = as_date(line.row.since) or self.on
        except BadDate as problem:
            line.faults.append(("tmt", sentence(Fault("tmt", problem.fault, {"text": problem.text}))))
            return self.on
        if day < self.on:
            line.faults.append(("tmt", _("TMT lebih awal daripada tanggal berlaku SK. Isi tanggal itu atau sesudahnya.")))
        elif day < self.today.replace(day=1):
            line.warnings.append(("tmt", _("Berlaku surut: bulan yang sudah ditutup tetap dinilai pejabat yang menilainya.")))
        return day

    def _unit(self, line: Line, day: dt.date) -> int | None:
        text = as_text(line.row.unit)
        if not text:
            line.faults.append(("unit", sentence(Fault("unit", "empty"))))
            return None
        found = self.catalogue.unit(text, on=day)
        if isinstance(found, Fault):
            line.faults.append(("unit", sentence(found)))
            return None
        return found.pk

    def _post(self, line: Line) -> tuple[str, str]:
        title, kind = as_text(line.row.title), as_text(line.row.kind)
        if not title:
            line.faults.append(("jabatan", sentence(Fault("jabatan", "empty"))))
        known = self.kinds.get(title.casefold(), [])
        if not kind and len(known) == 1:
            return title, known[0]
        found = as_choice(kind, {choice: choice for choice in POST_KINDS}) if kind else None
        if found is None:
            values = {"text": kind, "choices": ", ".join(POST_KINDS)}
            fault = Fault("jenis_jabatan", "unknown_choice", values) if kind else Fault("jenis_jabatan", "empty")
            line.faults.append(("jenis_jabatan", sentence(fault)))
        return title, found or ""

    def _superior(self, line: Line) -> tuple[Superior, int | None]:
        text = as_text(line.row.supervisor).replace(" ", "")
        if not text:
            return Superior.HEAD, None
        if text.upper() == HEAD_ABOVE:
            return Superior.HEAD_ABOVE, None
        found = self.by_nip.get(text)
        if found is None:
            line.faults.append(
                ("nip_atasan", _("NIP atasan %(nip)s tidak dikenal. Perbaiki, atau kosongkan.") % {"nip": text[:NIP_LENGTH]})
            )
            return Superior.NAMED, None
        pk, _name, status = found
        if status in GONE:
            words = {"nip": text, "status": Status(status).label.lower()}
            line.faults.append(("nip_atasan", sentence(Fault("nip_atasan", "supervisor_away", words))))
        return Superior.NAMED, pk

    def _position(self, title: str, kind: str) -> int:
        """The post of the catalogue, or a number below zero under which it is made when the list is applied."""
        key = position_key(title, kind)
        found = self.catalogue.positions.get(key) or self.numbers.get(key)
        if found is None:
            found = self.numbers[key] = -1 - len(self.numbers)
            self.read.new_positions[found] = (title, kind)
            self.read.names.positions[found] = title
        return found

    def warn_of_later_posts(self, lines: list[Line]) -> None:
        moved = {line.wanted.employee: line for line in lines if line.wanted is not None}
        later = Posting.objects.known().filter(employee_id__in=moved, valid__startswith__gt=self.on)
        for person, days in later.values_list("employee_id", "valid"):
            text = _("Penempatan mulai %(hari)s yang sudah tercatat akan diganti.") % {"hari": f"{days.lower:%d-%m-%Y}"}
            moved[person].warnings.append(("tmt", text))


def _refuse_repeated(lines: list[Line]) -> None:
    count = Counter(line.wanted.employee for line in lines if line.wanted is not None)
    first: dict[int, int] = {}
    for line in lines:
        if line.wanted is None or count[line.wanted.employee] < 2:
            continue
        person = line.wanted.employee
        if person in first:
            line.faults.append(("nip", sentence(Fault("nip", "repeated", {"first": first[person]}))))
        first.setdefault(person, line.row.line)


def changes_of(move: Move, names: Names) -> list[tuple[str, str, str]]:
    before = move.before
    pairs = [
        ("unit", names.units.get(before.unit, "") if before else "", names.units.get(move.after.unit, "")),
        ("jabatan", names.positions.get(before.position, "") if before else "", names.positions.get(move.after.position, "")),
        ("nip_atasan", names.person(before.supervisor) if before else "", names.person(move.after.supervisor)),
        ("memimpin unit", _yes(before.heads) if before else "", _yes(move.after.heads)),
    ]
    return [(column, old, new) for column, old, new in pairs if old != new]


def _yes(value: bool) -> str:
    return _("ya") if value else _("tidak")


def clash_sentence(clash: Clash, names: Names) -> Remark:
    words = {"nama": names.person(clash.other)}
    if clash.code == "two_heads":
        return "jabatan", _("Unit ini juga akan dipimpin %(nama)s menurut baris lain. Satu unit satu pimpinan.") % words
    if clash.code == "head_stays":
        return "jabatan", _("Unit ini masih dipimpin %(nama)s pada tanggal itu. Sertakan perpindahannya, atau ubah TMT.") % words
    return "nip_atasan", _("Rantai atasan akan berputar melalui %(nama)s. Ganti NIP atasan.") % words
