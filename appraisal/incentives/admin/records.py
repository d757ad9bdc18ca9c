"""Services and their cases: types are kept here, standards follow by a page, cases and steps are looked at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from appraisal.incentives.models import ServiceCase, ServiceEvent, ServiceStandard, ServiceType
from appraisal.incentives.queries.handover import open_cases_of
from appraisal.incentives.services.corrections import EventChange, correct_event
from appraisal.incentives.services.sources import set_standard
from bukittinggi_kinerja.common.admin import CityAdmin, ReadOnlyAdmin, service_page
from bukittinggi_kinerja.common.admin_screens import Screen
from bukittinggi_kinerja.common.admin_shown import AwaitsConfirmation
from employees.queries.units import count_with_units

from .forms import CorrectionForm, StandardForm

count_with_units("berkas", lazy("Berkas layanan terbuka"), open_cases_of)


@admin.register(ServiceType)
class ServiceTypeAdmin(CityAdmin):
    screens = (Screen("service-board", lazy("Lihat papan layanan"), whole=True),)
    explained = {
        "code": lazy("Seperti tertulis dalam log peristiwa."),
        "technical_agency": lazy("OPD yang memberi rekomendasi teknis; kosongkan bila tidak ada."),
    }
    list_display = ("code", "name", "technical_agency", "next_step")
    search_fields = ("code", "name", "technical_agency")
    ordering = ("code",)

    @admin.display(description=lazy("langkah berikut"))
    def next_step(self, kind: ServiceType) -> str:
        return format_html('<a href="{}">{}</a>', reverse("admin:incentives_standard_new", args=[kind.pk]), _("Standar baru"))

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(self.standard_page)
        return [path("<int:type_id>/standar/", page, name="incentives_standard_new"), *super().get_urls()]

    def standard_page(self, request: HttpRequest, type_id: int) -> HttpResponseBase:
        if not self.has_change_permission(request):
            raise PermissionDenied
        kind = get_object_or_404(ServiceType, pk=type_id)
        now = kind.standards.in_force(on=request.viewer.on).first()  # type: ignore[attr-defined]
        initial = {"workdays": now.workdays, "cut_off": now.cut_off} if now else {"cut_off": "15:00"}

        def run(data: Mapping[str, Any]) -> str:
            made = set_standard(viewer=request.viewer, type_id=type_id, now=request.now, **data)  # type: ignore[attr-defined]
            return _("Standar %(kode)s ditetapkan.") % {"kode": made}

        title = _("Standar baru: %(name)s") % {"name": kind.name}
        back = reverse("admin:incentives_servicestandard_changelist")
        form = StandardForm(request.POST or None, initial=initial)
        return service_page(request, self, form, title=title, button=_("Tetapkan"), run=run, back=back)


@admin.register(ServiceStandard)
class ServiceStandardAdmin(AwaitsConfirmation, ReadOnlyAdmin):
    screens = (Screen("service-board", lazy("Lihat papan layanan"), whole=True),)
    list_display = ("service_type", "workdays", "cut_off", "valid", "decree_number", "draft", "unconfirmed")
    list_filter = ("draft",)
    list_select_related = ("service_type",)
    search_fields = ("service_type__code", "service_type__name", "decree_number")
    ordering = ("service_type__code", "-valid")


@admin.register(ServiceCase)
class ServiceCaseAdmin(ReadOnlyAdmin):
    date_hierarchy = "accepted_at"
    list_display = (
        "case_id",
        "source",
        "service_type",
        "state",
        "accepted_at",
        "due_at",
        "finished_at",
        "net_working_days",
        "on_time",
        "screen",
    )
    list_filter = ("state", "on_time", "source")
    list_select_related = ("source", "service_type")
    search_fields = ("=case_id", "=responsible_account")
    ordering = ("-accepted_at",)
    screens = (Screen("service-case", lazy("Lini masa")),)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ServiceCase]:
        return super().get_queryset(request).visible_to(request.viewer)  # type: ignore[attr-defined]

    @admin.display(description=lazy("layar"))
    def screen(self, case: ServiceCase) -> str:
        return format_html('<a href="/izin/{}/">{}</a>', case.pk, _("Lini masa"))


@admin.register(ServiceEvent)
class ServiceEventAdmin(ReadOnlyAdmin):
    screens = (Screen("service-case", lazy("Lini masa"), lambda step: step.case_id),)
    date_hierarchy = "at"
    list_display = ("case", "activity", "at", "account", "officer", "version", "is_current", "cancelled", "next_step")
    list_filter = ("is_current", "cancelled", "source")
    list_select_related = ("case", "officer")
    search_fields = ("=case__case_id", "=account", "=key")
    ordering = ("-id",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ServiceEvent]:
        seen = ServiceCase.objects.visible_to(request.viewer)  # type: ignore[attr-defined]
        return super().get_queryset(request).filter(case__in=seen)

    @admin.display(description=lazy("langkah berikut"))
    def next_step(self, event: ServiceEvent) -> str:
        if not event.is_current:
            return "—"
        return format_html('<a href="{}">{}</a>', reverse("admin:incentives_event_correct", args=[event.pk]), _("Perbaiki"))

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(self.correct_page)
        return [path("<int:event_id>/perbaikan/", page, name="incentives_event_correct"), *super().get_urls()]

    def correct_page(self, request: HttpRequest, event_id: int) -> HttpResponseBase:
        if not self.has_view_permission(request):
            raise PermissionDenied
        event = get_object_or_404(self.get_queryset(request), pk=event_id)
        form = CorrectionForm(event, request.POST or None)

        def run(data: Mapping[str, Any]) -> str:
            change = EventChange(**form.changes())
            made = correct_event(viewer=request.viewer, event_id=event_id, change=change, reason=data["reason"], now=request.now)  # type: ignore[attr-defined]
            if made.differences:
                return _("Langkah diperbaiki. %(count)s angka periode tertutup kini berbeda.") % {"count": len(made.differences)}
            return _("Langkah diperbaiki.")

        back = reverse("admin:incentives_serviceevent_changelist")
        return service_page(request, self, form, title=_("Perbaiki langkah"), button=_("Simpan versi baru"), run=run, back=back)
