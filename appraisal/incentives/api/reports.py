"""``reports/service-times/``."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appraisal.incentives.queries.times import ServiceTimes, service_times
from bukittinggi_kinerja.common.api.parameters import unit_parameter
from bukittinggi_kinerja.common.api.reports import ReportView, described_report
from bukittinggi_kinerja.common.api.tables import Cell, Column, Table
from bukittinggi_kinerja.common.period import Period
from employees.models import OrgUnit
from employees.rules.aggregates import aggregate_scope
from employees.rules.viewing import Scope

COLUMNS = [
    Column("service_type", gettext_lazy("Kode layanan"), kind="text"),
    Column("service_name", gettext_lazy("Jenis layanan"), kind="text"),
    Column("finished", gettext_lazy("Terbit"), gettext_lazy("Berkas yang terbit dalam periode.")),
    Column("on_time", gettext_lazy("Tepat waktu")),
    Column("late", gettext_lazy("Terlambat")),
    Column("unknown", gettext_lazy("Tidak dapat dinilai"), gettext_lazy("Tanpa standar atau kalender untuk hari itu.")),
    Column(
        "share", gettext_lazy("Tepat waktu (%)"), gettext_lazy("Tepat waktu dibagi berkas yang dapat dinilai, 2 desimal."), kind="decimal"
    ),
    Column("median", gettext_lazy("Median (hari kerja)"), gettext_lazy("Hari kerja neto, 2 desimal."), kind="decimal"),
    Column("p90", gettext_lazy("Persentil 90 (hari kerja)"), gettext_lazy("Hari kerja neto, 2 desimal."), kind="decimal"),
    Column("refused", gettext_lazy("Ditolak")),
    Column("withdrawn", gettext_lazy("Ditarik")),
    Column("open", gettext_lazy("Belum selesai"), gettext_lazy("Diterima sebelum akhir periode dan belum selesai saat itu.")),
]


@described_report(COLUMNS)
class ServiceTimesReport(ReportView):
    name = "service-times"
    unit_parameter = unit_parameter(OrgUnit.objects.all())
    scopes = {"GET": (Scope.READ_REPORTS,)}
    summary = gettext_lazy("Waktu layanan per jenis")
    text = gettext_lazy("Berkas yang terbit dalam periode, menurut hari kerja neto dan standarnya.")

    def table(self, *, period: Period, unit: OrgUnit | None) -> Table:
        refusal = _("Anda tidak berhak atas laporan unit ini.")
        scope = aggregate_scope(self.viewer, path=unit.path if unit else None, refusal=refusal)
        report = service_times(period=period, paths=scope.paths)
        facts: dict[str, Any] = {
            "period": period.key,
            "unit": unit.code if unit else None,
            "computed_at": timezone.localtime(self.now).isoformat(),
            "rule_versions": [],
        }
        return Table(self.name, gettext_lazy("Waktu layanan"), COLUMNS, map(cells, report.rows), cells(report.total), facts)


def cells(row: ServiceTimes) -> list[Cell]:
    counted: list[Cell] = [row.finished, row.on_time, row.late, row.unknown, row.share, row.median, row.p90]
    return [row.code, row.name, *counted, row.refused, row.withdrawn, row.open]
