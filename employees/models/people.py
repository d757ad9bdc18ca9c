"""People: civil servants, contract staff, and raters who are neither."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from bukittinggi_kinerja.common.models.tracking import remembered

if TYPE_CHECKING:
    from employees.rules.viewing import Viewer


class EmploymentKind(models.TextChoices):
    PNS = "PNS", _("PNS")
    CPNS = "CPNS", _("CPNS")
    PPPK = "PPPK", _("PPPK")
    PPPK_PART_TIME = "PPPK_PARUH_WAKTU", _("PPPK paruh waktu")
    NOT_ASN = "NON_ASN", _("Bukan ASN")


class Sex(models.TextChoices):
    MALE = "L", _("Laki-laki")
    FEMALE = "P", _("Perempuan")


class Status(models.TextChoices):
    ACTIVE = "AKTIF", _("Aktif")
    LEAVE = "CUTI", _("Cuti")
    STUDY = "TUGAS_BELAJAR", _("Tugas belajar")
    INACTIVE = "NONAKTIF", _("Nonaktif")
    RETIRED = "PENSIUN", _("Pensiun")


class Grade(models.Model):
    """Golongan ruang with its rank; PPPK grades I-XVII have no rank."""

    code = models.CharField(_("golongan"), max_length=6, unique=True)
    rank = models.CharField(_("pangkat"), max_length=40, blank=True)
    order = models.PositiveSmallIntegerField(_("urutan"))
    contract = models.BooleanField(_("golongan PPPK"), default=False)

    class Meta:
        verbose_name = _("golongan")
        verbose_name_plural = _("golongan")
        ordering = ["contract", "order"]

    def __str__(self) -> str:
        return f"{self.rank} ({self.code})" if self.rank else self.code


class EmployeeQuerySet(models.QuerySet["Employee"]):
    def found_by(self, word: str) -> Self:
        """By the beginning of the NIP, or by a part of the name; both have an index of their own."""
        return self.filter(nip__startswith=word) if word.isdigit() else self.filter(name__icontains=word)

    def visible_to(self, viewer: Viewer) -> Self:
        """People whom this viewer may see today, by the postings in force on ``viewer.on``.

        Everyone himself; a rater those he rates; the head of a unit all in it and below; pengelola his
        OPD; bkpsdm and inspektorat all; pimpinan persons only where he rates.
        """
        if viewer.sees_all_people:
            return self
        if not viewer.signed_in:
            return self.none()
        seen = models.Q(id=viewer.employee_id) | models.Q(id__in=viewer.rates)
        if viewer.unit_paths:
            postings: Any = self.model._meta.get_field("postings").related_model._default_manager  # type: ignore[union-attr]  # noqa: SLF001
            seen |= models.Q(id__in=postings.in_force(on=viewer.on).under(viewer.unit_paths).values("employee_id"))
        return self.filter(seen)


@remembered()
class Employee(models.Model):
    nip = models.CharField(_("NIP/NI PPPK"), max_length=18, unique=True, null=True, blank=True)
    name = models.CharField(_("nama"), max_length=120)
    kind = models.CharField(_("jenis pegawai"), max_length=16, choices=EmploymentKind.choices)
    sex = models.CharField(_("jenis kelamin"), max_length=1, choices=Sex.choices, blank=True)
    birth_date = models.DateField(_("tanggal lahir"), null=True, blank=True)
    grade = models.ForeignKey(Grade, models.PROTECT, null=True, blank=True, verbose_name=_("golongan"))
    email = models.EmailField(_("surel"), blank=True)
    status = models.CharField(_("status"), max_length=14, choices=Status.choices, default=Status.ACTIVE)
    updated_at = models.DateTimeField(_("diperbarui"), auto_now=True, db_index=True)

    objects = EmployeeQuerySet.as_manager()

    class Meta:
        verbose_name = _("pegawai")
        verbose_name_plural = _("pegawai")
        ordering = ["name", "id"]
        indexes = [GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name="employee_name_parts")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(nip__isnull=True) | models.Q(nip__regex=r"^[0-9]{18}$"),
                name="nip_has_18_digits",
                violation_error_message=_("NIP harus 18 angka."),
            ),
            models.CheckConstraint(
                condition=models.Q(kind="NON_ASN") | models.Q(nip__isnull=False),
                name="nip_required_for_asn",
                violation_error_message=_("Pegawai ASN harus mempunyai NIP."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
