"""Imports as rows: the file and its state, what each line would do, what was written, and how headers were understood."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from .jobs import Job


class BatchState(models.TextChoices):
    UPLOADED = "DIUNGGAH", _("Diunggah")
    CHECKING = "MENGUJI", _("Sedang diuji")
    CHECKED = "TERUJI", _("Sudah diuji")
    APPLYING = "MENERAPKAN", _("Sedang diterapkan")
    APPLIED = "DITERAPKAN", _("Diterapkan")
    UNDOING = "MENGURUNGKAN", _("Sedang diurungkan")
    UNDONE = "DIURUNGKAN", _("Diurungkan")
    FAILED = "GAGAL", _("Tidak dapat dibaca")


class ImportBatch(models.Model):
    """One file on its way. ``owner`` is a user id: he alone maps, applies and reads refused rows. ``digest`` covers what the check showed, line by line."""

    kind = models.CharField(_("daftar"), max_length=40)
    owner = models.BigIntegerField(_("pemilik"), db_index=True)
    state = models.CharField(_("keadaan"), max_length=14, choices=BatchState.choices, default=BatchState.UPLOADED)
    name = models.CharField(_("nama berkas"), max_length=120)
    file = models.FileField(_("berkas"), upload_to="impor/", blank=True)
    #: Refused rows as they came, with what to mend; made when the file is checked, read as often as asked.
    errors = models.FileField(_("berkas galat"), upload_to="impor/", blank=True, default="", db_default="")
    header = models.JSONField(_("judul kolom"), default=list)
    samples = models.JSONField(_("contoh baris"), default=list)
    mapping = models.JSONField(_("pemetaan kolom"), default=dict)
    options = models.JSONField(_("isian tambahan"), default=dict)
    good_only = models.BooleanField(_("hanya baris yang baik"), default=False)
    reason = models.CharField(_("alasan"), max_length=300, blank=True)
    #: Sentences are compared with those of the check, so both speak one language.
    language = models.CharField(_("bahasa"), max_length=2, default="id")
    rows = models.PositiveIntegerField(_("jumlah baris"), default=0)
    new = models.PositiveIntegerField(_("baru"), default=0)
    changed = models.PositiveIntegerField(_("berubah"), default=0)
    same = models.PositiveIntegerField(_("tetap"), default=0)
    bad = models.PositiveIntegerField(_("salah"), default=0)
    warned = models.PositiveIntegerField(_("diperingatkan"), default=0)
    digest = models.CharField(_("sidik hasil uji"), max_length=64, blank=True)
    message = models.TextField(_("pesan"), blank=True)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+", verbose_name=_("pekerjaan"))
    created_at = models.DateTimeField(_("diunggah pada"))
    checked_at = models.DateTimeField(_("diuji pada"), null=True)
    applied_at = models.DateTimeField(_("diterapkan pada"), null=True)
    undone_at = models.DateTimeField(_("diurungkan pada"), null=True)

    class Meta:
        verbose_name = _("impor")
        verbose_name_plural = _("impor")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class ImportLine(models.Model):
    """What one line would do, or did. ``moved``: another answer than the check before, because the data changed in between."""

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="lines")
    line = models.PositiveIntegerField()
    state = models.CharField(max_length=5)
    label = models.TextField(blank=True)
    changes = models.JSONField(default=list)
    faults = models.JSONField(default=list)
    warnings = models.JSONField(default=list)
    warned = models.BooleanField(default=False)
    moved = models.BooleanField(default=False)
    digest = models.CharField(max_length=32)

    class Meta:
        verbose_name = _("baris impor")
        verbose_name_plural = _("baris impor")
        constraints = [models.UniqueConstraint(fields=["batch", "line"], name="import_line_once")]
        indexes = [models.Index(fields=["batch", "state", "line"], name="import_line_by_state")]

    def __str__(self) -> str:
        return f"{self.batch_id}:{self.line}"


class ImportWrite(models.Model):
    """A row of the database that an import made (``before`` null) or changed; in the order of writing."""

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="writes")
    model = models.CharField(max_length=80)
    row = models.BigIntegerField()
    line = models.PositiveIntegerField(default=0)
    label = models.TextField(blank=True)
    before = models.JSONField(null=True)
    after = models.JSONField()

    class Meta:
        verbose_name = _("tulisan impor")
        verbose_name_plural = _("tulisan impor")
        constraints = [models.UniqueConstraint(fields=["batch", "model", "row"], name="import_write_once")]

    def __str__(self) -> str:
        return f"{self.batch_id} {self.model}:{self.row}"


class ColumnMapping(models.Model):
    """How the headers of a list were understood last time; ``fingerprint`` is of the headers alone, without any row."""

    kind = models.CharField(_("daftar"), max_length=40)
    fingerprint = models.CharField(_("sidik judul kolom"), max_length=64)
    mapping = models.JSONField(_("pemetaan kolom"), default=dict)

    class Meta:
        verbose_name = _("pemetaan kolom")
        verbose_name_plural = _("pemetaan kolom")
        constraints = [models.UniqueConstraint(fields=["kind", "fingerprint"], name="one_mapping_per_header")]

    def __str__(self) -> str:
        return f"{self.kind} {self.fingerprint[:8]}"
