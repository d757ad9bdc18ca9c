"""Long work as rows: one job per key, claimed in chunks, progress by counting."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class JobState(models.TextChoices):
    QUEUED = "ANTRE", _("Antre")
    RUNNING = "BERJALAN", _("Berjalan")
    DONE = "SELESAI", _("Selesai")
    FAILED = "GAGAL", _("Gagal")
    CANCELLED = "BATAL", _("Dibatalkan")


class Job(models.Model):
    key = models.CharField(_("kunci"), max_length=120, unique=True)
    kind = models.CharField(_("jenis"), max_length=40)
    state = models.CharField(_("keadaan"), max_length=10, choices=JobState.choices, default=JobState.QUEUED)
    total = models.PositiveIntegerField(_("jumlah"), default=0)
    done = models.PositiveIntegerField(_("selesai"), default=0)
    owner = models.BigIntegerField(_("pemilik"), null=True)
    detail = models.JSONField(_("rincian"), default=dict)
    message = models.TextField(_("pesan"), blank=True)
    created_at = models.DateTimeField(_("dibuat"))
    finished_at = models.DateTimeField(_("selesai pada"), null=True)

    class Meta:
        verbose_name = _("pekerjaan")
        verbose_name_plural = _("pekerjaan")

    def __str__(self) -> str:
        return self.key


class JobChunk(models.Model):
    """The half-open id range ``[low, high)``; its results and ``done_at`` are one transaction."""

    job = models.ForeignKey(Job, models.CASCADE, related_name="chunks")
    low = models.BigIntegerField()
    high = models.BigIntegerField()
    done_at = models.DateTimeField(null=True)
    rows = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("bagian pekerjaan")
        verbose_name_plural = _("bagian pekerjaan")
        constraints = [models.UniqueConstraint(fields=["job", "low"], name="one_chunk_per_job_and_start")]

    def __str__(self) -> str:
        return f"{self.job_id} [{self.low}, {self.high})"
