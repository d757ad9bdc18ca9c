"""What only the whole file and the database together can tell: units, grades, supervisors, circles."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import TypeVar

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q
from django.utils.translation import gettext as _

from employees.models import Employee, Posting, Status
from employees.rules.chains import circle_above, loops
from employees.rules.importing import Fault, Row

from .catalogue import Catalogue, Unit
from .reading import Batch

T = TypeVar("T")
CHUNK = 5_000
# Whoever has one of these rates nobody; leave and study are a matter of a substitute.
AWAY = frozenset({Status.RETIRED, Status.INACTIVE})


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row whose unit and grade are known; ``grade_id`` None leaves the grade as it is."""

    row: Row
    unit: Unit
    grade_id: int | None


@dataclass(frozen=True)
class Chain:
    """Who is known, and who stands above whom today. Keys are NIPs, ``#id`` for people without one.

    ``kept`` are the superiors who stay over rows that name none, by line. ``away`` are the known ones who can rate
    nobody any more, with their status. ``others`` are how many people without a row stand under each. ``recorded`` are the
    postings that hold from today on, with who stands above in each.
    """

    as_of: dt.date
    ids: dict[str, int]
    above: dict[str, str]
    kept: dict[int, str]
    away: dict[str, str]
    others: Mapping[str, int]
    recorded: Mapping[str, Sequence[tuple[DateRange, str | None]]]

    def above_of(self, row: Row) -> str | None:
        """An empty cell leaves the recorded superior of the same post: one without NIP cannot even stand in a file."""
        return row.supervisor or self.kept.get(row.line)

    def id_of(self, key: str | None) -> int | None:
        if key is None:
            return None
        return int(key[1:]) if key.startswith("#") else self.ids.get(key)


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
    for row in batch.stated():
        unit = _unit(row, batch, catalogue, as_of)
        grade = _grade(row, batch, catalogue)
        for answer in (unit, grade):
            if isinstance(answer, Fault):
                batch.refuse(row.line, answer)
        if row.line in batch.rows and isinstance(unit, Unit) and not isinstance(grade, Fault):
            found.append(Candidate(row, unit, grade))
    return found


def _unit(row: Row, batch: Batch, catalogue: Catalogue, as_of: dt.date) -> Unit | Fault | None:
    if not batch.sound(row.line, "unit"):
        return None
    if batch.sound(row.line, "tmt_jabatan"):
        return catalogue.unit(row.unit, on=reference_day(row, as_of))
    return catalogue.unit_at_any_time(row.unit, from_day=as_of)


def _grade(row: Row, batch: Batch, catalogue: Catalogue) -> int | Fault | None:
    if batch.sound(row.line, "jenis_pegawai"):
        return catalogue.grade(row)
    return catalogue.grade_of_any_kind(row.grade_as_typed)


def load_chain(batch: Batch, catalogue: Catalogue, *, as_of: dt.date) -> Chain:
    """People of the file and the supervisors it names, and the chain of the whole city from the day on."""
    lines = (
        Posting.objects.known()
        .filter(Q(valid__endswith=None) | Q(valid__endswith__gt=as_of))
        .values_list("employee__nip", "employee_id", "supervisor__nip", "supervisor_id", "valid")
    )
    recorded: dict[str, list[tuple[DateRange, str | None]]] = defaultdict(list)
    for nip, pk, boss, boss_id, valid in lines.iterator(chunk_size=CHUNK):
        recorded[nip or f"#{pk}"].append((valid, (boss or f"#{boss_id}") if boss_id else None))
    above = {person: boss for person, held in recorded.items() for valid, boss in held if boss and as_of in valid}
    others = Counter(boss for person, boss in above.items() if person not in batch.line_of)
    chain = Chain(as_of, {}, above, _kept_superiors(batch, catalogue, as_of), {}, others, recorded)
    stated = batch.stated()
    wanted = {row.nip for row in stated if row.nip}
    wanted.update(key for key in map(chain.above_of, stated) if key is not None and not key.startswith("#"))
    for chunk in chunks(sorted(wanted)):
        for nip, pk, status in Employee.objects.filter(nip__in=chunk).values_list("nip", "pk", "status"):
            chain.ids[nip or ""] = pk
            if status in AWAY:
                chain.away[nip or ""] = status
    return chain


def _kept_superiors(batch: Batch, catalogue: Catalogue, as_of: dt.date) -> dict[int, str]:
    """Who stays over a row without superior: only over one who keeps his unit and position.

    Whoever moves would otherwise stay under the head he left, who could still rate and read him. One query for each
    chunk of such rows.
    """
    kept: dict[int, str] = {}
    for chunk in chunks(row for row in batch.stated() if row.nip and not row.supervisor):
        recorded: dict[str, list[Posting]] = defaultdict(list)
        known = Posting.objects.known().filter(employee__nip__in=[row.nip for row in chunk], supervisor__isnull=False)
        columns = ("employee__nip", "unit", "position", "supervisor__nip", "valid")
        for posting in known.select_related("employee", "supervisor").only(*columns):
            recorded[posting.employee.nip or ""].append(posting)
        for row in chunk:
            day = reference_day(row, as_of) if batch.sound(row.line, "tmt_jabatan") else as_of
            current = next((one for one in recorded[row.nip] if day in one.valid), None)
            if current is not None and current.supervisor is not None and _stays(row, current, day, batch, catalogue):
                kept[row.line] = current.supervisor.nip or f"#{current.supervisor.pk}"
    return kept


