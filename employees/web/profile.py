"""The own account: who am I here, how do I want to see it, which password."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from bukittinggi_kinerja.common.errors import Unacceptable
from bukittinggi_kinerja.common.web import ScreenRequest, screen
from employees.queries import posting_of
from employees.services.own_account import change_password
from employees.services.sign_in_limits import count_try, counted_address, forgive_tries

from .forms import PasswordForm


@sensitive_post_parameters("old_password", "new_password", "repeated")
@require_http_methods(["GET", "POST"])
@screen()
def profile(request: ScreenRequest) -> HttpResponse:
    form = PasswordForm(request.POST) if request.method == "POST" else PasswordForm()
    if form.is_bound and form.is_valid() and _changed(request, form):
        messages.success(request, _("Kata sandi diganti. Sesi di perangkat lain berakhir."), extra_tags="ok")
        return HttpResponseRedirect(request.path)
    posting = posting_of(request.viewer.employee_id, on=request.viewer.on)
    return render(request, "profil/profil.html", {"form": form, "posting": posting})


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


urlpatterns = [path("profil/", profile, name="profil")]
