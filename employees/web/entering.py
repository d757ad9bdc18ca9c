"""Entering in two steps: the password, and for who has a second factor its code; only then is there a session."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.core import signing
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from bukittinggi_kinerja.common.period import local_date
from bukittinggi_kinerja.common.web import ScreenRequest, is_fragment
from employees.models import User
from employees.services.factor_gate import ask_anew
from employees.services.second_factor import has_factor, passes_second_step

BACKEND = "employees.services.sign_in.NipOrUsernameBackend"
SHARED_COMPUTER = "bersama"
#: Says that the password was right, and nothing more; signed, and void after a new password.
HALF = "langkah"
HALF_PATH = "/masuk/"
HALF_SALT = "employees.web.entering"
HALF_SECONDS = 5 * 60


def enter(request: ScreenRequest, user: User, onward: str) -> HttpResponse:
    """Sign in somebody whose password is right, or ask him for the code of his authenticator first."""
    shared = bool(request.POST.get("bersama"))
    if not has_factor(user.pk):
        return welcome(request, user, onward, shared=shared)
    if is_fragment(request):
        # Asked by a script: the code comes with the password.
        if passes_second_step(user_id=user.pk, code=request.POST.get("kode", ""), now=request.now):
            return welcome(request, user, onward, shared=shared, second=True)
        return JsonResponse({"detail": _("Kata sandi dan kode verifikasi belum cocok.")}, status=400)
    response = HttpResponseRedirect(reverse("kode-masuk"))
    state = {"u": user.pk, "h": _mark(user), "n": onward, "b": shared}
    value = signing.dumps(state, salt=HALF_SALT)
    response.set_cookie(HALF, value, max_age=HALF_SECONDS, path=HALF_PATH, httponly=True, samesite="Strict", secure=request.is_secure())
    return response


def half_entered(request: ScreenRequest) -> tuple[User, dict[str, Any]] | None:
    """Who gave the right password within the last minutes in this browser, and where he wanted to go."""
    try:
        state = signing.loads(request.COOKIES.get(HALF, ""), salt=HALF_SALT, max_age=HALF_SECONDS)
    except signing.BadSignature:
        return None
    user = User.objects.select_related("employee").filter(pk=state["u"], is_active=True).first()
    return (user, state) if user is not None and _mark(user) == state["h"] else None


def welcome(request: ScreenRequest, user: User, onward: str, *, shared: bool, second: bool = False) -> HttpResponse:
    """A fresh session. A script hears who it is; a page goes on."""
    login(request, user, backend=BACKEND)
    ask_anew(user_id=user.pk, on=local_date(request.now))
    request.session["dua_langkah"] = second
    ends = prolong(request)
    response: HttpResponse = HttpResponseRedirect(onward)
    if is_fragment(request):
        response = JsonResponse({"pengguna": user.pk, "berakhir": ends})
    if shared:
        response.set_cookie(SHARED_COMPUTER, "1", samesite="Lax", secure=request.is_secure())
    elif not is_fragment(request):
        response.delete_cookie(SHARED_COMPUTER)
    if HALF in request.COOKIES:
        response.delete_cookie(HALF, path=HALF_PATH, samesite="Strict")
    return response


def prolong(request: ScreenRequest) -> int:
    """Give the session its full length again; its end in seconds of the epoch."""
    ends = int(request.now.timestamp()) + settings.SESSION_COOKIE_AGE
    request.session["berakhir"] = ends
    return ends


def _mark(user: User) -> str:
    return user.get_session_auth_hash()[:24]
