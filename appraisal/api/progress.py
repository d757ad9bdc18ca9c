"""``progress/``: realised figures with their evidence; the one thing of appraisal that is written over REST."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from appraisal.models import Evidence, ProgressEntry
from appraisal.services.progress import record_progress
from bukittinggi_kinerja.common.api.fields import Day, Moment, Number, PersonRow, PlainDecimal, PlainNumber, Row, StrictBody, Text
from bukittinggi_kinerja.common.api.parameters import (
    choice_parameter,
    id_parameter,
    period_parameter,
    unit_parameter,
    updated_since_parameter,
)
from bukittinggi_kinerja.common.api.views import DetailView, ListView
from bukittinggi_kinerja.common.idempotency import digest_of, key_of, once
from employees.models import OrgUnit
from employees.rules.viewing import Scope, Viewer

ACTION = "POST progress/"
MOST_LINKS = 10


class EvidenceRow(Row):
    """A file is named with its seal, never served here; a link is not sealed."""

    id = Number()
    kind = Text()
    title = Text()
    url = Text()
    sha256 = Text()
    content_type = Text()
    size = Number()
    uploaded_at = Moment()


class ProgressRow(Row):
    id = Number()
    employee = PersonRow()
    indicator = Number(source="target.indicator_id")
    indicator_name = Text(source="target.indicator.name")
    unit = Text(source="target.indicator.plan.unit.code", help_text=_("Kode unit kerja pada SKP."))
    period = Text(source="target.period")
    value = PlainDecimal(trimmed=True)
    realised_on = Day()
    note = Text()
    source = Text()  # type: ignore[assignment]
    sources = serializers.ListField(read_only=True, help_text=_("Baris sumber angka terukur."))
    evidence = EvidenceRow(many=True, source="shown_evidence")
    entered_at = Moment()
    replaces = Number(source="replaces_id")
    withdrawn_at = Moment()
    updated_at = Moment()


class ProgressBody(StrictBody):
    indicator = serializers.IntegerField(min_value=1, max_value=2**63 - 1, help_text=_("Nomor indikator (id)."))
    period = serializers.CharField(max_length=7, help_text=_("Periode target, misalnya 2026-10."))
    value = PlainNumber(
        max_digits=18, decimal_places=4, required=False, allow_null=True, default=None, help_text=_("Angka, atau teks berisi angka.")
    )
    realised_on = serializers.DateField(
        required=False, allow_null=True, default=None, help_text=_("Tanggal selesai, untuk target berupa tanggal.")
    )
    note = serializers.CharField(required=False, allow_blank=True, default="", max_length=4000)
    links = serializers.ListField(child=serializers.CharField(max_length=500), required=False, default=list, max_length=MOST_LINKS)


def _entries(viewer: Viewer) -> Any:
    """Entries with the evidence that may leave by this door: what is marked sensitive never does."""
    evidence = Prefetch("evidence", queryset=Evidence.objects.filter(sensitive=False).order_by("id"), to_attr="shown_evidence")
    return ProgressEntry.objects.visible_to(viewer).select_related("employee", "target__indicator__plan__unit").prefetch_related(evidence)


class Progress(ListView):
    scopes = {"GET": (Scope.READ_PEOPLE,), "POST": (Scope.WRITE_PROGRESS,)}
    serializer_class = ProgressRow
    queryset = ProgressEntry.objects.none()
    also_answers = {"GET": (429,), "POST": (409, 413, 415)}
    summary = {"GET": _("Realisasi dengan bukti"), "POST": _("Mengisi realisasi")}
    text = {
        "GET": _("Baris yang berlaku; dengan updated_since juga yang sudah ditarik (withdrawn_at terisi)."),
        "POST": _("Kiriman dengan Idempotency-Key dan isi yang sama menghasilkan jawaban yang sama selama 30 hari."),
    }
    parameters = (
        period_parameter(lambda period: Q(target__period=period.key)),
        unit_parameter(OrgUnit.objects.all(), "target__indicator__plan__unit__path"),
        id_parameter("indicator", _("Nomor indikator (id)."), "target__indicator_id"),
        id_parameter("employee", _("Nomor pegawai (id).")),
        choice_parameter("source", ["MANUAL", "KERTAS", "IMPOR", "TERUKUR"], _("Asal angka.")),
        updated_since_parameter(stamped=True),
    )

    def rows(self, *, with_past: bool) -> QuerySet[Any]:
        entries = _entries(self.viewer)
        return entries if with_past else entries.current()

    @extend_schema(
        request=ProgressBody,
        responses={201: ProgressRow},
        parameters=[OpenApiParameter("Idempotency-Key", str, OpenApiParameter.HEADER, required=True)],
        examples=[
            OpenApiExample(
                "isi",
                value={"indicator": 1, "period": "2026-10", "value": "12.5", "note": "Rekap pekan 4", "links": []},
                request_only=True,
            )
        ],
    )
    def post(self, request: Request) -> Response:
        key = key_of(request.headers.get("Idempotency-Key"))
        answer = once(
            owner=self.viewer.user_id,
            key=key,
            digest=digest_of(ACTION, request.data),
            now=self.now,
            act=lambda: (201, self._record(request.data)),
        )
        return Response(answer.body, status=answer.status, headers={"Idempotency-Replayed": "true"} if answer.repeated else None)

    def _record(self, body: Any) -> dict[str, Any]:
        form = ProgressBody(data=body)
        form.is_valid(raise_exception=True)
        given = form.validated_data
        entry = record_progress(
            viewer=self.viewer,
            indicator_id=given["indicator"],
            period=given["period"],
            value=given["value"],
            realised_on=given["realised_on"],
            note=given["note"],
            links=given["links"],
            files=(),
            now=self.now,
        )
        return dict(self.get_serializer(_entries(self.viewer).get(pk=entry.pk)).data)


class ProgressDetail(DetailView):
    scopes = {"GET": (Scope.READ_PEOPLE,)}
    serializer_class = ProgressRow
    queryset = ProgressEntry.objects.none()
    summary = _("Satu realisasi")

    def rows(self) -> QuerySet[Any]:
        return _entries(self.viewer)
