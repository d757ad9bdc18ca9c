"""``service-cases/events/``: intake of events in batches; each item gets its own answer."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from appraisal.incentives.services.delivery import deliver_events
from appraisal.incentives.services.intake import IntakeReport, Outcome
from bukittinggi_kinerja.common.api.fields import Number, Row, StrictBody, Text
from bukittinggi_kinerja.common.api.views import ApiView
from employees.rules.viewing import Scope

LARGEST_BATCH = 1000
EXAMPLE = {
    "source": "simpel",
    "events": [
        {
            "event_id": "8841-3",
            "case_id": "8841",
            "activity": "TERBIT",
            "timestamp": "2026-10-12T10:15:00+07:00",
            "officer": "loket2",
            "service_type": "SIP-NAKES",
            "ended": "2026-10-12T10:15:00+07:00",
        }
    ],
}


class EventBody(Row):
    """One item, as a client should write it; each is read, and refused, by itself.

    Instants as ISO 8601 with offset. Without ``event_id`` the key is (case, activity, instant, officer).
    """

    event_id = serializers.CharField(required=False, allow_blank=True, max_length=400)
    case_id = serializers.CharField(allow_blank=True, max_length=400)
    activity = serializers.CharField(allow_blank=True, max_length=400)
    timestamp = serializers.CharField(allow_blank=True, max_length=64)
    officer = serializers.CharField(required=False, allow_blank=True, max_length=400)
    service_type = serializers.CharField(required=False, allow_blank=True, max_length=400)
    responsible = serializers.CharField(required=False, allow_blank=True, max_length=400)
    started = serializers.CharField(required=False, allow_blank=True, max_length=64)
    ended = serializers.CharField(required=False, allow_blank=True, max_length=64)
    deadline = serializers.CharField(required=False, allow_blank=True, max_length=64)


@extend_schema_field(EventBody(many=True))
class Events(serializers.ListField):
    """Whatever was sent: what is wrong with one item is no fault of the others."""

    child = serializers.JSONField(allow_null=True)


class BatchBody(StrictBody):
    source = serializers.CharField(max_length=60, help_text=_("Kode sumber data yang sudah terdaftar."))  # type: ignore[assignment]
    events = Events(min_length=1, max_length=LARGEST_BATCH)


class VerdictRow(Row):
    position = Number(help_text=_("Tempat dalam kiriman, mulai dari 1."))
    event_id = Text()
    case_id = Text()
    status = serializers.ChoiceField(choices=[outcome.value for outcome in Outcome], read_only=True)
    reason = Text()


class BatchAnswer(Row):
    accepted = Number()
    duplicate = Number()
    conflict = Number()
    refused = Number()
    results = VerdictRow(many=True)


class ServiceEvents(ApiView):
    scopes = {"POST": (Scope.WRITE_EVENTS,)}
    serializer_class = BatchAnswer
    also_answers = {"POST": (413, 415)}
    summary = _("Mengirim peristiwa layanan")
    text = _(
        "Paling banyak 1.000 peristiwa sekali kirim. Nomor dan isi yang sama diabaikan (duplicate); "
        "nomor sama dengan isi lain dicatat untuk diperiksa (conflict). Setiap peristiwa dijawab sendiri; "
        "yang tidak dapat dibaca ditolak (refused) bersama peristiwa lain dari permohonan yang sama."
    )

    @extend_schema(request=BatchBody, responses={200: BatchAnswer}, examples=[OpenApiExample("kiriman", value=EXAMPLE, request_only=True)])
    def post(self, request: Request) -> Response:
        form = BatchBody(data=request.data)
        form.is_valid(raise_exception=True)
        given: dict[str, Any] = form.validated_data
        report = deliver_events(viewer=self.viewer, source=given["source"], events=given["events"], now=self.now)
        return Response(self.get_serializer(told(report)).data)


def told(report: IntakeReport) -> dict[str, Any]:
    results = [
        {
            "position": verdict.line,
            "event_id": verdict.content.get("event_id"),
            "case_id": verdict.case_id,
            "status": verdict.outcome.value,
            "reason": verdict.reason or None,
        }
        for verdict in report.verdicts
    ]
    return {outcome.value: report.rows(outcome) for outcome in Outcome} | {"results": results}
