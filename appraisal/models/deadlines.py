"""Moved deadlines: who decided it, for whom, until when, by which letter; and the outages behind some of them."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.utils.translation import gettext_lazy as _

from appraisal.rules.deadlines import Kind, OutageRule, QuietHours, Scope, What
from bukittinggi_kinerja.common.models import PolicyVersion
from bukittinggi_kinerja.common.models.policy import adopted_stays, one_version_a_day
from bukittinggi_kinerja.common.models.tracking import remembered
from employees.models import Employee, OrgUnit, User

WHAT = [(What.PROGRESS.value, _("Realisasi")), (What.RATING.value, _("Penilaian"))]
SCOPE = [(Scope.CITY.value, _("Seluruh kota")), (Scope.UNIT.value, _("Unit dan bawahannya")), (Scope.PERSON.value, _("Satu pegawai"))]
KIND = [
    (Kind.EXTENSION.value, _("Perpanjangan")),
    (Kind.REOPENING.value, _("Pembukaan kembali")),
    (Kind.OUTAGE.value, _("Gangguan layanan")),
]
#: A letter that is still being written.
LETTER_FOLLOWS = "menyusul"


@remembered()
class DeadlinePolicy(PolicyVersion):
    """When an outage counts, and when people are reminded."""

    outage_least_minutes = models.PositiveSmallIntegerField(_("gangguan dihitung mulai (menit sehari)"), default=60)
    outage_reach_workdays = models.PositiveSmallIntegerField(_("jangkauan setelah gangguan (hari kerja)"), default=1)
    remind_days_before = models.PositiveSmallIntegerField(_("diingatkan sebelum batas (hari kerja)"), default=3)
    remind_days_after = models.PositiveSmallIntegerField(_("diingatkan setelah batas (hari kerja)"), default=5)
    quiet_from = models.TimeField(_("jam tenang mulai"), default=dt.time(18, 0))
    quiet_until = models.TimeField(_("jam tenang sampai"), default=dt.time(7, 0))
    quiet_on_days_off = models.BooleanField(_("tenang pada hari libur"), default=True)

    class Meta:
        verbose_name = _("aturan batas waktu dan pengingat")
        verbose_name_plural = _("aturan batas waktu dan pengingat")
        triggers = adopted_stays()
        constraints = [
            one_version_a_day("one_deadline_policy_per_day", message=_("Sudah ada aturan batas waktu yang berlaku pada tanggal itu."))
        ]

    @property
    def outage_rule(self) -> OutageRule:
        return OutageRule(self.outage_least_minutes, self.outage_reach_workdays)

    @property
    def quiet_hours(self) -> QuietHours:
        return QuietHours(self.quiet_from, self.quiet_until, self.quiet_on_days_off)


class ServiceOutage(models.Model):
    """Nobody could work in the system from ``start`` to ``end``; its changes say which deadlines it moved."""

    start = models.DateTimeField(_("mulai"))
    end = models.DateTimeField(_("selesai"))
    reason = models.CharField(_("yang terganggu"), max_length=300)
    letter = models.CharField(_("nomor surat"), max_length=120)
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("diputuskan oleh"))
    decided_at = models.DateTimeField(_("diputuskan pada"))

    class Meta:
        verbose_name = _("gangguan layanan")
        verbose_name_plural = _("gangguan layanan")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(start__lt=models.F("end")),
                name="outage_ends_after_it_starts",
                violation_error_message=_("Gangguan selesai setelah mulai."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.start:%Y-%m-%d %H:%M}"


class DeadlineChange(models.Model):
    """One deadline of a period moved for a scope. ``until`` rules; it is ``new_due`` unless the change was revoked.

    A revoked change ends with the day it was revoked on: nobody finds a door closed that stood open in the morning.
    """

    period = models.CharField(_("periode"), max_length=7)
    what = models.CharField(_("batas"), max_length=10, choices=WHAT)
    scope = models.CharField(_("cakupan"), max_length=8, choices=SCOPE)
    unit = models.ForeignKey(OrgUnit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("unit"))
    employee = models.ForeignKey(Employee, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("pegawai"))
    kind = models.CharField(_("jenis"), max_length=12, choices=KIND)
    new_due = models.DateTimeField(_("batas baru"))
    until = models.DateTimeField(_("berlaku sampai"))
    reason = models.CharField(_("alasan"), max_length=300)
    letter = models.CharField(_("nomor surat"), max_length=120)
    outage = models.ForeignKey(ServiceOutage, models.PROTECT, null=True, blank=True, related_name="changes", verbose_name=_("gangguan"))
    follows = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="followers", verbose_name=_("mengikuti"))
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("diputuskan oleh"))
    decided_at = models.DateTimeField(_("diputuskan pada"))
    revoked_at = models.DateTimeField(_("dicabut pada"), null=True, blank=True)
    revoked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("dicabut oleh"))
    revoked_reason = models.CharField(_("alasan dicabut"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("perubahan batas waktu")
        verbose_name_plural = _("perubahan batas waktu")
        ordering = ["-id"]
        indexes = [models.Index(fields=["period", "what"], name="deadline_change_by_period")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(scope=Scope.CITY.value, unit=None, employee=None)
                | models.Q(scope=Scope.UNIT.value, unit__isnull=False, employee=None)
                | models.Q(scope=Scope.PERSON.value, unit=None, employee__isnull=False),
                name="deadline_change_names_its_scope",
                violation_error_message=_("Pilih unit untuk cakupan unit, pegawai untuk cakupan pegawai."),
            ),
            models.CheckConstraint(
                condition=models.Q(until__lte=models.F("new_due")),
                name="deadline_change_ends_by_its_date",
                violation_error_message=_("Perubahan tidak berlaku melewati batas barunya."),
            ),
            models.CheckConstraint(
                condition=~models.Q(reason="") & ~models.Q(letter=""),
                name="deadline_change_has_its_paper",
                violation_error_message=_("Isi alasan dan nomor surat."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period} {self.what} {self.new_due:%Y-%m-%d}"
