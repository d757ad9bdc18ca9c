"""The periodic assessment: a named official's judgement, and the frozen figures it rests on.

``Assessment`` is the case with the official's marks. At closing, ``ScoredIndicator`` and ``Score`` freeze every
input and every computed step; both are written once and never changed. A later change is a new version.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from appraisal.rules.lifecycle import OPEN_CYCLES, OPEN_RATINGS, AssessmentState, CycleState
from appraisal.rules.vocabulary import BehaviourValue, Predicate, Rating
from bukittinggi_kinerja.common.models.tracking import append_only, stamped
from employees.models import Employee, OrgUnit
from employees.rules.viewing import Role

from .cycles import Cycle
from .feedback import Feedback
from .plans import Indicator, PerformancePlan
from .policy import AppraisalPolicy

if TYPE_CHECKING:
    from employees.rules.viewing import Viewer

RATING_CHOICES = [
    (Rating.ABOVE.value, _("Di atas ekspektasi")),
    (Rating.MEETS.value, _("Sesuai ekspektasi")),
    (Rating.BELOW.value, _("Di bawah ekspektasi")),
]
PREDICATE_CHOICES = [
    (Predicate.VERY_GOOD.value, _("Sangat Baik")),
    (Predicate.GOOD.value, _("Baik")),
    (Predicate.NEEDS_IMPROVEMENT.value, _("Butuh Perbaikan")),
    (Predicate.POOR.value, _("Kurang (misconduct)")),
    (Predicate.VERY_POOR.value, _("Sangat Kurang")),
]
ASSESSMENT_STATES = [
    (AssessmentState.DRAFT.value, _("Draf")),
    (AssessmentState.RATED.value, _("Dinilai")),
    (AssessmentState.PUBLISHED.value, _("Terbit")),
    (AssessmentState.NOT_RATED.value, _("Belum dinilai")),
    (AssessmentState.EXEMPT.value, _("Tidak dinilai")),
    (AssessmentState.SUPERSEDED.value, _("Diganti")),
]
SCORE_SEQUENCE = "appraisal_score_sequence"


def rating(label: Any) -> models.PositiveSmallIntegerField[int | None, int | None]:
    return models.PositiveSmallIntegerField(label, choices=RATING_CHOICES, null=True, blank=True)


def mark() -> models.PositiveSmallIntegerField[int | None, int | None]:
    return models.PositiveSmallIntegerField(choices=RATING_CHOICES, null=True, blank=True)


def hundredths(label: Any) -> models.DecimalField[Decimal | None, Decimal | None]:
    return models.DecimalField(label, max_digits=9, decimal_places=2, null=True)


def wide(label: Any) -> models.DecimalField[Decimal | None, Decimal | None]:
    return models.DecimalField(label, max_digits=18, decimal_places=4, null=True)


def in_rating_range(field: str) -> models.Q:
    return models.Q(**{f"{field}__isnull": True}) | models.Q(**{f"{field}__range": (1, 3)})


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    def current(self) -> Self:
        return self.filter(is_current=True)

    def visible_to(self, viewer: Viewer) -> Self:
        """Results by the postings of their period: own, rated or reviewed, headed unit, pengelola's OPD.

        The city's leader reads persons only where he rates: of those his raters rate, the ones that nobody rated in time.
        """
        if viewer.sees_all_people:
            return self
        if not viewer.signed_in:
            return self.none()
        seen = models.Q(employee_id=viewer.employee_id)
        if viewer.employee_id is not None:
            reviewed = models.Q(reviewer_id__in=viewer.principals)
            if Role.LEADER in viewer.roles:
                reviewed &= models.Q(state=AssessmentState.NOT_RATED)
            seen |= models.Q(assessor_id__in=viewer.principals) | reviewed
            seen |= models.Q(rated_by_id=viewer.employee_id)
        for path in viewer.unit_paths:
            seen |= models.Q(unit__path__startswith=path)
        return self.filter(seen)

    def rated_through(self, viewer: Viewer) -> Self:
        """Cases this viewer may rate: his own ratees and those of whom he substitutes for."""
        return self.current().filter(assessor_id__in=viewer.principals).exclude(employee_id=viewer.employee_id)


class Assessment(models.Model):
    """One person in one post in one period: a transfer within the period makes a second case.

    ``[stretch_start, stretch_end)`` are the days in that post; ``assessor`` is the official by the posting of their last
    day, ``rated_by`` who really set the marks.
    """

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="assessments", verbose_name=_("siklus"))
    plan = models.ForeignKey(PerformancePlan, models.PROTECT, null=True, related_name="assessments", verbose_name=_("SKP"))
    employee = models.ForeignKey(Employee, models.PROTECT, related_name="assessments", verbose_name=_("pegawai"))
    stretch_start = models.DateField(_("mulai penggal"))
    stretch_end = models.DateField(_("penggal berakhir sebelum"))
    unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="assessments", verbose_name=_("unit kerja"))
    assessor = models.ForeignKey(Employee, models.PROTECT, null=True, related_name="assessing", verbose_name=_("pejabat penilai"))
    reviewer = models.ForeignKey(Employee, models.PROTECT, null=True, related_name="reviewing", verbose_name=_("atasan pejabat penilai"))
    rated_by = models.ForeignKey(Employee, models.PROTECT, null=True, related_name="rated", verbose_name=_("dinilai oleh"))
    version = models.PositiveSmallIntegerField(_("versi"), default=1)
    is_current = models.BooleanField(_("berlaku"), default=True)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by", verbose_name=_("mengganti"))
    state = models.CharField(_("keadaan"), max_length=14, choices=ASSESSMENT_STATES, default=AssessmentState.DRAFT.value)
    state_reason = models.CharField(_("keterangan keadaan"), max_length=300, blank=True)
    result_rating = rating(_("rating hasil kerja"))
    behaviour_rating = rating(_("rating perilaku kerja"))
    mark_bp = mark()
    mark_ak = mark()
    mark_ko = mark()
    mark_ha = mark()
    mark_lo = mark()
    mark_ad = mark()
    mark_kl = mark()
    result_reason = models.TextField(_("alasan berbeda dari saran hasil"), blank=True)
    behaviour_reason = models.TextField(_("alasan berbeda dari saran perilaku"), blank=True)
    note = models.TextField(_("catatan penilai"), blank=True)
    #: Moved for this unit or person alone; the later of it and the cycle's rules.
    own_progress_due = models.DateTimeField(_("batas realisasi sendiri"), null=True, blank=True)
    own_rating_due = models.DateTimeField(_("batas penilaian sendiri"), null=True, blank=True)
    rated_at = models.DateTimeField(_("dinilai pada"), null=True)
    published_at = models.DateTimeField(_("terbit pada"), null=True)
    received_at = models.DateTimeField(_("diterima pada"), null=True)
    receipt = models.CharField(_("cara diterima"), max_length=8, choices=[("DIBUKA", _("Dibuka")), ("KERTAS", _("Kertas"))], blank=True)
    #: Its rater came to lead the person only after closing, by a posting that was known late: nobody is late by that.
    belated = models.BooleanField(_("penilai diketahui setelah penutupan"), default=False, db_default=False)
    revision = models.PositiveIntegerField(_("versi simpan"), default=1)
    updated_at = models.DateTimeField(_("diperbarui"), auto_now=True, db_index=True)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("penilaian periodik")
        verbose_name_plural = _("penilaian periodik")
        triggers = [stamped("assessment_stamped")]
        indexes = [
            models.Index(fields=["cycle", "id"], name="assessment_by_cycle"),
            models.Index(fields=["assessor", "cycle"], name="assessment_by_assessor"),
            models.Index(fields=["employee", "cycle"], name="assessment_by_employee"),
            models.Index(fields=["own_rating_due"], condition=models.Q(own_rating_due__isnull=False), name="assessment_by_own_due"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["cycle", "plan", "version"], name="one_result_per_plan_and_version"),
            models.UniqueConstraint(
                fields=["cycle", "plan"], condition=models.Q(is_current=True, plan__isnull=False), name="one_current_result_per_plan"
            ),
            ExclusionConstraint(
                name="one_case_per_person_day",
                expressions=[
                    ("cycle", RangeOperators.EQUAL),
                    ("employee", RangeOperators.EQUAL),
                    (models.Func("stretch_start", "stretch_end", function="daterange"), RangeOperators.OVERLAPS),
                ],
                condition=models.Q(is_current=True),
                violation_error_message=_("Hari-hari itu sudah dinilai dalam penilaian lain."),
            ),
            models.CheckConstraint(
                condition=models.Q(stretch_start__lt=models.F("stretch_end")),
                name="stretch_has_a_day",
                violation_error_message=_("Penggal periode paling sedikit satu hari."),
            ),
            models.CheckConstraint(
                condition=models.Q(assessor__isnull=True) | ~models.Q(assessor=models.F("employee")),
                name="nobody_assesses_himself",
                violation_error_message=_("Pegawai tidak dapat menilai dirinya sendiri."),
            ),
            models.CheckConstraint(
                condition=models.Q(rated_by__isnull=True) | ~models.Q(rated_by=models.F("employee")),
                name="nobody_rates_himself",
                violation_error_message=_("Pegawai tidak dapat menilai dirinya sendiri."),
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=[AssessmentState.RATED.value, AssessmentState.PUBLISHED.value])
                | models.Q(result_rating__isnull=False, behaviour_rating__isnull=False, rated_by__isnull=False),
                name="rated_means_both_ratings_by_a_person",
                violation_error_message=_("Isi kedua rating sebelum menandai penilaian selesai."),
            ),
            models.CheckConstraint(
                condition=in_rating_range("result_rating") & in_rating_range("behaviour_rating"),
                name="rating_is_1_2_or_3",
                violation_error_message=_("Rating bernilai 1, 2, atau 3."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cycle_id}/{self.employee_id} v{self.version}"

    @property
    def progress_due(self) -> dt.datetime:
        """The deadline that holds for this person; ``queries.deadlines`` says the same in sets."""
        return max(self.cycle.progress_due, self.own_progress_due or self.cycle.progress_due)

    @property
    def rating_due(self) -> dt.datetime:
        return max(self.cycle.rating_due, self.own_rating_due or self.cycle.rating_due)

    def in_window(self, now: dt.datetime, *, cycle: Cycle | None = None) -> bool:
        """Marks may come: the cycle is open, or this person's own deadline outlasts it. ``cycle`` is a fresher look at it."""
        held = cycle or self.cycle
        if held.state in OPEN_CYCLES:
            return now <= max(held.rating_due, self.own_rating_due or held.rating_due)
        return self.state in OPEN_RATINGS and self.own_rating_due is not None and now <= self.own_rating_due

    @property
    def lapsed(self) -> bool:
        """Closed without a rating, or was until a late one took its place: whatever was marked is no rating."""
        return self.state == AssessmentState.NOT_RATED or (self.state == AssessmentState.SUPERSEDED and self.published_at is None)

    @property
    def rule(self) -> AppraisalPolicy:
        """The version this result was computed by; that of the cycle as long as nothing is computed."""
        score: Score | None = getattr(self, "score_row", None)
        return score.policy if score is not None else self.cycle.policy

    @property
    def takes_late_rating(self) -> bool:
        """Not between closing and publishing: figures are frozen in that time, and a version copies only frozen ones."""
        return self.is_current and self.state == AssessmentState.NOT_RATED and self.cycle.state == CycleState.PUBLISHED

    @property
    def marks(self) -> dict[BehaviourValue, int | None]:
        return {value: getattr(self, value.field) for value in BehaviourValue}


