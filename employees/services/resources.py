"""Export of people with the columns of the import, so that what is exported can be imported again unchanged."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _
from import_export import resources
from import_export.fields import Field

from bukittinggi_kinerja.common.errors import NotVisible
from employees.models import Employee, OrgUnit, Posting
from employees.rules.importing import COLUMNS
from employees.rules.viewing import Viewer


def exported_people(*, viewer: Viewer, unit_code: str = "") -> Iterator[Mapping[str, Any]]:
    """The people this viewer sees, of one unit and below or of all, by column; two queries for each two thousand of them.

    Raises NotVisible for an unknown unit.
    """
    # Whoever has no NIP cannot stand in this file: it could not be imported again.
    people = Employee.objects.visible_to(viewer).exclude(nip=None).order_by("id")
    if unit_code:
        unit = OrgUnit.objects.visible_to(viewer).filter(code__iexact=unit_code.strip()).first()
        if unit is None:
            raise NotVisible(_("Unit tidak ditemukan."))
        people = people.filter(pk__in=Posting.objects.in_force(on=viewer.on).under([unit.path]).values("employee_id"))
    resource = EmployeeResource(on=viewer.on)
    names = resource.get_export_headers()
    rows = resource.iter_queryset(resource.filter_export(people))
    return (dict(zip(names, resource.export_resource(person), strict=True)) for person in rows)


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
