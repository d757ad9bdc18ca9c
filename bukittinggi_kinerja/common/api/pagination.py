"""Cursor pages in ascending id: no gaps and no repeats, however many rows share a moment or arrive meanwhile.

A walk over changes (``updated_since``) ends, on all its pages, at the moment until which changes were complete when it
began: a row that is committed later is stamped later, so the greatest stamp of a walk is where the next one may begin.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

from bukittinggi_kinerja.common.errors import Unacceptable
from bukittinggi_kinerja.common.numbers import whole_number
from bukittinggi_kinerja.common.settled import settled_until

PAGE_SIZE = 100
LARGEST_PAGE = 500

_CURSOR = re.compile(r"(?P<way>[<>])(?P<id>[0-9]{1,18})(?:@(?P<until>[0-9]{1,17}))?", re.ASCII)
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)


@dataclass(frozen=True)
class Place:
    """The id after which, or before which, a page lies; ``until`` is where its walk over changes ends."""

    after: int | None = None
    before: int | None = None
    until: dt.datetime | None = None


class CursorPages(BasePagination):
    """``cursor`` is opaque: the id a page lies after (``>``) or before (``<``), and until when changes are told."""

    def paginate_queryset(self, queryset: QuerySet[Any], request: Request, view: Any = None) -> list[Any]:  # type: ignore[override]
        self.request = request
        self.size = page_size_of(request.query_params.get("page_size"))
        place = place_of(request.query_params.get("cursor"))
        self.after, self.before = place.after, place.before
        self.until, queryset = _complete(queryset, view, place.until)
        if self.before is not None:
            found = list(queryset.filter(id__lt=self.before).order_by("-id")[: self.size + 1])
            self.more = len(found) > self.size
            self.page = found[: self.size][::-1]
        else:
            rows = queryset.order_by("id") if self.after is None else queryset.filter(id__gt=self.after).order_by("id")
            found = list(rows[: self.size + 1])
            self.more = len(found) > self.size
            self.page = found[: self.size]
        return self.page

    def get_paginated_response(self, data: Sequence[Any]) -> Response:
        return Response({"next": self._next(), "previous": self._previous(), "results": data})

    def _next(self) -> str | None:
        if self.before is not None:
            return self._link(">", self.page[-1].pk if self.page else self.before - 1)
        return self._link(">", self.page[-1].pk) if self.more else None

    def _previous(self) -> str | None:
        if self.before is not None:
            return self._link("<", self.page[0].pk) if self.more else None
        if self.after is None:
            return None
        return self._link("<", self.page[0].pk if self.page else self.after + 1)

    def _link(self, way: str, place: int) -> str:
        until = f"@{(self.until - _EPOCH) // _MICROSECOND}" if self.until else ""
        cursor = base64.urlsafe_b64encode(f"{way}{place}{until}".encode()).decode().rstrip("=")
        address = remove_query_param(self.request.build_absolute_uri(), "cursor")
        return str(replace_query_param(address, "cursor", cursor))

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        size = {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": PAGE_SIZE}
        return [
            {"name": "page_size", "in": "query", "schema": size, "description": _("Banyak baris satu halaman.")},
            {"name": "cursor", "in": "query", "schema": {"type": "string"}, "description": _("Dari next atau previous, apa adanya.")},
        ]


def page_size_of(text: str | None) -> int:
    if text is None:
        return PAGE_SIZE
    size = whole_number(text) or 0
    if 1 <= size <= LARGEST_PAGE:
        return size
    sentence = _("Isi dengan bilangan 1 sampai {largest}.").format(largest=LARGEST_PAGE)
    raise Unacceptable(_("Ukuran halaman tidak dapat dipakai."), errors={"page_size": [sentence]})


def _complete(queryset: QuerySet[Any], view: Any, until: dt.datetime | None) -> tuple[dt.datetime | None, QuerySet[Any]]:
    """The rows of a walk over changes up to where it ends; other lists as they are."""
    asked = getattr(view, "asked", {})
    stamp = next((p.stamp for p in getattr(view, "parameters", ()) if p.stamp and p.name in asked), "")
    if not stamp:
        return None, queryset
    until = until or settled_until()
    return until, queryset.filter(**{f"{stamp}__lt": until})


def place_of(cursor: str | None) -> Place:
    if cursor is None:
        return Place()
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        text = ""
    found = _CURSOR.fullmatch(text)
    if not found:
        raise Unacceptable(_("Penanda halaman tidak dikenal."), errors={"cursor": [_("Pakai nilai dari next atau previous apa adanya.")]})
    number, until = int(found["id"]), _EPOCH + int(found["until"]) * _MICROSECOND if found["until"] else None
    return Place(after=number, until=until) if found["way"] == ">" else Place(before=number, until=until)
