"""Record keeping in the admin: rule versions are drafted and adopted here, everything with a life is looked at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from appraisal.models import AppraisalPolicy, Assessment, Cycle, Feedback, Indicator, PerformancePlan, ProgressEntry, Score, WorkResult
from appraisal.models.policy import YearRule
from appraisal.queries.handover import unfinished_of, unsigned_of
from appraisal.services.policy_versions import adopt_version, draft_version
from bukittinggi_kinerja.common.admin import CityAdmin, ReadOnlyAdmin, ReasonedForm, service_page
from bukittinggi_kinerja.common.admin_history import keep_back_values
from bukittinggi_kinerja.common.admin_screens import Screen
from bukittinggi_kinerja.common.admin_shown import AwaitsConfirmation, numbers_of
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


class DraftForm(forms.Form):
    code = forms.CharField(label=lazy("Kode versi"), max_length=40)
    reason = forms.CharField(label=lazy("Alasan"), widget=forms.Textarea(attrs={"rows": 3}))


class AdoptForm(forms.Form):
    start = forms.DateField(label=lazy("Berlaku mulai"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    decree_number = forms.CharField(label=lazy("Nomor keputusan"), max_length=120, required=False)
    decided_on = forms.DateField(
        label=lazy("Tanggal keputusan"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    year_rule = forms.ChoiceField(
        label=lazy("Aturan bagi tahun perubahan"), choices=[("", lazy("Seperti pada rancangan")), *YearRule.choices], required=False
    )
    reason = forms.CharField(label=lazy("Alasan"), widget=forms.Textarea(attrs={"rows": 3}))


class PolicyForm(ReasonedForm):
    """Which numbers await the legal office is ticked by their names."""

    def __init__(self, *args: Any, **words: Any) -> None:
        super().__init__(*args, **words)
        if "to_confirm" in self.fields:
            self.fields["to_confirm"] = forms.MultipleChoiceField(
                label=lazy("Perlu dikonfirmasi"),
                choices=[(field.name, field.verbose_name) for field in numbers_of(AppraisalPolicy)],
                widget=forms.CheckboxSelectMultiple,
                required=False,
            )


@admin.register(AppraisalPolicy)
class AppraisalPolicyAdmin(AwaitsConfirmation, CityAdmin):
    """A version that rules is never edited: draft a new one from it, change the draft, adopt it from a date on."""

    list_display = ("code", "valid", "draft", "decree_number", "unconfirmed", "next_step")
    list_filter = ("draft",)
    search_fields = ("code", "decree_number")
    ordering = ("-valid",)
    readonly_fields = ("draft", "valid", "decree_number", "decided_on", "finding")
    form = PolicyForm

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return (obj is None or obj.draft) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is not None and obj.draft and super().has_delete_permission(request, obj)

    @admin.display(description=lazy("langkah berikut"))
    def next_step(self, policy: AppraisalPolicy) -> str:
        name, label = ("adopt", _("Tetapkan")) if policy.draft else ("draft", _("Buat rancangan dari versi ini"))
        return format_html('<a href="{}">{}</a>', reverse(f"admin:appraisal_policy_{name}", args=[policy.pk]), label)

    def get_urls(self) -> list[URLPattern]:
        guarded = self.admin_site.admin_view
        return [
            path("<int:policy_id>/rancangan/", guarded(self.draft_page), name="appraisal_policy_draft"),
            path("<int:policy_id>/penetapan/", guarded(self.adopt_page), name="appraisal_policy_adopt"),
            *super().get_urls(),
        ]

    def draft_page(self, request: HttpRequest, policy_id: int) -> HttpResponseBase:
        def run(data: Mapping[str, Any]) -> str:
            made = draft_version(actor=request.viewer.user_id, source_id=policy_id, now=request.now, **data)  # type: ignore[attr-defined]
            return _("Rancangan %(kode)s dibuat.") % {"kode": made}

        form = DraftForm(request.POST or None)
        return self._page(request, form, title=_("Rancangan versi baru"), button=_("Buat rancangan"), run=run)

    def adopt_page(self, request: HttpRequest, policy_id: int) -> HttpResponseBase:
        def run(data: Mapping[str, Any]) -> str:
            made = adopt_version(actor=request.viewer.user_id, policy_id=policy_id, now=request.now, **data)  # type: ignore[attr-defined]
            return _("Versi %(kode)s ditetapkan.") % {"kode": made}

        form = AdoptForm(request.POST or None)
        return self._page(request, form, title=_("Penetapan versi"), button=_("Tetapkan versi"), run=run)

    def _page(
        self, request: HttpRequest, form: forms.Form, *, title: str, button: str, run: Callable[[Mapping[str, Any]], str]
    ) -> HttpResponseBase:
        if not self.has_change_permission(request):
            raise PermissionDenied
        back = reverse("admin:appraisal_appraisalpolicy_changelist")
        return service_page(request, self, form, title=title, button=button, run=run, back=back)


@admin.register(Cycle)
class CycleAdmin(SeenAdmin):
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
    search_fields = ("employee__name", "=employee__nip")
    ordering = ("-year", "id")
    screens = (Screen("skp-satu", lazy("Lihat SKP")),)
    inlines = (WorkResultInline, IndicatorInline)


@admin.register(Assessment)
class AssessmentAdmin(SeenAdmin):
    """Marks stay out of sight until they are published, as everywhere."""

    list_display = ("employee", "period", "unit", "assessor", "state", "version", "is_current", "published_at", "screen")
    list_filter = ("state", "is_current", "cycle__period")
    list_select_related = ("employee", "unit", "assessor", "cycle")
    search_fields = ("employee__name", "=employee__nip")
    ordering = ("-id",)
    fields = (
        "cycle", "employee", "unit", "assessor", "reviewer", "rated_by", "version", "is_current", "replaces", "state", "state_reason",
        "published_result", "published_behaviour", "rated_at", "published_at", "received_at", "receipt",
    )  # fmt: skip
    readonly_fields = ("published_result", "published_behaviour")
    screens = (Screen("nilai", lazy("Mengapa begini?"), lambda case: case.pk if case.published_at else None),)

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
    list_display = ("employee", "period", "result_score", "behaviour_score", "predicate", "policy", "computed_at")
    list_filter = ("predicate", "policy")
    list_select_related = ("assessment__employee", "assessment__cycle", "policy")
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
    list_display = ("employee", "indicator", "period", "value", "realised_on", "source", "entered_at", "withdrawn_at")
    list_filter = ("source", "target__period")
    list_select_related = ("employee", "target__indicator")
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

    list_display = ("employee", "author", "source", "tone", "happened_on", "created_at", "seen_at", "withdrawn_at")
    list_filter = ("source", "tone")
    list_select_related = ("employee", "author")
    search_fields = ("employee__name", "=employee__nip")
    ordering = ("-id",)
    date_hierarchy = "created_at"
    fields = ("employee", "author", "source", "tone", "happened_on", "created_at", "seen_at", "withdrawn_at")
