"""Helpers of the doors: who may open a screen, and how one that is signed out is answered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils.cache import add_never_cache_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from .errors import NotAllowed

SIGN_IN = "/masuk/"
READING = {"GET", "HEAD", "OPTIONS"}
DRAFT_TAG = "draf="


class ScreenRequest(HttpRequest):
    """What a screen finds on its request; ``viewer`` is an ``employees.rules.viewing.Viewer``."""

    viewer: Any
    now: dt.datetime
    htmx: Any


View = Callable[..., HttpResponseBase]


def screen(allow: Callable[[Any], bool] | None = None) -> Callable[[View], View]:
    """A view for people who are signed in; ``allow`` asks the viewer's role, and refuses with a page of its own.

    Nobody's record stays in a cache: the computer may be shared.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: ScreenRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return sign_in_first(request)
            if allow is not None and not allow(request.viewer):
                raise NotAllowed(_("Layar ini bukan untuk peran Anda."))
            response = view(request, *args, **kwargs)
            if not response.has_header("Cache-Control"):
                add_never_cache_headers(response)
            return response

        return guarded

    return decorate


def sign_in_first(request: HttpRequest, *, onward: str = "") -> HttpResponse:
    """A page leads to signing in and back; a part of a page answers 401, or the login form would land inside it."""
    if is_fragment(request):
        return HttpResponse(_("Sesi Anda berakhir. Masuk lagi untuk melanjutkan."), status=401, content_type="text/plain; charset=utf-8")
    return HttpResponseRedirect(sign_in_and_back(onward or request.get_full_path()))


def sign_in_and_back(onward: str) -> str:
    """The address of signing in that leads on to ``onward``, a place that is known to be ours."""
    return f"{SIGN_IN}?{urlencode({'next': onward})}"


def safe_next(request: HttpRequest, *, otherwise: str = "/") -> str:
    """Where to go on; never to another host."""
    wanted = request.POST.get("next") or request.GET.get("next") or otherwise
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return wanted if safe else otherwise


def say_saved(request: HttpRequest, sentence: str, *, draft: str) -> None:
    """Tell on the next page that a form was taken, so that the device forgets the draft it kept of it."""
    messages.success(request, sentence, extra_tags=f"ok {DRAFT_TAG}{draft}")


def draft_taken(tags: str) -> str:
    """The draft named by ``say_saved`` among the tags of a message, or nothing."""
    return next((tag.removeprefix(DRAFT_TAG) for tag in tags.split() if tag.startswith(DRAFT_TAG)), "")


def is_fragment(request: HttpRequest) -> bool:
    """Asked by a script, not by a person's click."""
    return (
        bool(getattr(request, "htmx", False))
        or request.headers.get("X-Requested-With") == "fetch"
        or request.method not in READING | {"POST"}
        or request.headers.get("Accept", "").startswith("application/json")
    )


def is_prefetch(request: HttpRequest) -> bool:
    """The browser fetches ahead of a click that may never come."""
    purpose = request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "") + request.headers.get("X-Moz", "")
    return "prefetch" in purpose or "preview" in purpose
