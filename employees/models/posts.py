"""Posts in two times: ``valid`` is when a posting holds, ``known`` is when the city knew it.

A row is never rewritten: a correction closes ``known`` and adds a row, so "who rated whom on date X, as known
then" stays one query.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, DateTimeRangeField, RangeOperators
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from bukittinggi_kinerja.common.models.tracking import remembered
from bukittinggi_kinerja.common.workdays import ONE_DAY

from .people import Employee
from .regimes import StaffGroup
from .units import OrgUnit

if TYPE_CHECKING:
    from employees.rules.viewing import Viewer


class PositionKind(models.TextChoices):
    JPT_PRATAMA = "JPT_PRATAMA", _("JPT Pratama")
    ADMINISTRATOR = "ADMINISTRATOR", _("Administrator")
    SUPERVISOR = "PENGAWAS", _("Pengawas")
    FUNCTIONAL = "FUNGSIONAL", _("Fungsional")
    STAFF = "PELAKSANA", _("Pelaksana")
    ELECTED = "PEJABAT_NEGARA", _("Pejabat negara")


@remembered()
class Position(models.Model):
    """A job title of the catalogue; the unit stands on the posting."""

    title = models.CharField(_("jabatan"), max_length=160)
    kind = models.CharField(_("jenis jabatan"), max_length=16, choices=PositionKind.choices)
    #: Before classes had days: read by nobody, kept because sealed memory covers the column. See ``JobClass``.
    job_class = models.PositiveSmallIntegerField(_("kelas jabatan"), null=True, blank=True, editable=False)
    group = models.ForeignKey(StaffGroup, models.PROTECT, related_name="positions", verbose_name=_("kelompok pegawai"))

    class Meta:
        verbose_name = _("jabatan")
        verbose_name_plural = _("jabatan")
        ordering = ["title"]
        constraints = [
            models.UniqueConstraint(
                fields=["title", "kind"],
                name="position_title_once_per_kind",
                violation_error_message=_("Jabatan dengan nama dan jenis ini sudah ada."),
            ),
            models.CheckConstraint(
                condition=models.Q(job_class__isnull=True) | models.Q(job_class__range=(1, 17)),
                name="job_class_1_to_17",
                violation_error_message=_("Kelas jabatan antara 1 dan 17."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


#: How long those who led and kept somebody see what he left.
SETTLED_WITHIN = dt.timedelta(days=365)


class PostingQuerySet(models.QuerySet["Posting"]):
    def known(self, *, at: dt.datetime | None = None) -> Self:
        """As known at a moment; without one, as known now (the open rows)."""
        return self.filter(known__endswith=None) if at is None else self.filter(known__contains=at)

    def in_force(self, *, on: dt.date, known_at: dt.datetime | None = None) -> Self:
        """Postings that hold on a day, as known then: "who rated whom on date X"."""
        return self.known(at=known_at).filter(valid__contains=on)

    def left_behind(self, viewer: Viewer) -> Self:
        """Last postings of people who hold none today, in the viewer's units or under him: for a year he settles what they left."""
        later = self.model._default_manager.known().filter(  # noqa: SLF001
            employee=models.OuterRef("employee"),
            valid__startswith__gte=models.OuterRef("valid__endswith"),
            valid__startswith__lte=viewer.on,
        )
        ended = self.known().filter(valid__endswith__gt=viewer.on - SETTLED_WITHIN, valid__endswith__lte=viewer.on)
        led = models.Q(supervisor__isnull=False, supervisor_id=viewer.employee_id)
        mine = models.Q(pk__in=self.model._default_manager.known().under(viewer.unit_paths).values("pk"))  # noqa: SLF001
        return ended.filter(led | mine).filter(~models.Exists(later))

    def overlapping(self, start: dt.date, end: dt.date) -> Self:
        """Postings that hold on some day of ``[start, end)``, as known now."""
        return self.known().filter(valid__overlap=(start, end))

    def under(self, paths: Iterable[str]) -> Self:
        condition = models.Q(pk__in=[])
        for path in paths:
            condition |= models.Q(unit__path__startswith=path)
        return self.filter(condition)


