"""Record keeping in the admin: rule versions are drafted and adopted here, everything with a life is looked at."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from appraisal.models import AppraisalPolicy, Assessment, Cycle, Feedback, Indicator, PerformancePlan, ProgressEntry, Score, WorkResult
from appraisal.models.policy import YearRule
from appraisal.queries.handover import unfinished_of, unsigned_of
from appraisal.services.policy_versions import adopt_version, draft_version
from bukittinggi_kinerja.common.admin import ReadOnlyAdmin
from bukittinggi_kinerja.common.admin_history import keep_back_values
from bukittinggi_kinerja.common.admin_policy import AdoptedAdmin, AdoptForm
from bukittinggi_kinerja.common.admin_screens import Screen
from bukittinggi_kinerja.common.models import PolicyVersion
from employees.queries.units import count_with_units

# Marks belong to the rater and his superior until they are published; the events tell them otherwise.
keep_back_values("appraisal.assessment.")
count_with_units("penilaian", lazy("Penilaian belum selesai"), unfinished_of)
count_with_units("skp", lazy("SKP menunggu tanda tangan"), unsigned_of)


class SeenAdmin(ReadOnlyAdmin):
    """Rows by the same rule as on the site: ``visible_to`` of the model."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        return rows if request.user.is_superuser else rows.visible_to(request.viewer)  # type: ignore[attr-defined]


class YearForm(AdoptForm):
    year_rule = forms.ChoiceField(
        label=lazy("Aturan bagi tahun perubahan"), choices=[("", lazy("Seperti pada rancangan")), *YearRule.choices], required=False
    )
    field_order = ("start", "decree_number", "decided_on", "year_rule", "reason")


@admin.register(AppraisalPolicy)
class AppraisalPolicyAdmin(AdoptedAdmin):
    screens = (Screen("late-rules", lazy("Lihat perubahan aturan"), whole=True),)
    explained = {
        "achievement_cap": lazy("Capaian di atas angka ini dihitung sebesar angka ini."),
        "result_above": lazy("Persen capaian; mulai angka ini disarankan di atas ekspektasi."),
        "result_meets": lazy("Persen capaian; di bawah angka ini disarankan di bawah ekspektasi."),
        "behaviour_above": lazy("Rata-rata tujuh nilai, 1 sampai 3."),
        "behaviour_meets": lazy("Rata-rata tujuh nilai, 1 sampai 3."),
        "behaviour_minimum": lazy("Dari tujuh nilai; kurang dari ini tidak ada saran."),
        "progress_workdays": lazy("Hari kerja sesudah hari terakhir periode."),
        "rating_workdays": lazy("Hari kerja sesudah hari terakhir periode; tidak lebih awal daripada batas realisasi."),
        "evidence_max_bytes": lazy("5242880 berarti 5 MB."),
        "evidence_quota_bytes": lazy("209715200 berarti 200 MB."),
        "smallest_cell": lazy("Kelompok yang lebih kecil tidak ditampilkan jumlahnya."),
    }
    list_display = ("code", "valid", "draft", "unconfirmed", "next_step", "decree_number")
    search_fields = ("code", "decree_number")
    adopt_form = YearForm

    def draft(self, **words: Any) -> PolicyVersion:
        return draft_version(**words)

    def adopt(self, **words: Any) -> PolicyVersion:
        return adopt_version(**words)


@admin.register(Cycle)
class CycleAdmin(SeenAdmin):
    screens = (Screen("control-room", lazy("Lihat ruang kendali"), whole=True),)
    date_hierarchy = "start"
    list_display = ("period", "group", "state", "progress_due", "rating_due", "published_at", "policy")
    list_filter = ("state", "group", "kind")
    list_select_related = ("group", "policy")
    search_fields = ("=period",)
    ordering = ("-start", "group")


class WorkResultInline(admin.TabularInline):
    model = WorkResult
    fields = ("order", "kind", "title", "share")
    ordering = ("order", "id")
    can_delete = False
    extra = 0


class IndicatorInline(admin.TabularInline):
    model = Indicator
    fields = ("order", "name", "aspect", "form", "direction", "accumulation", "target", "target_max", "target_date", "weight", "retired_on")
    ordering = ("order", "id")
    can_delete = False
    extra = 0


@admin.register(PerformancePlan)
class PerformancePlanAdmin(SeenAdmin):
    list_display = ("employee", "year", "unit", "assessor", "state", "revision", "valid")
    list_filter = ("year", "state", "approach")
    list_select_related = ("employee", "unit", "assessor")
    people = ("employee",)
    search_fields = ("employee__name", "=employee__nip")
    ordering = ("-year", "id")
    screens = (Screen("skp-satu", lazy("Lihat SKP")),)
    inlines = (WorkResultInline, IndicatorInline)


