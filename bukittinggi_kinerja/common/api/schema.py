"""How a view tells its parameters, scopes and problems to the OpenAPI description."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from . import problems
from .parameters import Parameter

SCHEME = "token"
_ALWAYS = (400, 401, 403, 404)


class ProblemSerializer(serializers.Serializer[Any]):
    """RFC 9457; ``errors`` names the fields, each with its sentences."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    errors = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField()), required=False
    )


class Described(AutoSchema):
    """Reads ``summary``, ``text``, ``scopes``, ``parameters`` and ``also_answers`` of a view."""

    view: Any

    def get_override_parameters(self) -> list[Any]:
        own = [described(parameter) for parameter in self.view.parameters] if self.method == "GET" else []
        return own + list(super().get_override_parameters())

    def get_summary(self) -> str:
        return str(self._of_method("summary"))

    def get_description(self) -> str:  # type: ignore[override]
        scopes = self.view.scopes.get(self.method, ())
        wanted = _("Lingkup: {scopes}.").format(scopes=_(" atau ").join(f"`{scope}`" for scope in scopes)) if scopes else ""
        return "\n\n".join(part for part in (str(self._of_method("text")), wanted) if part)

    def get_extensions(self) -> dict[str, Any]:
        """The words without the scopes, for the page that shows these apart."""
        text = str(self._of_method("text"))
        return {"x-text": text} if text else {}

    def _of_method(self, name: str) -> Any:
        """A view with two methods says both by method, others just say it."""
        said = getattr(self.view, name)
        return said[self.method] if isinstance(said, dict) else said

    def get_auth(self) -> list[Any]:
        """The one way to sign in, with the scopes of which one is enough."""
        scheme = {"type": "http", "scheme": "bearer", "description": _("Token dari perintah issue_token; tampil sekali.")}
        self.registry.register_on_missing(
            ResolvedComponent(  # type: ignore[no-untyped-call]
                name=SCHEME, type=ResolvedComponent.SECURITY_SCHEMA, object=SCHEME, schema=scheme
            )
        )
        return [{SCHEME: [scope]} for scope in self.view.scopes.get(self.method, ())] or [{SCHEME: []}]

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = dict(super()._get_response_bodies(direction))
        for status, body in bodies.items():
            bodies[status] = body | {"description": body["description"] or _("Berhasil.")}
        for status in sorted({*_ALWAYS, *self.view.also_answers.get(self.method, ())}):
            refused: dict[str, Any] = self._get_response_for_code(ProblemSerializer, str(status), [problems.MEDIA_TYPE])  # type: ignore[no-untyped-call]
            bodies.setdefault(str(status), refused | {"description": str(problems.TITLES[problems.OF_STATUS[status]])})
        return bodies


def described(parameter: Parameter) -> OpenApiParameter:
    return OpenApiParameter(
        name=parameter.name,
        type=dict(parameter.schema) | ({} if parameter.example is None else {"examples": [parameter.example]}),
        location=OpenApiParameter.QUERY,
        required=parameter.required,
        description=str(parameter.description),
    )
