"""The base of every REST view: a token with a scope, declared parameters, JSON, problems."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from rest_framework.generics import GenericAPIView
from rest_framework.mixins import ListModelMixin
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from bukittinggi_kinerja.common.errors import NotVisible

from .limits import HeavyLimit
from .pagination import CursorPages
from .parameters import Parameter, narrowed, read
from .parsers import BoundedJSONParser
from .schema import Described


class AlwaysJSON(BaseContentNegotiation):
    """One representation; an Accept header never turns an answer into another one."""

    def select_parser(self, request: Request, parsers: Iterable[Any]) -> Any:
        content_type = (request.content_type or "").partition(";")[0].strip().lower()
        return next((parser for parser in parsers if parser.media_type == content_type), None)

    def select_renderer(self, request: Request, renderers: Iterable[Any], format_suffix: str | None = None) -> tuple[Any, str]:
        first = next(iter(renderers))
        return first, first.media_type


class ApiView(GenericAPIView[Any]):
    """``scopes`` by method, ``parameters`` of the query; ``viewer`` and ``now`` come with the request."""

    http_method_names = ["get", "head", "post"]
    parser_classes = [BoundedJSONParser]
    content_negotiation_class = AlwaysJSON
    pagination_class: Any = None
    schema: Any = Described()
    scopes: ClassVar[Mapping[str, Sequence[str]]] = {}
    parameters: ClassVar[Sequence[Parameter]] = ()
    #: Query parameters somebody else reads.
    other_parameters: ClassVar[Sequence[str]] = ()
    #: Statuses beyond 400, 401, 403 and 404 by method, for the description.
    also_answers: ClassVar[Mapping[str, Sequence[int]]] = {}
    summary: ClassVar[Any] = ""
    text: ClassVar[Any] = ""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if request.headers.get("Accept-Language", "").lower().startswith("en"):
            translation.activate("en")
        super().initial(request, *args, **kwargs)
        reads = request.method in {"GET", "HEAD"}
        self.asked = read(self.parameters if reads else (), request.query_params, also=self.other_parameters if reads else ())

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        answer: Any = super().finalize_response(request, response, *args, **kwargs)
        answer.headers.setdefault("Cache-Control", "no-store")
        answer.headers["Content-Language"] = translation.get_language() or "id"
        patch_vary_headers(answer, ["Authorization", "Accept-Language"])
        return answer

    @property
    def viewer(self) -> Any:
        return self.request.viewer  # type: ignore[attr-defined]

    @property
    def now(self) -> dt.datetime:
        return self.request.now  # type: ignore[attr-defined,no-any-return]


class ListView(ListModelMixin, ApiView):
    """Rows the viewer may see, narrowed by the declared parameters, in pages."""

    pagination_class = CursorPages
    throttle_classes = [HeavyLimit]
    heavy = "list"
    also_answers = {"GET": (429,)}
    other_parameters = ("page_size", "cursor")

    def get(self, request: Request) -> Response:
        return self.list(request)

    def get_queryset(self) -> QuerySet[Any]:
        return self.rows(with_past="updated_since" in self.asked)

    def rows(self, *, with_past: bool) -> QuerySet[Any]:
        """What the viewer may see; ``with_past`` adds superseded and voided rows."""
        raise NotImplementedError

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return narrowed(queryset, self.parameters, self.asked)


class DetailView(ApiView):
    """One row by its number: not there and not for these eyes are the same answer."""

    def get(self, request: Request, pk: int) -> Response:
        return Response(self.get_serializer(self.found(pk)).data)

    def get_queryset(self) -> QuerySet[Any]:
        return self.rows()

    def rows(self) -> QuerySet[Any]:
        raise NotImplementedError

    def found(self, pk: int) -> Any:
        row = self.rows().filter(pk=pk).first()
        if row is None:
            raise NotVisible(_("Data ini tidak ada, atau bukan untuk Anda."))
        return row


class UnknownPath(ApiView):
    """Whatever no route of the API knows, in any method."""

    schema = None
    authentication_classes = []
    permission_classes = [AllowAny]
    http_method_names = ["get", "head", "post", "put", "patch", "delete", "options", "trace"]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        raise NotVisible(_("Alamat ini tidak ada."))
