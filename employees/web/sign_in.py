"""Signing in and out, and staying signed in."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from bukittinggi_kinerja.common.errors import TooOften, Unacceptable
from bukittinggi_kinerja.common.web import ScreenRequest, is_fragment, safe_next, screen
from employees.services.own_account import set_preferences
from employees.services.sign_in_limits import TOO_OFTEN, WINDOW_SECONDS, count_try, counted_address, forgive_tries

from .entering import enter, prolong
from .forms import SignInForm

YEAR = 365 * 24 * 60 * 60


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: ScreenRequest) -> HttpResponse:
    """One sentence for an unknown name and a wrong password alike; only a good pair makes a session."""
    form = SignInForm(request.POST or None)
    onward = safe_next(request)
    if request.method == "GET":
        return HttpResponseRedirect(onward) if request.user.is_authenticated else _sign_in_page(request, SignInForm(), onward)
    if form.is_valid():
        name, address = form.cleaned_data["username"], counted_address(request)
        try:
            count_try(name=name, address=address)
        except TooOften:
            return locked_out(request)
        user = authenticate(request, username=name, password=form.cleaned_data["password"])
        if user is not None:
            forgive_tries(name=name, address=address)
            try:
                return enter(request, user, onward)
            except TooOften:
                return locked_out(request)
        form.add_error(None, _("Nama pengguna atau kata sandi tidak cocok."))
    if is_fragment(request):
        return JsonResponse({"detail": _("Nama pengguna atau kata sandi tidak cocok.")}, status=400)
    return _sign_in_page(request, form, onward)


def locked_out(request: HttpRequest, *_more: Any) -> HttpResponse:
    """The same answer whatever was tried too often, and whether there is such an account or not."""
    response: HttpResponse = (
        JsonResponse({"detail": str(TOO_OFTEN)}, status=429)
        if is_fragment(request)
        else render(request, "masuk/terkunci.html", {"sentence": TOO_OFTEN}, status=429)
    )
    response.headers["Retry-After"] = str(WINDOW_SECONDS)
    return response


def _sign_in_page(request: HttpRequest, form: SignInForm, onward: str) -> HttpResponse:
    return render(request, "masuk/masuk.html", {"form": form, "next": onward})


@require_POST
def sign_out(request: ScreenRequest) -> HttpResponse:
    logout(request)
    response = HttpResponseRedirect(settings.LOGOUT_REDIRECT_URL)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@require_POST
@screen()
def stay(request: ScreenRequest) -> HttpResponse:
    return JsonResponse({"berakhir": prolong(request)})


@require_POST
def settings_of_display(request: ScreenRequest) -> HttpResponse:
    """Language and theme: kept with the account, and on the device for the page of signing in."""
    wanted: dict[str, Any] = {"language": request.POST.get("bahasa"), "theme": request.POST.get("tema")}
    if wanted["theme"] == "perangkat":
        wanted["theme"] = ""
    if wanted["language"] not in {None, "id", "en"} or wanted["theme"] not in {None, "", "terang", "gelap"}:
        raise Unacceptable(_("Pilihan ini tidak ada."))
    if request.user.is_authenticated:
        set_preferences(user_id=request.user.pk, now=request.now, **wanted)
    response = HttpResponseRedirect(safe_next(request))
    for name, value in (("bahasa", wanted["language"]), ("tema", wanted["theme"])):
        if value is not None:
            response.set_cookie(name, value, max_age=YEAR, samesite="Lax", secure=request.is_secure(), httponly=True)
    return response


urlpatterns = [
    path("masuk/", sign_in, name="masuk"),
    path("keluar/", sign_out, name="keluar"),
    path("sesi/", stay, name="sesi"),
    path("setelan/", settings_of_display, name="setelan"),
]
