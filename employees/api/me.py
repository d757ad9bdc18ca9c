"""``me/``: whom a token speaks for."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from bukittinggi_kinerja.common.api.fields import Moment, Number, Row, Text
from bukittinggi_kinerja.common.api.permissions import ANY_TOKEN
from bukittinggi_kinerja.common.api.views import ApiView
from employees.rules.viewing import Viewer


class SelfRow(Row):
    id = Number()
    nip = Text()
    name = Text()


class MeRow(Row):
    username = Text()
    employee = SelfRow(allow_null=True)
    roles = serializers.ListField(child=serializers.CharField())
    scopes = serializers.ListField(child=serializers.CharField())
    expires_at = Moment()


class Me(ApiView):
    scopes = {"GET": ANY_TOKEN}
    serializer_class = MeRow
    summary = _("Siapa pemilik token ini")
    text = _("Nama, peran hari ini, dan lingkup token. Perlu token, tidak perlu lingkup.")

    def get(self, request: Request) -> Response:
        token: Any = request.auth
        user: Any = request.user
        found = {
            "username": user.username,
            "employee": user.employee,
            "roles": roles_of(self.viewer),
            "scopes": token.scopes,
            "expires_at": token.expires_at,
        }
        return Response(self.get_serializer(found).data)


def roles_of(viewer: Viewer) -> list[str]:
    """Assigned roles, then those that follow from posts: rater and head of a unit."""
    follows = [("PENILAI", viewer.is_rater), ("KEPALA_UNIT", bool(viewer.headed_paths))]
    return sorted(viewer.roles) + [role for role, holds in follows if holds]
