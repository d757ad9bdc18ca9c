"""Accounts, roles and tokens. Secrets are never shown: neither a hash nor a digest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext_lazy as _

from bukittinggi_kinerja.common.admin import ONE_DAY, ReadOnlyAdmin, Tool
from bukittinggi_kinerja.common.admin_bulk import BulkAct
from bukittinggi_kinerja.common.admin_screens import Screen
from bukittinggi_kinerja.common.admin_shown import shown_days
from employees.models import AccessToken, RoleAssignment, User
from employees.rules.viewing import Role
from employees.services.accounts import end_role, give_role, open_account, switch_account
from employees.services.tokens import revoke_token

from .choosing import day_field, employee_field, reason_field, unit_field, user_field


class ReasonForm(forms.Form):
    reason = reason_field()


class AccountForm(forms.Form):
    employee = employee_field(_("Pegawai"))


class SwitchForm(ReasonForm):
    active = forms.TypedChoiceField(
        label=_("Keadaan akun"),
        choices=[("tutup", _("Tutup")), ("buka", _("Buka kembali"))],
        coerce=lambda word: word == "buka",
    )
    field_order = ("active", "reason")


@admin.register(User)
class UserAdmin(ReadOnlyAdmin):
    date_hierarchy = "date_joined"
    list_display = ("username", "employee", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff")
    list_select_related = ("employee",)
    people = ("employee",)
    search_fields = ("username__istartswith", "employee__name", "employee__nip__startswith")
    ordering = ("username",)
    fields = ("username", "employee", "is_active", "is_staff", "is_superuser", "groups", "language", "last_login", "date_joined")
    tools = (
        Tool("akun-baru", _("Buka akun"), "open_page"),
        Tool("keadaan", _("Tutup atau buka"), "switch_page", of_row=True),
    )
    bulk = (BulkAct("tutup_akun", _("Tutup akun terpilih"), _("Tutup akun"), "close_one"),)
    screens = (Screen("akun-satu", _("Lihat akun")), Screen("data-pegawai", _("Lihat pegawai"), lambda user: user.employee_id))

    def open_page(self, request: HttpRequest) -> HttpResponseBase:
        def run(data: Mapping[str, Any]) -> object:
            return open_account(employee_id=data["employee"].pk, actor=request.user.pk, now=request.now)  # type: ignore[attr-defined]

        form = AccountForm(request.POST or None)
        return self.service_page(request, form, title=_("Buka akun"), button=_("Buka akun"), run=run, done=_("Akun dibuka."))

    def switch_page(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        def run(data: Mapping[str, Any]) -> object:
            return switch_account(user_id=object_id, actor=request.user.pk, now=request.now, **data)  # type: ignore[attr-defined]

        form = SwitchForm(request.POST or None)
        return self.service_page(
            request, form, title=_("Tutup atau buka akun"), button=_("Simpan"), run=run, done=_("Keadaan akun tersimpan.")
        )

    def close_one(self, request: HttpRequest, row: User, data: Mapping[str, Any]) -> object:
        return switch_account(user_id=row.pk, active=False, actor=request.user.pk, now=request.now, **data)  # type: ignore[attr-defined]


ROLES = {
    Role.CITY_HR.value: _("BKPSDM"),
    Role.UNIT_HR.value: _("Pengelola kepegawaian OPD"),
    Role.LEADER.value: _("Pimpinan"),
    Role.AUDITOR.value: _("Inspektorat"),
}


class RoleForm(forms.Form):
    user = user_field()
    role = forms.TypedChoiceField(label=_("Peran"), choices=list(ROLES.items()), coerce=Role)
    unit = unit_field(_("Unit kerja"), required=False, help_text=_("Hanya untuk pengelola."))
    valid_from = day_field(_("Hari pertama"))
    valid_until = day_field(_("Hari terakhir"), required=False, help_text=_("Kosongkan bila tidak ada batas."))
    reason = reason_field()


class EndRoleForm(ReasonForm):
    on = day_field(_("Hari pertama tanpa peran ini"))
    field_order = ("on", "reason")


@admin.register(RoleAssignment)
class RoleAssignmentAdmin(ReadOnlyAdmin):
    screens = (Screen("akun-satu", _("Lihat akun"), lambda role: role.user_id),)
    list_display = ("user", "role", "unit", "days", "reason")
    list_filter = ("role",)
    list_select_related = ("user", "unit")
    people = ("user__employee",)
    search_fields = ("user__username__istartswith", "user__employee__name")
    ordering = ("-id",)
    fields = ("user", "role", "unit", "days", "reason")
    tools = (
        Tool("beri", _("Beri peran"), "give_page"),
        Tool("akhiri", _("Akhiri peran"), "end_page", of_row=True),
    )
    bulk = (BulkAct("akhiri_peran", _("Akhiri peran terpilih"), _("Akhiri peran"), "end_one", EndRoleForm),)

    @admin.display(description=_("berlaku"), ordering="valid")
    def days(self, assignment: RoleAssignment) -> str:
        return shown_days(assignment.valid)

    def give_page(self, request: HttpRequest) -> HttpResponseBase:
        def run(data: Mapping[str, Any]) -> object:
            return give_role(
                user_id=data["user"].pk,
                role=data["role"],
                unit_id=data["unit"].pk if data["unit"] else None,
                valid_from=data["valid_from"],
                valid_to=data["valid_until"] + ONE_DAY if data["valid_until"] else None,
                reason=data["reason"],
                actor=request.user.pk,
                now=request.now,  # type: ignore[attr-defined]
            )

        form = RoleForm(request.POST or None)
        return self.service_page(request, form, title=_("Beri peran"), button=_("Beri peran"), run=run, done=_("Peran diberikan."))

    def end_page(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        def run(data: Mapping[str, Any]) -> object:
            return end_role(assignment_id=object_id, actor=request.user.pk, now=request.now, **data)  # type: ignore[attr-defined]

        form = EndRoleForm(request.POST or None)
        return self.service_page(request, form, title=_("Akhiri peran"), button=_("Akhiri"), run=run, done=_("Peran diakhiri."))

    def end_one(self, request: HttpRequest, row: RoleAssignment, data: Mapping[str, Any]) -> object:
        return end_role(assignment_id=row.pk, actor=request.user.pk, now=request.now, **data)  # type: ignore[attr-defined]


@admin.register(AccessToken)
class AccessTokenAdmin(ReadOnlyAdmin):
    screens = (Screen("akun-satu", _("Lihat akun"), lambda token: token.user_id),)
    date_hierarchy = "created_at"
    list_display = ("user", "shown_scopes", "created_at", "expires_at", "revoked_at")
    list_select_related = ("user",)
    search_fields = ("user__username__istartswith",)
    ordering = ("-id",)
    fields = ("user", "shown_scopes", "created_at", "expires_at", "revoked_at")
    tools = (Tool("cabut", _("Cabut token"), "revoke_page", of_row=True),)
    bulk = (BulkAct("cabut_token", _("Cabut token terpilih"), _("Cabut token"), "revoke_one"),)

    @admin.display(description=_("lingkup"))
    def shown_scopes(self, token: AccessToken) -> str:
        return ", ".join(token.scopes)

    def revoke_page(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        def run(data: Mapping[str, Any]) -> object:
            return revoke_token(token_id=object_id, actor=request.user.pk, now=request.now, **data)  # type: ignore[attr-defined]

        form = ReasonForm(request.POST or None)
        return self.service_page(request, form, title=_("Cabut token"), button=_("Cabut"), run=run, done=_("Token dicabut."))

    def revoke_one(self, request: HttpRequest, row: AccessToken, data: Mapping[str, Any]) -> object:
        return revoke_token(token_id=row.pk, actor=request.user.pk, now=request.now, **data)  # type: ignore[attr-defined]
