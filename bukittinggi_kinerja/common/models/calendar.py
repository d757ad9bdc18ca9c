"""The city's calendar: which years are loaded and which days are closed. HR may correct it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from .tracking import remembered


class ClosedDayKind(models.TextChoices):
    NATIONAL = "LIBUR_NASIONAL", _("Libur nasional")
    JOINT_LEAVE = "CUTI_BERSAMA", _("Cuti bersama")
    LOCAL = "LIBUR_LOKAL", _("Libur lokal")


@remembered()
class CalendarYear(models.Model):
    """A year whose closed days are complete. Outside loaded years nothing is computed."""

    year = models.PositiveSmallIntegerField(_("tahun"), primary_key=True)
    decree = models.CharField(_("dasar (SKB)"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("tahun kalender")
        verbose_name_plural = _("tahun kalender")

    def __str__(self) -> str:
        return str(self.year)


@remembered()
class ClosedDay(models.Model):
    date = models.DateField(_("tanggal"), unique=True)
    kind = models.CharField(_("jenis"), max_length=16, choices=ClosedDayKind.choices)
    name = models.CharField(_("nama"), max_length=160)
    decree = models.CharField(_("dasar"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("hari libur")
        verbose_name_plural = _("hari libur")
        ordering = ["date"]

    def __str__(self) -> str:
        return f"{self.date} {self.name}"
