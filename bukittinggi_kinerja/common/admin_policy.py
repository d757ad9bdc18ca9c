"""Policies in the admin: a version that rules is never edited. Draft a new one from it, change the draft, adopt it from a date on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from .admin import CityAdmin, ReasonedForm, Tool, service_page
from .admin_shown import AwaitsConfirmation, numbers_of
from .models import PolicyVersion
from .policy_versions import adopt_version, draft_version


class DraftForm(forms.Form):
    code = forms.CharField(label=lazy("Kode versi"), max_length=40, help_text=lazy("Nama pendek versi ini, misalnya aturan-2027."))
    reason = forms.CharField(label=lazy("Alasan"), widget=forms.Textarea(attrs={"rows": 3}))


class AdoptForm(forms.Form):
    start = forms.DateField(
        label=lazy("Berlaku mulai"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=lazy("Versi sebelumnya berakhir pada hari sebelumnya."),
    )
    decree_number = forms.CharField(
        label=lazy("Nomor keputusan"), max_length=120, required=False, help_text=lazy("Wajib bila berlaku surut atau hari ini.")
    )
    decided_on = forms.DateField(
        label=lazy("Tanggal keputusan"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    reason = forms.CharField(label=lazy("Alasan"), widget=forms.Textarea(attrs={"rows": 3}))


class PolicyForm(ReasonedForm):
    """Which numbers await the legal office is ticked by their names."""

    def __init__(self, *args: Any, **words: Any) -> None:
        super().__init__(*args, **words)
        if "to_confirm" in self.fields:
            self.fields["to_confirm"] = forms.MultipleChoiceField(
                label=lazy("Perlu dikonfirmasi"),
                choices=[(field.name, field.verbose_name) for field in numbers_of(self._meta.model)],
                widget=forms.CheckboxSelectMultiple,
                required=False,
                help_text=lazy("Angka yang belum dipastikan bagian hukum."),
            )


class AdoptedAdmin(AwaitsConfirmation, CityAdmin):
    #: Begins the names of the event rows, e.g. ``employees.move_policy``.
    event = ""
    #: Fields that one row of versions shares; empty where one version rules at a time.
    same: Sequence[str] = ()
    adopt_form: type[AdoptForm] = AdoptForm
    list_filter: ClassVar[Any] = ("draft",)
    search_fields: ClassVar[Any] = ("code", "decree_number", "reason")
    ordering: ClassVar[Any] = ("-valid",)
    readonly_fields: ClassVar[Any] = ("draft", "valid", "decree_number", "decided_on", "finding")
    form = PolicyForm
    tools = (
        Tool("rancangan", lazy("Buat rancangan dari versi ini"), "draft_page", of_row=True),
        Tool("penetapan", lazy("Tetapkan"), "adopt_page", of_row=True),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return (obj is None or obj.draft) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is not None and obj.draft and super().has_delete_permission(request, obj)

    def draft(self, **words: Any) -> PolicyVersion:
        model: type[PolicyVersion] = self.model
        return draft_version(model, event=self.event, **words)

    def adopt(self, **words: Any) -> PolicyVersion:
        model: type[PolicyVersion] = self.model
        return adopt_version(model, event=self.event, same=self.same, **words)

    @admin.display(description=lazy("langkah berikut"))
    def next_step(self, policy: PolicyVersion) -> str:
        tool = self._tool_of(policy)
        return format_html('<a href="{}">{}</a>', reverse(f"admin:{self.tool_url_name(tool.name)}", args=[policy.pk]), tool.label)

    def _tool_of(self, policy: PolicyVersion) -> Tool:
        return self.tools[1 if policy.draft else 0]

    def _tool_links(self, *, object_id: str | None = None) -> list[dict[str, Any]]:
        """Of one row, the one step that it can take."""
        links = super()._tool_links(object_id=object_id)
        policy = self.model.objects.filter(pk=object_id).first() if links else None
        return [link for link in links if policy is not None and link["label"] == self._tool_of(policy).label]

    def draft_page(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        def run(data: Mapping[str, Any]) -> str:
            made = self.draft(actor=request.viewer.user_id, source_id=object_id, now=request.now, **data)  # type: ignore[attr-defined]
            return _("Rancangan %(kode)s dibuat.") % {"kode": made}

        return self._page(request, DraftForm(request.POST or None), _("Rancangan versi baru"), _("Buat rancangan"), run)

    def adopt_page(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        def run(data: Mapping[str, Any]) -> str:
            made = self.adopt(actor=request.viewer.user_id, policy_id=object_id, now=request.now, **data)  # type: ignore[attr-defined]
            return _("Versi %(kode)s ditetapkan.") % {"kode": made}

        return self._page(request, self.adopt_form(request.POST or None), _("Penetapan versi"), _("Tetapkan versi"), run)

    def _page(
        self, request: HttpRequest, form: forms.Form, title: str, button: str, run: Callable[[Mapping[str, Any]], str]
    ) -> HttpResponseBase:
        if not self.has_change_permission(request):
            raise PermissionDenied
        return service_page(request, self, form, title=title, button=button, run=run, back=self.list_url)
