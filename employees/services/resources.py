"""Export of people with the columns of the import, so that what is exported can be imported again unchanged."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import tablib
import xlsxwriter
from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _
from import_export import resources
from import_export.fields import Field
from import_export.formats import base_formats

from bukittinggi_kinerja.common.errors import NotAllowed, NotVisible, Unacceptable
from bukittinggi_kinerja.common.events import record_event
from bukittinggi_kinerja.common.formulas import formula_safe
from employees.models import Employee, OrgUnit, Posting
from employees.policies import may_administer
from employees.rules.importing import COLUMNS
from employees.rules.viewing import Viewer


class SafeCSV(base_formats.CSV):
    """No cell that a sheet would take for a formula."""

    def export_data(self, dataset: tablib.Dataset, **kwargs: Any) -> Any:
        return super().export_data(_made_harmless(dataset), **kwargs)


class SafeXLSX(base_formats.XLSX):
    """Written in a stream, every cell as text: a NIP keeps its 18 digits."""

    def export_data(self, dataset: tablib.Dataset, **kwargs: Any) -> bytes:
        content = io.BytesIO()
        with xlsxwriter.Workbook(content, {"constant_memory": True, "strings_to_formulas": False}) as book:
            sheet = book.add_worksheet("pegawai")
            safe = _made_harmless(dataset)
            for line, cells in enumerate([safe.headers, *safe]):
                for place, cell in enumerate(cells):
                    sheet.write_string(line, place, cell)
        return content.getvalue()


FORMATS: dict[str, type[base_formats.Format]] = {"csv": SafeCSV, "xlsx": SafeXLSX}


@dataclass(frozen=True)
class Export:
    name: str
    content_type: str
    content: bytes


@transaction.atomic
def export_people(*, viewer: Viewer, unit_id: int | None, file_format: str, reason: str, now: dt.datetime) -> Export:
    """The people this viewer sees, of one unit and below or of all; that they left the system is remembered.

    Raises NotAllowed for others than HR of the city, Unacceptable for another format, NotVisible for an unknown unit.
    """
    if not may_administer(viewer):
        raise NotAllowed(_("Ekspor pegawai hanya untuk BKPSDM."))
    if file_format not in FORMATS:
        raise Unacceptable(_("Pilih csv atau xlsx."), errors={"file_format": [_("Pilih csv atau xlsx.")]})
    # Whoever has no NIP cannot stand in this file: it could not be imported again.
    people = Employee.objects.visible_to(viewer).exclude(nip=None).order_by("id")
    if unit_id is not None:
        unit = OrgUnit.objects.visible_to(viewer).filter(pk=unit_id).first()
        if unit is None:
            raise NotVisible(_("Unit tidak ditemukan."))
        people = people.filter(pk__in=Posting.objects.in_force(on=viewer.on).under([unit.path]).values("employee_id"))
    dataset = EmployeeResource(on=viewer.on).export(queryset=people)
    written = FORMATS[file_format]()
    content = written.export_data(dataset)
    record_event(
        action="employees.exported",
        subject=("employees.export", unit_id or "all"),
        actor=viewer.user_id,
        now=now,
        new={"rows": len(dataset), "format": file_format},
        reason=reason,
    )
    content_type = "text/csv; charset=utf-8" if file_format == "csv" else written.get_content_type()
    return Export(f"pegawai-{viewer.on}.{file_format}", content_type, content.encode() if isinstance(content, str) else content)


def _made_harmless(dataset: tablib.Dataset) -> tablib.Dataset:
    safe = [[formula_safe(str(cell or "")) for cell in row] for row in (dataset.headers, *dataset)]
    return tablib.Dataset(*safe[1:], headers=safe[0])


class EmployeeResource(resources.ModelResource):
    """Two queries whatever the number of people; ``on`` is the day whose post is told."""

    nip = Field(attribute="nip", column_name="nip")
    nama = Field(attribute="name", column_name="nama")
    jenis_pegawai = Field(attribute="kind", column_name="jenis_pegawai")
    jenis_kelamin = Field(attribute="sex", column_name="jenis_kelamin")
    tanggal_lahir = Field(column_name="tanggal_lahir")
    golongan = Field(column_name="golongan")
    jabatan = Field(column_name="jabatan")
    jenis_jabatan = Field(column_name="jenis_jabatan")
    unit = Field(column_name="unit")
    nip_atasan = Field(column_name="nip_atasan")
    tmt_jabatan = Field(column_name="tmt_jabatan")
    email = Field(attribute="email", column_name="email")
    status = Field(attribute="status", column_name="status")

    class Meta:
        model = Employee
        fields = COLUMNS
        export_order = COLUMNS

    def __init__(self, *, on: dt.date, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.on = on

    def get_queryset(self) -> QuerySet[Employee]:
        return Employee.objects.all()

    def filter_export(self, queryset: QuerySet[Employee], **_kwargs: Any) -> QuerySet[Employee]:
        today = Posting.objects.in_force(on=self.on).select_related("unit", "position", "supervisor")
        return queryset.select_related("grade").prefetch_related(Prefetch("postings", today, to_attr="present"))

    def iter_queryset(self, queryset: QuerySet[Employee]) -> Iterable[Employee]:
        yield from queryset.iterator(chunk_size=2000)

    def dehydrate_tanggal_lahir(self, person: Employee) -> str:
        return person.birth_date.isoformat() if person.birth_date else ""

    def dehydrate_golongan(self, person: Employee) -> str:
        return person.grade.code if person.grade else ""

    def dehydrate_jabatan(self, person: Employee) -> str:
        post = _present(person)
        return post.position.title if post else ""

    def dehydrate_jenis_jabatan(self, person: Employee) -> str:
        post = _present(person)
        return post.position.kind if post else ""

    def dehydrate_unit(self, person: Employee) -> str:
        post = _present(person)
        return post.unit.code if post else ""

    def dehydrate_nip_atasan(self, person: Employee) -> str:
        post = _present(person)
        return post.supervisor.nip or "" if post and post.supervisor else ""

    def dehydrate_tmt_jabatan(self, person: Employee) -> str:
        post = _present(person)
        return post.valid.lower.isoformat() if post and post.valid.lower else ""


def _present(person: Employee) -> Posting | None:
    present: list[Posting] = person.present  # type: ignore[attr-defined]
    return present[0] if present else None
