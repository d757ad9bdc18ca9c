"""Rights of a token: what a view does not offer to a scope is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

if TYPE_CHECKING:
    from rest_framework.views import APIView

#: For ``scopes``: any usable token will do.
ANY_TOKEN: tuple[str, ...] = ()


class ScopeRequired(BasePermission):
    """A view states ``scopes`` by method, one of them is enough; a method without an entry is closed.

    Runs before the body is read. A method the view does not have passes, so that it is answered 405.
    """

    message: str

    def has_permission(self, request: Request, view: APIView) -> bool:
        token: Any = request.auth
        if token is None:
            return False
        method = "GET" if request.method == "HEAD" else str(request.method)
        if method not in view.allowed_methods:
            return True
        wanted = getattr(view, "scopes", {}).get(method)
        if wanted is None:
            return False
        if not wanted or set(wanted) & set(token.scopes):
            return True
        self.message = _("Token Anda tidak mempunyai lingkup {scopes}.").format(scopes=" / ".join(wanted))
        return False
