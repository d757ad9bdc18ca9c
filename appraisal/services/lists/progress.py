"""Figures of many people in one file: within the window, typed indicators alone, marked with where they came from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from appraisal.models import PerformancePlan, PeriodTarget, ProgressEntry
from appraisal.policies import may_import_progress
from appraisal.rules.drafts import same_words
from appraisal.rules.figures import Figure, problems_of
from appraisal.rules.vocabulary import Origin, TargetForm
from bukittinggi_kinerja.common.errors import NotNow
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
from bukittinggi_kinerja.common.notices import notify
from bukittinggi_kinerja.common.period import local_date
from bukittinggi_kinerja.common.texts import clean_text
from employees.models import User
from employees.queries import managed_paths
from employees.rules.cells import as_text

from .cells import chunks, day_of, nip_of, nips_in, number_of, period_of, periods_in
from .windows import Windows, hold_plans, windows_of

SOURCE = Origin.IMPORTED
NOTE_LENGTH = 4000


@dataclass
class _Line:
    line: int
    nip: str = ""
    period: str = ""
    indicator: str = ""
    figure: Figure = field(default_factory=lambda: Figure(None, None, ""))
    target: PeriodTarget | None = None
    faults: list[Remark] = field(default_factory=list)


@dataclass
class _Known:
    """Targets by (NIP, period), what stands on them already, which take figures, and which ratings are finished."""

    targets: dict[tuple[str, str], list[PeriodTarget]] = field(default_factory=dict)
    entries: dict[int, list[ProgressEntry]] = field(default_factory=dict)
    windows: Windows = field(default_factory=Windows)


class ProgressKind(ImportKind):
    code = "realisasi"
    title = lazy("Realisasi satu OPD")
    help = lazy("Satu baris untuk satu indikator dan periode. Hanya selama realisasi dibuka, dan hanya yang belum diisi pegawainya.")
    columns = (
        ImportColumn("nip", lazy("NIP pegawai"), True, example="198503122010012003"),
        ImportColumn("indikator", lazy("Indikator"), True, lazy("Nama indikator pada SKP, atau nomornya."), example="Berkas selesai"),
        ImportColumn("periode", lazy("Periode"), True, example="2026-10"),
        ImportColumn("nilai", lazy("Realisasi"), aliases=("realisasi", "angka"), example="86,5"),
        ImportColumn("tanggal", lazy("Tanggal selesai"), help=lazy("Untuk target berupa tanggal.")),
        ImportColumn("catatan", lazy("Uraian"), aliases=("uraian", "keterangan")),
    )
    event = "appraisal.progress.imported"

    def may(self, viewer: Any) -> bool:
        return may_import_progress(viewer)

    def run(self, table: ImportTable, context: ImportContext, *, apply: bool, good_only: bool) -> ImportResult:
        outcomes: list[RowOutcome] = []
        pending: list[tuple[_Line, ProgressEntry | None]] = []
        seen: dict[int, int] = {}
        for chunk in chunks(table.rows()):
            known = _know(chunk, context, lock=apply)
            for row in chunk:
                line = _read(row, known, context, seen)
                before = _standing(line, known)
                outcome = _outcome(line, before)
                outcomes.append(outcome)
                if outcome.state in {RowState.NEW, RowState.CHANGED}:
                    pending.append((line, before))
            context.tick(len(chunk))
        if not apply or (not good_only and any(one.state == RowState.BAD for one in outcomes)):
            return ImportResult(outcomes)
        return ImportResult(outcomes, _write(pending, context), applied=True)

    def take_back(self, model: str, writes: Sequence[Written], made: Mapping[str, frozenset[int]], context: ImportContext) -> bool:
        """As long as these people's periods take progress and no rating stands on it; then a figure counts, and is corrected instead."""
        targets = list(_targets_of([one.pk for one in writes]))
        windows = windows_of(targets, now=context.now, lock=True)
        plans = PerformancePlan.objects.filter(_managed(context), pk__in={target.indicator.plan_id for target in targets})
        mine = set(plans.values_list("pk", flat=True))
        for target in targets:
            place, name = (target.indicator.plan_id, target.period), target.indicator.plan.employee.name
            if place[0] not in mine:
                raise NotNow(_("Impor tidak dapat diurungkan: %(name)s kini di luar kewenangan Anda.") % {"name": name})
            if place not in windows.open:
                raise NotNow(_("Realisasi periode ini sudah ditutup, jadi impornya tidak dapat dibatalkan."))
            if place in windows.rated:
                sentence = _("Impor tidak dapat diurungkan: penilaian %(name)s sudah selesai. Minta penilai membukanya kembali.")
                raise NotNow(sentence % {"name": name})
        return False

    def hold(self, model: str, rows: Sequence[int]) -> None:
        plans = _targets_of(rows).values("indicator__plan")
        hold_plans(PerformancePlan.objects.filter(pk__in=plans))


