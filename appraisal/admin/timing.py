"""What moves a month, and what comes from elsewhere: kept or looked at here, done on the screens that ask for two or for a letter."""

from __future__ import annotations

from django.contrib import admin

from appraisal.models import DeadlineChange, DeadlinePolicy, ImportedResult, Recomputation
from bukittinggi_kinerja.common.admin import CityAdmin, ReadOnlyAdmin


@admin.register(DeadlinePolicy)
class DeadlinePolicyAdmin(CityAdmin):
    list_display = ("code", "remind_days_before", "remind_days_after", "quiet_from", "quiet_until", "valid", "draft")
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
