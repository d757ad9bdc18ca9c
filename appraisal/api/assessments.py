"""``assessments/``: results, and the derivation of each as a tree."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from appraisal.models import Assessment
from appraisal.policies import get_assessment, sees_marks, sight_of
from appraisal.queries.explanation import explain
from appraisal.rules.derivation import Node, Operation
from appraisal.rules.lifecycle import AssessmentState
from appraisal.rules.vocabulary import Predicate, Rating
from bukittinggi_kinerja.common.api.fields import Code, Day, Moment, Number, PersonRow, PlainDecimal, Row, Text
from bukittinggi_kinerja.common.api.parameters import (
    choice_parameter,
    id_parameter,
    period_parameter,
    unit_parameter,
    updated_since_parameter,
)
from bukittinggi_kinerja.common.api.views import ApiView, DetailView, ListView
from employees.models import OrgUnit
from employees.rules.viewing import Scope

SCOPES = {"GET": (Scope.READ_PEOPLE,)}
HIDDEN_BEFORE_PUBLICATION = ("result_rating", "behaviour_rating", "predicate", "score")


def rating_code(value: int) -> str:
    return Rating(value).code


def predicate_code(value: int) -> str:
    return Predicate(value).code


class AssessmentRow(Row):
    """Before publication the marks belong to the rater and his superior; for others they are null."""

    id = Number()
    employee = PersonRow()
    unit = Text(source="unit.code")
    period = Text(source="cycle.period")
    starts_on = Day(source="stretch_start", help_text=_("Hari pertama dalam jabatan yang dinilai; pindah jabatan memberi dua penilaian."))
    ends_before = Day(source="stretch_end", help_text=_("Hari pertama sesudahnya."))
    version = Number()
    state = Text()
    result_rating = Code(of=rating_code)
    behaviour_rating = Code(of=rating_code)
    predicate = Code(of=predicate_code, source="score_row.predicate")
    score = PlainDecimal(source="score_row.result_score", help_text=_("H, rata-rata tertimbang capaian dalam persen."))
    rule_version = Text(source="rule.code")
    published_at = Moment()
    received_at = Moment()
    cycle = Number(source="cycle_id")
    plan = Number(source="plan_id")
    replaces = Number(source="replaces_id", help_text=_("Penilaian yang diganti oleh versi ini."))
    updated_at = Moment()

    def to_representation(self, instance: Any) -> dict[str, Any]:
        row: dict[str, Any] = super().to_representation(instance)
        if not sees_marks(self.context["view"].viewer, instance):
            row.update(dict.fromkeys(HIDDEN_BEFORE_PUBLICATION))
        return row


def _cases(viewer: Any) -> Any:
    return Assessment.objects.visible_to(viewer).select_related("employee", "unit", "cycle__policy", "score_row__policy")


class Assessments(ListView):
    scopes = SCOPES
    serializer_class = AssessmentRow
    queryset = Assessment.objects.none()
    summary = _("Hasil penilaian periodik")
    text = _("Versi yang berlaku; dengan updated_since juga versi yang sudah diganti (state DIGANTI).")
    parameters = (
        period_parameter(lambda period: Q(cycle__period=period.key)),
        unit_parameter(OrgUnit.objects.all(), "unit__path"),
        choice_parameter("state", [state.value for state in AssessmentState], _("Keadaan penilaian.")),
        id_parameter("employee", _("Nomor pegawai (id).")),
        updated_since_parameter(stamped=True),
    )

    def rows(self, *, with_past: bool) -> QuerySet[Any]:
        cases = _cases(self.viewer)
        return cases if with_past else cases.current()


class AssessmentDetail(DetailView):
    scopes = SCOPES
    serializer_class = AssessmentRow
    queryset = Assessment.objects.none()
    summary = _("Satu hasil penilaian")

    def rows(self) -> QuerySet[Any]:
        return _cases(self.viewer)


NODE_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["label", "kind", "value", "unit", "operation", "weight", "children", "evidence", "rule_version"],
    "properties": {
        "label": {"type": "string"},
        "kind": {"type": "string"},
        "value": {"type": ["string", "null"], "description": "Digits, a code, or null where nothing can be said."},
        "unit": {"type": ["string", "null"]},
        "operation": {"type": "string", "enum": [operation.value for operation in Operation]},
        "weight": {"type": ["string", "null"]},
        "children": {"type": "array", "items": {"type": "object", "description": "Nodes of the same shape."}},
        "evidence": {"type": "array", "items": {"type": "object"}},
        "rule_version": {"type": "string"},
    },
}


class Explanation(ApiView):
    scopes = SCOPES
    summary = _("Penurunan satu hasil sampai bukti terakhir")
    text = _(
        "Pohon: setiap angka mengikuti dari anak-anaknya menurut operation. Anak tanpa nilai ditinggalkan beserta bobotnya. "
        "Versi kedua dan seterusnya menyebut di evidence akarnya kapan, oleh siapa, dan mengapa: TERLAMBAT, PERBAIKAN, HITUNG_ULANG, PENEMPATAN, ATURAN, PEMULIHAN."
    )

    @extend_schema(responses={200: NODE_SCHEMA})
    def get(self, request: Request, pk: int) -> Response:
        case = get_assessment(self.viewer, pk)
        return Response(as_tree(explain(case, sight_of(self.viewer, case))))


def as_tree(node: Node) -> dict[str, Any]:
    return {
        "label": node.label,
        "kind": node.kind,
        "value": node.value,
        "unit": node.unit or None,
        "operation": node.operation.value,
        "weight": node.weight,
        "children": [as_tree(child) for child in node.children],
        "evidence": [dict(row) for row in node.evidence],
        "rule_version": node.rule_version,
    }