@admin.register(Assessment)
class AssessmentAdmin(SeenAdmin):
    """Marks stay out of sight until they are published, as everywhere."""

    date_hierarchy = "published_at"
    list_display = ("employee", "period", "unit", "assessor", "state", "version", "is_current", "published_at", "screen")
    list_filter = ("state", "is_current", "cycle__period")
    list_select_related = ("employee", "unit", "assessor", "cycle")
    people = ("employee",)
    search_fields = ("employee__name", "=employee__nip")
    ordering = ("-id",)
    fields = (
        "cycle", "employee", "unit", "assessor", "reviewer", "rated_by", "version", "is_current", "replaces", "state", "state_reason",
        "published_result", "published_behaviour", "rated_at", "published_at", "received_at", "receipt",
    )  # fmt: skip
    readonly_fields = ("published_result", "published_behaviour")
    screens = (
        Screen("nilai", lazy("Mengapa begini?"), lambda case: case.pk if case.published_at else None),
        Screen("skp-satu", lazy("Lihat SKP"), lambda case: case.plan_id),
    )

    @admin.display(description=lazy("periode"), ordering="cycle__start")
    def period(self, case: Assessment) -> str:
        return case.cycle.period

    @admin.display(description=lazy("rating hasil kerja"))
    def published_result(self, case: Assessment) -> str:
        return str(case.get_result_rating_display()) if case.published_at else _("belum terbit")

    @admin.display(description=lazy("rating perilaku kerja"))
    def published_behaviour(self, case: Assessment) -> str:
        return str(case.get_behaviour_rating_display()) if case.published_at else _("belum terbit")

    @admin.display(description=lazy("layar"))
    def screen(self, case: Assessment) -> str:
        if case.published_at is None:
            return "—"
        return format_html('<a href="{}">{}</a>', f"/kinerja/nilai/{case.pk}/", _("Mengapa begini?"))


@admin.register(Score)
class ScoreAdmin(ReadOnlyAdmin):
    screens = (Screen("nilai", lazy("Mengapa begini?"), lambda score: score.assessment_id),)
    date_hierarchy = "computed_at"
    list_display = ("employee", "period", "result_score", "behaviour_score", "predicate", "policy", "computed_at")
    list_filter = ("predicate", "policy")
    list_select_related = ("assessment__employee", "assessment__cycle", "policy")
    people = ("assessment__employee",)
    search_fields = ("assessment__employee__name", "=assessment__employee__nip")
    ordering = ("-assessment",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Score]:
        published = super().get_queryset(request).filter(assessment__published_at__isnull=False)
        if request.user.is_superuser:
            return published
        return published.filter(assessment__in=Assessment.objects.visible_to(request.viewer))  # type: ignore[attr-defined]

    @admin.display(description=lazy("pegawai"))
    def employee(self, score: Score) -> str:
        return str(score.assessment.employee)

    @admin.display(description=lazy("periode"))
    def period(self, score: Score) -> str:
        return score.assessment.cycle.period


@admin.register(ProgressEntry)
class ProgressEntryAdmin(SeenAdmin):
    screens = (Screen("realisasi-catatan", lazy("Lihat realisasi")),)
    date_hierarchy = "entered_at"
    list_display = ("employee", "indicator", "period", "value", "realised_on", "source", "entered_at", "withdrawn_at")
    list_filter = ("source", "target__period")
    list_select_related = ("employee", "target__indicator")
    people = ("employee",)
    search_fields = ("employee__name", "=employee__nip")
    ordering = ("-id",)
    fields = (
        "employee", "indicator", "period", "value", "realised_on", "note", "source", "entered_at", "replaces", "withdrawn_at",
        "withdrawal_reason",
    )  # fmt: skip
    readonly_fields = ("indicator", "period")

    @admin.display(description=lazy("indikator"))
    def indicator(self, entry: ProgressEntry) -> str:
        return entry.target.indicator.name

    @admin.display(description=lazy("periode"), ordering="target__start")
    def period(self, entry: ProgressEntry) -> str:
        return entry.target.period


@admin.register(Feedback)
class FeedbackAdmin(SeenAdmin):
    """Who wrote to whom and when; the words are for the two and the rating chain."""

    screens = (Screen("data-pegawai", lazy("Lihat pegawai"), lambda word: word.employee_id),)
    list_display = ("employee", "author", "source", "tone", "happened_on", "created_at", "seen_at", "withdrawn_at")
    list_filter = ("source", "tone")
    list_select_related = ("employee", "author")
    people = ("employee",)
    search_fields = ("employee__name", "=employee__nip")
    ordering = ("-id",)
    date_hierarchy = "created_at"
    fields = ("employee", "author", "source", "tone", "happened_on", "created_at", "seen_at", "withdrawn_at")
