"""Substitutes by phone: for whom, by whom, for which days, by which letter; and the mandates that run."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from bukittinggi_kinerja.common.errors import Unacceptable
from bukittinggi_kinerja.common.form_days import THIS_AGE
from bukittinggi_kinerja.common.numbers import whole_number
from bukittinggi_kinerja.common.texts import clean_line
from bukittinggi_kinerja.common.web import ScreenRequest, screen
from employees.models import ActingKind
from employees.policies import may_open_substitutes, official_to_replace
from employees.queries.substitutes import (
    Choice,
    Substitution,
    chosen_substitute,
    found_officials,
    found_substitutes,
    officials_of,
    running_mandates,
    substitution_for,
)
from employees.services.acting import appoint_substitute, file_letter, revoke_substitute

ONE_DAY = dt.timedelta(days=1)
USUAL_DAYS = 6
LETTER_DAYS = 7
MOST_MANDATES = 100
SEARCH_LENGTH = 60


def day_field(label: Any, *, required: bool = True, missing: Any = "", help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date", "class": "pendek"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d-%m-%Y"],
        validators=THIS_AGE,
        error_messages={"required": missing, "invalid": gettext_lazy("Isi tanggal seperti 31-12-2026.")},
    )


class SubstituteForm(forms.Form):
    use_required_attribute = False
    substitute = forms.ChoiceField(
        label=gettext_lazy("Pengganti"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Pilih pengganti."), "invalid_choice": gettext_lazy("Pilih pengganti dari daftar.")},
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Jenis"),
        choices=[
            (ActingKind.PLH, gettext_lazy("Plh.: pejabatnya berhalangan sementara")),
            (ActingKind.PLT, gettext_lazy("Plt.: jabatannya sedang kosong")),
        ],
        widget=forms.RadioSelect,
    )
    valid_from = day_field(gettext_lazy("Hari pertama"), missing=gettext_lazy("Isi hari pertama."))
    valid_until = day_field(gettext_lazy("Hari terakhir"), missing=gettext_lazy("Isi hari terakhir."))
    letter_number = forms.CharField(
        label=gettext_lazy("Nomor surat"), max_length=120, required=False, help_text=gettext_lazy("Kosongkan bila surat menyusul.")
    )
    letter_due = day_field(gettext_lazy("Surat menyusul paling lambat"), required=False)
    reason = forms.CharField(
        label=gettext_lazy("Alasan"),
        max_length=200,
        help_text=gettext_lazy("Misalnya sakit, cuti, atau dinas luar."),
        error_messages={"required": gettext_lazy("Isi alasan.")},
    )

    def __init__(self, choices: list[Choice], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["substitute"].choices = [  # type: ignore[attr-defined]
            (choice.employee, f"{choice.name}, {choice.title}") for choice in choices
        ]


@require_http_methods(["GET", "HEAD", "POST"])
@screen(may_open_substitutes)
def index(request: ScreenRequest) -> HttpResponse:
    """/pengganti/: mandates that run, and the officials for whom one may be given. Names are looked for by POST."""
    words = clean_line(request.POST.get("cari", ""), limit=SEARCH_LENGTH)
    context = {
        "mandates": running_mandates(request.viewer, today=request.viewer.on)[:MOST_MANDATES],
        "officials": found_officials(request.viewer, words) if words else officials_of(request.viewer),
        "words": words,
        "today": request.viewer.on,
        "bagian": "pengganti",
    }
    return render(request, "pengganti/daftar.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@screen(may_open_substitutes)
def appoint(request: ScreenRequest, employee_id: int) -> HttpResponse:
    """/pengganti/untuk/<official>/"""
    case = _case(request, employee_id)
    searching = request.method == "POST" and "cari" in request.POST
    words = clean_line(request.POST.get("nama", ""), limit=SEARCH_LENGTH) if searching else ""
    found = found_substitutes(request.viewer, case.post, words) if words else []
    choices = _merged(request, case, found)
    initial = {
        "kind": ActingKind.PLH,
        "valid_from": request.viewer.on,
        "valid_until": request.viewer.on + USUAL_DAYS * ONE_DAY,
        "letter_due": request.viewer.on + LETTER_DAYS * ONE_DAY,
    }
    if searching:
        form = SubstituteForm(
            choices, initial={**initial, **{name: request.POST[name] for name in SubstituteForm.base_fields if name in request.POST}}
        )
    else:
        form = SubstituteForm(choices, request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and not searching and form.is_valid() and _appointed(request, employee_id, form):
        messages.success(request, _("Pengganti ditunjuk. Ia dapat menilai mulai hari pertamanya."), extra_tags="ok")
        return HttpResponseRedirect(reverse("pengganti"))
    context = {"case": case, "form": form, "words": words, "nothing": bool(words) and not found}
    return render(request, "pengganti/tunjuk.html", context, status=400 if form.errors else 200)


def _case(request: ScreenRequest, employee_id: int) -> Substitution:
    return substitution_for(request.viewer, official_to_replace(request.viewer, employee_id))


def _merged(request: ScreenRequest, case: Substitution, found: list[Choice]) -> list[Choice]:
    """What was found first, then what is suggested; and whoever was chosen stays among them."""
    choices = {choice.employee: choice for choice in [*found, *case.suggested]}
    chosen = whole_number(request.POST.get("substitute"))
    if chosen is not None and chosen not in choices:
        kept = chosen_substitute(request.viewer, case.post, chosen)
        choices = {**({kept.employee: kept} if kept else {}), **choices}
    return list(choices.values())


def _appointed(request: ScreenRequest, employee_id: int, form: SubstituteForm) -> bool:
    """Whether the service took it; its sentences go beside the fields."""
    data = form.cleaned_data
    try:
        appoint_substitute(
            viewer=request.viewer,
            principal_id=employee_id,
            substitute_id=int(data["substitute"]),
            kind=data["kind"],
            valid_from=data["valid_from"],
            valid_to=data["valid_until"] + ONE_DAY,
            letter_number=data["letter_number"],
            letter_due=None if data["letter_number"] else data["letter_due"],
            reason=data["reason"],
            now=request.now,
        )
    except Unacceptable as refusal:
        if not refusal.errors:
            form.add_error(None, str(refusal))
        for name, sentences in refusal.errors.items():
            form.add_error({"valid_to": "valid_until"}.get(name, name), sentences)
        return False
    return True


@require_POST
@screen(may_open_substitutes)
def revoke(request: ScreenRequest, appointment_id: int) -> HttpResponse:
    revoke_substitute(viewer=request.viewer, appointment_id=appointment_id, reason=request.POST.get("reason", ""), now=request.now)
    messages.success(request, _("Mandat dicabut."), extra_tags="ok")
    return HttpResponseRedirect(reverse("pengganti"))


@require_POST
@screen(may_open_substitutes)
def letter(request: ScreenRequest, appointment_id: int) -> HttpResponse:
    file_letter(viewer=request.viewer, appointment_id=appointment_id, letter_number=request.POST.get("letter_number", ""), now=request.now)
    messages.success(request, _("Nomor surat tersimpan."), extra_tags="ok")
    return HttpResponseRedirect(reverse("pengganti"))


urlpatterns = [
    path("pengganti/", index, name="pengganti"),
    path("pengganti/untuk/<int:employee_id>/", appoint, name="pengganti-untuk"),
    path("pengganti/<int:appointment_id>/cabut/", revoke, name="pengganti-cabut"),
    path("pengganti/<int:appointment_id>/surat/", letter, name="pengganti-surat"),
]
