"""Progress (realisasi) and its evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from bukittinggi_kinerja.common.models.tracking import stamped, written_once
from employees.models import Employee, Posting

from .plans import PeriodTarget

if TYPE_CHECKING:
    from employees.rules.viewing import Viewer


class ProgressQuerySet(models.QuerySet["ProgressEntry"]):
    def current(self) -> Self:
        return self.filter(withdrawn_at=None)

    def visible_to(self, viewer: Viewer) -> Self:
        if viewer.sees_all_people:
            return self
        left = Posting.objects.left_behind(viewer).values("employee_id")
        return self.filter(models.Q(employee_id__in=Employee.objects.visible_to(viewer).values("id")) | models.Q(employee_id__in=left))


class ProgressEntry(models.Model):
    """One realised figure of one indicator in one period. A correction withdraws a row and adds another."""

    target = models.ForeignKey(PeriodTarget, models.PROTECT, related_name="entries", verbose_name=_("target periode"))
    employee = models.ForeignKey(Employee, models.PROTECT, related_name="progress", verbose_name=_("pegawai"))
    value = models.DecimalField(_("realisasi"), max_digits=18, decimal_places=4, null=True, blank=True)
    realised_on = models.DateField(_("selesai pada"), null=True, blank=True)
    note = models.TextField(_("uraian"), blank=True)
    #: KERTAS: typed by the pengelola from the signed form of somebody without a phone.
    source = models.CharField(
        _("asal"),
        max_length=8,
        choices=[("MANUAL", _("Diisi")), ("KERTAS", _("Dari formulir kertas")), ("IMPOR", _("Diimpor")), ("TERUKUR", _("Terukur"))],
        default="MANUAL",
    )
    #: Frozen source rows of a measured figure: [{"ref", "label", "value", …}], never personal data of citizens.
    sources = models.JSONField(_("baris sumber"), default=list, blank=True)
    entered_by = models.BigIntegerField(_("diisi oleh"), null=True)
    entered_at = models.DateTimeField(_("diisi pada"))
    replaces = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name=_("mengganti"))
    #: Last day on which the owner may dispute what was typed for him.
    dispute_until = models.DateField(_("dapat dipersoalkan sampai"), null=True, blank=True)
    disputed_at = models.DateTimeField(_("dipersoalkan pada"), null=True, blank=True)
    dispute_reason = models.CharField(_("yang dipersoalkan"), max_length=300, blank=True, default="", db_default="")
    withdrawn_at = models.DateTimeField(_("ditarik pada"), null=True, blank=True)
    withdrawal_reason = models.CharField(_("alasan"), max_length=300, blank=True)
    updated_at = models.DateTimeField(_("diperbarui"), auto_now=True, db_index=True)

    objects = ProgressQuerySet.as_manager()

    class Meta:
        verbose_name = _("realisasi")
        verbose_name_plural = _("realisasi")
        triggers = [
            stamped("progress_stamped"),
            written_once("progress_figures_stay", "employee", "value", "realised_on", "source", "sources", "entered_at"),
        ]
        indexes = [
            models.Index(fields=["target"], name="progress_current", condition=models.Q(withdrawn_at=None)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(value__isnull=True) | models.Q(value__gte=0),
                name="progress_is_not_negative",
                violation_error_message=_("Realisasi tidak boleh kurang dari nol."),
            ),
            models.UniqueConstraint(
                fields=["target"],
                condition=models.Q(source="TERUKUR", withdrawn_at=None),
                name="one_measured_figure_per_target",
            ),
            models.CheckConstraint(
                condition=models.Q(disputed_at__isnull=True) | (models.Q(source="KERTAS") & ~models.Q(dispute_reason="")),
                name="only_a_paper_entry_is_disputed_with_a_reason",
                violation_error_message=_("Yang dipersoalkan hanya isian dari formulir kertas, dengan alasan."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.target_id}: {self.value if self.value is not None else self.realised_on}"


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """Sensitive evidence is for its owner and the rating chain alone: the rater and his superior."""
        seen = self.filter(entry__in=ProgressEntry.objects.visible_to(viewer))
        chain = models.Q(entry__employee_id=viewer.employee_id) | models.Q(entry__employee_id__in=viewer.rates)
        chain |= models.Q(entry__target__indicator__plan__assessor_id__in=viewer.rates)
        return seen.filter(models.Q(sensitive=False) | chain)


class Evidence(models.Model):
    """A file (sealed by SHA-256, type by content) or a link (unsealed)."""

    entry = models.ForeignKey(ProgressEntry, models.CASCADE, related_name="evidence", verbose_name=_("realisasi"))
    kind = models.CharField(_("jenis"), max_length=6, choices=[("BERKAS", _("Berkas")), ("TAUTAN", _("Tautan"))])
    title = models.CharField(_("nama"), max_length=200)
    url = models.URLField(_("tautan"), max_length=500, blank=True)
    file = models.FileField(_("berkas"), upload_to="bukti/", blank=True)
    sha256 = models.CharField(_("sidik SHA-256"), max_length=64, blank=True)
    content_type = models.CharField(_("jenis isi"), max_length=60, blank=True)
    size = models.PositiveIntegerField(_("ukuran (byte)"), default=0)
    sensitive = models.BooleanField(_("rahasia"), default=False)
    uploaded_by = models.BigIntegerField(_("diunggah oleh"), null=True)
    uploaded_at = models.DateTimeField(_("diunggah pada"))

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("bukti dukung")
        verbose_name_plural = _("bukti dukung")
        constraints = [
            models.CheckConstraint(
                condition=(models.Q(kind="TAUTAN", file="") & ~models.Q(url=""))
                | (models.Q(kind="BERKAS", url="") & ~models.Q(file="") & ~models.Q(sha256="")),
                name="evidence_is_a_file_or_a_link",
                violation_error_message=_("Bukti adalah satu berkas atau satu tautan."),
            )
        ]

    def __str__(self) -> str:
        return self.title
