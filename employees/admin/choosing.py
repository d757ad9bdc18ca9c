"""Fields of the pages before a service call: people, units and posts are found by typing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminDateWidget, AutocompleteSelect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bukittinggi_kinerja.common.form_days import THIS_AGE
from employees.models import (
    ActingAppointment,
    Employee,
    OrgUnit,
    Position,
    Posting,
    RoleAssignment,
    StaffGroup,
    User,
)


class Finder(AutocompleteSelect):
    """Says what to do while it is empty, for the eye and for a screen reader."""

    def build_attrs(self, base_attrs: dict[str, Any], extra_attrs: dict[str, Any] | None = None) -> dict[str, Any]:
        return {**super().build_attrs(base_attrs, extra_attrs), "data-placeholder": gettext("Ketik untuk mencari")}


class PersonFinder(Finder):
    def get_url(self) -> str:
        return reverse("admin:employees_employee_found")


def employee_field(label: Any, *, required: bool = True, help_text: Any = "") -> forms.ModelChoiceField:
    widget = PersonFinder(Posting._meta.get_field("employee"), admin.site)
    return forms.ModelChoiceField(Employee.objects.all(), label=label, required=required, widget=widget, help_text=help_text)


def unit_field(label: Any, *, required: bool = True, help_text: Any = "") -> forms.ModelChoiceField:
    widget = Finder(Posting._meta.get_field("unit"), admin.site)
    return forms.ModelChoiceField(OrgUnit.objects.all(), label=label, required=required, widget=widget, help_text=help_text)


def position_field() -> forms.ModelChoiceField:
    widget = Finder(Posting._meta.get_field("position"), admin.site)
    return forms.ModelChoiceField(Position.objects.all(), label=_("Jabatan"), widget=widget)


def group_field() -> forms.ModelChoiceField:
    return forms.ModelChoiceField(StaffGroup.objects.all(), label=_("Kelompok pegawai"))


def user_field() -> forms.ModelChoiceField:
    widget = Finder(RoleAssignment._meta.get_field("user"), admin.site)
    return forms.ModelChoiceField(User.objects.all(), label=_("Akun"), widget=widget)


def substitute_field() -> forms.ModelChoiceField:
    widget = PersonFinder(ActingAppointment._meta.get_field("substitute"), admin.site)
    return forms.ModelChoiceField(Employee.objects.all(), label=_("Pengganti"), widget=widget)


def day_field(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    return forms.DateField(label=label, required=required, widget=AdminDateWidget, help_text=help_text, validators=THIS_AGE)


def reason_field(label: Any = None, *, required: bool = True, help_text: Any = "") -> forms.CharField:
    box = forms.TextInput(attrs={"class": "vTextField"})
    return forms.CharField(label=label or _("Alasan"), max_length=200, required=required, help_text=help_text, widget=box)


class DecreeForm(forms.Form):
    """What every change of posts and units rests on."""

    decree = forms.CharField(label=_("Nomor SK"), max_length=120, required=False)
    on = day_field(_("Berlaku sejak"))
    reason = reason_field()
