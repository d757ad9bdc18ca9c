"""Forms of the own account."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from employees.rules.access import ResetKind


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


class NewPasswordForm(forms.Form):
    """A new password, twice."""

    use_required_attribute = False
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


def own_password(name: Any) -> forms.CharField:
    return forms.CharField(
        label=name,
        strip=False,
        max_length=200,
        error_messages={"required": _("Isi kata sandi sekarang.")},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


def digits_field(help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=_("Kode verifikasi"),
        max_length=40,
        help_text=help_text,
        error_messages={"required": _("Isi kode verifikasi.")},
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"}),
    )


class PasswordForm(NewPasswordForm):
    old_password = own_password(_("Kata sandi sekarang"))
    field_order = ("old_password", "new_password", "repeated")


class ActivationForm(NewPasswordForm):
    username = forms.CharField(
        label=_("NIP atau nama pengguna"),
        max_length=60,
        error_messages={"required": _("Isi NIP atau nama pengguna.")},
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    code = forms.CharField(
        label=_("Kode dari slip"),
        max_length=40,
        help_text=_("Dua belas huruf dan angka, misalnya ACDE-2345-WXYF. Garis boleh tidak ditulis."),
        error_messages={"required": _("Isi kode dari slip.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "class": "kode"}),
    )
    field_order = ("username", "code", "new_password", "repeated")


class SecondStepForm(forms.Form):
    use_required_attribute = False
    code = digits_field(_("Enam angka dari aplikasi, atau satu kode cadangan."))


class StartFactorForm(forms.Form):
    use_required_attribute = False
    password = own_password(_("Kata sandi sekarang"))


class ConfirmFactorForm(forms.Form):
    use_required_attribute = False
    code = digits_field(_("Enam angka yang sedang tampil di aplikasi."))


class AskTwoForm(forms.Form):
    use_required_attribute = False
    kind = forms.TypedChoiceField(
        label=_("Yang diatur ulang"),
        choices=[(ResetKind.CREDENTIAL.value, _("Kata sandi")), (ResetKind.FACTOR.value, _("Kode verifikasi yang hilang"))],
        coerce=ResetKind,
        widget=forms.RadioSelect,
        error_messages={"required": _("Pilih yang diatur ulang.")},
    )
    reason = forms.CharField(
        label=_("Alasan"),
        max_length=200,
        help_text=_("Misalnya: ponsel hilang, identitas sudah diperiksa."),
        error_messages={"required": _("Isi alasan.")},
    )
