"""Results that were made elsewhere, and which of two results is the official one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from bukittinggi_kinerja.common.models import PolicyVersion
from bukittinggi_kinerja.common.models.policy import one_version_a_day
from bukittinggi_kinerja.common.models.tracking import never_emptied, remembered, written_once
from employees.models import Employee, StaffGroup

from .assessments import PREDICATE_CHOICES

if TYPE_CHECKING:
    from employees.rules.viewing import Viewer


class Source(models.TextChoices):
    """Where the official result of a group stands."""

    BKN = "BKN", _("BKN")
    LOCAL = "LOKAL", _("Aplikasi ini")


@remembered()
class ResultSource(PolicyVersion):
    """Which result of a group is official for periods that begin in the days of ``valid``."""

    group = models.ForeignKey(StaffGroup, models.PROTECT, related_name="result_sources", verbose_name=_("kelompok"))
    source = models.CharField(_("sumber resmi"), max_length=6, choices=Source.choices)

    class Meta:
        verbose_name = _("sumber resmi hasil")
        verbose_name_plural = _("sumber resmi hasil")
        constraints = [
            one_version_a_day(
                "one_result_source_per_group_and_day", "group", message=_("Kelompok ini sudah mempunyai sumber resmi pada tanggal itu.")
            )
        ]


class ImportedResultQuerySet(models.QuerySet["ImportedResult"]):
    def current(self) -> Self:
        return self.filter(is_current=True)

    def visible_to(self, viewer: Viewer) -> Self:
        """Seen by whoever sees the person."""
        if viewer.sees_all_people:
            return self
        return self.filter(employee_id__in=Employee.objects.visible_to(viewer).values("id"))


class ImportedResult(models.Model):
    """A predicate and where it comes from, never a score. A corrected value is a new row; the old one stays."""

    employee = models.ForeignKey(Employee, models.PROTECT, related_name="imported_results", verbose_name=_("pegawai"))
    period = models.CharField(_("periode"), max_length=7)
    start = models.DateField(_("mulai"))
    end = models.DateField(_("berakhir sebelum"))
    predicate = models.PositiveSmallIntegerField(_("predikat"), choices=PREDICATE_CHOICES)
    source = models.CharField(_("sumber"), max_length=40)
    number = models.CharField(_("nomor"), max_length=120, blank=True)
    dated = models.DateField(_("tanggal"), null=True, blank=True)
    imported_by = models.BigIntegerField(_("diimpor oleh"), null=True, blank=True)
    imported_at = models.DateTimeField(_("diimpor pada"))
    is_current = models.BooleanField(_("berlaku"), default=True)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name=_("mengganti"))

    objects = ImportedResultQuerySet.as_manager()

    class Meta:
        verbose_name = _("hasil diimpor")
        verbose_name_plural = _("hasil diimpor")
        indexes = [models.Index(fields=["period", "employee"], name="imported_by_period")]
        triggers = [
            written_once(
                "imported_result_stays", "employee", "period", "start", "end", "predicate", "source", "number", "dated", "imported_at"
            ),
            never_emptied("imported_result_no_truncate"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["employee", "start", "end"],
                condition=models.Q(is_current=True),
                name="one_current_imported_result",
                violation_error_message=_("Pegawai ini sudah mempunyai hasil diimpor untuk periode itu."),
            ),
            models.CheckConstraint(
                condition=models.Q(predicate__range=(1, 5)),
                name="imported_predicate_1_to_5",
                violation_error_message=_("Predikat adalah salah satu dari lima."),
            ),
            models.CheckConstraint(
                condition=models.Q(start__lt=models.F("end")),
                name="imported_period_has_a_day",
                violation_error_message=_("Periode paling sedikit satu hari."),
            ),
            models.CheckConstraint(
                condition=~models.Q(source=""),
                name="imported_result_names_its_source",
                violation_error_message=_("Isi sumber hasil, misalnya BKN."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.employee_id} {self.period}"
