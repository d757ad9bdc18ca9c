"""The door of the admin: the same two answers as at every screen."""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils.translation import gettext as _

from .errors import NotAllowed
from .web import safe_next, sign_in_and_back, sign_in_first

View = Callable[..., HttpResponseBase]
HOME = "/admin/"


class CityAdminSite(AdminSite):
    """Signed out: to the one page of signing in and back. Signed in without the role: a plain refusal."""

    def has_permission(self, request: HttpRequest) -> bool:
        return super().has_permission(request) and keeps_records(request)

    def admin_view(self, view: View, cacheable: bool = False) -> Any:
        guarded = super().admin_view(view, cacheable)

        def answered(request: HttpRequest, *args: Any, **words: Any) -> HttpResponseBase:
            return guarded(request, *args, **words) if self.has_permission(request) else turned_away(request)

        return update_wrapper(answered, guarded)

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """No second page of signing in; where a link to it leads on, it leads there."""
        if request.user.is_authenticated and not self.has_permission(request):
            return turned_away(request)
        onward = safe_next(request, otherwise=HOME)
        return HttpResponseRedirect(onward if request.user.is_authenticated else sign_in_and_back(onward))


def keeps_records(request: HttpRequest) -> bool:
    """A role that ended yesterday opens nothing today, whatever the account still carries."""
    viewer = getattr(request, "viewer", None)
    return bool(getattr(viewer, "is_city_hr", False)) or bool(getattr(request.user, "is_superuser", False))


def turned_away(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        raise NotAllowed(_("Administrasi hanya untuk pengelola data kepegawaian kota."))
    return sign_in_first(request)
