"""Grades, groups of staff, positions, and how groups are appraised."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext_lazy as _

from bukittinggi_kinerja.common.admin import CityAdmin, ReadOnlyAdmin, Tool
from bukittinggi_kinerja.common.admin_shown import shown_days
from employees.models import AppraisalRegime, CycleKind, Grade, Position, Regime, StaffGroup
from employees.services.regimes import adopt_regime

from .choosing import day_field, group_field, reason_field


@admin.register(Grade)
class GradeAdmin(CityAdmin):
    explained = {
        "code": _("Misalnya III/c, atau IX untuk PPPK."),
        "rank": _("Kosongkan untuk golongan PPPK."),
        "order": _("Angka lebih besar berarti lebih tinggi."),
    }
    list_display = ("code", "rank", "contract", "order")
    list_filter = ("contract",)
    search_fields = ("code", "rank")


@admin.register(StaffGroup)
class StaffGroupAdmin(CityAdmin):
    explained = {"code": _("Dipakai dalam impor dan nama versi aturan; huruf besar tanpa spasi.")}
    list_display = ("code", "name")
    search_fields = ("code", "name")


@admin.register(Position)
class PositionAdmin(CityAdmin):
    explained = {
        "title": _("Tanpa nama unit kerja: unit tercatat pada penempatan."),
        "kind": _("Menentukan batas usia pensiun."),
        "group": _("Menentukan cara penilaian pemegang jabatan ini."),
    }
    list_display = ("title", "kind", "group")
    list_filter = ("kind", "group")
    list_select_related = ("group",)
    search_fields = ("title",)
    ordering = ("title", "id")


class RegimeForm(forms.Form):
    group = group_field()
    regime = forms.ChoiceField(label=_("Cara penilaian"), choices=Regime.choices)
    cycle_kind = forms.ChoiceField(label=_("Periode"), choices=CycleKind.choices)
    valid_from = day_field(_("Berlaku sejak"), help_text=_("Pilih bulan ini atau sesudahnya."))
    decree_number = forms.CharField(label=_("Nomor keputusan"), max_length=120, required=False)
    decided_on = day_field(_("Ditetapkan pada"), required=False)
    reason = reason_field()


@admin.register(AppraisalRegime)
class AppraisalRegimeAdmin(ReadOnlyAdmin):
    list_display = ("group", "regime", "cycle_kind", "days", "decree_number", "draft")
    list_filter = ("group", "regime", "draft")
    list_select_related = ("group",)
    ordering = ("group__code", "-valid")
    fields = ("code", "group", "regime", "cycle_kind", "days", "decree_number", "decided_on", "reason", "finding", "to_confirm", "draft")
    tools = (Tool("tetapkan", _("Tetapkan cara penilaian"), "adopt_page"),)

    @admin.display(description=_("berlaku"), ordering="valid")
    def days(self, regime: AppraisalRegime) -> str:
        return shown_days(regime.valid)

    def adopt_page(self, request: HttpRequest) -> HttpResponseBase:
        def run(data: Mapping[str, Any]) -> object:
            words = {name: value for name, value in data.items() if name != "group"}
            return adopt_regime(group_id=data["group"].pk, actor=request.user.pk, now=request.now, **words)  # type: ignore[attr-defined]

        form = RegimeForm(request.POST or None)
        return self.service_page(
            request, form, title=_("Tetapkan cara penilaian"), button=_("Tetapkan"), run=run, done=_("Cara penilaian ditetapkan.")
        )
