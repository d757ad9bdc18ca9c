"""Where events come from: sources, whose account is whose, and what contradicts what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from appraisal.incentives.models import AccountAlias, EventConflict, EventSource, ServiceEvent
from appraisal.incentives.services.aliases import AliasReport, end_alias, settle_alias
from appraisal.incentives.services.corrections import settle_conflict
from appraisal.incentives.services.sources import hand_source, register_source
from bukittinggi_kinerja.common.admin import CityAdmin, ReadOnlyAdmin, Tool, service_page
from bukittinggi_kinerja.common.admin_screens import Screen

from .forms import AliasForm, ConflictForm, EndAliasForm, OwnerForm, SourceForm


class ServiceAddedAdmin(ReadOnlyAdmin):
    """Rows that a service adds: the page to add asks what the service asks."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return CityAdmin.has_add_permission(self, request)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponseBase:  # type: ignore[override]
        if not self.has_add_permission(request):
            raise PermissionDenied
        return self.add_page(request)

    def add_page(self, request: HttpRequest) -> HttpResponseBase:
        raise NotImplementedError


@admin.register(EventSource)
class EventSourceAdmin(ServiceAddedAdmin):
    screens = (Screen("service-board", lazy("Lihat papan layanan"), whole=True),)
    list_display = ("code", "owner", "credit", "map_seal")
    list_select_related = ("owner",)
    tools = (Tool("pemilik", lazy("Tetapkan unit pemilik"), "owner_page", of_row=True),)
    search_fields = ("code",)
    ordering = ("code",)

    @admin.display(description=lazy("sidik peta"))
    def map_seal(self, source: EventSource) -> str:
        return str(source.mapping.get("sha256", "—"))[:12]

    def add_page(self, request: HttpRequest) -> HttpResponseBase:
        form = SourceForm(request.POST or None)

        def run(data: Mapping[str, Any]) -> str:
            made = register_source(
                viewer=request.viewer,  # type: ignore[attr-defined]
                code=data["code"],
                credit=data["credit"],
                words=form.words(),
                owner_id=data["owner"] and data["owner"].pk,
                reason=data["reason"],
                now=request.now,  # type: ignore[attr-defined]
            )
            return _("Sumber %(kode)s terdaftar.") % {"kode": made}

        back = reverse("admin:incentives_eventsource_changelist")
        return service_page(request, self, form, title=_("Daftarkan sumber"), button=_("Daftarkan"), run=run, back=back)

    def owner_page(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        source = get_object_or_404(EventSource, pk=object_id)

        def run(data: Mapping[str, Any]) -> str:
            owner = data["owner"]
            hand_source(viewer=request.viewer, source_id=object_id, owner_id=owner and owner.pk, reason=data["reason"], now=request.now)  # type: ignore[attr-defined]
            return _("Unit pemilik %(kode)s tersimpan.") % {"kode": source}

        title = _("Unit pemilik sumber %(kode)s") % {"kode": source}
        form = OwnerForm(request.POST or None, initial={"owner": source.owner_id})
        return service_page(request, self, form, title=title, button=_("Simpan"), run=run, back=self.list_url)


@admin.register(AccountAlias)
class AccountAliasAdmin(ServiceAddedAdmin):
    screens = (Screen("data-pegawai", lazy("Lihat pegawai"), lambda alias: alias.employee_id),)
    list_display = ("account", "source", "employee", "valid", "reason", "next_step")
    list_filter = ("source",)
    list_select_related = ("source", "employee")
    people = ("employee",)
    search_fields = ("account", "employee__name", "=employee__nip")
    ordering = ("source", "account")

    @admin.display(description=lazy("langkah berikut"))
    def next_step(self, alias: AccountAlias) -> str:
        if alias.valid.upper is not None:
            return "—"
        return format_html('<a href="{}">{}</a>', reverse("admin:incentives_alias_end", args=[alias.pk]), _("Akhiri"))

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(self.end_page)
        return [path("<int:alias_id>/akhir/", page, name="incentives_alias_end"), *super().get_urls()]

    def add_page(self, request: HttpRequest) -> HttpResponseBase:
        def run(data: Mapping[str, Any]) -> str:
            wanted = ("source_id", "account", "employee_id", "valid_from", "valid_to", "reason")
            given = {name: data[name] for name in wanted}
            return credited(settle_alias(viewer=request.viewer, now=request.now, **given))  # type: ignore[attr-defined]

        back = reverse("admin:incentives_accountalias_changelist")
        form = AliasForm(request.POST or None)
        return service_page(request, self, form, title=_("Hubungkan akun"), button=_("Hubungkan"), run=run, back=back)

    def end_page(self, request: HttpRequest, alias_id: int) -> HttpResponseBase:
        if not self.has_add_permission(request):
            raise PermissionDenied

        def run(data: Mapping[str, Any]) -> str:
            return credited(end_alias(viewer=request.viewer, alias_id=alias_id, now=request.now, **data))  # type: ignore[attr-defined]

        back = reverse("admin:incentives_accountalias_changelist")
        return service_page(
            request, self, EndAliasForm(request.POST or None), title=_("Akhiri alias"), button=_("Akhiri"), run=run, back=back
        )


def credited(report: AliasReport) -> str:
    """What changed hands, and what closed periods would say today."""
    sentence = _("%(steps)s langkah dan %(cases)s berkas berganti petugas.") % {"steps": report.steps, "cases": report.cases}
    if report.differences:
        periods = ", ".join(sorted({difference.period for difference in report.differences}))
        sentence += " " + _("Periode tertutup yang kini berbeda dan tidak diubah: %(periods)s.") % {"periods": periods}
    return sentence


@admin.register(EventConflict)
class EventConflictAdmin(ReadOnlyAdmin):
    screens = (Screen("service-board", lazy("Lihat papan layanan"), whole=True),)
    date_hierarchy = "noticed_at"
    list_display = ("case_id", "key", "source", "noticed_at", "outcome", "settled_at", "next_step")
    list_filter = ("outcome", "source")
    list_select_related = ("source",)
    search_fields = ("=case_id", "=key")
    ordering = ("settled_at", "-noticed_at")

    @admin.display(description=lazy("langkah berikut"))
    def next_step(self, conflict: EventConflict) -> str:
        if conflict.settled_at is not None:
            return "—"
        return format_html('<a href="{}">{}</a>', reverse("admin:incentives_conflict_settle", args=[conflict.pk]), _("Putuskan"))

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(self.settle_page)
        return [path("<int:conflict_id>/putusan/", page, name="incentives_conflict_settle"), *super().get_urls()]

    def settle_page(self, request: HttpRequest, conflict_id: int) -> HttpResponseBase:
        if not self.has_view_permission(request):
            raise PermissionDenied
        conflict = get_object_or_404(EventConflict, pk=conflict_id)

        def run(data: Mapping[str, Any]) -> str:
            settle_conflict(viewer=request.viewer, conflict_id=conflict_id, now=request.now, **data)  # type: ignore[attr-defined]
            return _("Putusan tersimpan.")

        form = ConflictForm(request.POST or None)
        form.fields["outcome"].help_text = differing(conflict)
        back = reverse("admin:incentives_eventconflict_changelist")
        return service_page(request, self, form, title=_("Putuskan pertentangan"), button=_("Simpan putusan"), run=run, back=back)


def differing(conflict: EventConflict) -> str:
    """The columns in which the stored content and the listed one differ."""
    stored = ServiceEvent.objects.current().filter(source_id=conflict.source_id, key=conflict.key).values_list("content", flat=True).first()
    old, new = stored or {}, conflict.content
    names = [name for name in dict.fromkeys([*old, *new]) if old.get(name, "") != new.get(name, "")]
    pairs = [
        _("%(column)s: tersimpan “%(old)s”, datang “%(new)s”") % {"column": n, "old": old.get(n, ""), "new": new.get(n, "")} for n in names
    ]
    return "; ".join(pairs)
