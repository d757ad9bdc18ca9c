"""Posts and substitutes: looked at here, changed by services."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from bukittinggi_kinerja.common.admin import ONE_DAY, ReadOnlyAdmin, Tool
from bukittinggi_kinerja.common.admin_screens import Screen
from bukittinggi_kinerja.common.admin_shown import shown_days
from bukittinggi_kinerja.common.numbers import whole_number
from employees.models import ActingAppointment, ActingKind, Employee, Posting
from employees.queries import posting_of
from employees.services.acting import appoint_substitute, revoke_substitute
from employees.services.data_reports import get_report
from employees.services.postings import post_employee

from .choosing import DecreeForm, day_field, employee_field, position_field, reason_field, substitute_field, unit_field


class KnownFilter(admin.SimpleListFilter):
    title = _("pengetahuan")
    parameter_name = "diketahui"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("semua", _("Termasuk yang sudah diganti"))]

    def choices(self, changelist: Any) -> Any:
        first, *rest = super().choices(changelist)
        return [{**first, "display": _("Yang diketahui sekarang")}, *rest]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset if self.value() == "semua" else queryset.known()


class PostingForm(DecreeForm):
    employee = employee_field(_("Pegawai"))
    unit = unit_field(_("Unit kerja"))
    position = position_field()
    supervisor = employee_field(
        _("Atasan langsung"), required=False, help_text=_("Ia menilai pegawai ini. Kosong hanya bagi pimpinan puncak.")
    )
    heads_unit = forms.BooleanField(
        label=_("Memimpin unit"), required=False, help_text=_("Ia melihat semua pegawai unit ini dan unit di bawahnya.")
    )
    valid_until = day_field(_("Sampai dengan"), required=False, help_text=_("Kosongkan bila tidak ada batas."))
    decided_on = day_field(_("Tanggal SK"), required=False)
    field_order = ("employee", "unit", "position", "supervisor", "heads_unit", "on", "valid_until", "decree", "decided_on", "reason")


@admin.register(Posting)
class PostingAdmin(ReadOnlyAdmin):
    screens = (Screen("data-pegawai", _("Lihat pegawai"), lambda post: post.employee_id),)
    list_display = ("employee", "title", "unit_name", "supervisor_name", "days")
    list_filter = (KnownFilter, "heads_unit", "position__kind")
    list_select_related = ("employee", "position", "unit", "supervisor")
    people = ("employee",)
    search_fields = ("employee__name", "employee__nip__startswith", "unit__name", "=unit__code")
    ordering = ("-id",)
    fields = ("employee", "unit", "position", "supervisor", "heads_unit", "days", "known_since", "decree", "decided_on", "reason")
    tools = (Tool("tempatkan", _("Tempatkan pegawai"), "post_page"),)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Posting]:
        people = Employee.objects.visible_to(request.viewer)  # type: ignore[attr-defined]
        return super().get_queryset(request).filter(employee__in=people)

    @admin.display(description=_("berlaku"), ordering="valid")
    def days(self, posting: Posting) -> str:
        return shown_days(posting.valid)

    # As texts, so that long names break and the table fits.
    @admin.display(description=_("jabatan"), ordering="position__title")
    def title(self, posting: Posting) -> str:
        return posting.position.title

    @admin.display(description=_("unit kerja"), ordering="unit__path")
    def unit_name(self, posting: Posting) -> str:
        return posting.unit.name

    @admin.display(description=_("atasan langsung"))
    def supervisor_name(self, posting: Posting) -> str:
        return posting.supervisor.name if posting.supervisor else "—"

    @admin.display(description=_("dicatat"), ordering="known")
    def known_since(self, posting: Posting) -> dt.datetime | None:
        moment: dt.datetime | None = posting.known.lower
        return moment

    def post_page(self, request: HttpRequest) -> HttpResponseBase:
        def run(data: Mapping[str, Any]) -> object:
            return post_employee(
                employee_id=data["employee"].pk,
                unit_id=data["unit"].pk,
                position_id=data["position"].pk,
                supervisor_id=data["supervisor"].pk if data["supervisor"] else None,
                heads_unit=data["heads_unit"],
                valid_from=data["on"],
                valid_to=data["valid_until"] + ONE_DAY if data["valid_until"] else None,
                decided_on=data["decided_on"],
                decree=data["decree"],
                reason=data["reason"],
                actor=request.user.pk,
                now=request.now,  # type: ignore[attr-defined]
            )

        form = PostingForm(request.POST or None, initial=_reported(request))
        return self.service_page(
            request, form, title=_("Tempatkan pegawai"), button=_("Tempatkan"), run=run, done=_("Penempatan tersimpan.")
        )


def _reported(request: HttpRequest) -> dict[str, Any]:
    """The reporter with his present post, where the page was opened from his report of wrong data: what is wrong is put right here.

    From somebody's page his number comes along; another number chooses nobody.
    """
    report_id = whole_number(request.GET.get("laporan"))
    if report_id is None:
        chosen = whole_number(request.GET.get("pegawai"))
        return {} if chosen is None else {"employee": chosen}
    report = get_report(request.viewer, report_id)  # type: ignore[attr-defined]
    words = {"employee": report.employee_id, "reason": gettext("Laporan data %(nomor)s") % {"nomor": report.number}}
    post = posting_of(report.employee_id, on=request.viewer.on)  # type: ignore[attr-defined]
    if post is None:
        return words
    held = {"unit": post.unit_id, "position": post.position_id, "supervisor": post.supervisor_id, "heads_unit": post.heads_unit}
    days = {"on": post.valid.lower, "valid_until": post.valid.upper and post.valid.upper - ONE_DAY}
    return {**words, **held, **days, "decree": post.decree, "decided_on": post.decided_on}


class SubstituteForm(forms.Form):
    principal = employee_field(_("Pejabat yang digantikan"))
    substitute = substitute_field()
    kind = forms.ChoiceField(label=_("Jenis"), choices=ActingKind.choices)
    valid_from = day_field(_("Hari pertama"))
    valid_until = day_field(_("Hari terakhir"))
    letter_number = forms.CharField(label=_("Nomor surat"), max_length=120, required=False)
    letter_due = day_field(_("Surat menyusul paling lambat"), required=False, help_text=_("Diisi bila nomor surat belum ada."))
    reason = reason_field()


class ReasonForm(forms.Form):
    reason = reason_field()


@admin.register(ActingAppointment)
class ActingAppointmentAdmin(ReadOnlyAdmin):
    screens = (
        Screen("data-pegawai", _("Lihat pegawai"), lambda mandate: mandate.principal_id),
        Screen("pengganti", _("Lihat pengganti"), whole=True),
    )
    list_display = ("principal", "substitute", "kind", "days", "letter_number", "letter_due", "revoked_at")
    list_filter = ("kind",)
    list_select_related = ("principal", "substitute")
    people = (
        "principal",
        "substitute",
    )
    search_fields = ("principal__name", "substitute__name", "letter_number")
    ordering = ("-id",)
    fields = ("principal", "substitute", "kind", "days", "letter_number", "letter_due", "reason", "revoked_at")
    tools = (
        Tool("tunjuk", _("Tunjuk pengganti"), "appoint_page"),
        Tool("cabut", _("Cabut mandat"), "revoke_page", of_row=True),
    )

    @admin.display(description=_("masa mandat"), ordering="valid")
    def days(self, appointment: ActingAppointment) -> str:
        return shown_days(appointment.valid)

    def appoint_page(self, request: HttpRequest) -> HttpResponseBase:
        def run(data: Mapping[str, Any]) -> object:
            return appoint_substitute(
                viewer=request.viewer,  # type: ignore[attr-defined]
                principal_id=data["principal"].pk,
                substitute_id=data["substitute"].pk,
                kind=data["kind"],
                valid_from=data["valid_from"],
                valid_to=data["valid_until"] + ONE_DAY,
                letter_number=data["letter_number"],
                letter_due=data["letter_due"],
                reason=data["reason"],
                now=request.now,  # type: ignore[attr-defined]
            )

        form = SubstituteForm(request.POST or None)
        return self.service_page(request, form, title=_("Tunjuk pengganti"), button=_("Tunjuk"), run=run, done=_("Pengganti ditunjuk."))

    def revoke_page(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        def run(data: Mapping[str, Any]) -> object:
            return revoke_substitute(
                viewer=request.viewer,  # type: ignore[attr-defined]
                appointment_id=object_id,
                reason=data["reason"],
                now=request.now,  # type: ignore[attr-defined]
            )

        form = ReasonForm(request.POST or None)
        return self.service_page(request, form, title=_("Cabut mandat"), button=_("Cabut"), run=run, done=_("Mandat dicabut."))