def _targets_of(entries: Sequence[int]) -> QuerySet[PeriodTarget]:
    """In one order, so that the first sentence is the same each time."""
    targets = PeriodTarget.objects.filter(entries__in=entries).distinct().order_by("pk")
    return targets.select_related("indicator__plan__position", "indicator__plan__employee")


def _know(chunk: Sequence[SourceRow], context: ImportContext, *, lock: bool) -> _Known:
    plans = PerformancePlan.objects.agreed().filter(_managed(context), employee__nip__in=nips_in(chunk))
    if lock:
        hold_plans(plans)
    rows = PeriodTarget.objects.filter(indicator__plan__in=plans, period__in=periods_in(chunk))
    targets = list(rows.select_related("indicator__plan__position", "indicator__plan__employee"))
    known = _Known(windows=windows_of(targets, now=context.now, lock=lock))
    for target in targets:
        known.targets.setdefault((str(target.indicator.plan.employee.nip), target.period), []).append(target)
    for entry in ProgressEntry.objects.current().filter(target__in=[target.pk for target in targets]):
        known.entries.setdefault(entry.target_id, []).append(entry)
    return known


def _managed(context: ImportContext) -> Q:
    found = Q(pk__in=[])
    for path in managed_paths(context.viewer):
        found |= Q(unit__path__startswith=path)
    return found & ~Q(employee_id=context.viewer.employee_id)


def _read(row: SourceRow, known: _Known, context: ImportContext, seen: dict[int, int]) -> _Line:
    line = _Line(row.line)
    values: dict[str, Any] = {}
    readers = {"nip": nip_of, "periode": lambda cell: period_of(cell).key, "nilai": number_of, "tanggal": day_of, "indikator": as_text}
    for column, read in readers.items():
        try:
            values[column] = read(row.cells.get(column))
        except ValueError as wrong:
            line.faults.append(Remark(column, str(wrong)))
    if line.faults:
        return line
    line.nip, line.period, line.indicator = values["nip"], values["periode"], values["indikator"]
    note = clean_text(as_text(row.cells.get("catatan")), limit=NOTE_LENGTH)
    line.figure = Figure(values["nilai"], values["tanggal"], note)
    _place(line, known, context)
    if line.target is not None and not line.faults:
        first = seen.setdefault(line.target.pk, row.line)
        if first != row.line:
            line.faults.append(Remark("indikator", _("Indikator ini sudah ada pada baris %(baris)s.") % {"baris": first}))
    return line


def _place(line: _Line, known: _Known, context: ImportContext) -> None:
    """Find the target of the line, and whether it takes a figure now."""
    there = known.targets.get((line.nip, line.period), [])
    found = [t for t in there if line.indicator in {str(t.indicator_id)} or same_words(t.indicator.name) == same_words(line.indicator)]
    if len(found) != 1:
        line.faults.append(Remark("nip" if not there else "indikator", _missing(there, found)))
        return
    target = line.target = found[0]
    indicator, place = target.indicator, (target.indicator.plan_id, target.period)
    if indicator.measure:
        line.faults.append(Remark("indikator", _("Indikator ini diukur dari berkas layanan, jadi tidak diisi lewat berkas.")))
    elif place not in known.windows.open:
        line.faults.append(Remark("periode", _("Realisasi periode ini belum dibuka atau sudah ditutup.")))
    elif place in known.windows.rated:
        line.faults.append(Remark("periode", _("Penilaian periode ini sudah selesai. Minta penilai membukanya kembali.")))
    elif any(entry.source != SOURCE for entry in known.entries.get(target.pk, [])):
        line.faults.append(Remark("indikator", _("Indikator ini sudah diisi pegawainya. Perbaikannya lewat layar realisasi.")))
    columns = {"value": "nilai", "realised_on": "tanggal", "note": "catatan"}
    for name, sentences in problems_of(line.figure, TargetForm(indicator.form), local_date(context.now)).items():
        line.faults += [Remark(columns[name], _(sentence)) for sentence in sentences]


