"""``plans/``: the yearly plan (SKP) with its work results, indicators and the target of each period."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from appraisal.models import Indicator, PerformancePlan, PeriodTarget
from appraisal.rules.lifecycle import PlanState
from bukittinggi_kinerja.common.api.fields import Day, Moment, Number, PersonRow, PlainDecimal, Row, Text
from bukittinggi_kinerja.common.api.parameters import (
    choice_parameter,
    id_parameter,
    period_parameter,
    unit_parameter,
    updated_since_parameter,
)
from bukittinggi_kinerja.common.api.views import DetailView, ListView
from employees.models import OrgUnit
from employees.rules.viewing import Scope

SCOPES = {"GET": (Scope.READ_PEOPLE,)}


class PeriodTargetRow(Row):
    period = Text()
    target = PlainDecimal(trimmed=True)
    target_max = PlainDecimal(trimmed=True)
    target_date = Day()


class IndicatorRow(Row):
    id = Number()
    name = Text()
    aspect = Text()
    unit = Text(source="unit_name", help_text=_("Satuan."))
    form = Text()
    direction = Text()
    accumulation = Text()
    target = PlainDecimal(trimmed=True)
    target_max = PlainDecimal(trimmed=True)
    target_date = Day()
    statement = Text()
    weight = Number()
    measure = Text(help_text=_("Terisi bila angkanya diukur dari berkas layanan."))
    retired_on = Day()
    period_targets = PeriodTargetRow(many=True)


class WorkResultRow(Row):
    id = Number()
    kind = Text()
    title = Text()
    parent = Number(source="parent_id", help_text=_("RHK pimpinan yang diintervensi."))  # type: ignore[assignment]
    share = PlainDecimal()
    indicators = IndicatorRow(many=True)


class PlanRow(Row):
    id = Number()
    employee = PersonRow()
    assessor = PersonRow(allow_null=True)
    unit = Text(source="unit.code")
    position = Text(source="position.title")
    year = Number()
    valid_from = Day(source="valid.lower")
    valid_to = Day(source="valid.upper", help_text=_("Hari pertama yang tidak lagi termasuk."))
    approach = Text()
    state = Text()
    signed_by_employee_at = Moment()
    signed_by_assessor_at = Moment()
    revision = Number()
    version = Number()
    behaviour_expectations = serializers.DictField(read_only=True)
    work_results = WorkResultRow(many=True)
    updated_at = Moment()


def _plans(viewer: Any) -> QuerySet[PerformancePlan]:
    targets = Prefetch("period_targets", queryset=PeriodTarget.objects.order_by("start"))
    indicators = Prefetch("work_results__indicators", queryset=Indicator.objects.order_by("order", "id").prefetch_related(targets))
    return (
        PerformancePlan.objects.visible_to(viewer)
        .select_related("employee", "assessor", "unit", "position")
        .prefetch_related("work_results", indicators)
    )


class Plans(ListView):
    scopes = SCOPES
    serializer_class = PlanRow
    queryset = PerformancePlan.objects.none()
    summary = _("Sasaran kinerja pegawai (SKP)")
    text = _("Rencana dengan RHK, indikator, dan target tiap periode.")
    parameters = (
        period_parameter(
            lambda period: Q(valid__overlap=(period.start, period.end)),
            description=_("Rencana yang berlaku pada suatu hari dalam periode ini."),
        ),
        unit_parameter(OrgUnit.objects.all(), "unit__path"),
        choice_parameter("state", [state.value for state in PlanState], _("Keadaan SKP.")),
        id_parameter("employee", _("Nomor pegawai (id).")),
        updated_since_parameter(stamped=True),
    )

    def rows(self, *, with_past: bool) -> QuerySet[Any]:
        return _plans(self.viewer)


class PlanDetail(DetailView):
    scopes = SCOPES
    serializer_class = PlanRow
    queryset = PerformancePlan.objects.none()
    summary = _("Satu SKP")

    def rows(self) -> QuerySet[Any]:
        return _plans(self.viewer)
