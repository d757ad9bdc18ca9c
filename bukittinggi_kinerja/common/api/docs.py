"""The OpenAPI document and the page that explains and tries it; both open to everybody."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from typing import Any

from django.http import HttpResponse
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from drf_spectacular.generators import SchemaGenerator
from rest_framework.permissions import AllowAny
from rest_framework.request import Request

from .views import ApiView


class Schema(ApiView):
    """OpenAPI 3.1 as JSON, the same for everybody."""

    schema = None
    authentication_classes = []
    permission_classes = [AllowAny]
    summary = _("Uraian OpenAPI 3.1")

    def get(self, request: Request) -> HttpResponse:
        text, tag = _written()
        answer = HttpResponse(text, content_type="application/json")
        answer.headers["ETag"] = tag
        answer.headers["Cache-Control"] = "public, max-age=300"
        return answer


@lru_cache(maxsize=1)
def _written() -> tuple[bytes, str]:
    text = json.dumps(document(), ensure_ascii=False, default=str).encode()
    return text, f'"{hashlib.sha256(text).hexdigest()[:32]}"'


@lru_cache(maxsize=1)
def document() -> dict[str, Any]:
    """Made once a process: it depends on the code alone, and making it costs a second."""
    with translation.override("id"):
        generator: Any = SchemaGenerator()  # type: ignore[no-untyped-call]
        made: dict[str, Any] = generator.get_schema(request=None, public=True)
    for component in made["components"]["schemas"].values():
        # Notes of the code to its readers, not words for those who call it.
        component.pop("description", None)
    return made
