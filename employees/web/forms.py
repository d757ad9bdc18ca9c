"""Forms of the own account."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class SignInForm(forms.Form):
    use_required_attribute = False
    username = forms.CharField(
        label=_("Nama pengguna atau NIP"),
        max_length=60,
        error_messages={"required": _("Isi nama pengguna atau NIP.")},
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=_("Kata sandi"),
        strip=False,
        max_length=200,
        error_messages={"required": _("Isi kata sandi.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class PasswordForm(forms.Form):
    use_required_attribute = False
    old_password = forms.CharField(
        label=_("Kata sandi sekarang"),
        strip=False,
        max_length=200,
        error_messages={"required": _("Isi kata sandi sekarang.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new_password = forms.CharField(
        label=_("Kata sandi baru"),
        strip=False,
        max_length=200,
        help_text=_("Paling sedikit 8 huruf atau angka. Jangan memakai nama atau NIP Anda."),
        error_messages={"required": _("Isi kata sandi baru.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    repeated = forms.CharField(
        label=_("Ulangi kata sandi baru"),
        strip=False,
        max_length=200,
        error_messages={"required": _("Ulangi kata sandi baru.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        first, second = values.get("new_password"), values.get("repeated")
        if first and second and first != second:
            self.add_error("repeated", _("Kata sandi baru dan ulangannya belum sama."))
        return values
