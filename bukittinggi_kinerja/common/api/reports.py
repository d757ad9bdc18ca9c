"""The door of every report: period and unit in, one table out, in three forms with the same figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.translation import gettext_lazy as _
from rest_framework.request import Request
from rest_framework.response import Response

from bukittinggi_kinerja.common.period import Period

from . import tables
from .parameters import Parameter, choice_parameter, period_parameter
from .tables import Table
from .views import ApiView

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

PERIOD = period_parameter(
    required=True, description=_("Periode laporan; triwulan, semester, dan tahun menjumlahkan bulan dan triwulan di dalamnya.")
)
FILE = choice_parameter("file", ("json", "csv", "xlsx"), _("Bentuk jawaban; tanpa isian ini json."))


class ReportView(ApiView):
    """``unit_parameter`` comes from the app that knows units."""

    name: ClassVar[str]
    unit_parameter: ClassVar[Parameter]

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if hasattr(cls, "unit_parameter"):
            cls.parameters = (PERIOD, cls.unit_parameter, FILE)

    def get(self, request: Request) -> HttpResponseBase:
        period: Period = self.asked["period"]
        table = self.table(period=period, unit=self.asked.get("unit"))
        form = self.asked.get("file", "json")
        if form == "json":
            return Response(tables.as_mapping(table))
        filename = f"{self.name}-{period.key}.{form}"
        if form == "csv":
            answer: HttpResponseBase = StreamingHttpResponse(tables.as_csv(table), content_type="text/csv; charset=utf-8")
            answer.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
            return answer
        return FileResponse(tables.as_xlsx(table), as_attachment=True, filename=filename, content_type=XLSX)

    def table(self, *, period: Period, unit: Any) -> Table:
        raise NotImplementedError


REPORT_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["report", "title", "period", "columns", "rows", "total"],
    "properties": {
        "report": {"type": "string"},
        "title": {"type": "string"},
        "period": {"type": "string"},
        "unit": {"type": ["string", "null"]},
        "computed_at": {"type": "string", "format": "date-time"},
        "rule_versions": {"type": "array", "items": {"type": "string"}},
        "columns": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"key": {"type": "string"}, "label": {"type": "string"}, "meaning": {"type": "string"}},
            },
        },
        "rows": {"type": "array", "items": {"type": "object"}},
        "total": {"type": ["object", "null"]},
    },
}
FORMS: Sequence[str] = ("application/json", "text/csv", XLSX)
