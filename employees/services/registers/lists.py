"""The registers as lists that can be imported. A file adds rows, and ends open ones; what a row says it never changes.

The natural key of a row with days is whose it is and its first day. Details for few eyes stand in the file and in the row, not in
what the import remembers of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.fields import Field

from bukittinggi_kinerja.common.cells import Cell, as_text
from bukittinggi_kinerja.common.importing import ImportColumn, ImportContext, ImportResult, ImportTable, Remark, SourceRow
from bukittinggi_kinerja.common.importing.fields import (
    AmountCell,
    ChoiceCell,
    FirstDay,
    LastDay,
    LookupCell,
    NumberCell,
    TextCell,
    whole_digits,
)
from bukittinggi_kinerja.common.importing.resource import BulkResource, Draft, ResourceKind
from bukittinggi_kinerja.common.importing.writes import Facts
from employees.models import (
    PERSONAL,
    REGISTERS,
    AllowanceCriterion,
    Employee,
    Kept,
    LeaveKind,
    OrgUnit,
    Position,
    Punishment,
    SchoolLevel,
    TaxStatus,
)
from employees.models.registers_base import NUMBERS
from employees.queries.registers import kept_by, written_by
from employees.rules.importing import Fault
from employees.rules.registers import WRITTEN_BY, Register, Relation
from employees.rules.viewing import Role
from employees.services.importing.catalogue import Unit, load_catalogue
from employees.services.importing.sentences import sentence

from .catalogue import lock_catalogue
from .closed import hidden_columns, is_marked, leave_closed, masked, opened, refuse_beside_others

ENDS = "valid"
_ROLES = {Relation.CITY_HR: Role.CITY_HR, Relation.UNIT_HR: Role.UNIT_HR}


class RecordResource(BulkResource):
    """Rows that count; one that was taken back is no row of the list."""

    def get_queryset(self) -> models.QuerySet[Any, Any]:
        rows: models.QuerySet[Any, Any] = self._meta.model.objects.standing()
        return rows

    def read(self, chunk: Sequence[SourceRow], columns: Iterable[str]) -> list[Draft]:
        """A mark of a closed detail leaves a known row as it is, and makes no new one."""
        rows = opened(chunk, self)
        drafts = super().read(rows, columns)
        for row, draft in zip(rows, drafts, strict=True):
            if is_marked(row):
                told = _("Rincian tertutup ini tidak cocok dengan satu catatan pun. Isi rinciannya, atau hapus baris ini.")
                draft.faults.append(Remark("", told))
        return drafts

    def init_instance(self, row: Any = None) -> models.Model:
        made: models.Model = super().init_instance(row)
        made.recorded_at = self.context.now  # type: ignore[attr-defined]
        return made


class PostCell(LookupCell):
    """A title of the catalogue, where only one post bears it."""

    def load(self, cells: Iterable[Cell], viewer: Any) -> None:
        asked = list(cells)
        super().load(asked, viewer)
        titles = Position.objects.filter(title__in=self.found).values_list("title", flat=True)
        twice = {
            title for title, count in titles.annotate(count=models.Count("id", distinct=True)).values_list("title", "count") if count > 1
        }
        self.found = {title: post for title, post in self.found.items() if title not in twice}


class UnitCell(LookupCell):
    """A unit by code, by path, or by a name that one living unit bears; empty is the whole city."""

    def load(self, cells: Iterable[Cell], viewer: Any) -> None:
        catalogue = load_catalogue()
        named = {text: catalogue.unit(text, on=viewer.on) for text in {as_text(cell) for cell in cells} - {""}}
        met = {text: unit.pk for text, unit in named.items() if isinstance(unit, Unit)}
        rows = OrgUnit.objects.in_bulk(set(met.values()))
        self.found = {text: rows[pk] for text, pk in met.items()}
        self.refused = {text: sentence(fault) for text, fault in named.items() if isinstance(fault, Fault)}

    def clean(self, value: Cell, row: Any = None, **_words: Any) -> Any:
        text = as_text(value)
        if text in self.refused:
            raise ValueError(self.refused[text])
        return self.found.get(text)


def _whose() -> Field:
    found = LookupCell(Employee, "nip", key=whole_digits, missing=gettext_lazy("NIP %(text)s tidak dikenal. Periksa 18 angkanya."))
    return Field("employee", "nip", found)


def _text(attribute: str, column: str, limit: int) -> Field:
    return Field(attribute, column, TextCell(limit))


def _choice(attribute: str, column: str, choices: Iterable[tuple[str, str | Promise]]) -> Field:
    return Field(attribute, column, ChoiceCell(choices))


def _resource(model: type[Kept], key: tuple[str, ...], **fields: Field) -> type[BulkResource]:
    """A resource of these columns, in this order, and the letter and the note behind them."""
    columns = {**fields, "nomor_surat": _text("letter_number", "nomor_surat", NUMBERS), "catatan": _text("note", "catatan", 300)}
    order = tuple(columns)
    words = {"model": model, "import_id_fields": key, "fields": order, "import_order": order, "export_order": order}
    meta = type("Meta", (BulkResource.Meta,), words)
    return type(f"{model.__name__}Resource", (RecordResource,), {**columns, "Meta": meta})


def _days() -> dict[str, Field]:
    return {"mulai": FirstDay(attribute=ENDS, column_name="mulai"), "sampai": LastDay(attribute=ENDS, column_name="sampai")}


class RegisterKind(ResourceKind):
    register: ClassVar[Register]
    event = "employees.register.imported"
    help = gettext_lazy("Menambah catatan, dan mengakhiri yang masih terbuka. Isi catatan lama tidak pernah diubah.")

    def may(self, viewer: Any) -> bool:
        return bool(viewer.roles & {_ROLES[relation] for relation in WRITTEN_BY[self.register]})

    def lock(self) -> None:
        lock_catalogue()

    def check(self, drafts: Sequence[Draft], context: ImportContext) -> None:
        """Nobody brings his own rows, nor those of people he does not look after; and no row is rewritten."""
        people = {draft.row.employee_id for draft in drafts if draft.row is not None and hasattr(draft.row, "employee_id")}
        reach = set(written_by(context.viewer).filter(pk__in=people).values_list("pk", flat=True)) if people else set()
        hidden = hidden_columns(self.resource(context=context), REGISTERS[self.register])
        for draft in drafts:
            person = getattr(draft.row, "employee_id", None)
            if person is not None and person == context.viewer.employee_id and draft.differs:
                draft.faults.append(Remark("nip", _("Data Anda sendiri diisi petugas lain. Hapus baris ini.")))
            elif person is not None and person not in reach:
                draft.faults.append(Remark("nip", _("Pegawai ini di luar kewenangan Anda. Hapus baris ini.")))
            else:
                leave_closed(draft, hidden)
                if changed := _rewritten(draft):
                    told = _("Catatan ini sudah tercatat dengan isi lain. Perbaiki di halaman Data pegawai, bukan dengan impor.")
                    draft.faults.append(Remark(", ".join(changed), told))

    def run(self, table: ImportTable, context: ImportContext, *, apply: bool, good_only: bool) -> ImportResult:
        """What the import keeps of a row leaves its details out."""
        result = super().run(table, context, apply=apply, good_only=good_only)
        columns = hidden_columns(self.resource(context=context), REGISTERS[self.register])
        if not columns:
            return result
        hidden, shut = frozenset(columns), frozenset(columns.values())
        rows = [replace(row, changes=tuple(one for one in row.changes if one.column not in shut)) for row in result.rows]
        writes = [replace(one, before=_open(one.before, hidden), after=_open(one.after, hidden) or {}) for one in result.writes]
        return replace(result, rows=rows, writes=writes)

    def within(self, context: ImportContext) -> models.QuerySet[Any, Any]:
        return written_by(context.viewer)

    def visible(self, context: ImportContext) -> models.QuerySet[Any, Any]:
        rows: models.QuerySet[Any, Any] = self.resource(context=context).get_queryset().order_by("id")
        if self.register in PERSONAL:
            return rows.filter(employee__in=kept_by(context.viewer)).select_related("employee")
        return rows.select_related("position" if self.register == Register.JOB_CLASS else "unit")

    def export(self, context: ImportContext) -> Iterator[Mapping[str, Any]]:
        """By the columns of the import; a closed detail is a mark, which opens on the person's page alone, for a reason."""
        resource = self.resource(context=context)
        columns = frozenset(hidden_columns(resource, REGISTERS[self.register]).values())
        return (masked(resource.texts_of(row), row, columns) for row in self.visible(context).iterator(chunk_size=2000))


