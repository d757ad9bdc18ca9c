"""The city's calendar and memory in the admin, and its imports; the bases for every app stand beside this module."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from .admin_base import (
    ONE_DAY,
    REASON,
    CityAdmin,
    InclusiveDays,
    ReadOnlyAdmin,
    ReasonedForm,
    Tool,
    remembering,
    service_page,
)
from .admin_history import named_actors, username_of, values_are_kept_back
from .admin_screens import Screen
from .models import CalendarYear, ClosedDay, ColumnMapping, Event, ImportBatch, Job, Seal

__all__ = ["ONE_DAY", "REASON", "CityAdmin", "InclusiveDays", "ReadOnlyAdmin", "ReasonedForm", "Tool", "remembering", "service_page"]


@admin.register(ClosedDay)
class ClosedDayAdmin(CityAdmin):
    list_display = ("date", "kind", "name", "decree")
    list_filter = ("kind",)
    search_fields = ("name", "decree")
    date_hierarchy = "date"
    ordering = ("-date",)
    explained = {"decree": _("Nomor SKB atau keputusan daerah yang menetapkan hari ini.")}


@admin.register(CalendarYear)
class CalendarYearAdmin(CityAdmin):
    list_display = ("year", "decree")
    search_fields = ("=year", "decree")
    ordering = ("-year",)
    explained = {"year": _("Isi setelah semua hari liburnya lengkap: di luar tahun ini tidak ada batas yang dihitung.")}


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = ("at", "action", "actor_name", "subject_type", "subject_id", "reason")
    list_filter = ("subject_type",)
    search_fields = ("action", "=subject_id")
    date_hierarchy = "at"
    ordering = ("-id",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        return named_actors(super().get_queryset(request))

    def get_exclude(self, request: HttpRequest, obj: Event | None = None) -> list[str]:
        return ["old", "new"] if obj is not None and values_are_kept_back(obj.action) else []

    @admin.display(description=_("pelaku"))
    def actor_name(self, event: Any) -> str:
        return event.actor_name or ("—" if event.actor is None else str(event.actor))


@admin.register(Seal)
class SealAdmin(ReadOnlyAdmin):
    list_display = ("at", "stream", "first_id", "last_id", "rows", "digest")
    list_filter = ("stream",)
    date_hierarchy = "at"
    ordering = ("-id",)
    exclude = ("row_ids", "row_digests")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Seal]:
        return super().get_queryset(request).defer("row_ids", "row_digests")


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "kind", "state", "done", "total", "finished_at", "message")
    list_filter = ("kind", "state")
    date_hierarchy = "created_at"
    ordering = ("-id",)
    screens = (Screen("job", _("Lihat pekerjaan")),)


@admin.register(ImportBatch)
class ImportBatchAdmin(ReadOnlyAdmin):
    """That a list was brought, and what it did. Its rows, and where its file lies, are for its own screen."""

    list_display = ("created_at", "kind", "name", "brought_by", "state", "rows", "new", "changed", "bad", "applied_at", "undone_at")
    list_filter = ("kind", "state")
    search_fields = ("name", "reason")
    date_hierarchy = "created_at"
    ordering = ("-id",)
    screens = (Screen("impor-berkas", _("Lihat impor")),)
    fields = (
        "kind", "name", "brought_by", "state", "good_only", "reason", "rows", "new", "changed", "same", "bad", "warned", "message",
        "created_at", "checked_at", "applied_at", "undone_at",
    )  # fmt: skip
    readonly_fields = ("brought_by",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ImportBatch]:
        rows: QuerySet[ImportBatch] = super().get_queryset(request)
        return rows.annotate(owner_name=username_of("owner")).defer("samples", "header", "mapping", "options")

    @admin.display(description=_("diunggah oleh"))
    def brought_by(self, batch: Any) -> str:
        return batch.owner_name or "—"


@admin.register(ColumnMapping)
class ColumnMappingAdmin(ReadOnlyAdmin):
    list_display = ("kind", "fingerprint")
    list_filter = ("kind",)
    search_fields = ("fingerprint__startswith",)
    ordering = ("kind", "id")
    fields = ("kind", "fingerprint", "mapping")
    screens = (Screen("impor", _("Lihat impor"), whole=True),)
