"""``cycles/``: the periods of each group of staff, with their deadlines."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from appraisal.models import Cycle
from appraisal.queries.deadlines import decided_by, public_changes
from appraisal.rules.lifecycle import CycleState
from bukittinggi_kinerja.common.api.fields import Day, Moment, Number, Row, Text
from bukittinggi_kinerja.common.api.parameters import choice_parameter, period_parameter, text_parameter, updated_since_parameter
from bukittinggi_kinerja.common.api.views import DetailView, ListView
from employees.rules.viewing import Scope

SCOPES = {"GET": (Scope.READ_PEOPLE, Scope.READ_REPORTS)}


@extend_schema_field({"type": "array", "items": {"type": "object", "additionalProperties": True}})
class MovedDeadlines(serializers.Field[Any, Any, list[dict[str, Any]], Any]):
    """Decisions of the period: those for the city and its units, and of those for one person the viewer's own."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, **kwargs)

    def to_representation(self, value: Any) -> list[dict[str, Any]]:
        view = self.context["view"]
        if not hasattr(view, "moved"):
            view.moved = public_changes(view.viewer)
        return [
            {
                "what": change.what,
                "scope": change.scope,
                "unit": change.unit.code if change.unit else None,
                "kind": change.kind,
                "until": Moment().to_representation(change.until),
                "reason": change.reason,
                "letter": change.letter,
                "decided_by": decided_by(change),
                "decided_at": Moment().to_representation(change.decided_at),
            }
            for change in view.moved.get(value, ())
        ]


class CycleRow(Row):
    id = Number()
    period = Text()
    group = Text(source="group.code", help_text=_("Kelompok pegawai."))
    state = Text()
    starts_on = Day(source="start")
    ends_before = Day(source="end", help_text=_("Hari pertama sesudah periode."))
    progress_due = Moment()
    rating_due = Moment()
    published_at = Moment()
    rule_version = Text(source="policy.code")
    updated_at = Moment()
    opened_progress_due = Moment(help_text=_("Batas realisasi semula; kosong bila tidak pernah dipindah untuk seluruh kota."))
    opened_rating_due = Moment(help_text=_("Batas penilaian semula; kosong bila tidak pernah dipindah untuk seluruh kota."))
    deadline_changes = MovedDeadlines(source="period", help_text=_("Putusan yang memindahkan batas, dengan alasan dan nomor suratnya."))


class Cycles(ListView):
    scopes = SCOPES
    serializer_class = CycleRow
    queryset = Cycle.objects.none()
    summary = _("Periode penilaian")
    text = _("Satu baris untuk satu kelompok pegawai dan satu periode.")
    parameters = (
        period_parameter(lambda period: Q(period=period.key)),
        choice_parameter("state", [state.value for state in CycleState], _("Keadaan periode.")),
        text_parameter("group", _("Kode kelompok pegawai."), "group__code"),
        updated_since_parameter(stamped=True),
    )

    def rows(self, *, with_past: bool) -> QuerySet[Any]:
        return Cycle.objects.visible_to(self.viewer).select_related("group", "policy")


class CycleDetail(DetailView):
    scopes = SCOPES
    serializer_class = CycleRow
    queryset = Cycle.objects.none()
    summary = _("Satu periode penilaian")

    def rows(self) -> QuerySet[Any]:
        return Cycle.objects.visible_to(self.viewer).select_related("group", "policy")