def _open(facts: Facts | None, hidden: frozenset[str]) -> Facts | None:
    return None if facts is None else {name: value for name, value in facts.items() if name not in hidden}


def _rewritten(draft: Draft) -> list[str]:
    """Columns in which a known row would say something else; the last day of an open one may become known."""
    if draft.before is None:
        return []
    ends = not draft.shown.get("sampai")
    return [change.column for change in draft.changes() if not (ends and change.column == "sampai")]


def _column(name: str, label: str | Promise, *, required: bool = True, example: str = "", aliases: tuple[str, ...] = ()) -> ImportColumn:
    return ImportColumn(name, label, required=required, example=example, aliases=aliases)


_NIP = _column("nip", gettext_lazy("NIP/NI PPPK"), example="199001012015031001")
_FROM = _column("mulai", gettext_lazy("Hari pertama"), example="2026-06-01", aliases=("tmt", "tanggal_mulai"))
_UNTIL = _column("sampai", gettext_lazy("Hari terakhir"), example="2026-06-05", aliases=("selesai", "tanggal_selesai"))
_MAYBE_UNTIL = replace(_UNTIL, required=False)
_LETTER = _column("nomor_surat", gettext_lazy("Nomor surat"), required=False, example="850/12/BKPSDM", aliases=("nomor_sk",))
_DECREE = replace(_LETTER, required=True)
_NOTE = _column("catatan", gettext_lazy("Catatan"), required=False)
_M = REGISTERS


