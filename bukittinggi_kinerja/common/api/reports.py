"""The door of every report: period and unit in, one table out, in three forms with the same figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, TypeVar, cast

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from bukittinggi_kinerja.common.period import Period

from . import tables
from .limits import HeavyLimit
from .parameters import Parameter, choice_parameter, period_parameter
from .tables import Column, Table
from .views import ApiView

V = TypeVar("V", bound=type)
#: How a cell of each kind stands in JSON.
OF_KIND: Mapping[str, dict[str, Any]] = {
    "text": {"type": ["string", "null"]},
    "number": {"type": ["integer", "null"]},
    "decimal": {"type": ["string", "null"], "pattern": r"^-?\d+(\.\d+)?$"},
    "flag": {"type": "boolean"},
}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

PERIOD = period_parameter(
    required=True, description=_("Periode laporan; triwulan, semester, dan tahun menjumlahkan bulan dan triwulan di dalamnya.")
)
FILE = choice_parameter("file", ("json", "csv", "xlsx"), _("Bentuk jawaban; tanpa isian ini json."))


class ReportView(ApiView):
    """``unit_parameter`` comes from the app that knows units."""

    throttle_classes = [HeavyLimit]
    heavy = "report"
    also_answers = {"GET": (429,)}
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


def described_report(columns: Sequence[Column]) -> Callable[[V], V]:
    """Class decorator: the answer of a report in its three forms, with the columns it has."""
    cells = {column.key: OF_KIND[column.kind] | {"description": str(column.meaning or column.label)} for column in columns}
    row = {"type": "object", "properties": cells}
    schema = {
        "type": "object",
        "required": ["report", "title", "period", "unit", "computed_at", "rule_versions", "columns", "rows", "total"],
        "properties": {
            "report": {"type": "string"},
            "title": {"type": "string"},
            "period": {"type": "string"},
            "unit": {"type": ["string", "null"]},
            "computed_at": {"type": "string", "format": "date-time"},
            "rule_versions": {"type": "array", "items": {"type": "string"}},
            "columns": {"type": "array", "items": {"type": "object", "properties": {key: {"type": "string"} for key in _COLUMN}}},
            "rows": {"type": "array", "items": row},
            "total": row | {"type": ["object", "null"]},
        },
    }
    answers: dict[Any, Any] = {(200, "application/json"): schema}
    answers |= {(200, media): OpenApiTypes.BINARY for media in ("text/csv", XLSX)}
    return cast(Callable[[V], V], extend_schema_view(get=extend_schema(responses=answers)))


_COLUMN = ("key", "label", "meaning")