class Posting(models.Model):
    employee = models.ForeignKey(Employee, models.PROTECT, related_name="postings", verbose_name=_("pegawai"))
    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="postings", verbose_name=_("unit kerja"))
    position = models.ForeignKey(Position, models.PROTECT, related_name="postings", verbose_name=_("jabatan"))
    supervisor = models.ForeignKey(
        Employee, models.PROTECT, null=True, blank=True, related_name="supervised_postings", verbose_name=_("atasan langsung")
    )
    heads_unit = models.BooleanField(_("memimpin unit"), default=False)
    valid = DateRangeField(_("berlaku"))
    known = DateTimeRangeField(_("diketahui"))
    decree = models.CharField(_("nomor SK"), max_length=120, blank=True)
    decided_on = models.DateField(_("tanggal SK"), null=True, blank=True)
    reason = models.TextField(_("alasan"), blank=True)

    objects = PostingQuerySet.as_manager()

    class Meta:
        verbose_name = _("penempatan")
        verbose_name_plural = _("penempatan")
        indexes = [
            GistIndex(fields=["valid"], name="posting_valid"),
            models.Index(fields=["supervisor"], name="posting_current_supervisor", condition=models.Q(known__endswith=None)),
        ]
        constraints = [
            ExclusionConstraint(
                name="one_posting_per_person_day",
                expressions=[
                    ("employee", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                    ("known", RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("Pegawai ini sudah mempunyai penempatan pada tanggal itu."),
            ),
            ExclusionConstraint(
                name="one_head_per_unit_day",
                expressions=[
                    ("unit", RangeOperators.EQUAL),
                    ("valid", RangeOperators.OVERLAPS),
                    ("known", RangeOperators.OVERLAPS),
                ],
                condition=models.Q(heads_unit=True),
                violation_error_message=_("Unit ini sudah mempunyai pimpinan pada tanggal itu."),
            ),
            models.CheckConstraint(
                condition=models.Q(supervisor__isnull=True) | ~models.Q(supervisor=models.F("employee")),
                name="nobody_supervises_himself",
                violation_error_message=_("Pegawai tidak dapat menjadi atasan dirinya sendiri."),
            ),
            models.CheckConstraint(
                condition=models.Q(valid__isempty=False),
                name="posting_has_a_day",
                violation_error_message=_("Masa penempatan paling sedikit satu hari."),
            ),
            models.CheckConstraint(
                # An empty span has no end and would pass for what is known today.
                condition=models.Q(known__isempty=False),
                name="posting_was_known_some_time",
                violation_error_message=_("Penempatan harus pernah diketahui, paling sedikit sesaat."),
            ),
        ]

    def __str__(self) -> str:
        first, last = (f"{day:%d-%m-%Y}" if day else "…" for day in (self.valid.lower, self.valid.upper and self.valid.upper - ONE_DAY))
        return f"#{self.pk}: {first} – {last}"


class ActingKind(models.TextChoices):
    PLT = "PLT", _("Pelaksana tugas (Plt.)")
    PLH = "PLH", _("Pelaksana harian (Plh.)")


class ActingQuerySet(models.QuerySet["ActingAppointment"]):
    def in_force(self, *, on: dt.date) -> Self:
        return self.filter(valid__contains=on, revoked_at=None)


@remembered()
class ActingAppointment(models.Model):
    """``substitute`` may do the rating work of ``principal`` in the days of ``valid``."""

    principal = models.ForeignKey(Employee, models.PROTECT, related_name="substitutions", verbose_name=_("pejabat yang digantikan"))
    substitute = models.ForeignKey(Employee, models.PROTECT, related_name="mandates", verbose_name=_("pengganti"))
    kind = models.CharField(_("jenis"), max_length=3, choices=ActingKind.choices)
    valid = DateRangeField(_("masa mandat"))
    letter_number = models.CharField(_("nomor surat"), max_length=120, blank=True)
    letter_due = models.DateField(_("surat menyusul paling lambat"), null=True, blank=True)
    reason = models.TextField(_("alasan"))
    revoked_at = models.DateTimeField(_("dicabut"), null=True, blank=True)
    appointed_by = models.BigIntegerField(_("ditunjuk oleh"), null=True, blank=True)

    objects = ActingQuerySet.as_manager()

    class Meta:
        verbose_name = _("mandat Plt./Plh.")
        verbose_name_plural = _("mandat Plt./Plh.")
        constraints = [
            ExclusionConstraint(
                name="one_substitute_per_principal_day",
                expressions=[("principal", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
                condition=models.Q(revoked_at=None),
                violation_error_message=_("Pejabat ini sudah mempunyai pengganti pada tanggal itu."),
            ),
            models.CheckConstraint(
                condition=~models.Q(principal=models.F("substitute")),
                name="substitute_is_another",
                violation_error_message=_("Pengganti harus orang lain."),
            ),
            models.CheckConstraint(
                condition=~models.Q(letter_number="") | models.Q(letter_due__isnull=False),
                name="mandate_letter_or_due_date",
                violation_error_message=_("Isi nomor surat, atau tanggal surat menyusul."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.principal_id} → {self.substitute_id}"
