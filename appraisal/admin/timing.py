"""What moves a month, and what comes from elsewhere: kept or looked at here, done on the screens that ask for two or for a letter."""

from __future__ import annotations

from django import forms
from django.contrib import admin

from appraisal.models import DeadlineChange, DeadlinePolicy, DepthPolicy, ImportedResult, Recomputation
from appraisal.models.depth import every_kind
from bukittinggi_kinerja.common.admin import CityAdmin, ReadOnlyAdmin
from employees.models import LeaveKind


@admin.register(DeadlinePolicy)
class DeadlinePolicyAdmin(CityAdmin):
    list_display = ("code", "remind_days_before", "remind_days_after", "quiet_from", "quiet_until", "valid", "draft")
    list_filter = ("draft",)
    ordering = ("-id",)


class DepthPolicyForm(forms.ModelForm):
    leave_kinds = forms.MultipleChoiceField(
        label=DepthPolicy._meta.get_field("leave_kinds").verbose_name,
        help_text=DepthPolicy._meta.get_field("leave_kinds").help_text,
        choices=LeaveKind.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        initial=every_kind,
    )


@admin.register(DepthPolicy)
class DepthPolicyAdmin(CityAdmin):
    form = DepthPolicyForm
    list_display = ("code", "least_workdays", "dialogue_at_plan", "dialogue_below_good", "valid", "draft")
    list_filter = ("draft",)
    ordering = ("-id",)


@admin.register(DeadlineChange)
class DeadlineChangeAdmin(ReadOnlyAdmin):
    list_display = ("period", "what", "scope", "kind", "unit", "employee", "new_due", "letter", "decided_by", "revoked_at")
    list_filter = ("kind", "scope", "what")
    list_select_related = ("unit", "employee", "decided_by")
    search_fields = ("period__startswith", "letter__istartswith", "employee__nip__startswith")
    ordering = ("-id",)


@admin.register(ImportedResult)
class ImportedResultAdmin(ReadOnlyAdmin):
    list_display = ("employee", "period", "predicate", "source", "number", "dated", "is_current")
    list_filter = ("source", "is_current")
    list_select_related = ("employee",)
    search_fields = ("employee__name", "employee__nip__startswith", "number__istartswith")
    ordering = ("-id",)


@admin.register(Recomputation)
class RecomputationAdmin(ReadOnlyAdmin):
    list_display = ("id", "cause", "state", "proposed_by", "proposed_at", "decided_by", "decided_at")
    list_filter = ("cause", "state")
    list_select_related = ("proposed_by", "decided_by")
    ordering = ("-id",)