class LeaveList(RegisterKind):
    code, title, register = "cuti", gettext_lazy("Cuti dan izin"), Register.LEAVE
    resource = _resource(_M[register], ("nip", "mulai"), nip=_whose(), jenis=_choice("kind", "jenis", LeaveKind.choices), **_days())
    columns = (
        _NIP,
        _column("jenis", gettext_lazy("Jenis cuti"), example="TAHUNAN", aliases=("jenis_cuti",)),
        _FROM,
        _UNTIL,
        _LETTER,
        _NOTE,
    )


class TravelList(RegisterKind):
    code, title, register = "dinas-luar", gettext_lazy("Dinas luar"), Register.TRAVEL
    resource = _resource(
        _M[register],
        ("nip", "mulai"),
        nip=_whose(),
        tujuan=_text("destination", "tujuan", 160),
        keperluan=_text("purpose", "keperluan", 200),
        **_days(),
    )
    columns = (
        *(
            _NIP,
            _column("tujuan", gettext_lazy("Tujuan"), example="Padang"),
            _column("keperluan", gettext_lazy("Keperluan"), required=False),
        ),
        *(_FROM, _UNTIL, _LETTER, _NOTE),
    )


class DisciplineList(RegisterKind):
    code, title, register = "disiplin", gettext_lazy("Hukuman disiplin"), Register.DISCIPLINE
    # The punishment is no part of the key: a rehearsal would tell which one it is.
    resource = _resource(_M[register], ("nip", "mulai"), nip=_whose(), hukuman=_choice("kind", "hukuman", Punishment.choices), **_days())
    columns = (*(_NIP, _column("hukuman", gettext_lazy("Hukuman disiplin"), example="TEGURAN_LISAN"), _FROM, _MAYBE_UNTIL, _DECREE, _NOTE),)

    def check(self, drafts: Sequence[Draft], context: ImportContext) -> None:
        super().check(drafts, context)
        refuse_beside_others(drafts)


