"""What only the whole file and the database together can tell: units, grades, supervisors, circles."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

from django.utils.translation import gettext as _

from employees.models import Employee, Posting
from employees.rules.chains import loops
from employees.rules.importing import Fault, Row

from .catalogue import Catalogue, Unit
from .reading import Batch

T = TypeVar("T")
CHUNK = 5_000


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row whose unit and grade are known; ``grade_id`` None leaves the grade as it is."""

    row: Row
    unit: Unit
    grade_id: int | None


@dataclass(frozen=True)
class Chain:
    """Who is known, and who stands above whom today. Keys are NIPs, ``#id`` for people without one."""

    ids: dict[str, int]
    above: dict[str, str]

    def above_of(self, row: Row) -> str | None:
        """A supervisor without NIP cannot stand in a file, so an empty cell leaves him."""
        if row.supervisor:
            return row.supervisor
        known = self.above.get(row.nip)
        return known if known is not None and known.startswith("#") else None


def chunks(items: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    source = iter(items)
    while chunk := list(islice(source, size)):
        yield chunk


def reference_day(row: Row, as_of: dt.date) -> dt.date:
    """A row speaks of today, or of the day its post begins when that is still to come."""
    return max(as_of, row.since)


def resolve(batch: Batch, catalogue: Catalogue, *, as_of: dt.date) -> list[Candidate]:
    """Candidates in line order; rows whose unit or grade is unknown are refused."""
    found: list[Candidate] = []
    for line, row in list(batch.rows.items()):
        unit = catalogue.unit(row.unit, on=reference_day(row, as_of))
        grade = catalogue.grade(row)
        if isinstance(unit, Unit) and not isinstance(grade, Fault):
            found.append(Candidate(row, unit, grade))
            continue
        for answer in (unit, grade):
            if isinstance(answer, Fault):
                batch.refuse(line, answer)
    return found


def load_chain(batch: Batch, *, as_of: dt.date) -> Chain:
    """People of the file and the supervisors it names, and the chain of the whole city on the day."""
    wanted = {row.nip for row in batch.rows.values()} | {row.supervisor for row in batch.rows.values() if row.supervisor}
    ids: dict[str, int] = {}
    for chunk in chunks(sorted(wanted)):
        ids.update((nip or "", pk) for nip, pk in Employee.objects.filter(nip__in=chunk).values_list("nip", "pk"))
    lines = (
        Posting.objects.in_force(on=as_of)
        .filter(supervisor__isnull=False)
        .values_list("employee__nip", "employee_id", "supervisor__nip", "supervisor_id")
    )
    above = {nip or f"#{pk}": boss or f"#{boss_id}" for nip, pk, boss, boss_id in lines.iterator(chunk_size=CHUNK)}
    return Chain(ids, above)


def check_supervisors(batch: Batch, chain: Chain) -> None:
    """Refuse rows under nobody known and rows of circles, until the rest can stand together.

    A refused row leaves its person where the database has him, and that may close a circle with a row that stays.
    """
    while _refuse_unknown(batch, chain) or _refuse_circles(batch, chain):
        pass


def _refuse_unknown(batch: Batch, chain: Chain) -> bool:
    accepted = {row.nip for row in batch.rows.values()}
    missing = [row for row in batch.rows.values() if row.supervisor and row.supervisor not in chain.ids and row.supervisor not in accepted]
    for row in missing:
        line = batch.line_of.get(row.supervisor)
        unknown = Fault("nip_atasan", "supervisor_unknown", {"nip": row.supervisor})
        refused = Fault("nip_atasan", "supervisor_refused", {"line": line})
        batch.refuse(row.line, unknown if line is None else refused)
    return bool(missing)


def _refuse_circles(batch: Batch, chain: Chain) -> bool:
    rows = {row.nip: row for row in batch.rows.values()}
    graph: dict[str, str | None] = {**chain.above, **{nip: chain.above_of(row) for nip, row in rows.items()}}
    found = False
    for circle in loops(graph):
        members = [rows[nip] for nip in circle if nip in rows]
        for row in members:
            batch.refuse(row.line, Fault("nip_atasan", "supervisor_loop", {"chain": _chain(circle, row.nip, batch)}))
        found = found or bool(members)
    return found


def _chain(circle: Sequence[str], start: str, batch: Batch) -> str:
    place = circle.index(start)
    ordered = [*circle[place:], *circle[: place + 1]]
    shown = ordered if len(ordered) <= 7 else [*ordered[:3], "…", *ordered[-3:]]
    return " → ".join(_named(nip, batch) for nip in shown)


def _named(nip: str, batch: Batch) -> str:
    if nip == "…":
        return nip
    return _("baris %(line)s") % {"line": batch.line_of[nip]} if nip in batch.line_of else _("pegawai tercatat")
