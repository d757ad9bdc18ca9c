"""``units/``: the unit tree."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from bukittinggi_kinerja.common.api.fields import Day, Moment, Number, Row, Text
from bukittinggi_kinerja.common.api.parameters import choice_parameter, unit_parameter, updated_since_parameter
from bukittinggi_kinerja.common.api.views import DetailView, ListView
from employees.models import OrgUnit, UnitKind
from employees.rules.viewing import Scope

SCOPES = {"GET": (Scope.READ_PEOPLE, Scope.READ_REPORTS)}


class UnitRow(Row):
    id = Number()
    code = Text()
    name = Text()
    kind = Text()
    path = Text(help_text=_("Kode dari akar, masing-masing diakhiri garis miring."))
    parent = Text(source="parent.code", help_text=_("Kode unit induk."))  # type: ignore[assignment]
    valid_from = Day(source="valid.lower")
    valid_to = Day(source="valid.upper", help_text=_("Hari pertama yang tidak lagi termasuk; kosong = masih berlaku."))
    updated_at = Moment()


class Units(ListView):
    scopes = SCOPES
    serializer_class = UnitRow
    queryset = OrgUnit.objects.none()
    summary = _("Unit kerja")
    text = _("Unit yang berlaku hari ini; dengan updated_since juga yang sudah berakhir.")
    parameters = (
        unit_parameter(OrgUnit.objects.all(), "path"),
        choice_parameter("kind", UnitKind.values, _("Jenis unit.")),
        updated_since_parameter(stamped=True),
    )

    def rows(self, *, with_past: bool) -> QuerySet[Any]:
        units = OrgUnit.objects.visible_to(self.viewer).select_related("parent")
        return units if with_past else units.in_force(on=self.viewer.on)


class Unit(DetailView):
    scopes = SCOPES
    serializer_class = UnitRow
    queryset = OrgUnit.objects.none()
    summary = _("Satu unit kerja")

    def rows(self) -> QuerySet[Any]:
        return OrgUnit.objects.visible_to(self.viewer).select_related("parent")
