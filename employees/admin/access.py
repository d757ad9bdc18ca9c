"""How long one-time codes hold, and who needs a second factor. Codes and secrets themselves are shown nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext_lazy as _

from bukittinggi_kinerja.common.admin import ReadOnlyAdmin, Tool
from bukittinggi_kinerja.common.admin_screens import Screen
from bukittinggi_kinerja.common.admin_shown import shown_days
from employees.models import AccessPolicy
from employees.services.access_policy import adopt_access_policy

from .accounts import ROLES
from .choosing import day_field, reason_field


class AccessPolicyForm(forms.Form):
    valid_from = day_field(_("Berlaku sejak"), help_text=_("Pilih hari ini atau sesudahnya."))
    slip_days = forms.IntegerField(
        label=_("Masa kode aktivasi (hari)"), min_value=1, max_value=90, initial=14, help_text=_("1 sampai 90 hari.")
    )
    reset_hours = forms.IntegerField(
        label=_("Masa kode atur ulang (jam)"), min_value=1, max_value=168, initial=24, help_text=_("1 sampai 168 jam.")
    )
    factor_roles = forms.MultipleChoiceField(
        label=_("Peran yang wajib memakai kode verifikasi"),
        choices=list(ROLES.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Pemegang peran ini memasang kode verifikasi saat masuk, sebelum membuka layar lain."),
    )
    decree_number = forms.CharField(label=_("Nomor keputusan"), max_length=120, required=False)
    reason = reason_field()


@admin.register(AccessPolicy)
class AccessPolicyAdmin(ReadOnlyAdmin):
    screens = (Screen("akun", _("Lihat akun"), whole=True),)
    list_display = ("code", "days", "slip_days", "reset_hours", "shown_roles", "decree_number", "draft")
    list_filter = ("draft",)
    ordering = ("-valid",)
    fields = ("code", "days", "slip_days", "reset_hours", "shown_roles", "decree_number", "reason", "to_confirm", "draft")
    tools = (Tool("tetapkan", _("Tetapkan aturan akses"), "adopt_page"),)

    @admin.display(description=_("berlaku"), ordering="valid")
    def days(self, policy: AccessPolicy) -> str:
        return shown_days(policy.valid)

    @admin.display(description=_("wajib kode verifikasi"))
    def shown_roles(self, policy: AccessPolicy) -> str:
        return ", ".join(str(ROLES[role]) for role in policy.factor_roles) or "-"

    def adopt_page(self, request: HttpRequest) -> HttpResponseBase:
        def run(data: Mapping[str, Any]) -> object:
            return adopt_access_policy(actor=request.user.pk, now=request.now, **data)  # type: ignore[attr-defined]

        form = AccessPolicyForm(request.POST or None)
        return self.service_page(
            request, form, title=_("Tetapkan aturan akses"), button=_("Tetapkan"), run=run, done=_("Aturan akses ditetapkan.")
        )
