"""The numbers of the appraisal rule, as dated versions."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from appraisal.rules.vocabulary import Depth
from bukittinggi_kinerja.common.models import PolicyVersion
from bukittinggi_kinerja.common.models.policy import one_version_a_day
from bukittinggi_kinerja.common.models.tracking import remembered


class YearRule(models.TextChoices):
    """Which version rules the year in which the rule changed."""

    BY_PERIOD = "PERIODE", _("Tiap periode memakai versi yang berlaku pada hari pertamanya")
    OLD_TO_YEAR_END = "LAMA", _("Periode sampai akhir tahun itu tetap memakai versi sebelumnya")


def governing(day: dt.date) -> AppraisalPolicy | None:
    """The version that rules a period beginning on this day, as adopted today; it may be the one before the one in force."""
    found: AppraisalPolicy | None = AppraisalPolicy.objects.in_force(on=day).first()
    begun = found.valid.lower if found else None
    if found is None or begun is None or found.year_rule == YearRule.BY_PERIOD or begun.year != day.year:
        return found
    before: AppraisalPolicy | None = AppraisalPolicy.objects.in_force(on=begun - dt.timedelta(days=1)).first()
    return before or found


def percent(label: Any, default: str) -> models.DecimalField[Decimal, Decimal]:
    return models.DecimalField(label, max_digits=6, decimal_places=2, default=Decimal(default))


@remembered()
class AppraisalPolicy(PolicyVersion):
    """Percentages have two decimals; ``*_workdays`` count working days after the period's last day."""

    achievement_cap = percent(_("batas atas capaian (%)"), "120.00")
    result_above = percent(_("saran hasil: di atas mulai"), "110.00")
    result_meets = percent(_("saran hasil: sesuai mulai"), "90.00")
    behaviour_above = percent(_("saran perilaku: di atas mulai"), "2.50")
    behaviour_meets = percent(_("saran perilaku: sesuai mulai"), "1.50")
    behaviour_minimum = models.PositiveSmallIntegerField(_("nilai perilaku paling sedikit"), default=4)
    behaviour_depth = models.CharField(
        _("tujuh nilai diisi"), max_length=12, choices=[(d.value, d.value.title()) for d in Depth], default=Depth.MONTHLY
    )
    example_required = models.BooleanField(_("contoh wajib untuk di atas/di bawah"), default=True)
    links_support_above = models.BooleanField(_("tautan saja cukup untuk di atas"), default=False)
    progress_workdays = models.PositiveSmallIntegerField(_("batas realisasi (hari kerja)"), default=3)
    rating_workdays = models.PositiveSmallIntegerField(_("batas penilaian (hari kerja)"), default=5)
    evidence_max_bytes = models.PositiveIntegerField(_("ukuran bukti paling besar (byte)"), default=5 * 1024 * 1024)
    evidence_quota_bytes = models.BigIntegerField(_("kuota bukti per orang per tahun (byte)"), default=200 * 1024 * 1024)

    dispute_workdays = models.PositiveSmallIntegerField(_("batas mempersoalkan isian pengelola (hari kerja)"), default=5)
    smallest_cell = models.PositiveSmallIntegerField(_("jumlah agregat paling kecil (orang)"), default=5)
    year_rule = models.CharField(_("aturan bagi tahun perubahan"), max_length=8, choices=YearRule.choices, default=YearRule.BY_PERIOD)

    class Meta:
        verbose_name = _("aturan penilaian")
        verbose_name_plural = _("aturan penilaian")
        constraints = [
            one_version_a_day("one_appraisal_policy_per_day", message=_("Sudah ada aturan penilaian yang berlaku pada tanggal itu.")),
            models.CheckConstraint(
                condition=models.Q(result_meets__lt=models.F("result_above"), behaviour_meets__lt=models.F("behaviour_above")),
                name="appraisal_thresholds_in_order",
                violation_error_message=_("Ambang sesuai harus lebih rendah daripada ambang di atas."),
            ),
            models.CheckConstraint(
                condition=models.Q(progress_workdays__lte=models.F("rating_workdays")),
                name="progress_closes_before_rating",
                violation_error_message=_("Batas realisasi tidak boleh sesudah batas penilaian."),
            ),
        ]