def _missing(there: Sequence[PeriodTarget], found: Sequence[PeriodTarget]) -> str:
    if not there:
        return _("Pegawai ini tidak mempunyai SKP yang ditetapkan di OPD Anda pada periode itu.")
    if found:
        return _("Ada beberapa indikator bernama sama. Tulis nomor indikatornya.")
    return _("Indikator ini tidak ada pada SKP pegawai itu. Tulis namanya seperti pada SKP.")


def _standing(line: _Line, known: _Known) -> ProgressEntry | None:
    """What an earlier file wrote for this target."""
    if line.target is None or line.faults:
        return None
    return next((entry for entry in known.entries.get(line.target.pk, []) if entry.source == SOURCE), None)


def _outcome(line: _Line, before: ProgressEntry | None) -> RowOutcome:
    if line.faults or line.target is None:
        return RowOutcome(line.line, RowState.BAD, line.indicator, faults=tuple(line.faults))
    label = f"{line.target.indicator.plan.employee.name}: {line.target.indicator.name}"
    pairs = (
        ("nilai", before.value if before else None, line.figure.value),
        ("tanggal", before.realised_on if before else None, line.figure.realised_on),
        ("catatan", before.note if before else "", line.figure.note),
    )
    changes = tuple(Change(column, _text(old), _text(new)) for column, old, new in pairs if old != new)
    state = RowState.NEW if before is None else RowState.CHANGED if changes else RowState.SAME
    return RowOutcome(line.line, state, label, changes=changes)


def _text(value: object) -> str:
    return "" if value is None else value.isoformat() if isinstance(value, dt.date) else str(value)


def _write(pending: Sequence[tuple[_Line, ProgressEntry | None]], context: ImportContext) -> list[Written]:
    """A changed figure withdraws the one before it; the owners are told once."""
    writes: list[Written] = []
    olds = [before for _line, before in pending if before is not None]
    for old in olds:
        facts = facts_of(old, ("withdrawn_at", "withdrawal_reason"))
        old.withdrawn_at, old.withdrawal_reason = context.now, _("Diganti oleh impor berikutnya")
        writes.append(Written.changed(old, facts))
    ProgressEntry.objects.bulk_update(olds, ["withdrawn_at", "withdrawal_reason"], batch_size=1000)
    made = [
        ProgressEntry(
            target=line.target, employee_id=line.target.indicator.plan.employee_id, value=line.figure.value,
            realised_on=line.figure.realised_on, note=line.figure.note, source=SOURCE, entered_by=context.actor, entered_at=context.now,
            replaces=before,
        )
        for line, before in pending
        if line.target is not None
    ]  # fmt: skip
    ProgressEntry.objects.bulk_create(made, batch_size=1000)
    writes += _made(made, [line for line, _before in pending])
    accounts = User.objects.filter(is_active=True, employee__in={entry.employee_id for entry in made})
    notify(
        recipients=list(accounts.values_list("id", flat=True)),
        kind="progress_imported",
        data={"periods": sorted({line.period for line, _before in pending})},
        link="/kinerja/",
        once=f"progress_imported:{context.now.isoformat()}",
        event=None,
        now=context.now,
    )
    return writes


def _made(entries: Sequence[ProgressEntry], lines: Sequence[_Line]) -> list[Written]:
    """As the database says them, so that they can be compared before they are taken back."""
    stored = ProgressEntry.objects.in_bulk([entry.pk for entry in entries])
    return [Written.made(stored[entry.pk], line=line.line, label=line.indicator) for entry, line in zip(entries, lines, strict=True)]
