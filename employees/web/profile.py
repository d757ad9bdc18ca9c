"""The own account: who am I here, how do I want to see it, which password."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from bukittinggi_kinerja.common.errors import Unacceptable
from bukittinggi_kinerja.common.web import ScreenRequest, screen
from employees.queries import posting_of
from employees.services.own_account import change_password
from employees.services.second_factor import has_factor
from employees.services.sessions import sign_out_everywhere
from employees.services.sign_in_limits import count_try, counted_address, forgive_tries
from employees.services.tokens import own_tokens, revoke_own_token

from .forms import PasswordForm


@sensitive_post_parameters("old_password", "new_password", "repeated")
@require_http_methods(["GET", "POST"])
@screen()
def profile(request: ScreenRequest) -> HttpResponse:
    form = PasswordForm(request.POST) if request.method == "POST" else PasswordForm()
    if form.is_bound and form.is_valid() and _changed(request, form):
        messages.success(request, _("Kata sandi diganti. Sesi di perangkat lain berakhir."), extra_tags="ok")
        return HttpResponseRedirect(request.path)
    context = {
        "form": form,
        "posting": posting_of(request.viewer.employee_id, on=request.viewer.on),
        "factor": has_factor(request.viewer.user_id),
        "tokens": own_tokens(user_id=request.viewer.user_id, now=request.now),
        "ends": dt.datetime.fromtimestamp(request.session["berakhir"], tz=dt.UTC) if request.session.get("berakhir") else None,
    }
    return render(request, "profil/profil.html", context)


def _changed(request: ScreenRequest, form: PasswordForm) -> bool:
    """The password of now is guessed here no more often than at signing in."""
    name, address = request.user.get_username(), counted_address(request)
    count_try(name=name, address=address)
    try:
        user = change_password(
            user_id=request.viewer.user_id,
            old_password=form.cleaned_data["old_password"],
            new_password=form.cleaned_data["new_password"],
            now=request.now,
        )
    except Unacceptable as refused:
        for name, sentences in refused.errors.items():
            form.add_error(name, sentences)
        return False
    forgive_tries(name=name, address=address)
    update_session_auth_hash(request, user)
    return True


@require_POST
@screen()
def sign_out_all(request: ScreenRequest) -> HttpResponse:
    """Every session of the account ends, this one included."""
    sign_out_everywhere(user_id=request.viewer.user_id, now=request.now)
    logout(request)
    return HttpResponseRedirect(settings.LOGOUT_REDIRECT_URL)


@require_POST
@screen()
def revoke(request: ScreenRequest, token_id: int) -> HttpResponse:
    revoke_own_token(token_id=token_id, user_id=request.viewer.user_id, now=request.now)
    messages.success(request, _("Token dicabut."), extra_tags="ok")
    return HttpResponseRedirect("/profil/")


urlpatterns = [
    path("profil/", profile, name="profil"),
    path("profil/keluar-semua/", sign_out_all, name="keluar-semua"),
    path("profil/token/<int:token_id>/", revoke, name="profil-token"),
]
