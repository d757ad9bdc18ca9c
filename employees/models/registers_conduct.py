"""Disciplinary punishments, PP 94/2021: few eyes, each look remembered."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from bukittinggi_kinerja.common.models.tracking import remembered
from employees.rules.registers import Register, level_of

from .registers_base import Spanned, facts_stay, never_two, of_person


class PunishmentLevel(models.TextChoices):
    LIGHT = "RINGAN", _("Ringan")
    MEDIUM = "SEDANG", _("Sedang")
    HEAVY = "BERAT", _("Berat")


class Punishment(models.TextChoices):
    """Which level each belongs to, ``employees.rules.registers`` says."""

    SPOKEN = "TEGURAN_LISAN", _("Teguran lisan")
    WRITTEN = "TEGURAN_TERTULIS", _("Teguran tertulis")
    DISPLEASED = "TIDAK_PUAS", _("Pernyataan tidak puas secara tertulis")
    CUT_6 = "POTONG_6", _("Pemotongan tunjangan kinerja 25% selama 6 bulan")
    CUT_9 = "POTONG_9", _("Pemotongan tunjangan kinerja 25% selama 9 bulan")
    CUT_12 = "POTONG_12", _("Pemotongan tunjangan kinerja 25% selama 12 bulan")
    LOWERED = "TURUN_JABATAN", _("Penurunan jabatan setingkat lebih rendah selama 12 bulan")
    TO_STAFF = "BEBAS_JABATAN", _("Pembebasan dari jabatan menjadi pelaksana selama 12 bulan")
    DISMISSED = "BERHENTI", _("Pemberhentian dengan hormat tidak atas permintaan sendiri")


@remembered()
class Discipline(Spanned):
    """``valid`` are the days in which the punishment runs."""

    register = Register.DISCIPLINE
    facts = ("kind",)
    details = ("kind",)

    employee = of_person("disciplines")
    kind = models.CharField(_("hukuman disiplin"), max_length=20, choices=Punishment.choices)

    class Meta(Spanned.Meta):
        verbose_name = _("hukuman disiplin")
        verbose_name_plural = _("hukuman disiplin")
        constraints = [
            *Spanned.Meta.constraints,
            never_two("one_punishment_of_a_kind_per_day", "employee", "kind", message=_("Hukuman ini sudah tercatat pada tanggal itu.")),
            models.CheckConstraint(
                condition=~models.Q(letter_number=""),
                name="punishment_has_a_letter",
                violation_error_message=_("Isi nomor surat keputusan hukuman disiplin."),
            ),
        ]
        triggers = facts_stay("discipline", "employee", "kind")

    def __str__(self) -> str:
        return str(self.employee)

    @property
    def level(self) -> str:
        return str(PunishmentLevel(level_of(self.kind)).label)
