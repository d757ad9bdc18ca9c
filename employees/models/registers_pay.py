"""What pay is reckoned from: the class of a post, the rupiah of a class, the account, the tax category."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from bukittinggi_kinerja.common.models.tracking import remembered
from employees.rules.registers import Register, masked_number

from .posts import Position
from .registers_base import Spanned, facts_stay, never_two, of_person
from .units import OrgUnit

HIGHEST_CLASS = 17
TWICE = _("Kelas ini sudah mempunyai TPP dasar pada tanggal itu.")


@remembered()
class JobClass(Spanned):
    """Kelas jabatan of a title of the catalogue, from a day on."""

    register = Register.JOB_CLASS
    follows = True
    facts = ("position", "job_class")

    position = models.ForeignKey(Position, models.PROTECT, related_name="classes", verbose_name=_("jabatan"))
    job_class = models.PositiveSmallIntegerField(_("kelas jabatan"))

    class Meta(Spanned.Meta):
        verbose_name = _("kelas jabatan")
        verbose_name_plural = _("kelas jabatan")
        constraints = [
            *Spanned.Meta.constraints,
            never_two("one_class_per_post_day", "position", message=_("Jabatan ini sudah mempunyai kelas pada tanggal itu.")),
            models.CheckConstraint(
                condition=models.Q(job_class__range=(1, HIGHEST_CLASS)),
                name="class_of_post_1_to_17",
                violation_error_message=_("Kelas jabatan antara 1 dan 17."),
            ),
        ]
        triggers = facts_stay("jobclass", "position", "job_class")

    def __str__(self) -> str:
        return str(self.job_class)


class AllowanceCriterion(models.TextChoices):
    """Criteria of the additional income; each adds to the others."""

    LOAD = "BEBAN_KERJA", _("Beban kerja")
    ACHIEVEMENT = "PRESTASI_KERJA", _("Prestasi kerja")
    CONDITION = "KONDISI_KERJA", _("Kondisi kerja")
    PLACE = "TEMPAT_BERTUGAS", _("Tempat bertugas")
    SCARCITY = "KELANGKAAN_PROFESI", _("Kelangkaan profesi")
    OTHER = "PERTIMBANGAN_OBJEKTIF", _("Pertimbangan objektif lainnya")


@remembered()
class AllowanceBase(Spanned):
    """Whole rupiah a month of a class and criterion; those of a unit go before those of the city."""

    register = Register.ALLOWANCE
    follows = True
    facts = ("job_class", "criterion", "unit", "amount")

    job_class = models.PositiveSmallIntegerField(_("kelas jabatan"))
    criterion = models.CharField(_("kriteria"), max_length=24, choices=AllowanceCriterion.choices, default=AllowanceCriterion.LOAD)
    unit = models.ForeignKey(OrgUnit, models.PROTECT, null=True, blank=True, related_name="allowances", verbose_name=_("unit kerja"))
    amount = models.PositiveBigIntegerField(_("rupiah sebulan"))

    class Meta(Spanned.Meta):
        verbose_name = _("TPP dasar")
        verbose_name_plural = _("TPP dasar")
        constraints = [
            *Spanned.Meta.constraints,
            never_two("one_base_per_class_day", "job_class", "criterion", only=models.Q(unit=None), message=TWICE),
            never_two("one_base_per_class_unit_day", "job_class", "criterion", "unit", only=models.Q(unit__isnull=False), message=TWICE),
            models.CheckConstraint(
                condition=models.Q(job_class__range=(1, HIGHEST_CLASS)),
                name="class_of_base_1_to_17",
                violation_error_message=_("Kelas jabatan antara 1 dan 17."),
            ),
            models.CheckConstraint(
                condition=~models.Q(letter_number=""),
                name="base_has_a_decree",
                violation_error_message=_("Isi nomor keputusan."),
            ),
        ]
        triggers = facts_stay("allowancebase", "job_class", "criterion", "unit", "amount")

    def __str__(self) -> str:
        return f"{self.job_class} {self.criterion}"


# The memory of this table tells when and by whom; the number stands in the row alone, where a trigger holds it.
@remembered(exclude=["number", "holder"])
class BankAccount(Spanned):
    register = Register.BANK
    follows = True
    facts = ("bank", "number", "holder")
    details = ("number", "holder")

    employee = of_person("bank_accounts")
    bank = models.CharField(_("bank"), max_length=80)
    number = models.CharField(_("nomor rekening"), max_length=20)
    holder = models.CharField(_("atas nama"), max_length=120)

    class Meta(Spanned.Meta):
        verbose_name = _("rekening")
        verbose_name_plural = _("rekening")
        constraints = [
            *Spanned.Meta.constraints,
            never_two("one_account_per_person_day", "employee", message=_("Pegawai ini sudah mempunyai rekening pada tanggal itu.")),
            models.CheckConstraint(
                condition=models.Q(number__regex=r"^[0-9]{8,20}$"),
                name="account_number_has_8_to_20_digits",
                violation_error_message=_("Nomor rekening ditulis 8 sampai 20 angka, tanpa spasi."),
            ),
        ]
        triggers = facts_stay("bankaccount", "employee", "bank", "number", "holder")

    def __str__(self) -> str:
        return f"{self.bank} {self.masked}"

    @property
    def masked(self) -> str:
        return masked_number(self.number)


class TaxStatus(models.TextChoices):
    """PTKP: unmarried or married, with up to three dependants."""

    SINGLE_0 = "TK/0", "TK/0"
    SINGLE_1 = "TK/1", "TK/1"
    SINGLE_2 = "TK/2", "TK/2"
    SINGLE_3 = "TK/3", "TK/3"
    MARRIED_0 = "K/0", "K/0"
    MARRIED_1 = "K/1", "K/1"
    MARRIED_2 = "K/2", "K/2"
    MARRIED_3 = "K/3", "K/3"


@remembered()
class TaxCategory(Spanned):
    register = Register.TAX
    follows = True
    facts = ("status",)
    details = ("status",)

    employee = of_person("tax_categories")
    status = models.CharField(_("status PTKP"), max_length=4, choices=TaxStatus.choices)

    class Meta(Spanned.Meta):
        verbose_name = _("kategori pajak")
        verbose_name_plural = _("kategori pajak")
        constraints = [
            *Spanned.Meta.constraints,
            never_two("one_tax_category_per_day", "employee", message=_("Pegawai ini sudah mempunyai kategori pajak pada tanggal itu.")),
        ]
        triggers = facts_stay("taxcategory", "employee", "status")

    def __str__(self) -> str:
        return str(self.employee)
