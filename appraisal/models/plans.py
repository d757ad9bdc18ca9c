"""The yearly plan (SKP), its work results (RHK), indicators (IKI) and the target of each period."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from appraisal.rules.lifecycle import PlanState
from appraisal.rules.vocabulary import Accumulation, Aspect, Direction, Measure, TargetForm
from bukittinggi_kinerja.common.models.tracking import stamped
from employees.models import Employee, OrgUnit, Position, Posting

if TYPE_CHECKING:
    from employees.rules.viewing import Viewer

PLAN_STATES = [
    (PlanState.DRAFT.value, _("Draf")),
    (PlanState.SUBMITTED.value, _("Diajukan")),
    (PlanState.AGREED.value, _("Ditetapkan")),
    (PlanState.REVISING.value, _("Direvisi")),
    (PlanState.CLOSED.value, _("Ditutup")),
]


def choices_of(enum: type) -> list[tuple[str, str]]:
    return [(member.value, member.value.replace("_", " ").capitalize()) for member in enum]  # type: ignore[attr-defined]


class PlanQuerySet(models.QuerySet["PerformancePlan"]):
    def visible_to(self, viewer: Viewer) -> Self:
        """A plan is seen by its owner, its assessor, and whoever may see the person today, or did before he left."""
        if viewer.sees_all_people:
            return self
        people = Employee.objects.visible_to(viewer).values("id")
        left = Posting.objects.left_behind(viewer).values("employee_id")
        seen = models.Q(employee_id__in=people) | models.Q(employee_id__in=left)
        return self.filter(seen | models.Q(assessor_id__in=viewer.principals))

    def agreed(self) -> Self:
        """Plans that bind: a revision on its way leaves the agreed figures in force until both sign it."""
        binding = models.Q(state__in=[PlanState.AGREED, PlanState.REVISING, PlanState.CLOSED])
        return self.filter(binding | models.Q(state=PlanState.SUBMITTED, revision__gt=0))

    def overlapping(self, start: dt.date, end: dt.date) -> Self:
        return self.filter(valid__overlap=(start, end))


class PerformancePlan(models.Model):
    """One stretch in one post: a transfer closes the plan and opens another."""

    employee = models.ForeignKey(Employee, models.PROTECT, related_name="plans", verbose_name=_("pegawai"))
    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="plans", verbose_name=_("unit kerja"))
    position = models.ForeignKey(Position, models.PROTECT, related_name="plans", verbose_name=_("jabatan"))
    posting = models.ForeignKey(Posting, models.PROTECT, null=True, related_name="plans", verbose_name=_("penempatan"))
    assessor = models.ForeignKey(Employee, models.PROTECT, null=True, related_name="assessed_plans", verbose_name=_("pejabat penilai"))
    year = models.PositiveSmallIntegerField(_("tahun"))
    valid = DateRangeField(_("berlaku"))
    approach = models.CharField(
        _("pendekatan"), max_length=12, choices=[("KUANTITATIF", _("Kuantitatif")), ("KUALITATIF", _("Kualitatif"))], default="KUANTITATIF"
    )
    state = models.CharField(_("keadaan"), max_length=12, choices=PLAN_STATES, default=PlanState.DRAFT.value)
    behaviour_expectations = models.JSONField(_("ekspektasi khusus pimpinan"), default=dict, blank=True)
    signed_by_employee_at = models.DateTimeField(_("disetujui pegawai"), null=True, blank=True)
    signed_by_assessor_at = models.DateTimeField(_("ditetapkan penilai"), null=True, blank=True)
    revision = models.PositiveSmallIntegerField(_("revisi ke"), default=0)
    revision_reason = models.TextField(_("alasan revisi"), blank=True)
    version = models.PositiveIntegerField(_("versi"), default=1)
    updated_at = models.DateTimeField(_("diperbarui"), auto_now=True, db_index=True)

    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("sasaran kinerja pegawai (SKP)")
        verbose_name_plural = _("sasaran kinerja pegawai (SKP)")
        indexes = [models.Index(fields=["assessor"], name="plan_by_assessor")]
        triggers = [stamped("plan_stamped")]
        constraints = [
            ExclusionConstraint(
                name="one_plan_per_person_day",
                expressions=[("employee", RangeOperators.EQUAL), ("valid", RangeOperators.OVERLAPS)],
                violation_error_message=_("Pegawai ini sudah mempunyai SKP pada tanggal itu."),
            ),
            models.CheckConstraint(
                condition=~models.Q(state=PlanState.AGREED.value)
                | models.Q(signed_by_employee_at__isnull=False, signed_by_assessor_at__isnull=False),
                name="agreed_plan_is_signed_by_both",
                violation_error_message=_("SKP ditetapkan setelah kedua pihak menyetujui."),
            ),
        ]

    def __str__(self) -> str:
        return f"SKP {self.year} {self.employee_id}"


class WorkResult(models.Model):
    """RHK. A UTAMA result supports one of the assessor's results; ``share`` is its part of a direct target."""

    plan = models.ForeignKey(PerformancePlan, models.CASCADE, related_name="work_results", verbose_name=_("SKP"))
    kind = models.CharField(_("jenis"), max_length=8, choices=[("UTAMA", _("Utama")), ("TAMBAHAN", _("Tambahan"))], default="UTAMA")
    title = models.CharField(_("rencana hasil kerja"), max_length=400)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("RHK pimpinan yang diintervensi")
    )
    #: The leader's result as a file, a template or last year's plan names it, until his plan holds one to hang on.
    leader_title = models.CharField(_("RHK pimpinan yang dituju"), max_length=400, blank=True, default="", db_default="")
    share = models.DecimalField(_("bagian target langsung (%)"), max_digits=5, decimal_places=2, null=True, blank=True)
    order = models.PositiveSmallIntegerField(_("urutan"), default=1)

    class Meta:
        verbose_name = _("rencana hasil kerja (RHK)")
        verbose_name_plural = _("rencana hasil kerja (RHK)")
        ordering = ["plan_id", "order", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(parent__isnull=True) | ~models.Q(parent=models.F("id")),
                name="work_result_is_not_its_parent",
                violation_error_message=_("RHK tidak dapat mendukung dirinya sendiri."),
            )
        ]

    def __str__(self) -> str:
        return self.title


