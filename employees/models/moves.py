"""How people leave: the numbers that rule it, contracts with an end, ends of service, and reports of wrong data."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from bukittinggi_kinerja.common.models import PolicyVersion
from bukittinggi_kinerja.common.models.policy import adopted_stays, one_version_a_day
from bukittinggi_kinerja.common.models.tracking import remembered

from .people import Employee
from .posts import PositionKind
from .units import OrgUnit

if TYPE_CHECKING:
    from employees.rules.viewing import Viewer


@remembered()
class RetirementAge(PolicyVersion):
    """Batas usia pensiun of one kind of post; ``title_word`` narrows it to titles that hold these words."""

    kind = models.CharField(_("jenis jabatan"), max_length=16, choices=PositionKind.choices)
    title_word = models.CharField(
        _("kata dalam nama jabatan"), max_length=60, blank=True, help_text=_("Misalnya Ahli Utama. Kosongkan untuk semua yang lain.")
    )
    age = models.PositiveSmallIntegerField(_("batas usia pensiun"))

    class Meta:
        verbose_name = _("batas usia pensiun")
        verbose_name_plural = _("batas usia pensiun")
        ordering = ["kind", "title_word"]
        triggers = adopted_stays()
        constraints = [
            one_version_a_day(
                "one_retirement_age_a_day",
                "kind",
                "title_word",
                message=_("Jabatan ini sudah mempunyai batas usia pensiun pada tanggal itu."),
            ),
            models.CheckConstraint(
                condition=models.Q(age__range=(50, 75)),
                name="retirement_age_50_to_75",
                violation_error_message=_("Batas usia pensiun antara 50 dan 75 tahun."),
            ),
        ]


@remembered()
class MovePolicy(PolicyVersion):
    """Days that rule moves: for answering a report of wrong data and mending it, for reading after the end of service, for alerts."""

    report_workdays = models.PositiveSmallIntegerField(_("menjawab laporan data (hari kerja)"), default=5)
    mending_workdays = models.PositiveSmallIntegerField(_("membetulkan data yang diterima (hari kerja)"), default=5)
    reading_days = models.PositiveSmallIntegerField(_("akun dapat dibaca setelah berhenti (hari)"), default=90)
    contract_days = models.PositiveSmallIntegerField(_("peringatan akhir kontrak (hari)"), default=90)

    class Meta:
        verbose_name = _("aturan mutasi dan akhir tugas")
        verbose_name_plural = _("aturan mutasi dan akhir tugas")
        triggers = adopted_stays()
        constraints = [
            one_version_a_day("one_move_policy_a_day", message=_("Pada tanggal itu sudah ada aturan mutasi lain.")),
            models.CheckConstraint(
                condition=models.Q(report_workdays__range=(1, 60)),
                name="report_answered_in_60_workdays",
                violation_error_message=_("Laporan dijawab dalam 1 sampai 60 hari kerja."),
            ),
            models.CheckConstraint(
                condition=models.Q(mending_workdays__range=(1, 60)),
                name="data_mended_in_60_workdays",
                violation_error_message=_("Data dibetulkan dalam 1 sampai 60 hari kerja."),
            ),
        ]


@remembered()
class ContractTerm(models.Model):
    """The days a contract (PPPK) runs; a renewal is another row."""

    employee = models.ForeignKey(Employee, models.PROTECT, related_name="contracts", verbose_name=_("pegawai"))
    valid = DateRangeField(_("masa perjanjian kerja"))
    number = models.CharField(_("nomor perjanjian kerja"), max_length=120)

    class Meta:
        verbose_name = _("perjanjian kerja")
        verbose_name_plural = _("perjanjian kerja")
        constraints = [
            ExclusionConstraint(
                name="one_contract_per_person_day",
                expressions=[("employee", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
                violation_error_message=_("Pegawai ini sudah mempunyai perjanjian kerja pada tanggal itu."),
            ),
            models.CheckConstraint(
                condition=models.Q(valid__endswith__isnull=False, valid__isempty=False),
                name="contract_has_an_end",
                violation_error_message=_("Isi hari terakhir perjanjian kerja."),
            ),
        ]

    def __str__(self) -> str:
        return self.number


class EndKind(models.TextChoices):
    RETIRED = "PENSIUN_BUP", _("Pensiun karena batas usia")
    DIED = "MENINGGAL", _("Meninggal dunia")
    RESIGNED = "PERMINTAAN", _("Berhenti atas permintaan sendiri")
    DISMISSED = "DIBERHENTIKAN", _("Diberhentikan")
    LEFT_CITY = "PINDAH_INSTANSI", _("Pindah instansi")
    CONTRACT_OVER = "AKHIR_KONTRAK", _("Akhir kontrak")


@remembered()
class ServiceEnd(models.Model):
    """One end of service: since when, why, who took over, and until when the account may still read.

    ``laid`` names the postings that it wrote, so that a wrong one can be taken back while nothing was built on it.
    """

    employee = models.ForeignKey(Employee, models.PROTECT, related_name="service_ends", verbose_name=_("pegawai"))
    kind = models.CharField(_("jenis"), max_length=16, choices=EndKind.choices)
    last_day = models.DateField(_("hari terakhir bertugas"))
    decree = models.CharField(_("nomor SK"), max_length=120, blank=True)
    decided_on = models.DateField(_("tanggal SK"), null=True, blank=True)
    reason = models.TextField(_("alasan"))
    successor = models.ForeignKey(
        Employee, models.PROTECT, null=True, blank=True, related_name="taken_over", verbose_name=_("penerima tugas")
    )
    reads_until = models.DateField(_("akun dapat dibaca sampai"), null=True, blank=True)
    payee_name = models.CharField(_("nama ahli waris"), max_length=120, blank=True)
    payee_relation = models.CharField(_("hubungan ahli waris"), max_length=120, blank=True)
    laid = models.JSONField(_("penempatan yang ditulis"), default=dict)
    recorded_by = models.BigIntegerField(_("dicatat oleh"), null=True, blank=True)
    recorded_at = models.DateTimeField(_("dicatat pada"))
    in_effect_at = models.DateTimeField(_("berlaku pada"), null=True, blank=True)
    closed_at = models.DateTimeField(_("akun ditutup pada"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("dibatalkan pada"), null=True, blank=True)

    class Meta:
        verbose_name = _("akhir tugas")
        verbose_name_plural = _("akhir tugas")
        constraints = [
            models.UniqueConstraint(
                fields=["employee"],
                condition=models.Q(cancelled_at=None),
                name="one_end_of_service",
                violation_error_message=_("Akhir tugas pegawai ini sudah dicatat."),
            ),
            models.CheckConstraint(
                condition=models.Q(kind=EndKind.DIED) | models.Q(payee_name="", payee_relation=""),
                name="heir_only_after_death",
                violation_error_message=_("Ahli waris diisi hanya bila pegawai meninggal."),
            ),
            models.CheckConstraint(
                condition=models.Q(successor__isnull=True) | ~models.Q(successor=models.F("employee")),
                name="successor_is_another",
                violation_error_message=_("Penerima tugas harus orang lain."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.employee_id} {self.kind} {self.last_day}"


class ReportSubject(models.TextChoices):
    SUPERIOR = "ATASAN", _("Atasan saya keliru")
    UNIT = "UNIT", _("Unit kerja saya keliru")
    POSITION = "JABATAN", _("Jabatan saya keliru")
    OTHER = "LAIN", _("Data lain keliru")


class ReportState(models.TextChoices):
    OPEN = "BARU", _("Menunggu jawaban")
    ACCEPTED = "DITERIMA", _("Diterima")
    MENDED = "DIBETULKAN", _("Dibetulkan")
    REFUSED = "DITOLAK", _("Ditolak")


#: Reports that somebody still has to do something about.
WAITING_REPORTS = (ReportState.OPEN.value, ReportState.ACCEPTED.value)


class DataReportQuerySet(models.QuerySet["DataReport"]):
    def visible_to(self, viewer: Viewer, managed: tuple[str, ...]) -> Self:
        """The reporter, who manages the unit he reported from (paths in ``managed``), HR of the city and the auditor."""
        if viewer.sees_all_people:
            return self
        seen = models.Q(pk__in=[])
        if viewer.employee_id is not None:
            seen |= models.Q(employee_id=viewer.employee_id)
        for path in managed:
            seen |= models.Q(unit__path__startswith=path)
        return self.filter(seen)


@remembered()
class DataReport(models.Model):
    """An employee says that his data here are wrong: answered by one day and, where it is right, mended by another."""

    number = models.CharField(_("nomor"), max_length=20, unique=True)
    employee = models.ForeignKey(Employee, models.PROTECT, related_name="data_reports", verbose_name=_("pelapor"))
    unit = models.ForeignKey(OrgUnit, models.PROTECT, null=True, blank=True, related_name="data_reports", verbose_name=_("unit kerja"))
    subject = models.CharField(_("yang keliru"), max_length=10, choices=ReportSubject.choices)
    text = models.TextField(_("penjelasan"))
    created_at = models.DateTimeField(_("dibuat"))
    due_on = models.DateField(_("dijawab paling lambat"))
    state = models.CharField(_("keadaan"), max_length=10, choices=ReportState.choices, default=ReportState.OPEN)
    answer = models.TextField(_("jawaban"), blank=True)
    answered_by = models.BigIntegerField(_("dijawab oleh"), null=True, blank=True)
    answered_at = models.DateTimeField(_("dijawab pada"), null=True, blank=True)
    mend_by = models.DateField(_("dibetulkan paling lambat"), null=True, blank=True)
    mended_by = models.BigIntegerField(_("dibetulkan oleh"), null=True, blank=True)
    mended_at = models.DateTimeField(_("dibetulkan pada"), null=True, blank=True)
    mending = models.TextField(_("yang dibetulkan"), blank=True)

    objects = DataReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("laporan data")
        verbose_name_plural = _("laporan data")
        indexes = [models.Index(fields=["state", "due_on"], name="report_by_due")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state=ReportState.OPEN, answered_at__isnull=True)
                | (~models.Q(state=ReportState.OPEN) & models.Q(answered_at__isnull=False) & ~models.Q(answer="")),
                name="report_answered_in_words",
                violation_error_message=_("Jawaban laporan harus berisi kata dan waktu."),
            ),
            models.CheckConstraint(
                condition=models.Q(state=ReportState.MENDED, mended_at__isnull=False)
                | (~models.Q(state=ReportState.MENDED) & models.Q(mended_at__isnull=True)),
                name="report_mended_at_a_moment",
                violation_error_message=_("Laporan yang dibetulkan harus menyebut kapan."),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def waits(self) -> bool:
        """For an answer, or to be mended."""
        return self.state in WAITING_REPORTS

    @property
    def deadline(self) -> dt.date:
        """Of the step it is at: to be answered, then to be mended."""
        return self.mend_by or self.due_on
