"""Asking for reminders by e-mail, and ending that."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from bukittinggi_kinerja.common.mail.sending import ask_for_mail
from bukittinggi_kinerja.common.models import MailWish
from bukittinggi_kinerja.common.web import ScreenRequest, screen


class MailForm(forms.Form):
    use_required_attribute = False
    address = forms.EmailField(
        label=gettext_lazy("Alamat surel"),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=gettext_lazy("Kosongkan untuk menghentikan pengingat lewat surel."),
        error_messages={"invalid": gettext_lazy("Tulis alamat surel seperti nama@contoh.go.id.")},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@screen()
def reminders(request: ScreenRequest) -> HttpResponse:
    """/profil/pengingat/"""
    wish = MailWish.objects.filter(recipient=request.viewer.user_id).first()
    form = MailForm(request.POST) if request.method == "POST" else MailForm(initial={"address": wish.address if wish else ""})
    if form.is_bound and form.is_valid():
        address = form.cleaned_data["address"]
        ask_for_mail(recipient=request.viewer.user_id, address=address, now=request.now)
        messages.success(request, _("Pengingat juga dikirim ke surel Anda.") if address else _("Pengingat lewat surel dihentikan."))
        return HttpResponseRedirect(request.path)
    return render(request, "profil/pengingat.html", {"form": form, "wish": wish}, status=400 if form.is_bound else 200)


urlpatterns = [path("profil/pengingat/", reminders, name="profil-pengingat")]
