"""Dialogues between rater and rated: that they spoke, when, about what and what they agreed. A note is never changed; the latest counts."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from bukittinggi_kinerja.common.models.tracking import append_only
from employees.models import Employee

from .assessments import Assessment
from .plans import PerformancePlan


class Dialogue(models.Model):
    """About one plan as it was to be set (``plan_revision``), or about one rating; ``led_by`` spoke for the rater's side: he himself or his substitute."""

    plan = models.ForeignKey(PerformancePlan, models.PROTECT, null=True, blank=True, related_name="dialogues", verbose_name=_("SKP"))
    assessment = models.ForeignKey(Assessment, models.PROTECT, null=True, blank=True, related_name="dialogues", verbose_name=_("penilaian"))
    plan_revision = models.PositiveSmallIntegerField(_("revisi SKP ke"), default=0)
    held_on = models.DateField(_("tanggal dialog"))
    summary = models.TextField(_("ringkasan dialog"), max_length=600)
    agreed = models.TextField(_("tindakan yang disepakati"), max_length=600, blank=True)
    led_by = models.ForeignKey(Employee, models.PROTECT, related_name="+", verbose_name=_("dipimpin oleh"))
    recorded_at = models.DateTimeField(_("dicatat pada"))

    class Meta:
        verbose_name = _("catatan dialog")
        verbose_name_plural = _("catatan dialog")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(plan__isnull=True) ^ models.Q(assessment__isnull=True),
                name="dialogue_about_a_plan_or_a_rating",
                violation_error_message=_("Catatan dialog menyangkut satu SKP atau satu penilaian."),
            ),
            models.CheckConstraint(
                condition=~models.Q(summary=""),
                name="dialogue_has_a_summary",
                violation_error_message=_("Tulis ringkasan dialog."),
            ),
        ]
        triggers = append_only("dialogue")

    def __str__(self) -> str:
        return f"{self.plan_id or self.assessment_id} {self.held_on}"
