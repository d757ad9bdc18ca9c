"""The first sign-in by a slip, a new password by a code, and the second step after the password: pages for the signed-out."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from bukittinggi_kinerja.common.errors import TooOften, Unacceptable
from bukittinggi_kinerja.common.web import ScreenRequest, sign_in_first
from employees.models import User
from employees.services.access_codes import redeem_code
from employees.services.second_factor import passes_second_step
from employees.services.sign_in_limits import count_try, counted_address, forgive_tries

from .entering import HALF, HALF_PATH, enter, half_entered, welcome
from .forms import ActivationForm, SecondStepForm
from .sign_in import locked_out


@never_cache
@sensitive_post_parameters("code", "new_password", "repeated")
@require_http_methods(["GET", "POST"])
def activate(request: ScreenRequest) -> HttpResponse:
    """/masuk/aktivasi/: a code of a slip or from the pengelola, once, for a password of one's own."""
    if request.method == "GET" and request.user.is_authenticated:
        return HttpResponseRedirect("/")
    form = ActivationForm(request.POST) if request.method == "POST" else ActivationForm()
    if form.is_bound and form.is_valid():
        name, address = form.cleaned_data["username"], counted_address(request)
        try:
            count_try(name=name, address=address)
            user = _redeemed(request, form)
        except TooOften:
            return locked_out(request)
        if user is not None:
            forgive_tries(name=name, address=address)
            return enter(request, user, "/")
    return render(request, "masuk/aktivasi.html", {"form": form})


def _redeemed(request: ScreenRequest, form: ActivationForm) -> User | None:
    data = form.cleaned_data
    try:
        return redeem_code(name=data["username"], code=data["code"], new_password=data["new_password"], now=request.now)
    except Unacceptable as refused:
        for field, sentences in refused.errors.items():
            form.add_error(field, sentences)
        if not refused.errors:
            form.add_error(None, str(refused))
    return None


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
def second_step(request: ScreenRequest) -> HttpResponse:
    """/masuk/kode/: the code of the authenticator; the session begins here and not before."""
    if request.method == "GET" and request.user.is_authenticated:
        return HttpResponseRedirect("/")
    begun = half_entered(request)
    if begun is None:
        response = sign_in_first(request, onward="/")
        response.delete_cookie(HALF, path=HALF_PATH, samesite="Strict")
        return response
    user, state = begun
    form = SecondStepForm(request.POST) if request.method == "POST" else SecondStepForm()
    if form.is_bound and form.is_valid():
        try:
            passed = passes_second_step(user_id=user.pk, code=form.cleaned_data["code"], now=request.now)
        except TooOften:
            return locked_out(request)
        if passed:
            return welcome(request, user, state["n"], shared=state["b"], second=True)
        form.add_error("code", _("Kode tidak cocok, atau sudah dipakai. Tunggu kode berikutnya di aplikasi."))
    return render(request, "masuk/kode.html", {"form": form})


urlpatterns = [
    path("masuk/aktivasi/", activate, name="aktivasi"),
    path("masuk/kode/", second_step, name="kode-masuk"),
]