class EducationList(RegisterKind):
    code, title, register = "pendidikan", gettext_lazy("Pendidikan"), Register.EDUCATION
    resource = _resource(
        _M[register],
        ("nip", "jenjang", "sekolah", "tahun_lulus"),
        nip=_whose(),
        jenjang=_choice("level", "jenjang", SchoolLevel.choices),
        jurusan=_text("major", "jurusan", 160),
        sekolah=_text("school", "sekolah", 200),
        tahun_lulus=Field("graduated", "tahun_lulus", AmountCell()),
        nomor_ijazah=_text("certificate_number", "nomor_ijazah", NUMBERS),
    )
    columns = (
        *(_NIP, _column("jenjang", gettext_lazy("Jenjang"), example="S1"), _column("jurusan", gettext_lazy("Jurusan"), required=False)),
        *(
            _column("sekolah", gettext_lazy("Sekolah"), example="Universitas Andalas"),
            _column("tahun_lulus", gettext_lazy("Tahun lulus"), example="2012"),
        ),
        *(_column("nomor_ijazah", gettext_lazy("Nomor ijazah"), required=False), _LETTER, _NOTE),
    )


class BankList(RegisterKind):
    code, title, register = "rekening", gettext_lazy("Rekening"), Register.BANK
    resource = _resource(
        _M[register],
        ("nip", "mulai"),
        nip=_whose(),
        bank=_text("bank", "bank", 80),
        nomor_rekening=Field("number", "nomor_rekening", NumberCell()),
        atas_nama=_text("holder", "atas_nama", 120),
        **_days(),
    )
    columns = (
        *(_NIP, _column("bank", gettext_lazy("Bank"), example="Bank Nagari"), _column("nomor_rekening", gettext_lazy("Nomor rekening"))),
        *(_column("atas_nama", gettext_lazy("Atas nama")), _FROM, _MAYBE_UNTIL, _LETTER, _NOTE),
    )


class TaxList(RegisterKind):
    code, title, register = "pajak", gettext_lazy("Kategori pajak"), Register.TAX
    resource = _resource(_M[register], ("nip", "mulai"), nip=_whose(), status=_choice("status", "status", TaxStatus.choices), **_days())
    columns = (_NIP, _column("status", gettext_lazy("Status PTKP"), example="K/1", aliases=("ptkp",)), _FROM, _MAYBE_UNTIL, _LETTER, _NOTE)


class ClassList(RegisterKind):
    code, title, register = "kelas-jabatan", gettext_lazy("Kelas jabatan"), Register.JOB_CLASS
    resource = _resource(
        _M[register],
        ("jabatan", "mulai"),
        jabatan=Field(
            "position",
            "jabatan",
            PostCell(Position, "title", missing=gettext_lazy("Jabatan “%(text)s” tidak dikenal, atau ada lebih dari satu.")),
        ),
        kelas=Field("job_class", "kelas", AmountCell()),
        **_days(),
    )
    columns = (
        *(_column("jabatan", gettext_lazy("Jabatan")), _column("kelas", gettext_lazy("Kelas jabatan"), example="9"), _FROM, _MAYBE_UNTIL),
        *(_LETTER, _NOTE),
    )


class AllowanceList(RegisterKind):
    code, title, register = "tpp-dasar", gettext_lazy("TPP dasar"), Register.ALLOWANCE
    resource = _resource(
        _M[register],
        ("kelas", "kriteria", "unit", "mulai"),
        kelas=Field("job_class", "kelas", AmountCell()),
        kriteria=_choice("criterion", "kriteria", AllowanceCriterion.choices),
        unit=Field("unit", "unit", UnitCell(OrgUnit, "code", missing="")),
        rupiah=Field("amount", "rupiah", AmountCell()),
        **_days(),
    )
    columns = (
        *(
            _column("kelas", gettext_lazy("Kelas jabatan"), example="9"),
            _column("kriteria", gettext_lazy("Kriteria"), example="BEBAN_KERJA"),
        ),
        *(
            _column("unit", gettext_lazy("Unit kerja"), required=False),
            _column("rupiah", gettext_lazy("Rupiah sebulan"), example="1.464.000"),
        ),
        *(_FROM, _MAYBE_UNTIL, _DECREE, _NOTE),
    )


REGISTER_KINDS = (LeaveList, TravelList, DisciplineList, EducationList, BankList, TaxList, ClassList, AllowanceList)
