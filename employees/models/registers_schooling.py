"""Education: what somebody has finished, where and when."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from bukittinggi_kinerja.common.models.tracking import remembered
from employees.rules.registers import Register

from .registers_base import NUMBERS, STANDING, Kept, facts_stay, of_person

FIRST_YEAR, LAST_YEAR = 1950, 2099


class SchoolLevel(models.TextChoices):
    PRIMARY = "SD", _("SD")
    LOWER = "SMP", _("SMP")
    UPPER = "SMA", _("SMA/SMK")
    DIPLOMA_1 = "D1", _("D-I")
    DIPLOMA_2 = "D2", _("D-II")
    DIPLOMA_3 = "D3", _("D-III")
    DIPLOMA_4 = "D4", _("D-IV")
    BACHELOR = "S1", _("S-1")
    PROFESSION = "PROFESI", _("Profesi")
    MASTER = "S2", _("S-2")
    DOCTOR = "S3", _("S-3")


@remembered()
class Education(Kept):
    register = Register.EDUCATION
    facts = ("level", "major", "school", "graduated", "certificate_number")

    employee = of_person("educations")
    level = models.CharField(_("jenjang"), max_length=8, choices=SchoolLevel.choices)
    major = models.CharField(_("jurusan"), max_length=160, blank=True)
    school = models.CharField(_("sekolah atau perguruan tinggi"), max_length=200)
    graduated = models.PositiveSmallIntegerField(_("tahun lulus"))
    certificate_number = models.CharField(_("nomor ijazah"), max_length=NUMBERS, blank=True)

    class Meta:
        verbose_name = _("pendidikan")
        verbose_name_plural = _("pendidikan")
        constraints = [
            models.UniqueConstraint(
                fields=["employee", "level", "school", "graduated"],
                condition=STANDING,
                name="one_graduation_once",
                violation_error_message=_("Kelulusan ini sudah tercatat."),
            ),
            models.CheckConstraint(
                condition=models.Q(graduated__range=(FIRST_YEAR, LAST_YEAR)),
                name="graduated_in_a_likely_year",
                violation_error_message=_("Tahun lulus ditulis empat angka, misalnya 2012."),
            ),
        ]
        triggers = facts_stay("education", "employee", "level", "major", "school", "graduated", "certificate_number")

    def __str__(self) -> str:
        return f"{self.level} {self.graduated}"
