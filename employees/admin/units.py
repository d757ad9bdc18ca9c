"""The unit tree: looked at here; made, renamed, moved, merged and split by services."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _

from bukittinggi_kinerja.common.admin import ReadOnlyAdmin, Tool, remembering
from bukittinggi_kinerja.common.admin_screens import Screen
from bukittinggi_kinerja.common.admin_shown import shown_days
from bukittinggi_kinerja.common.errors import Refusal
from employees.models import OrgUnit, UnitKind, UnitSuccession
from employees.queries.units import carried_along, seats_of
from employees.services.units import Decree, create_unit, merge_units, move_unit, rename_unit, split_unit

from .choosing import DecreeForm, unit_field
from .splitting import SHOWN_FOR, Placing, SplitForm

#: Sent along once the effects were shown.
WEIGHED = "setuju"
CODE_HELP = _("Huruf, angka, titik dan garis. Kosongkan untuk kode otomatis.")


def code_field(*, required: bool = False) -> forms.CharField:
    return forms.CharField(label=_("Kode"), max_length=40, required=required, help_text="" if required else CODE_HELP)


def name_field() -> forms.CharField:
    return forms.CharField(label=_("Nama"), max_length=160, widget=forms.TextInput(attrs={"class": "vTextField"}))


class NewUnitForm(DecreeForm):
    code = code_field(required=True)
    name = name_field()
    kind = forms.ChoiceField(label=_("Jenis"), choices=UnitKind.choices)
    parent = unit_field(_("Induk"))
    field_order: Sequence[str] = ("code", "name", "kind", "parent", "on", "decree", "reason")


class RenameForm(DecreeForm):
    name = name_field()
    code = code_field()
    field_order = ("name", "code", "on", "decree", "reason")


class MoveForm(DecreeForm):
    parent = unit_field(_("Induk baru"))
    code = code_field()
    field_order = ("parent", "code", "on", "decree", "reason")


class MergeForm(NewUnitForm):
    units = forms.CharField(
        label=_("Unit yang digabung"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Satu kode unit tiap baris, paling sedikit dua."),
    )
    field_order = ("units", "code", "name", "kind", "parent", "on", "decree", "reason")

    def clean_units(self) -> list[int]:
        codes = list(dict.fromkeys(self.cleaned_data["units"].split()))
        found = dict(OrgUnit.objects.filter(code__in=codes).values_list("code", "pk"))
        if unknown := [code for code in codes if code not in found]:
            raise forms.ValidationError(_("Kode unit tidak dikenal: %(codes)s.") % {"codes": ", ".join(unknown)})
        return [found[code] for code in codes]


def decree_of(data: Mapping[str, Any], request: HttpRequest) -> Decree:
    return Decree(on=data["on"], number=data["decree"], reason=data["reason"], actor=request.user.pk, now=request.now)  # type: ignore[attr-defined]


@admin.register(OrgUnit)
class OrgUnitAdmin(ReadOnlyAdmin):
    screens = (Screen("matriks-unit", _("Lihat matriks dukungan")),)
    list_display = ("code", "name", "kind", "parent", "days")
    list_filter = ("kind",)
    list_select_related = ("parent",)
    search_fields = ("name", "code__istartswith")
    ordering = ("path",)
    fields = ("code", "name", "full_name", "kind", "parent", "days")
    tools = (
        Tool("baru", _("Unit baru"), "create_page"),
        Tool("gabung", _("Gabung unit"), "merge_page"),
        Tool("nama", _("Ganti nama"), "rename_page", of_row=True),
        Tool("pindah", _("Pindah induk"), "move_page", of_row=True),
        Tool("pecah", _("Pecah unit"), "split_page", of_row=True),
    )

    @admin.display(description=_("berlaku"), ordering="valid")
    def days(self, unit: OrgUnit) -> str:
        return shown_days(unit.valid)

    def create_page(self, request: HttpRequest) -> HttpResponseBase:
        def run(data: Mapping[str, Any]) -> object:
            return create_unit(
                code=data["code"], name=data["name"], kind=data["kind"], parent_id=data["parent"].pk, decree=decree_of(data, request)
            )

        form = NewUnitForm(request.POST or None)
        return self.service_page(request, form, title=_("Unit baru"), button=_("Buat unit"), run=run, done=_("Unit dibuat."))

    def merge_page(self, request: HttpRequest) -> HttpResponseBase:
        def run(data: Mapping[str, Any]) -> object:
            return merge_units(
                unit_ids=data["units"],
                code=data["code"],
                name=data["name"],
                kind=data["kind"],
                parent_id=data["parent"].pk,
                decree=decree_of(data, request),
            )

        form = MergeForm(request.POST or None)
        return self.weighed_page(request, form, title=_("Gabung unit"), button=_("Gabung"), run=run, done=_("Unit digabung."))

    def rename_page(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        def run(data: Mapping[str, Any]) -> object:
            return rename_unit(unit_id=object_id, name=data["name"], code=data["code"] or None, decree=decree_of(data, request))

        form = RenameForm(request.POST or None)
        words: dict[str, Any] = {"title": _("Ganti nama unit"), "button": _("Ganti nama"), "done": _("Nama unit diganti.")}
        return self.weighed_page(request, form, units=[object_id], run=run, **words)

    def move_page(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        def run(data: Mapping[str, Any]) -> object:
            return move_unit(unit_id=object_id, parent_id=data["parent"].pk, code=data["code"] or None, decree=decree_of(data, request))

        form = MoveForm(request.POST or None)
        words: dict[str, Any] = {"title": _("Pindah induk unit"), "button": _("Pindahkan"), "done": _("Unit dipindahkan.")}
        return self.weighed_page(request, form, units=[object_id], run=run, **words)

    def split_page(self, request: HttpRequest, object_id: int) -> HttpResponseBase:
        """Three steps on one page: the new units, who goes where, the act; what it leaves is shown at the hand-over list."""
        form = SplitForm(request.POST or None)
        words: dict[str, Any] = {"title": _("Pecah unit"), "button": _("Pecah")}
        if request.method != "POST" or not form.is_valid():
            return self.tool_page(request, form, **{**words, "button": _("Lihat dampak")})
        # Kept apart: what the service refuses is taken out of the cleaned fields.
        parts, on, shown_for = form.cleaned_data["parts"], form.cleaned_data["on"], form.shown_for
        placing = Placing(seats_of(object_id, on=on), parts, request.POST)
        if WEIGHED in request.POST and request.POST.get(SHOWN_FOR) == shown_for and self._split(request, form, object_id, placing):
            return HttpResponseRedirect("/serah-terima/")
        carried = carried_along([object_id], on=on)
        return self.tool_page(
            request, form, template="admin/unit_split.html", carried=carried, placing=placing.rows(), parts=parts,
            shown_for=shown_for, **words,
        )  # fmt: skip

    def _split(self, request: HttpRequest, form: SplitForm, unit_id: int, placing: Placing) -> bool:
        """Whether the service took it; its sentences go to their fields."""
        try:
            with remembering(request):
                made = split_unit(unit_id=unit_id, parts=placing.placed(), decree=decree_of(form.cleaned_data, request))
        except (Refusal, forms.ValidationError) as refusal:
            for name, sentences in getattr(refusal, "errors", {}).items():
                form.add_error("parts" if name in {"code", "name"} else None, sentences)
            form.add_error(None, str(refusal) if isinstance(refusal, Refusal) else refusal)
            return False
        told = _("Unit dipecah menjadi %(unit)s. Periksa yang tertinggal di bawah ini.")
        messages.success(request, told % {"unit": ", ".join(unit.name for unit in made)}, extra_tags="ok")
        return True

    def weighed_page(
        self, request: HttpRequest, form: forms.Form, *, units: Sequence[int] | None = None, run: Callable[[Mapping[str, Any]], object],
        title: Any, button: Any, done: Any,
    ) -> HttpResponseBase:  # fmt: skip
        """What hangs on the units is shown first; the act follows with a second press."""
        if request.method == "POST" and WEIGHED not in request.POST and form.is_valid():
            carried = carried_along(units or form.cleaned_data["units"], on=request.viewer.on)  # type: ignore[attr-defined]
            return self.tool_page(request, form, title=title, button=button, template="admin/unit_preview.html", carried=carried)
        return self.service_page(request, form, title=title, button=_("Lihat dampak"), run=run, done=done)


@admin.register(UnitSuccession)
class UnitSuccessionAdmin(ReadOnlyAdmin):
    screens = (Screen("matriks-unit", _("Lihat matriks dukungan"), lambda row: row.successor_id),)
    date_hierarchy = "on"
    list_display = ("predecessor", "successor", "kind", "on", "decree")
    list_filter = ("kind",)
    list_select_related = ("predecessor", "successor")
    search_fields = ("predecessor__name", "successor__name")
    ordering = ("-on", "-id")