def _stays(row: Row, recorded: Posting, day: dt.date, batch: Batch, catalogue: Catalogue) -> bool:
    """Whether unit and position are the recorded ones; a column at fault says nothing."""
    if batch.sound(row.line, "unit"):
        unit = catalogue.unit(row.unit, on=day)
        if isinstance(unit, Unit) and unit.pk != recorded.unit_id:
            return False
    return not batch.sound(row.line, "jabatan", "jenis_jabatan") or catalogue.position(row) == recorded.position_id


def check_supervisors(batch: Batch, chain: Chain) -> None:
    """Refuse rows under nobody known and rows of circles, until the rest can stand together.

    First the file as it is written, rows refused for other columns among it. Then the rows that are left: a refused one
    leaves its person where the database has him, and that may close a circle with a row that stays. Last, rows refused
    for other columns hear of a superior who is refused too.
    """
    _refuse_strangers(batch, chain)
    _refuse_circles([row for row in batch.stated() if _named_once(row, batch)], batch, chain)
    while _refuse_orphans(batch.rows.values(), batch, chain) or _refuse_circles(batch.rows.values(), batch, chain):
        pass
    _refuse_orphans(batch.drafts.values(), batch, chain)


def _refuse_strangers(batch: Batch, chain: Chain) -> None:
    """A superior who is neither recorded nor in any row of the file."""
    for row in batch.stated():
        if _misses_superior(row, batch, chain) and row.supervisor not in batch.line_of:
            batch.refuse(row.line, Fault("nip_atasan", "supervisor_unknown", {"nip": row.supervisor}))


def _refuse_orphans(rows: Iterable[Row], batch: Batch, chain: Chain) -> bool:
    """A superior who is not recorded and whose own row is refused: that row is to be mended, not the number."""
    accepted = {row.nip for row in batch.rows.values()}
    orphans = [row for row in rows if _misses_superior(row, batch, chain) and row.supervisor not in accepted]
    for row in orphans:
        batch.refuse(row.line, Fault("nip_atasan", "supervisor_refused", {"line": batch.line_of[row.supervisor]}))
    return bool(orphans)


def _misses_superior(row: Row, batch: Batch, chain: Chain) -> bool:
    return bool(row.supervisor) and row.supervisor not in chain.ids and batch.sound(row.line, "nip_atasan")


def _named_once(row: Row, batch: Batch) -> bool:
    """Whether a row counts for whom it names: the first of its number, with a superior that can be read."""
    return bool(row.nip) and batch.line_of.get(row.nip) == row.line and batch.sound(row.line, "nip_atasan")


def _refuse_circles(stated: Iterable[Row], batch: Batch, chain: Chain) -> bool:
    rows = {row.nip: row for row in stated}
    graph: dict[str, str | None] = {**chain.above, **{nip: chain.above_of(row) for nip, row in rows.items()}}
    told: set[str] = set()
    for circle, day in [*((circle, None) for circle in loops(graph)), *_later_circles(rows, chain)]:
        members = [rows[nip] for nip in circle if nip in rows]
        if members and told.isdisjoint(circle):
            told.update(circle)
            for row in members:
                batch.refuse(row.line, _loop(_chain(circle, row.nip, batch), day))
    return bool(told)


def _loop(chain: str, day: dt.date | None) -> Fault:
    if day is None:
        return Fault("nip_atasan", "supervisor_loop", {"chain": chain})
    return Fault("nip_atasan", "supervisor_loop_later", {"chain": chain, "day": f"{day:%d-%m-%Y}"})


def _later_circles(rows: Mapping[str, Row], chain: Chain) -> Iterator[tuple[list[str], dt.date]]:
    """Circles that close after today, each with its day: looked for where a posting begins, of the file or recorded, from its person upwards."""
    laid = {nip: _days_of(row, chain) for nip, row in rows.items()}

    def above_on(day: dt.date, person: str) -> str | None:
        if person in laid and day in laid[person]:
            return chain.above_of(rows[person])
        return next((boss for valid, boss in chain.recorded.get(person, ()) if day in valid), None)

    beginnings = {(nip, days.lower) for nip, days in laid.items()}
    beginnings |= {(person, valid.lower) for person, held in chain.recorded.items() for valid, _boss in held}
    for person, day in sorted(beginnings, key=lambda one: (one[1] or dt.date.min, one[0])):
        if day is not None and day > chain.as_of and (circle := circle_above(person, partial(above_on, day))):
            yield circle, day


def _days_of(row: Row, chain: Chain) -> DateRange:
    """The days from today on that a row speaks of: a post already decided for a later day stays decided."""
    first = reference_day(row, chain.as_of)
    later = [valid.lower for valid, _boss in chain.recorded.get(row.nip, ()) if valid.lower is not None and valid.lower > first]
    return DateRange(first, min(later, default=None))


def _chain(circle: Sequence[str], start: str, batch: Batch) -> str:
    place = circle.index(start)
    ordered = [*circle[place:], *circle[: place + 1]]
    shown = ordered if len(ordered) <= 7 else [*ordered[:3], "…", *ordered[-3:]]
    return " → ".join(_named(nip, batch) for nip in shown)


def _named(nip: str, batch: Batch) -> str:
    if nip == "…":
        return nip
    return _("baris %(line)s") % {"line": batch.line_of[nip]} if nip in batch.line_of else _("pegawai tercatat")
