"""Registers in the admin: looked at, their details closed here for good. Rows of people are written on the person's page.

A closed detail stands in no column, no search and no filter, and in no history: it opens on the person's page, for a reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bukittinggi_kinerja.common.admin import ReadOnlyAdmin, Tool
from bukittinggi_kinerja.common.admin_history import mask_fields
from bukittinggi_kinerja.common.admin_screens import Screen
from bukittinggi_kinerja.common.fields import NumberField
from employees.models import (
    AllowanceBase,
    AllowanceCriterion,
    BankAccount,
    Discipline,
    Education,
    Employee,
    JobClass,
    Leave,
    OfficialTravel,
    TaxCategory,
)
from employees.models.registers_pay import HIGHEST_CLASS
from employees.services.registers import adopt_base, adopt_class

from .choosing import DecreeForm, position_field, unit_field


class CountsFilter(admin.SimpleListFilter):
    title = _("keadaan")
    parameter_name = "keadaan"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("semua", _("Termasuk yang sudah diganti"))]

    def choices(self, changelist: Any) -> Any:
        first, *rest = super().choices(changelist)
        return [{**first, "display": _("Yang berlaku")}, *rest]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset if self.value() == "semua" else queryset.standing()


class RegisterAdmin(ReadOnlyAdmin):
    date_hierarchy = "recorded_at"
    list_filter: ClassVar[Any] = (CountsFilter,)
    ordering = ("-id",)


class PersonalAdmin(RegisterAdmin):
    """Rows of people, with the way to where they are written."""

    screens = (Screen("data-pegawai", _("Lihat pegawai"), lambda row: row.employee_id),)
    list_select_related = ("employee",)
    people = ("employee",)
    search_fields = ("employee__name", "employee__nip__startswith")
    search_help_text = _("Nama, atau awal NIP.")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        people = Employee.objects.visible_to(request.viewer)  # type: ignore[attr-defined]
        return super().get_queryset(request).filter(employee__in=people)

    @admin.display(description=_("data pegawai"))
    def page(self, row: Any) -> str:
        return format_html('<a href="{}">{}</a>', reverse("data-pegawai", args=[row.employee_id]), gettext("Buka"))


# The memory of these rows holds the detail too: the history says that it changed, not from what to what.
for closed in (Leave, Discipline, BankAccount, TaxCategory):
    mask_fields(closed._meta.label, *closed.details, "letter_number", "note")


@admin.register(Leave)
class LeaveAdmin(PersonalAdmin):
    list_display = ("employee", "what", "valid", "recorded_at", "page")
    fields = ("employee", "what", "valid", "recorded_at", "voided_at", "page")
    readonly_fields = fields

    @admin.display(description=_("jenis cuti"))
    def what(self, leave: Leave) -> str:
        return gettext("Alasan kesehatan (rincian tertutup)") if leave.closed else str(leave.get_kind_display())


@admin.register(OfficialTravel)
class OfficialTravelAdmin(PersonalAdmin):
    list_display = ("employee", "destination", "valid", "letter_number", "page")
    fields = ("employee", "destination", "purpose", "valid", "letter_number", "note", "recorded_at", "voided_at", "page")
    readonly_fields = ("page",)


@admin.register(Discipline)
class DisciplineAdmin(PersonalAdmin):
    list_display = ("employee", "valid", "recorded_at", "page")
    fields = ("employee", "valid", "recorded_at", "voided_at", "page")
    readonly_fields = ("page",)


@admin.register(Education)
class EducationAdmin(PersonalAdmin):
    list_display = ("employee", "level", "major", "school", "graduated", "page")
    list_filter = (CountsFilter, "level")
    fields = ("employee", "level", "major", "school", "graduated", "certificate_number", "letter_number", "note", "recorded_at", "page")
    readonly_fields = ("page",)


@admin.register(BankAccount)
class BankAccountAdmin(PersonalAdmin):
    list_display = ("employee", "bank", "masked_number", "valid", "page")
    fields = ("employee", "bank", "masked_number", "valid", "recorded_at", "voided_at", "page")
    readonly_fields = ("masked_number", "page")

    @admin.display(description=_("nomor rekening"))
    def masked_number(self, account: BankAccount) -> str:
        return account.masked


@admin.register(TaxCategory)
class TaxCategoryAdmin(PersonalAdmin):
    list_display = ("employee", "valid", "recorded_at", "page")
    fields = ("employee", "valid", "recorded_at", "voided_at", "page")
    readonly_fields = ("page",)


class ClassForm(DecreeForm):
    position = position_field()
    job_class = forms.IntegerField(label=_("Kelas jabatan"), min_value=1, max_value=HIGHEST_CLASS)
    field_order = ("position", "job_class", "on", "decree", "reason")


@admin.register(JobClass)
class JobClassAdmin(RegisterAdmin):
    list_display = ("position", "job_class", "valid", "letter_number")
    list_filter = (CountsFilter, "job_class")
    list_select_related = ("position",)
    search_fields = ("position__title",)
    fields = ("position", "job_class", "valid", "letter_number", "note", "recorded_at", "voided_at")
    tools = (Tool("tetapkan", _("Tetapkan kelas jabatan"), "adopt_page"),)

    def adopt_page(self, request: HttpRequest) -> HttpResponseBase:
        def run(data: Mapping[str, Any]) -> object:
            return adopt_class(
                viewer=request.viewer,  # type: ignore[attr-defined]
                position_id=data["position"].pk,
                job_class=data["job_class"],
                valid_from=data["on"],
                letter_number=data["decree"],
                reason=data["reason"],
                now=request.now,  # type: ignore[attr-defined]
            )

        form = ClassForm(request.POST or None)
        return self.service_page(
            request, form, title=_("Tetapkan kelas jabatan"), button=_("Tetapkan"), run=run, done=_("Kelas jabatan ditetapkan.")
        )


class BaseForm(DecreeForm):
    job_class = forms.IntegerField(label=_("Kelas jabatan"), min_value=1, max_value=HIGHEST_CLASS)
    criterion = forms.ChoiceField(
        label=_("Kriteria"),
        choices=AllowanceCriterion.choices,
        help_text=_("Tiap kriteria mempunyai rupiahnya sendiri untuk kelas yang sama."),
    )
    unit = unit_field(_("Unit kerja"), required=False, help_text=_("Kosongkan untuk seluruh kota."))
    amount = NumberField(label=_("Rupiah sebulan"), help_text=_("Rupiah utuh, misalnya 1.464.000."))
    field_order = ("job_class", "criterion", "unit", "amount", "on", "decree", "reason")

    def clean_amount(self) -> int:
        amount = self.cleaned_data["amount"]
        if amount != int(amount):
            raise forms.ValidationError(_("Tulis rupiah utuh, tanpa pecahan."))
        return int(amount)


@admin.register(AllowanceBase)
class AllowanceBaseAdmin(RegisterAdmin):
    list_display = ("job_class", "criterion", "place", "amount", "valid", "letter_number")
    list_filter = (CountsFilter, "criterion", "job_class")
    list_select_related = ("unit",)
    search_fields = ("letter_number", "unit__name")
    fields = ("job_class", "criterion", "place", "amount", "valid", "letter_number", "note", "recorded_at", "voided_at")
    readonly_fields = ("place",)
    tools = (Tool("tetapkan", _("Tetapkan TPP dasar"), "adopt_page"),)

    @admin.display(description=_("unit kerja"), ordering="unit__path")
    def place(self, base: AllowanceBase) -> str:
        return base.unit.name if base.unit else gettext("Seluruh kota")

    def adopt_page(self, request: HttpRequest) -> HttpResponseBase:
        def run(data: Mapping[str, Any]) -> object:
            return adopt_base(
                viewer=request.viewer,  # type: ignore[attr-defined]
                job_class=data["job_class"],
                criterion=data["criterion"],
                unit_id=data["unit"].pk if data["unit"] else None,
                amount=data["amount"],
                valid_from=data["on"],
                letter_number=data["decree"],
                reason=data["reason"],
                now=request.now,  # type: ignore[attr-defined]
            )

        form = BaseForm(request.POST or None)
        return self.service_page(
            request, form, title=_("Tetapkan TPP dasar"), button=_("Tetapkan"), run=run, done=_("TPP dasar ditetapkan.")
        )
