"""Service types and their standard time as dated policy."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from bukittinggi_kinerja.common.models import PolicyVersion
from bukittinggi_kinerja.common.models.policy import one_version_a_day
from bukittinggi_kinerja.common.models.tracking import remembered


@remembered()
class ServiceType(models.Model):
    code = models.CharField(_("kode"), max_length=40, unique=True)
    name = models.CharField(_("nama"), max_length=200)
    technical_agency = models.CharField(_("OPD teknis"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("jenis layanan")
        verbose_name_plural = _("jenis layanan")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


@remembered()
class ServiceStandard(PolicyVersion):
    """Standard time in working days and the cut-off hour (Asia/Jakarta) after which day 0 is the next day."""

    service_type = models.ForeignKey(ServiceType, models.PROTECT, related_name="standards", verbose_name=_("jenis layanan"))
    workdays = models.PositiveSmallIntegerField(_("standar (hari kerja)"))
    cut_off = models.TimeField(_("jam batas"), default="15:00")

    class Meta:
        verbose_name = _("standar layanan")
        verbose_name_plural = _("standar layanan")
        constraints = [
            one_version_a_day(
                "one_standard_per_service_and_day", "service_type", message=_("Layanan ini sudah mempunyai standar pada tanggal itu.")
            )
        ]
