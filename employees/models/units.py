"""The unit tree. A unit keeps its parent for life: a move, merge or split makes a successor."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.utils.translation import gettext_lazy as _

from bukittinggi_kinerja.common.models.tracking import remembered, stamped

if TYPE_CHECKING:
    from employees.rules.viewing import Viewer


class UnitKind(models.TextChoices):
    CITY = "KOTA", _("Pemerintah Kota")
    AGENCY = "OPD", _("Perangkat Daerah")
    DIVISION = "BIDANG", _("Bidang/Bagian/Sekretariat")
    SECTION = "SEKSI", _("Seksi/Subbagian/Subbidang")
    TECHNICAL_UNIT = "UPTD", _("UPTD/Sekolah/Puskesmas")
    SUBDISTRICT = "KELURAHAN", _("Kelurahan")


class OrgUnitQuerySet(models.QuerySet["OrgUnit"]):
    def in_force(self, *, on: dt.date) -> Self:
        return self.filter(valid__contains=on)

    def below(self, path: str) -> Self:
        """The unit of ``path`` and everything under it."""
        return self.filter(path__startswith=path)

    def visible_to(self, viewer: Viewer) -> Self:
        """The tree itself is no secret to anyone who is signed in."""
        return self if viewer.signed_in else self.none()


@remembered()
class OrgUnit(models.Model):
    code = models.CharField(_("kode"), max_length=40, unique=True)
    name = models.CharField(_("nama"), max_length=160)
    kind = models.CharField(_("jenis"), max_length=12, choices=UnitKind.choices)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("induk"))
    #: Codes from the root, each followed by "/": a prefix means "below".
    path = models.CharField(_("jalur kode"), max_length=400, unique=True)
    #: Names from the first level, joined by " / ": how an import may name the unit.
    full_name = models.CharField(_("jalur nama"), max_length=800)
    valid = DateRangeField(_("berlaku"))
    updated_at = models.DateTimeField(_("diperbarui"), auto_now=True, db_index=True)

    objects = OrgUnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("unit kerja")
        verbose_name_plural = _("unit kerja")
        ordering = ["path"]
        triggers = [stamped("unit_stamped")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(path__endswith="/"),
                name="unit_path_ends_with_slash",
                violation_error_message=_("Jalur kode unit harus berakhir dengan garis miring."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SuccessionKind(models.TextChoices):
    RENAME = "GANTI_NAMA", _("Ganti nama")
    MERGE = "GABUNG", _("Gabung")
    SPLIT = "PECAH", _("Pecah")
    MOVE = "PINDAH", _("Pindah induk")


@remembered()
class UnitSuccession(models.Model):
    predecessor = models.ForeignKey(OrgUnit, models.PROTECT, related_name="successions", verbose_name=_("unit lama"))
    successor = models.ForeignKey(OrgUnit, models.PROTECT, related_name="origins", verbose_name=_("unit baru"))
    kind = models.CharField(_("jenis"), max_length=12, choices=SuccessionKind.choices)
    on = models.DateField(_("berlaku sejak"))
    decree = models.CharField(_("dasar"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("penerus unit")
        verbose_name_plural = _("penerus unit")
        constraints = [
            models.UniqueConstraint(fields=["predecessor", "successor"], name="succession_once"),
            models.CheckConstraint(
                condition=~models.Q(predecessor=models.F("successor")),
                name="succession_between_two",
                violation_error_message=_("Unit tidak dapat menjadi penerus dirinya sendiri."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor}"