class Indicator(models.Model):
    """IKI. The yearly target in one of three forms; ``measure`` set = fed from source rows, never typed."""

    work_result = models.ForeignKey(WorkResult, models.CASCADE, related_name="indicators", verbose_name=_("RHK"))
    plan = models.ForeignKey(PerformancePlan, models.CASCADE, related_name="indicators", verbose_name=_("SKP"))
    name = models.CharField(_("indikator"), max_length=300)
    aspect = models.CharField(_("aspek"), max_length=10, choices=choices_of(Aspect))
    unit_name = models.CharField(_("satuan"), max_length=40, blank=True)
    form = models.CharField(_("bentuk target"), max_length=10, choices=choices_of(TargetForm), default=TargetForm.SINGLE.value)
    direction = models.CharField(_("arah"), max_length=6, choices=choices_of(Direction), default=Direction.UP.value)
    accumulation = models.CharField(_("cara menjumlah"), max_length=4, choices=choices_of(Accumulation), default=Accumulation.SUM.value)
    target = models.DecimalField(_("target"), max_digits=18, decimal_places=4, null=True, blank=True)
    target_max = models.DecimalField(_("target paling tinggi"), max_digits=18, decimal_places=4, null=True, blank=True)
    target_date = models.DateField(_("target tanggal"), null=True, blank=True)
    statement = models.CharField(_("ukuran keberhasilan"), max_length=400, blank=True)
    weight = models.PositiveSmallIntegerField(_("bobot"), default=1)
    measure = models.CharField(_("diukur dari"), max_length=30, choices=choices_of(Measure), blank=True)
    order = models.PositiveSmallIntegerField(_("urutan"), default=1)
    retired_on = models.DateField(_("tidak dipakai sejak"), null=True, blank=True)
    #: What a revision wants of an agreed indicator; takes effect when both have signed.
    proposal = models.JSONField(_("usul perubahan"), null=True, blank=True)
    #: Copied from the plan of this year and not looked at since; a plan is handed in without such lines.
    unchecked_from = models.PositiveSmallIntegerField(_("disalin dari SKP tahun"), null=True, blank=True)

    class Meta:
        verbose_name = _("indikator kinerja individu (IKI)")
        verbose_name_plural = _("indikator kinerja individu (IKI)")
        ordering = ["plan_id", "order", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(weight__gte=1), name="weight_is_positive", violation_error_message=_("Bobot paling sedikit 1.")
            ),
            models.CheckConstraint(
                condition=(
                    models.Q(form=TargetForm.SINGLE, target__isnull=False)
                    | models.Q(form=TargetForm.RANGE, target__isnull=False, target_max__gte=models.F("target"))
                    | models.Q(form=TargetForm.DATE, target_date__isnull=False)
                    | (models.Q(form=TargetForm.STATEMENT) & ~models.Q(statement=""))
                ),
                name="target_fits_its_form",
                violation_error_message=_("Isi target sesuai bentuknya: angka, rentang, tanggal, atau pernyataan."),
            ),
            models.CheckConstraint(
                condition=(models.Q(target__isnull=True) | models.Q(target__gte=0)),
                name="target_is_not_negative",
                violation_error_message=_("Target tidak boleh kurang dari nol."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PeriodTarget(models.Model):
    """What one indicator must reach in one period ``[start, end)``."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="period_targets", verbose_name=_("indikator"))
    period = models.CharField(_("periode"), max_length=7)
    start = models.DateField(_("mulai"))
    end = models.DateField(_("berakhir sebelum"))
    target = models.DecimalField(_("target"), max_digits=18, decimal_places=4, null=True, blank=True)
    target_max = models.DecimalField(_("target paling tinggi"), max_digits=18, decimal_places=4, null=True, blank=True)
    target_date = models.DateField(_("target tanggal"), null=True, blank=True)

    class Meta:
        verbose_name = _("target periode")
        verbose_name_plural = _("target periode")
        constraints = [models.UniqueConstraint(fields=["indicator", "start"], name="one_target_per_indicator_and_period")]

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.period}"
