"""Days a person is not at his desk: leave of every kind, and official travel."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from bukittinggi_kinerja.common.models.tracking import remembered
from employees.rules.registers import MEDICAL_LEAVE, Register

from .registers_base import Spanned, ends, facts_stay, never_two, of_person


class LeaveKind(models.TextChoices):
    ANNUAL = "TAHUNAN", _("Cuti tahunan")
    LONG = "BESAR", _("Cuti besar")
    SICK = "SAKIT", _("Cuti sakit")
    MATERNITY = "MELAHIRKAN", _("Cuti melahirkan")
    URGENT = "ALASAN_PENTING", _("Cuti karena alasan penting")
    COLLECTIVE = "BERSAMA", _("Cuti bersama")
    UNPAID = "LUAR_TANGGUNGAN", _("Cuti di luar tanggungan negara")
    PERMITTED = "IZIN", _("Izin tidak masuk")


@remembered()
class Leave(Spanned):
    register = Register.LEAVE
    must_end = True
    facts = ("kind",)
    details = ("kind",)

    employee = of_person("leaves")
    kind = models.CharField(_("jenis cuti"), max_length=16, choices=LeaveKind.choices)

    class Meta(Spanned.Meta):
        verbose_name = _("cuti")
        verbose_name_plural = _("cuti")
        constraints = [
            *Spanned.Meta.constraints,
            never_two("one_leave_per_person_day", "employee", message=_("Pegawai ini sudah tercatat cuti pada tanggal itu.")),
            ends("leave_ends"),
        ]
        triggers = facts_stay("leave", "employee", "kind")

    def __str__(self) -> str:
        return str(self.employee)

    @property
    def closed(self) -> bool:
        return self.kind in MEDICAL_LEAVE


@remembered()
class OfficialTravel(Spanned):
    register = Register.TRAVEL
    must_end = True
    facts = ("destination", "purpose")

    employee = of_person("travels")
    destination = models.CharField(_("tujuan"), max_length=160)
    purpose = models.CharField(_("keperluan"), max_length=200, blank=True)

    class Meta(Spanned.Meta):
        verbose_name = _("dinas luar")
        verbose_name_plural = _("dinas luar")
        constraints = [
            *Spanned.Meta.constraints,
            never_two("one_travel_per_person_day", "employee", message=_("Pegawai ini sudah tercatat dinas luar pada tanggal itu.")),
            ends("travel_ends"),
        ]
        triggers = facts_stay("travel", "employee", "destination", "purpose")

    def __str__(self) -> str:
        return str(self.employee)
