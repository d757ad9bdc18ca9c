"""Groups of staff and how each is appraised, dated (local, imported, none)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from bukittinggi_kinerja.common.models import PolicyVersion
from bukittinggi_kinerja.common.models.policy import one_version_a_day
from bukittinggi_kinerja.common.models.tracking import remembered


class Regime(models.TextChoices):
    LOCAL = "LOCAL", _("Dinilai di sini")
    IMPORTED = "IMPORTED", _("Hasil diimpor")
    NONE = "NONE", _("Tidak dinilai")


class CycleKind(models.TextChoices):
    MONTH = "BULAN", _("Bulanan")
    QUARTER = "TRIWULAN", _("Triwulanan")


@remembered()
class StaffGroup(models.Model):
    code = models.SlugField(_("kode"), max_length=30, unique=True)
    name = models.CharField(_("nama"), max_length=120)

    class Meta:
        verbose_name = _("kelompok pegawai")
        verbose_name_plural = _("kelompok pegawai")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


@remembered()
class AppraisalRegime(PolicyVersion):
    """How one group is appraised in the days of ``valid``, and by what period."""

    group = models.ForeignKey(StaffGroup, models.PROTECT, related_name="regimes", verbose_name=_("kelompok"))
    regime = models.CharField(_("cara penilaian"), max_length=10, choices=Regime.choices)
    cycle_kind = models.CharField(_("periode"), max_length=10, choices=CycleKind.choices, default=CycleKind.MONTH)

    class Meta:
        verbose_name = _("cara penilaian kelompok")
        verbose_name_plural = _("cara penilaian kelompok")
        constraints = [
            one_version_a_day(
                "one_regime_per_group_and_day", "group", message=_("Kelompok ini sudah mempunyai cara penilaian pada tanggal itu.")
            )
        ]
