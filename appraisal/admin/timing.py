"""What moves a month, and what comes from elsewhere: kept or looked at here, done on the screens that ask for two or for a letter."""

from __future__ import annotations

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from appraisal.models import (
    DeadlineChange,
    DeadlinePolicy,
    DepthPolicy,
    ImportedResult,
    PlanTemplate,
    Recomputation,
    ResultSource,
    ServiceOutage,
)
from appraisal.models.depth import every_kind
from bukittinggi_kinerja.common.admin import ReadOnlyAdmin
from bukittinggi_kinerja.common.admin_policy import AdoptedAdmin, PolicyForm
from bukittinggi_kinerja.common.admin_screens import Screen
from bukittinggi_kinerja.common.admin_shown import AwaitsConfirmation
from employees.models import LeaveKind


@admin.register(DeadlinePolicy)
class DeadlinePolicyAdmin(AdoptedAdmin):
    screens = (Screen("control-deadlines", _("Lihat batas waktu"), whole=True),)
    explained = {
        "outage_least_minutes": _("Gangguan yang lebih singkat tidak menggeser batas waktu."),
        "outage_reach_workdays": _("Batas yang jatuh sampai sekian hari kerja sesudah gangguan ikut bergeser."),
        "quiet_from": _("Mulai jam ini pengingat menunggu sampai jam tenang selesai."),
        "quiet_on_days_off": _("Pada hari libur tidak ada pengingat yang dikirim."),
    }
    event = "appraisal.deadline_policy"
    list_display = (
        "code", "valid", "draft", "unconfirmed", "next_step", "remind_days_before", "remind_days_after", "quiet_from", "quiet_until",
    )  # fmt: skip


class DepthPolicyForm(PolicyForm):
    leave_kinds = forms.MultipleChoiceField(
        label=DepthPolicy._meta.get_field("leave_kinds").verbose_name,
        help_text=DepthPolicy._meta.get_field("leave_kinds").help_text,
        choices=LeaveKind.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        initial=every_kind,
    )


@admin.register(DepthPolicy)
class DepthPolicyAdmin(AdoptedAdmin):
    form = DepthPolicyForm
    event = "appraisal.depth_policy"
    list_display = (
        "code", "valid", "draft", "unconfirmed", "next_step", "least_workdays", "dialogue_at_plan", "dialogue_below_good",
    )  # fmt: skip


@admin.register(DeadlineChange)
class DeadlineChangeAdmin(ReadOnlyAdmin):
    screens = (Screen("control-deadlines", _("Lihat batas waktu"), whole=True),)
    date_hierarchy = "decided_at"
    list_display = ("period", "what", "scope", "kind", "unit", "employee", "new_due", "letter", "decided_by", "revoked_at")
    list_filter = ("kind", "scope", "what")
    list_select_related = ("unit", "employee", "decided_by")
    people = ("employee",)
    search_fields = ("period__startswith", "letter__istartswith", "employee__nip__startswith")
    ordering = ("-id",)


@admin.register(ImportedResult)
class ImportedResultAdmin(ReadOnlyAdmin):
    screens = (Screen("data-pegawai", _("Lihat pegawai"), lambda row: row.employee_id), Screen("selisih", _("Lihat selisih"), whole=True))
    date_hierarchy = "imported_at"
    list_display = ("employee", "period", "predicate", "source", "number", "dated", "is_current")
    list_filter = ("source", "is_current")
    list_select_related = ("employee",)
    people = ("employee",)
    search_fields = ("employee__name", "employee__nip__startswith", "number__istartswith")
    ordering = ("-id",)


@admin.register(Recomputation)
class RecomputationAdmin(ReadOnlyAdmin):
    screens = (Screen("late-proposal", _("Lihat usulan")),)
    date_hierarchy = "proposed_at"
    list_display = ("id", "cause", "state", "proposed_by", "proposed_at", "decided_by", "decided_at")
    list_filter = ("cause", "state")
    list_select_related = ("proposed_by", "decided_by")
    ordering = ("-id",)


@admin.register(ServiceOutage)
class ServiceOutageAdmin(ReadOnlyAdmin):
    list_display = ("start", "end", "reason", "letter", "decided_by")
    list_select_related = ("decided_by",)
    search_fields = ("reason", "letter__istartswith")
    date_hierarchy = "start"
    ordering = ("-start", "-id")
    screens = (Screen("control-outages", _("Lihat gangguan"), whole=True),)


@admin.register(ResultSource)
class ResultSourceAdmin(AwaitsConfirmation, ReadOnlyAdmin):
    list_display = ("group", "source", "valid", "decree_number", "draft", "unconfirmed")
    list_filter = ("group", "source", "draft")
    list_select_related = ("group",)
    ordering = ("group__code", "-valid")
    screens = (Screen("selisih", _("Lihat selisih"), whole=True),)


@admin.register(PlanTemplate)
class PlanTemplateAdmin(ReadOnlyAdmin):
    """What it holds is read on its screen, where it is written too."""

    list_display = ("position", "unit", "version", "is_current", "year", "made_at")
    list_filter = ("is_current", "year")
    list_select_related = ("position", "unit")
    search_fields = ("position__title", "unit__name")
    date_hierarchy = "made_at"
    ordering = ("-id",)
    exclude = ("content",)
    screens = (Screen("skp-templat", _("Lihat templat"), whole=True),)
