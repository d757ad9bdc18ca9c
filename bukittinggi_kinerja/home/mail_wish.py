"""Asking for reminders outside the application, and ending that."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from bukittinggi_kinerja.common.mail.channels import open_ways
from bukittinggi_kinerja.common.mail.sending import ask_for_mail
from bukittinggi_kinerja.common.models import MailWish
from bukittinggi_kinerja.common.models.mail import NUMBER, Way
from bukittinggi_kinerja.common.web import ScreenRequest, screen


class MailForm(forms.Form):
    """One way for each person; a number is asked only where the city has a way to phones."""

    use_required_attribute = False
    way = forms.ChoiceField(
        label=gettext_lazy("Lewat apa?"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Pilih salah satu."), "invalid_choice": gettext_lazy("Pilih salah satu.")},
    )
    address = forms.EmailField(
        label=gettext_lazy("Alamat surel"),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=gettext_lazy("Kosongkan untuk menghentikan pengingat lewat surel."),
        error_messages={"invalid": gettext_lazy("Tulis alamat surel seperti nama@contoh.go.id.")},
    )
    number = forms.CharField(
        label=gettext_lazy("Nomor ponsel"),
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel", "class": "pendek"}),
        help_text=gettext_lazy("Misalnya 0812 3456 7890. Kosongkan untuk menghentikannya."),
    )

    def __init__(self, ways: list[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if ways == [Way.MAIL]:
            del self.fields["way"], self.fields["number"]
        else:
            self.fields["way"].choices = [(way, Way(way).label) for way in ways]  # type: ignore[attr-defined]

    def clean_number(self) -> str:
        """Digits with the country code; 08… and +628… are the same number."""
        digits = re.sub(r"[^0-9]", "", self.cleaned_data["number"])
        digits = f"62{digits[1:]}" if digits.startswith("0") else digits
        if digits and not re.match(NUMBER, digits):
            raise forms.ValidationError(_("Tulis nomor ponsel seperti 0812 3456 7890."))
        return digits

    @property
    def chosen(self) -> tuple[str, str]:
        """The way, and where to; an empty place ends it."""
        way = self.cleaned_data.get("way", Way.MAIL.value)
        return way, self.cleaned_data["address"] if way == Way.MAIL else self.cleaned_data["number"]


def _told(wish: MailWish | None) -> dict[str, str]:
    if wish is None:
        return {"way": Way.MAIL.value}
    return {"way": wish.channel, "address" if wish.channel == Way.MAIL else "number": wish.address}


@require_http_methods(["GET", "HEAD", "POST"])
@screen()
def reminders(request: ScreenRequest) -> HttpResponse:
    """/profil/pengingat/"""
    ways = open_ways()
    wish = MailWish.objects.filter(recipient=request.viewer.user_id, channel__in=ways).first()
    form = MailForm(ways, request.POST) if request.method == "POST" else MailForm(ways, initial=_told(wish))
    if form.is_bound and form.is_valid():
        way, place = form.chosen
        ask_for_mail(recipient=request.viewer.user_id, address=place, way=way, now=request.now)
        messages.success(request, _done(way) if place else _("Pengingat di luar aplikasi dihentikan."))
        return HttpResponseRedirect(request.path)
    context = {"form": form, "wish": wish, "phones": len(ways) > 1}
    return render(request, "profil/pengingat.html", context, status=400 if form.is_bound else 200)


def _done(way: str) -> str:
    return _("Pengingat juga dikirim ke surel Anda.") if way == Way.MAIL else _("Pengingat juga dikirim ke ponsel Anda.")


urlpatterns = [path("profil/pengingat/", reminders, name="profil-pengingat")]
