"""How much is asked of whom: who is not judged because of leave, and when a dialogue is required. Dated versions."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from bukittinggi_kinerja.common.models import PolicyVersion
from bukittinggi_kinerja.common.models.policy import adopted_stays, one_version_a_day
from bukittinggi_kinerja.common.models.tracking import remembered
from employees.models import LeaveKind


def every_kind() -> list[str]:
    return list(LeaveKind.values)


@remembered()
class DepthPolicy(PolicyVersion):
    """The version in force on the first day of a period rules it; a plan, that of the day on which it is set."""

    leave_kinds = ArrayField(
        models.CharField(max_length=16, choices=LeaveKind.choices),
        verbose_name=_("cuti yang membebaskan dari penilaian"),
        default=every_kind,
        blank=True,
        help_text=_("Kosongkan agar tidak ada cuti yang membebaskan."),
    )
    least_workdays = models.PositiveSmallIntegerField(
        _("hari kerja hadir paling sedikit untuk dinilai"),
        default=1,
        help_text=_("1: hanya yang cuti sepanjang periode tidak dinilai."),
    )
    dialogue_at_plan = models.BooleanField(_("catatan dialog wajib saat SKP ditetapkan"), default=False)
    dialogue_below_good = models.BooleanField(_("catatan dialog wajib untuk predikat di bawah Baik"), default=False)

    class Meta:
        verbose_name = _("aturan cuti dan dialog dalam penilaian")
        verbose_name_plural = _("aturan cuti dan dialog dalam penilaian")
        triggers = adopted_stays()
        constraints = [
            one_version_a_day("one_depth_policy_per_day", message=_("Sudah ada aturan cuti dan dialog yang berlaku pada tanggal itu.")),
            models.CheckConstraint(
                condition=models.Q(least_workdays__range=(1, 20)),
                name="judged_from_1_to_20_workdays",
                violation_error_message=_("Hari kerja hadir paling sedikit antara 1 dan 20."),
            ),
        ]
