"""The sheet of plans as a list that can be imported."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as lazy

from appraisal.models import Indicator, PerformancePlan
from appraisal.policies import may_import_plans
from bukittinggi_kinerja.common.importing import ImportContext, ImportKind, ImportResult, ImportTable, Written
from bukittinggi_kinerja.common.importing.undo import restore
from employees.models import Employee
from employees.queries.registers import written_by

from .reading import COLUMNS
from .service import import_plans
from .undoing import give_back


class YearForm(forms.Form):
    year = forms.IntegerField(
        label=lazy("SKP tahun"),
        min_value=2025,
        max_value=2099,
        help_text=lazy("Tahun ini atau tahun depan."),
        error_messages={"required": lazy("Isi tahun SKP.")},
    )


class ExportYearForm(forms.Form):
    """Any year: plans of years that are over leave as well."""

    year = forms.IntegerField(
        label=lazy("SKP tahun"),
        min_value=2000,
        max_value=2099,
        required=False,
        help_text=lazy("Kosongkan untuk tahun ini."),
        error_messages={"invalid": lazy("Isi tahun dengan empat angka."), "min_value": lazy("Isi tahun dengan empat angka.")},
    )


class PlanKind(ImportKind):
    code = "skp"
    title = lazy("SKP satu OPD")
    help = lazy("Satu baris untuk satu indikator. Yang dibuat hanya draf; SKP yang sudah diajukan atau ditetapkan tidak berubah.")
    columns = COLUMNS
    options_form: ClassVar[type[forms.Form] | None] = YearForm
    export_form: ClassVar[type[forms.Form] | None] = ExportYearForm
    event = "appraisal.plans.imported"

    def may(self, viewer: Any) -> bool:
        return may_import_plans(viewer)

    def run(self, table: ImportTable, context: ImportContext, *, apply: bool, good_only: bool) -> ImportResult:
        year = int(context.options.get("year") or context.as_of.year)
        found = import_plans(table.rows(), viewer=context.viewer, year=year, apply=apply, good_only=good_only)
        context.tick(len(found.rows))
        return ImportResult(found.rows, found.writes, found.applied)

    def export(self, context: ImportContext) -> Iterable[Mapping[str, Any]] | None:
        """Indicators in use of the plans of the year that this viewer manages."""
        year = int(context.options.get("year") or context.as_of.year)
        plans = PerformancePlan.objects.visible_to(context.viewer).filter(year=year)
        rows = Indicator.objects.filter(plan__in=plans, retired_on=None).select_related("plan__employee", "work_result__parent")
        return map(_as_row, rows.order_by("plan__employee__nip", "order", "id").iterator(chunk_size=1000))

    def within(self, context: ImportContext) -> QuerySet[Employee]:
        return written_by(context.viewer)

    def take_back(self, model: str, writes: Sequence[Written], made: Mapping[str, frozenset[int]], context: ImportContext) -> bool:
        """New drafts go as they came; a draft that was rewritten holds again what it held."""
        changed = [one for one in writes if one.before is not None]
        if not changed:
            return False
        give_back(changed)
        restore(model, [one for one in writes if one.before is None])
        return True


def _as_row(one: Indicator) -> dict[str, Any]:
    result = one.work_result
    return {
        "nip": one.plan.employee.nip or "",
        "rhk": result.title,
        "rhk_pimpinan": result.parent.title if result.parent else result.leader_title,
        "jenis": result.kind,
        "indikator": one.name,
        "aspek": one.aspect,
        "satuan": one.unit_name,
        "bentuk": one.form,
        "arah": one.direction,
        "cara_jumlah": one.accumulation,
        "target": one.statement or one.target,
        "target_maks": one.target_max,
        "target_tanggal": one.target_date,
        "bobot": one.weight,
        "bagian": result.share,
    }
