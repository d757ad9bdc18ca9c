"""Ongoing feedback (umpan balik berkelanjutan)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from appraisal.rules.vocabulary import BehaviourValue
from employees.models import Employee

from .plans import WorkResult

if TYPE_CHECKING:
    from employees.rules.viewing import Viewer


class FeedbackQuerySet(models.QuerySet["Feedback"]):
    def standing(self) -> Self:
        return self.filter(withdrawn_at=None)

    def visible_to(self, viewer: Viewer) -> Self:
        """The person it is about, its author, the rating chain, and who sees all."""
        if viewer.sees_all_people:
            return self
        chain = models.Q(employee_id__in=viewer.rates)
        return self.filter(models.Q(employee_id=viewer.employee_id) | models.Q(author_id=viewer.employee_id) | chain)


class Feedback(models.Model):
    employee = models.ForeignKey(Employee, models.PROTECT, related_name="feedback", verbose_name=_("untuk"))
    author = models.ForeignKey(Employee, models.PROTECT, related_name="feedback_given", verbose_name=_("dari"))
    source = models.CharField(
        _("sebagai"),
        max_length=18,
        choices=[
            ("PIMPINAN", _("Pimpinan")),
            ("REKAN", _("Rekan")),
            ("BAWAHAN", _("Bawahan")),
            ("PENERIMA_LAYANAN", _("Penerima layanan")),
        ],
    )
    work_result = models.ForeignKey(
        WorkResult, models.SET_NULL, null=True, blank=True, related_name="feedback", verbose_name=_("tentang RHK")
    )
    behaviour = models.CharField(_("tentang perilaku"), max_length=2, choices=[(b.value, b.value) for b in BehaviourValue], blank=True)
    tone = models.CharField(_("sifat"), max_length=10, choices=[("APRESIASI", _("Apresiasi")), ("PERBAIKAN", _("Perbaikan"))])
    happened_on = models.DateField(_("tanggal kejadian"))
    text = models.TextField(_("isi"), max_length=600)
    link = models.URLField(_("tautan bukti"), blank=True)
    created_at = models.DateTimeField(_("dibuat"), db_index=True)
    seen_at = models.DateTimeField(_("dilihat"), null=True, blank=True)
    reply = models.TextField(_("tanggapan"), max_length=600, blank=True)
    withdrawn_at = models.DateTimeField(_("ditarik"), null=True, blank=True)

    objects = FeedbackQuerySet.as_manager()

    class Meta:
        verbose_name = _("umpan balik")
        verbose_name_plural = _("umpan balik")
        ordering = ["-happened_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(employee=models.F("author")),
                name="feedback_is_from_another",
                violation_error_message=_("Umpan balik ditulis oleh orang lain."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.tone} {self.employee_id} {self.happened_on}"
