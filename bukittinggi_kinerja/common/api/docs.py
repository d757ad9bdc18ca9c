"""The OpenAPI document and the page that explains and tries it; both open to everybody."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from drf_spectacular.generators import SchemaGenerator
from rest_framework.permissions import AllowAny
from rest_framework.request import Request

from bukittinggi_kinerja.common.period import Period, PeriodKind, local_date

from . import problems
from .views import ApiView

ROOT = "/api/v1/"
TITLES: Mapping[str, Any] = {
    "me": _("Token Anda"),
    "units": _("Unit kerja"),
    "employees": _("Pegawai"),
    "cycles": _("Periode penilaian"),
    "plans": _("SKP"),
    "progress": _("Realisasi"),
    "assessments": _("Hasil penilaian"),
    "service-cases": _("Berkas layanan"),
    "reports": _("Laporan"),
    "jobs": _("Pekerjaan"),
}


class OpenDoor(ApiView):
    """No token; the session of a browser, where there is one, stays as it is."""

    schema = None
    authentication_classes = []
    permission_classes = [AllowAny]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        self.asked = {}


class Schema(OpenDoor):
    """OpenAPI 3.1 as JSON, the same for everybody."""

    def get(self, request: Request) -> HttpResponse:
        text, tag = _written()
        answer = HttpResponse(text, content_type="application/json")
        answer.headers["ETag"] = tag
        answer.headers["Cache-Control"] = "public, max-age=300"
        return answer


class Docs(OpenDoor):
    """The same document as a page, with a form for every operation."""

    def get(self, request: Request) -> HttpResponse:
        last_month = Period.containing(local_date(self.now), PeriodKind.MONTH).previous()
        page = {
            "groups": grouped(document(translation.get_language() or "id"), defaults={"period": last_month.key}),
            "base": request.build_absolute_uri(ROOT),
            "month": last_month.key,
            "kinds": [(kind, title, _status_of(kind)) for kind, title in problems.TITLES.items()],
        }
        return render(request._request, "api/docs.html", page)  # noqa: SLF001 - the page belongs to the browser, not to a token


@lru_cache(maxsize=1)
def _written() -> tuple[bytes, str]:
    text = json.dumps(document("id"), ensure_ascii=False, default=str).encode()
    return text, f'"{hashlib.sha256(text).hexdigest()[:32]}"'


@lru_cache(maxsize=4)
def document(language: str) -> dict[str, Any]:
    """Made once a process and language: it depends on the code alone, and making it costs a second."""
    with translation.override(language):
        generator: Any = SchemaGenerator()  # type: ignore[no-untyped-call]
        made: dict[str, Any] = generator.get_schema(request=None, public=True)
    for component in made["components"]["schemas"].values():
        # Notes of the code to its readers, not words for those who call it.
        component.pop("description", None)
    return made


def _status_of(kind: str) -> int:
    return next((status for status, of in problems.OF_STATUS.items() if of == kind), 409)


@dataclass(frozen=True)
class Field:
    """One parameter of a form; ``place`` is path, query or header."""

    id: str
    name: str
    place: str
    required: bool
    description: str
    choices: tuple[str, ...] = ()
    value: str = ""
    example: str = ""


@dataclass(frozen=True)
class Operation:
    id: str
    method: str
    path: str
    summary: str
    text: str
    scopes: tuple[str, ...]
    fields: tuple[Field, ...]
    body: str = ""
    files: tuple[str, ...] = field(default=())

    @property
    def sample(self) -> str:
        """Address with what must be filled in."""
        query = urlencode({f.name: f.value or f.example for f in self.fields if f.place == "query" and f.required})
        return self.path.removeprefix(ROOT) + (f"?{query}" if query else "")


@dataclass(frozen=True)
class Group:
    tag: str
    title: Any
    operations: tuple[Operation, ...]


def grouped(described: Mapping[str, Any], *, defaults: Mapping[str, str]) -> list[Group]:
    """Operations under their first word, in the order of TITLES; ``defaults`` fill required parameters."""
    found = sorted(_operations(described, defaults), key=lambda pair: (list(TITLES).index(pair[0]), pair[1].path))
    return [Group(tag, TITLES[tag], tuple(pair[1] for pair in pairs)) for tag, pairs in groupby(found, key=lambda pair: pair[0])]


def _operations(described: Mapping[str, Any], defaults: Mapping[str, str]) -> Iterator[tuple[str, Operation]]:
    for path, methods in described["paths"].items():
        for method, said in methods.items():
            scopes = tuple(scope for way in said["security"] for scope in way["token"])
            fields = tuple(_field(said["operationId"], parameter, defaults) for parameter in said.get("parameters", ()))
            yield (
                said["tags"][0],
                Operation(
                    id=said["operationId"],
                    method=method.upper(),
                    path=path,
                    summary=said["summary"],
                    text=said.get("x-text", ""),
                    scopes=scopes,
                    fields=tuple(sorted(fields, key=lambda f: (f.place != "path", not f.required))),
                    body=_body(said),
                    files=tuple(c for f in fields if f.name == "file" for c in f.choices),
                ),
            )


def _field(operation: str, parameter: Mapping[str, Any], defaults: Mapping[str, str]) -> Field:
    shape, required = parameter["schema"], bool(parameter.get("required"))
    choices = ("true", "false") if shape.get("type") == "boolean" else tuple(shape.get("enum", ()))
    return Field(
        id=f"{operation}-{parameter['name']}".lower(),
        name=parameter["name"],
        place=parameter["in"],
        required=required,
        description=parameter.get("description", ""),
        choices=choices,
        value=defaults.get(parameter["name"], "") if required else "",
        example=str(next(iter(shape.get("examples", ())), "")),
    )


def _body(said: Mapping[str, Any]) -> str:
    content = said.get("requestBody", {}).get("content", {}).get("application/json", {})
    example = next(iter(content.get("examples", {}).values()), None)
    return json.dumps(example["value"], ensure_ascii=False, indent=2) if example else ""
