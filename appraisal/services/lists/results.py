"""Results made elsewhere, most of all BKN's: taken as they are, never over a result made here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from appraisal.models import ImportedResult
from appraisal.policies import may_import_results
from appraisal.queries.imported import in_reach
from appraisal.rules.vocabulary import Predicate
from bukittinggi_kinerja.common.importing import (
    Change,
    ImportColumn,
    ImportContext,
    ImportKind,
    ImportResult,
    ImportTable,
    Remark,
    RowOutcome,
    RowState,
    SourceRow,
    Written,
    facts_of,
)  # fmt: skip
from bukittinggi_kinerja.common.period import Period
from bukittinggi_kinerja.common.texts import clean_line
from employees.models import Employee
from employees.queries.registers import written_by
from employees.rules.cells import as_choice, as_text

from .cells import chunks, day_of, nip_of, nips_in, period_of

FIELDS = ("predicate", "source", "number", "dated")
COLUMN_OF = {"predicate": "predikat", "source": "sumber", "number": "nomor", "dated": "tanggal"}
DEFAULT_SOURCE = "BKN"
_PREDICATES = {predicate.code: predicate.code for predicate in Predicate}


@dataclass
class _Line:
    line: int
    person: Employee | None = None
    period: Period | None = None
    values: dict[str, Any] = field(default_factory=dict)
    faults: list[Remark] = field(default_factory=list)


class ResultKind(ImportKind):
    code = "hasil"
    title = lazy("Hasil penilaian dari luar")
    help = lazy("Predikat dan sumbernya, misalnya dari BKN. Hasil yang dibuat di sini tidak pernah ditimpa; perbedaannya didaftar.")
    columns = (
        ImportColumn("nip", lazy("NIP pegawai"), True, example="198503122010012003"),
        ImportColumn("periode", lazy("Periode"), True, lazy("Seperti 2026-10, 2026-Q4, atau 2026."), example="2026"),
        ImportColumn("predikat", lazy("Predikat"), True, aliases=("predikat_kinerja",), example="BAIK"),
        ImportColumn("sumber", lazy("Sumber"), help=lazy("Kosong berarti BKN."), example="BKN"),
        ImportColumn("nomor", lazy("Nomor"), aliases=("nomor_dokumen",)),
        ImportColumn("tanggal", lazy("Tanggal"), aliases=("tanggal_penilaian",), example="31-01-2027"),
    )
    event = "appraisal.results.imported"

    def may(self, viewer: Any) -> bool:
        return may_import_results(viewer)

    def within(self, context: ImportContext) -> QuerySet[Employee]:
        return written_by(context.viewer)

    def run(self, table: ImportTable, context: ImportContext, *, apply: bool, good_only: bool) -> ImportResult:
        seen: dict[tuple[int, Period], int] = {}
        outcomes: list[RowOutcome] = []
        pending: list[tuple[_Line, ImportedResult | None]] = []
        for chunk in chunks(table.rows()):
            lines = _read(chunk, context, seen)
            known = _known(lines, lock=apply)
            for line in lines:
                before = known.get(_key(line)) if not line.faults else None
                outcome = _outcome(line, before)
                outcomes.append(outcome)
                if outcome.state in {RowState.NEW, RowState.CHANGED}:
                    pending.append((line, before))
            context.tick(len(chunk))
        if not apply or (not good_only and any(one.state == RowState.BAD for one in outcomes)):
            return ImportResult(outcomes)
        return ImportResult(outcomes, _write(pending, context), applied=True)

    def export(self, context: ImportContext) -> Iterable[Mapping[str, Any]] | None:
        rows = ImportedResult.objects.current().filter(in_reach(context.viewer)).select_related("employee")
        return map(_as_row, rows.order_by("start", "employee__nip").iterator(chunk_size=1000))


def _read(chunk: Sequence[SourceRow], context: ImportContext, seen: dict[tuple[int, Period], int]) -> list[_Line]:
    people = {str(one.nip): one for one in written_by(context.viewer).filter(nip__in=nips_in(chunk))}
    lines = []
    for row in chunk:
        line = _Line(row.line)
        for column, read in _READERS.items():
            try:
                read(line, row.cells.get(column), people)
            except ValueError as wrong:
                line.faults.append(Remark(column, str(wrong)))
        if line.person is not None and line.person.pk == context.viewer.employee_id:
            line.faults.append(Remark("nip", _("Hasil Anda sendiri dimasukkan oleh petugas lain.")))
        if line.period is not None and line.period.start > context.as_of:
            line.faults.append(Remark("periode", _("Periode ini belum mulai, jadi belum ada hasilnya.")))
        if line.person is not None and line.period is not None:
            first = seen.setdefault((line.person.pk, line.period), row.line)
            if first != row.line:
                line.faults.append(
                    Remark("nip", _("Hasil pegawai ini untuk periode itu sudah ada pada baris %(baris)s.") % {"baris": first})
                )
        lines.append(line)
    return lines


def _nip(line: _Line, cell: Any, people: Mapping[str, Employee]) -> None:
    line.person = people.get(nip_of(cell))
    if line.person is None:
        raise ValueError(_("NIP ini tidak dikenal, atau bukan pegawai OPD Anda."))


def _period(line: _Line, cell: Any, _people: object) -> None:
    line.period = period_of(cell)


def _predicate(line: _Line, cell: Any, _people: object) -> None:
    code = as_choice(cell, _PREDICATES)
    if code is None:
        raise ValueError(_("Predikat “%(isi)s” tidak dikenal. Pilih salah satu: %(pilihan)s.") % {
            "isi": as_text(cell)[:40], "pilihan": ", ".join(_PREDICATES),
        })  # fmt: skip
    line.values["predicate"] = Predicate.of_code(code).value


def _source(line: _Line, cell: Any, _people: object) -> None:
    line.values["source"] = clean_line(as_text(cell), limit=40) or DEFAULT_SOURCE


def _number(line: _Line, cell: Any, _people: object) -> None:
    line.values["number"] = clean_line(as_text(cell), limit=120)


def _day(line: _Line, cell: Any, _people: object) -> None:
    line.values["dated"] = day_of(cell)


_READERS = {"nip": _nip, "periode": _period, "predikat": _predicate, "sumber": _source, "nomor": _number, "tanggal": _day}


def _key(line: _Line) -> tuple[int, dt.date, dt.date]:
    assert line.person is not None
    assert line.period is not None
    return line.person.pk, line.period.start, line.period.end


def _known(lines: Sequence[_Line], *, lock: bool) -> dict[tuple[int, dt.date, dt.date], ImportedResult]:
    people = {line.person.pk for line in lines if line.person is not None}
    starts = {line.period.start for line in lines if line.period is not None}
    rows = ImportedResult.objects.current().filter(employee__in=people, start__in=starts)
    rows = rows.select_for_update(no_key=True) if lock else rows
    return {(row.employee_id, row.start, row.end): row for row in rows}


def _outcome(line: _Line, before: ImportedResult | None) -> RowOutcome:
    label = f"{line.person.name}, {line.period.key}" if line.person is not None and line.period is not None else ""
    if line.faults:
        return RowOutcome(line.line, RowState.BAD, label, faults=tuple(line.faults))
    changes = tuple(
        Change(COLUMN_OF[name], _text(name, getattr(before, name, None)), _text(name, line.values[name]))
        for name in FIELDS
        if before is None or getattr(before, name) != line.values[name]
    )
    state = RowState.NEW if before is None else RowState.CHANGED if changes else RowState.SAME
    return RowOutcome(line.line, state, label, changes=tuple(change for change in changes if change.old or change.new))


def _text(name: str, value: Any) -> str:
    if value is None:
        return ""
    return Predicate(value).code if name == "predicate" else str(value)


def _write(pending: Sequence[tuple[_Line, ImportedResult | None]], context: ImportContext) -> list[Written]:
    """A new value replaces the row before it, which stays readable."""
    writes: list[Written] = []
    for line, before in pending:
        if before is not None:
            facts = facts_of(before, ("is_current",))
            before.is_current = False
            writes.append(Written.changed(before, facts, line=line.line))
    ImportedResult.objects.bulk_update([before for _line, before in pending if before is not None], ["is_current"], batch_size=1000)
    made = [
        ImportedResult(
            employee=line.person, period=line.period.key, start=line.period.start, end=line.period.end, replaces=before,
            imported_by=context.actor, imported_at=context.now, **line.values,
        )
        for line, before in pending
        if line.person is not None and line.period is not None
    ]  # fmt: skip
    ImportedResult.objects.bulk_create(made, batch_size=1000)
    stored = ImportedResult.objects.in_bulk([row.pk for row in made])
    for row, (line, _before) in zip(made, pending, strict=True):
        writes.append(Written.made(stored[row.pk], line=line.line, label=row.employee.name))
    return writes


def _as_row(row: ImportedResult) -> dict[str, Any]:
    return {
        "nip": row.employee.nip or "",
        "periode": row.period,
        "predikat": Predicate(row.predicate).code,
        "sumber": row.source,
        "nomor": row.number,
        "tanggal": row.dated,
    }
