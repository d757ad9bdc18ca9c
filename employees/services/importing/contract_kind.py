"""Contracts of PPPK as a list: one row is one term of one person, a renewal is another row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from import_export.fields import Field

from bukittinggi_kinerja.common.importing import ImportColumn, ImportContext, Remark
from bukittinggi_kinerja.common.importing.fields import FirstDay, LastDay, LookupCell, TextCell, whole_digits
from bukittinggi_kinerja.common.importing.resource import BulkResource, Draft, ResourceKind
from employees.models import ContractTerm, Employee, EmploymentKind
from employees.policies import may_administer
from employees.queries.registers import kept_by

_OF_CONTRACT = {EmploymentKind.PPPK, EmploymentKind.PPPK_PART_TIME}


class ContractResource(BulkResource):
    nip = Field("employee", "nip", LookupCell(Employee, "nip", key=whole_digits, missing=gettext_lazy("NIP %(text)s tidak dikenal. Periksa 18 angkanya.")))  # fmt: skip
    mulai = FirstDay(attribute="valid", column_name="mulai")
    sampai = LastDay(attribute="valid", column_name="sampai")
    nomor = Field("number", "nomor", TextCell(120))

    class Meta(BulkResource.Meta):
        model = ContractTerm
        import_id_fields = ("nip", "mulai")
        fields = import_order = export_order = ("nip", "mulai", "sampai", "nomor")


class ContractKind(ResourceKind):
    code = "kontrak"
    title = gettext_lazy("Perjanjian kerja PPPK")
    help = gettext_lazy("Satu baris untuk satu masa perjanjian. Perpanjangan adalah baris baru; masa yang sudah ada dapat dibetulkan.")
    event = "employees.contracts.imported"
    resource: ClassVar[type[BulkResource]] = ContractResource
    columns = (
        ImportColumn("nip", gettext_lazy("NIP/NI PPPK"), required=True, example="199001012015031001"),
        ImportColumn("mulai", gettext_lazy("Hari pertama"), required=True, example="2026-03-01", aliases=("tmt", "tanggal_mulai")),
        ImportColumn("sampai", gettext_lazy("Hari terakhir"), required=True, example="2031-02-28", aliases=("selesai", "tanggal_selesai")),
        ImportColumn(
            "nomor", gettext_lazy("Nomor perjanjian kerja"), required=True, example="814/12/PK/2026", aliases=("nomor_perjanjian",)
        ),
    )

    def may(self, viewer: Any) -> bool:
        return may_administer(viewer)

    def check(self, drafts: Sequence[Draft], context: ImportContext) -> None:
        """Only PPPK have contracts, and nobody writes his own."""
        for draft in drafts:
            person = getattr(draft.row, "employee", None) if draft.row is not None and not draft.faults else None
            if person is None:
                continue
            if person.kind not in _OF_CONTRACT:
                draft.faults.append(Remark("nip", _("Pegawai ini bukan PPPK, jadi tidak mempunyai perjanjian kerja. Hapus baris ini.")))
            if person.pk == context.viewer.employee_id and draft.differs:
                draft.faults.append(Remark("nip", _("Data Anda sendiri diisi petugas lain. Hapus baris ini.")))

    def visible(self, context: ImportContext) -> models.QuerySet[Any, Any]:
        rows = ContractTerm.objects.filter(employee__in=kept_by(context.viewer))
        return rows.select_related("employee").order_by("employee__nip", "valid")
