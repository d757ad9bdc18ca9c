"""Service cases (permits) and their events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from bukittinggi_kinerja.common.models.tracking import stamped
from employees.models import Employee

from .intake import EventSource
from .services import ServiceType

if TYPE_CHECKING:
    from employees.rules.viewing import Viewer


class CaseState(models.TextChoices):
    RECEIVED = "DITERIMA", _("Diterima")
    IN_PROGRESS = "DIPROSES", _("Diproses")
    PAUSED = "JEDA", _("Jeda")
    ISSUED = "TERBIT", _("Terbit")
    REFUSED = "DITOLAK", _("Ditolak")
    WITHDRAWN = "DITARIK", _("Ditarik")


class ServiceCaseQuerySet(models.QuerySet["ServiceCase"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """All for who sees all aggregates; else the cases one handles or answers for."""
        if viewer.sees_all_aggregates:
            return self
        if viewer.employee_id is None:
            return self.none()
        people = Employee.objects.visible_to(viewer).values("id")
        handled = ServiceEvent.objects.current().filter(officer_id__in=people).values("case_id")
        return self.filter(models.Q(responsible_id__in=people) | models.Q(id__in=handled))


class ServiceCase(models.Model):
    """One application. Times are instants; working-day figures stay empty outside the loaded calendar."""

    source = models.ForeignKey(EventSource, models.PROTECT, related_name="cases", verbose_name=_("sumber"))
    case_id = models.CharField(_("nomor berkas"), max_length=120)
    service_type = models.ForeignKey(ServiceType, models.PROTECT, related_name="cases", verbose_name=_("jenis layanan"))
    state = models.CharField(_("keadaan"), max_length=10, choices=CaseState.choices, default=CaseState.RECEIVED)
    accepted_at = models.DateTimeField(_("diterima pada"))
    due_at = models.DateTimeField(_("batas waktu"), null=True)
    finished_at = models.DateTimeField(_("selesai pada"), null=True)
    paused_since = models.DateTimeField(_("jeda sejak"), null=True)
    net_working_days = models.PositiveIntegerField(_("hari kerja neto"), null=True)
    standard_days = models.PositiveIntegerField(_("standar (hari kerja)"), null=True)
    on_time = models.BooleanField(_("tepat waktu"), null=True)
    responsible_account = models.CharField(_("akun penanggung jawab"), max_length=120, blank=True)
    responsible = models.ForeignKey(
        Employee, models.PROTECT, null=True, blank=True, related_name="responsible_cases", verbose_name=_("penanggung jawab")
    )
    version = models.PositiveIntegerField(_("versi"), default=1)
    updated_at = models.DateTimeField(_("diperbarui"), auto_now=True, db_index=True)

    objects = ServiceCaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("berkas layanan")
        verbose_name_plural = _("berkas layanan")
        triggers = [stamped("case_stamped")]
        indexes = [
            models.Index(fields=["responsible", "finished_at"], name="case_by_responsible"),
            models.Index(fields=["finished_at"], name="case_by_finish"),
            models.Index(fields=["state", "due_at"], name="case_by_state"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["source", "case_id"], name="case_once_per_source"),
            models.CheckConstraint(
                condition=models.Q(finished_at__isnull=True) | models.Q(finished_at__gte=models.F("accepted_at")),
                name="case_ends_after_it_starts",
                violation_error_message=_("Berkas tidak dapat selesai sebelum diterima."),
            ),
        ]

    def __str__(self) -> str:
        return self.case_id


class ServiceEventQuerySet(models.QuerySet["ServiceEvent"]):
    def current(self) -> Self:
        return self.filter(is_current=True)


class ServiceEvent(models.Model):
    """One step. Correction and cancellation are new versions with source and reason."""

    case = models.ForeignKey(ServiceCase, models.PROTECT, related_name="events", verbose_name=_("berkas"))
    #: The source of ``case``, repeated so that the database keeps a key to one case of its source.
    source = models.ForeignKey(EventSource, models.PROTECT, related_name="+", verbose_name=_("sumber"))
    key = models.CharField(_("kunci"), max_length=128)
    version = models.PositiveSmallIntegerField(_("versi"), default=1)
    is_current = models.BooleanField(_("berlaku"), default=True)
    cancelled = models.BooleanField(_("dibatalkan"), default=False)
    activity = models.CharField(_("kegiatan"), max_length=200)
    at = models.DateTimeField(_("waktu"))
    account = models.CharField(_("akun petugas"), max_length=120, blank=True)
    officer = models.ForeignKey(Employee, models.PROTECT, null=True, blank=True, related_name="service_steps", verbose_name=_("petugas"))
    digest = models.CharField(_("sidik isi"), max_length=64)
    content = models.JSONField(_("isi asli"), default=dict)
    #: What this row says of its case as a whole, read by the mapping of its import: started, ended, deadline …
    attributes = models.JSONField(_("keterangan berkas"), default=dict, db_default=models.Value({}, models.JSONField()))
    reason = models.CharField(_("alasan"), max_length=300, blank=True)
    recorded_by = models.BigIntegerField(_("dicatat oleh"), null=True)
    recorded_at = models.DateTimeField(_("dicatat pada"))

    objects = ServiceEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("langkah layanan")
        verbose_name_plural = _("langkah layanan")
        ordering = ["case_id", "at", "id"]
        indexes = [models.Index(fields=["officer", "case"], name="step_by_officer", condition=models.Q(is_current=True))]
        constraints = [
            models.UniqueConstraint(fields=["source", "key", "version"], name="step_version_once"),
            models.UniqueConstraint(fields=["source", "key"], condition=models.Q(is_current=True), name="one_current_step_version"),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.activity}"
