"""A transfer by one decree as a list of the import pipeline: the same plan and the same writing as the service."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext as now_text
from django.utils.translation import gettext_lazy as _

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
    Written,
)
from employees.models import Position, Posting
from employees.policies import may_administer

from .importing.checks import chunks
from .importing.people_kind import PeopleKind
from .postings import one_writer
from .transfer_rows import HEAD_ABOVE, Line, TransferRow
from .transfers import DecreeFacts, TransferReport, apply_transfer, plan_decree


class DecreeForm(forms.Form):
    decree = forms.CharField(label=_("Nomor SK"), max_length=120, error_messages={"required": _("Isi nomor SK.")})
    decided_on = forms.DateField(label=_("Tanggal SK"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    on = forms.DateField(
        label=_("Berlaku sejak"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Boleh hari yang akan datang. Kolom tmt mengganti tanggal ini bagi satu orang."),
    )


class TransferKind(ImportKind):
    code = "penempatan"
    title = _("Mutasi dengan satu SK")
    help = _("Memindahkan banyak pegawai sekaligus. Bawahan yang tinggal mengikuti pimpinan unitnya; uji coba menyebutnya.")
    columns = (
        ImportColumn(
            "nip",
            _("NIP/NI PPPK"),
            True,
            help=_("18 angka sebagai teks."),
            aliases=("nip baru", "nip pegawai"),
            example="199001012015031001",
        ),
        ImportColumn(
            "unit",
            _("Unit kerja"),
            True,
            help=_("Kode atau jalur nama unit."),
            aliases=("unit kerja", "unit baru", "unor"),
            example="DPMPTSP",
        ),
        ImportColumn("jabatan", _("Jabatan"), True, aliases=("jabatan baru", "nama jabatan"), example="Pengelola Perizinan"),
        ImportColumn(
            "jenis_jabatan",
            _("Jenis jabatan"),
            help=_("Kosong bila nama jabatan sudah dikenal."),
            aliases=("kelompok jabatan",),
            example="PELAKSANA",
        ),
        ImportColumn(
            "nip_atasan",
            _("NIP atasan langsung"),
            help=_("Kosong berarti pimpinan unit. PIMPINAN_UNIT_INDUK berarti pimpinan unit di atasnya, misalnya wali kota."),
            aliases=("atasan", "nip pejabat penilai"),
            example=HEAD_ABOVE,
        ),
        ImportColumn(
            "tmt",
            _("TMT jabatan"),
            help=_("Kosong berarti tanggal berlaku SK."),
            aliases=("tmt jabatan", "tanggal mulai"),
            example="2026-12-01",
        ),
    )
    options_form = DecreeForm
    event = "employees.transfer.made"

    def may(self, viewer: Any) -> bool:
        return may_administer(viewer)

    def lock(self) -> None:
        one_writer()

    def run(self, table: ImportTable, context: ImportContext, *, apply: bool, good_only: bool) -> ImportResult:
        decree = DecreeFacts(
            on=context.options["on"], number=context.options["decree"], decided_on=context.options["decided_on"], reason=context.reason
        )
        rows = [_row(row.line, row.cells) for row in table.rows()]
        spilt = {row.line for row in table.rows() if row.surplus}
        with transaction.atomic():
            report = plan_decree(rows, decree, now=context.now, without=spilt)
            context.tick(len(rows))
            outcomes = [_outcome(line) for line in report.lines]
            if not apply or (report.bad and not good_only):
                return ImportResult(outcomes)
            return ImportResult(outcomes, _write(report, decree, context), applied=True)

    def take_back(self, model: str, writes: Sequence[Written], made: Mapping[str, frozenset[int]], context: ImportContext) -> bool:
        """A post of the catalogue stays: what the city knew of the transfer still names it."""
        if model == Position._meta.label_lower:
            return True
        return PeopleKind().take_back(model, writes, made, context)


def _row(line: int, cells: Mapping[str, Any]) -> TransferRow:
    names = {"title": "jabatan", "kind": "jenis_jabatan", "supervisor": "nip_atasan", "since": "tmt"}
    return TransferRow(line, cells.get("nip"), cells.get("unit"), **{name: cells.get(column) for name, column in names.items()})


def _outcome(line: Line) -> RowOutcome:
    label, warnings = line.label, tuple(Remark(*one) for one in line.warnings)
    if line.faults:
        return RowOutcome(line.row.line, RowState.BAD, label, faults=tuple(Remark(*one) for one in line.faults), warnings=warnings)
    changes = tuple(Change(*one) for one in line.changes)
    state = RowState.SAME if not changes else RowState.CHANGED if line.move is not None and line.move.before else RowState.NEW
    return RowOutcome(line.row.line, state, label, changes, warnings=warnings)


def _write(report: TransferReport, decree: DecreeFacts, context: ImportContext) -> Iterator[Written]:
    """Lay the plan, and name what was written: positions, then postings, those that were closed first."""
    moves = [*report.moving, *report.transfer.followers]
    lines = {move.employee: move.line or 0 for move in moves}
    positions = set(Position.objects.values_list("pk", flat=True)) if report.new_positions else set()
    known: dict[int, Posting] = {}
    for people in chunks(list(lines)):
        known.update((row.pk, row) for row in Posting.objects.known().filter(employee_id__in=people))
    apply_transfer(report, decree, now=context.now)
    return _told(report, lines, known, positions)


def _told(report: TransferReport, lines: Mapping[int, int], known: Mapping[int, Posting], positions: set[int]) -> Iterator[Written]:
    if report.new_positions:
        for position in Position.objects.exclude(pk__in=positions):
            yield Written.made(position, label=position.title)
    field = Posting._meta.get_field("known")
    for chunk in chunks(list(known)):
        for row in Posting.objects.filter(pk__in=chunk):
            if row.known != known[row.pk].known:
                before = {"known": field.value_to_string(known[row.pk])}
                yield Written.changed(row, before, line=lines[row.employee_id], label=_name(report, row))
    for people in chunks(list(lines)):
        for row in Posting.objects.known().filter(employee_id__in=people):
            if row.pk not in known:
                yield Written.made(row, line=lines[row.employee_id], label=_name(report, row))


def _name(report: TransferReport, row: Posting) -> str:
    return report.names.person(row.employee_id) or now_text("Pegawai")
