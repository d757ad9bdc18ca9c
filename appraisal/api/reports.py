"""``reports/performance-summary/`` and ``reports/lateness/``."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appraisal.queries.reports import Report, performance_summary, rating_lateness
from bukittinggi_kinerja.common.api.parameters import unit_parameter
from bukittinggi_kinerja.common.api.reports import ReportView, described_report
from bukittinggi_kinerja.common.api.tables import Cell, Column, Table
from bukittinggi_kinerja.common.period import Period
from employees.models import OrgUnit
from employees.rules.aggregates import AggregateScope, aggregate_scope
from employees.rules.viewing import Scope

UNIT = [
    Column("unit", gettext_lazy("Kode unit"), kind="text"),
    Column(
        "unit_name",
        gettext_lazy("Unit kerja"),
        gettext_lazy(
            "Beserta semua unit di bawahnya. Bila unit di bawahnya mempunyai baris sendiri, baris unit ini hanya pegawai langsungnya."
        ),
        kind="text",
    ),
]
HIDDEN = Column(
    "hidden",
    gettext_lazy("Disembunyikan"),
    gettext_lazy("Kelompok terlalu kecil untuk ditampilkan kepada yang hanya berhak atas jumlah."),
    kind="flag",
)
SUMMARY = [
    *UNIT,
    Column("people", gettext_lazy("Pegawai"), gettext_lazy("Orang, masing-masing dihitung sekali.")),
    Column("results", gettext_lazy("Penilaian"), gettext_lazy("Versi yang berlaku, satu untuk tiap periode dan SKP.")),
    Column("published", gettext_lazy("Terbit")),
    Column("open", gettext_lazy("Masih dibuka"), gettext_lazy("Draf atau dinilai, belum terbit.")),
    Column("not_rated", gettext_lazy("Belum dinilai"), gettext_lazy("Batas penilaian lewat tanpa penilaian.")),
    Column("exempt", gettext_lazy("Tidak dinilai"), gettext_lazy("Cuti atau tugas belajar.")),
    Column("very_good", gettext_lazy("Sangat Baik")),
    Column("good", gettext_lazy("Baik")),
    Column("needs_improvement", gettext_lazy("Butuh Perbaikan")),
    Column("poor", gettext_lazy("Kurang")),
    Column("very_poor", gettext_lazy("Sangat Kurang")),
    Column(
        "mean_score",
        gettext_lazy("Rata-rata H (%)"),
        gettext_lazy("Rata-rata nilai hasil kerja yang terbit, dibulatkan ke 2 desimal."),
        kind="decimal",
    ),
    Column(
        "published_share", gettext_lazy("Terbit (%)"), gettext_lazy("Terbit dibagi penilaian tanpa yang tidak dinilai."), kind="decimal"
    ),
    HIDDEN,
]
LATENESS = [
    UNIT[0],
    Column(
        "unit_name",
        gettext_lazy("Unit kerja"),
        gettext_lazy("Per penilai: unit pegawai yang dinilai. Tanpa nama: seperti ringkasan kinerja."),
        kind="text",
    ),
    Column("rater_nip", gettext_lazy("NIP penilai"), kind="text"),
    Column("rater_name", gettext_lazy("Penilai"), kind="text"),
    Column("people", gettext_lazy("Pegawai"), gettext_lazy("Orang yang dinilai, masing-masing dihitung sekali.")),
    Column("cases", gettext_lazy("Penilaian")),
    Column("on_time", gettext_lazy("Tepat waktu"), gettext_lazy("Dinilai sampai batas penilaian.")),
    Column("late", gettext_lazy("Terlambat"), gettext_lazy("Dinilai sesudah batas penilaian.")),
    Column("missing", gettext_lazy("Belum dinilai"), gettext_lazy("Batas penilaian lewat, belum ada penilaian.")),
    Column("open", gettext_lazy("Masih ada waktu")),
    Column(
        "on_time_share", gettext_lazy("Tepat waktu (%)"), gettext_lazy("Tepat waktu dibagi semua yang sudah jatuh tempo."), kind="decimal"
    ),
    Column(
        "without_progress",
        gettext_lazy("Realisasi kosong"),
        gettext_lazy("Batas realisasi lewat dan paling sedikit satu indikator belum diisi."),
    ),
    HIDDEN,
]


class AppraisalReport(ReportView):
    """Totals by the aggregate rights of the viewer, small groups hidden from who may not see persons."""

    unit_parameter = unit_parameter(OrgUnit.objects.all())
    scopes = {"GET": (Scope.READ_REPORTS,)}
    title: Any
    columns: list[Column]

    def table(self, *, period: Period, unit: OrgUnit | None) -> Table:
        refusal = _("Anda tidak berhak atas laporan unit ini.")
        scope = aggregate_scope(self.viewer, path=unit.path if unit else None, refusal=refusal)
        report = self.report(period=period, scope=scope)
        facts = {
            "period": period.key,
            "unit": unit.code if unit else None,
            "computed_at": timezone.localtime(self.now).isoformat(),
            "rule_versions": list(report.rule_versions),
        }
        rows = (self.cells(row) for row in report.rows)
        return Table(self.name, self.title, self.columns, rows, report.total and self.cells(report.total), facts)

    def cells(self, row: Any) -> list[Cell]:
        return [getattr(row, column.key) for column in self.columns]

    def report(self, *, period: Period, scope: AggregateScope) -> Report:
        raise NotImplementedError


@described_report(SUMMARY)
class PerformanceSummary(AppraisalReport):
    name = "performance-summary"
    title = gettext_lazy("Ringkasan kinerja")
    summary = gettext_lazy("Ringkasan kinerja per unit")
    text = gettext_lazy("Sebaran predikat, rata-rata hasil kerja, dan penilaian yang belum terbit.")
    columns = SUMMARY

    def report(self, *, period: Period, scope: AggregateScope) -> Report:
        return performance_summary(period=period, scope=scope)


@described_report(LATENESS)
class Lateness(AppraisalReport):
    name = "lateness"
    title = gettext_lazy("Ketepatan waktu penilaian")
    summary = gettext_lazy("Penilaian yang terlambat")
    text = gettext_lazy("Per penilai bagi yang berhak melihat orang, selain itu per unit.")
    columns = LATENESS

    def report(self, *, period: Period, scope: AggregateScope) -> Report:
        return rating_lateness(period=period, scope=scope, now=self.now)