class RatingExample(models.Model):
    """The example behind a mark above or below: written, or picked from feedback dated before the rating."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="examples", verbose_name=_("penilaian"))
    aspect = models.CharField(
        _("aspek"),
        max_length=8,
        choices=[("HASIL", _("Hasil kerja")), ("PERILAKU", _("Perilaku kerja")), *((v.value, v.value) for v in BehaviourValue)],
    )
    text = models.TextField(_("contoh kejadian"), max_length=600)
    feedback = models.ForeignKey(Feedback, models.PROTECT, null=True, blank=True, verbose_name=_("umpan balik"))
    written_at = models.DateTimeField(_("ditulis"))

    class Meta:
        verbose_name = _("contoh kejadian")
        verbose_name_plural = _("contoh kejadian")
        constraints = [models.UniqueConstraint(fields=["assessment", "aspect"], name="one_example_per_aspect")]

    def __str__(self) -> str:
        return f"{self.assessment_id} {self.aspect}"


class ScoredIndicator(models.Model):
    """One indicator as it entered a score: frozen inputs, the raw and the limited achievement (percent)."""

    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="scored_indicators")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="scored")
    weight = models.PositiveSmallIntegerField()
    form = models.CharField(max_length=10)
    direction = models.CharField(max_length=6)
    accumulation = models.CharField(max_length=4)
    target = wide(_("target"))
    target_max = wide(_("target paling tinggi"))
    target_date = models.DateField(null=True)
    period_start = models.DateField()
    entry_ids = ArrayField(models.BigIntegerField(), default=list)
    realisation = wide(_("realisasi"))
    realised_on = models.DateField(null=True)
    raw = models.DecimalField(_("capaian sebelum dibatasi"), max_digits=34, decimal_places=12, null=True)
    achievement = hundredths(_("capaian (%)"))

    class Meta:
        verbose_name = _("indikator ternilai")
        verbose_name_plural = _("indikator ternilai")
        constraints = [models.UniqueConstraint(fields=["assessment", "indicator"], name="indicator_scored_once")]
        triggers = append_only("scored_indicator")

    def __str__(self) -> str:
        return f"{self.assessment_id}/{self.indicator_id}"


class Score(models.Model):
    """What the rule computed from frozen inputs: H, P, both advices and the predicate."""

    assessment = models.OneToOneField(Assessment, models.PROTECT, primary_key=True, related_name="score_row", verbose_name=_("penilaian"))
    policy = models.ForeignKey(AppraisalPolicy, models.PROTECT, related_name="scores", verbose_name=_("versi aturan"))
    result_rating = rating(_("rating hasil kerja"))
    behaviour_rating = rating(_("rating perilaku kerja"))
    marks = ArrayField(models.PositiveSmallIntegerField(null=True), size=7, verbose_name=_("tujuh nilai"))
    result_score = hundredths(_("H"))
    behaviour_score = hundredths(_("P"))
    result_advice = rating(_("saran hasil"))
    behaviour_advice = rating(_("saran perilaku"))
    predicate = models.PositiveSmallIntegerField(_("predikat"), choices=PREDICATE_CHOICES, null=True)
    computed_at = models.DateTimeField(_("dihitung"))
    #: Order of writing, which the key is not: seals cover rows in this order.
    sequence = models.BigIntegerField(
        _("urutan tulis"), db_default=models.Func(models.Value(SCORE_SEQUENCE), function="nextval"), editable=False
    )

    class Meta:
        verbose_name = _("hasil hitung")
        verbose_name_plural = _("hasil hitung")
        indexes = [BrinIndex(fields=["sequence"], name="score_by_sequence")]
        triggers = append_only("score")

    def __str__(self) -> str:
        return f"{self.assessment_id}: {self.predicate}"
