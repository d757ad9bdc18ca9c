"""Cycles: one period of one group of staff, with a life and two deadlines."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from appraisal.rules.lifecycle import CycleState
from bukittinggi_kinerja.common.models.tracking import stamped
from bukittinggi_kinerja.common.period import Period
from employees.models import CycleKind, StaffGroup

from .policy import AppraisalPolicy

if TYPE_CHECKING:
    from employees.rules.viewing import Viewer

CYCLE_STATES = [
    (CycleState.RUNNING.value, _("Berjalan")),
    (CycleState.RATING.value, _("Penilaian")),
    (CycleState.CLOSED.value, _("Ditutup")),
    (CycleState.PUBLISHED.value, _("Terbit")),
]


class CycleQuerySet(models.QuerySet["Cycle"]):
    def visible_to(self, viewer: Viewer) -> Self:
        return self if viewer.signed_in else self.none()

    def unfinished(self) -> Self:
        return self.exclude(state=CycleState.PUBLISHED)

    def containing(self, day: dt.date) -> Self:
        return self.filter(start__lte=day, end__gt=day)


class Cycle(models.Model):
    """``[start, end)``; deadlines are the last admissible second, Asia/Jakarta working days after the end."""

    period = models.CharField(_("periode"), max_length=7)
    kind = models.CharField(_("jenis periode"), max_length=10, choices=CycleKind.choices)
    group = models.ForeignKey(StaffGroup, models.PROTECT, related_name="cycles", verbose_name=_("kelompok"))
    policy = models.ForeignKey(AppraisalPolicy, models.PROTECT, related_name="cycles", verbose_name=_("aturan"))
    start = models.DateField(_("mulai"))
    end = models.DateField(_("berakhir sebelum"))
    state = models.CharField(_("keadaan"), max_length=10, choices=CYCLE_STATES, default=CycleState.RUNNING.value)
    progress_due = models.DateTimeField(_("batas realisasi"))
    rating_due = models.DateTimeField(_("batas penilaian"))
    #: As opened; empty until a decision for the whole city moves the deadline.
    opened_progress_due = models.DateTimeField(_("batas realisasi semula"), null=True, blank=True)
    opened_rating_due = models.DateTimeField(_("batas penilaian semula"), null=True, blank=True)
    published_at = models.DateTimeField(_("terbit pada"), null=True, blank=True)
    version = models.PositiveIntegerField(_("versi"), default=1)
    updated_at = models.DateTimeField(_("diperbarui"), auto_now=True, db_index=True)

    objects = CycleQuerySet.as_manager()

    class Meta:
        verbose_name = _("siklus penilaian")
        verbose_name_plural = _("siklus penilaian")
        ordering = ["start", "group_id"]
        triggers = [stamped("cycle_stamped")]
        constraints = [
            models.UniqueConstraint(fields=["group", "start"], name="one_cycle_per_group_and_start"),
            models.CheckConstraint(
                condition=models.Q(start__lt=models.F("end"), progress_due__lte=models.F("rating_due")),
                name="cycle_dates_in_order",
                violation_error_message=_("Urutan tanggal siklus tidak benar."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period} {self.group_id}"

    @property
    def as_period(self) -> Period:
        return Period.parse(self.period)
