"""/profil/kode/: setting up the second factor, its recovery codes, and taking it away."""

from __future__ import annotations

from typing import Any

import qrcode
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe
from qrcode.image.svg import SvgPathImage

from bukittinggi_kinerja.common.errors import NotVisible, Unacceptable
from bukittinggi_kinerja.common.web import ScreenRequest, screen
from employees.queries import factor_required
from employees.rules.otp import address_for_app
from employees.services.factor_gate import ask_anew
from employees.services.second_factor import confirm_factor, drop_factor, has_factor, renew_recovery, secret_of, start_factor
from employees.services.sign_in_limits import count_try, counted_address, forgive_tries

from .forms import ConfirmFactorForm, StartFactorForm

ISSUER = "Kinerja ASN Bukittinggi"


@sensitive_post_parameters("password", "code")
@require_http_methods(["GET", "HEAD", "POST"])
@screen()
def factor(request: ScreenRequest) -> HttpResponse:
    act = request.POST.get("aksi", "")
    form: Any = None
    if act == "pasang":
        form = ConfirmFactorForm(request.POST)
        codes = _confirmed(request, form) if form.is_valid() else None
    elif act in {"mulai", "cadangan", "lepas"}:
        form = StartFactorForm(request.POST)
        codes = _by_password(request, form, act) if form.is_valid() else None
    else:
        codes = None
    if codes:
        return _once(request, codes, fresh=act == "pasang")
    if form is not None and not form.errors:
        return HttpResponseRedirect(reverse("faktor" if act == "mulai" else "profil"))
    return _page(request, form)


def _page(request: ScreenRequest, form: Any) -> HttpResponse:
    secret = secret_of(request.viewer.user_id)
    context = {
        "there": has_factor(request.viewer.user_id),
        "required": factor_required(request.viewer),
        "secret": " ".join(secret[start : start + 4] for start in range(0, len(secret), 4)) if secret else "",
        "form": form,
        "start": form if isinstance(form, StartFactorForm) else StartFactorForm(),
        "confirm": form if isinstance(form, ConfirmFactorForm) else ConfirmFactorForm(),
    }
    return render(request, "profil/faktor.html", context)


def _once(request: ScreenRequest, codes: list[str], *, fresh: bool) -> HttpResponse:
    """The recovery codes, in the only answer in which they can be read."""
    response = render(request, "profil/cadangan.html", {"codes": codes, "fresh": fresh})
    response.headers["Cache-Control"] = "no-store"
    return response


def _confirmed(request: ScreenRequest, form: ConfirmFactorForm) -> list[str] | None:
    name, address = request.user.get_username(), counted_address(request)
    count_try(name=name, address=address)
    try:
        user, codes = confirm_factor(user_id=request.viewer.user_id, code=form.cleaned_data["code"], now=request.now)
    except Unacceptable as refused:
        _told(form, refused)
        return None
    forgive_tries(name=name, address=address)
    _stay(request, user, second=True)
    return codes


def _by_password(request: ScreenRequest, form: StartFactorForm, act: str) -> list[str] | None:
    """Each of these asks for the password of now, which is guessed here no more often than at signing in."""
    name, address = request.user.get_username(), counted_address(request)
    count_try(name=name, address=address)
    words = {"password": form.cleaned_data["password"], "now": request.now}
    codes = None
    try:
        if act == "mulai":
            start_factor(user_id=request.viewer.user_id, **words)
        elif act == "cadangan":
            codes = renew_recovery(user_id=request.viewer.user_id, **words)
        else:
            _stay(request, drop_factor(user_id=request.viewer.user_id, viewer=request.viewer, **words), second=False)
            messages.success(request, _("Kode verifikasi dilepas. Sesi di perangkat lain berakhir."), extra_tags="ok")
    except Unacceptable as refused:
        _told(form, refused)
        return None
    forgive_tries(name=name, address=address)
    return codes


def _stay(request: ScreenRequest, user: Any, *, second: bool) -> None:
    """The other sessions have ended; this one goes on."""
    update_session_auth_hash(request, user)
    request.session["dua_langkah"] = second
    ask_anew(user_id=user.pk, on=request.viewer.on)


def _told(form: Any, refused: Unacceptable) -> None:
    for field, sentences in refused.errors.items():
        form.add_error(field, sentences)


@require_safe
@screen()
def square(request: ScreenRequest) -> HttpResponse:
    """The square to scan, drawn as SVG; there only until the first code has confirmed it."""
    secret = secret_of(request.viewer.user_id)
    if secret is None:
        raise NotVisible(_("Mulai pemasangan kode verifikasi dari awal."))
    drawn = qrcode.make(address_for_app(secret, account=request.user.get_username(), issuer=ISSUER), image_factory=SvgPathImage)
    response = HttpResponse(drawn.to_string(), content_type="image/svg+xml")
    response.headers["Cache-Control"] = "no-store"
    return response


urlpatterns = [
    path("profil/kode/", factor, name="faktor"),
    path("profil/kode/kotak.svg", square, name="faktor-kotak"),
]
