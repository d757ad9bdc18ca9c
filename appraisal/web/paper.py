"""Progress on paper: a form to print, its list for the pengelola, and the owner's dispute of what was typed from it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_safe

from appraisal.policies import manages_unit, may_enter_progress
from appraisal.queries.decisions import disputed
from appraisal.queries.own import own_entry
from appraisal.queries.paper import open_periods, paper_form, plans_on_paper
from appraisal.services.progress import dispute_progress
from bukittinggi_kinerja.common.errors import NotAllowed
from bukittinggi_kinerja.common.web import ScreenRequest, screen
from employees.queries import managed_paths

from .periods import period_in_path
from .plan_forms import accepted

SHOWN = 50


class DisputeForm(forms.Form):
    use_required_attribute = False
    reason = forms.CharField(
        label=lazy("Apa yang tidak sesuai?"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": lazy("Tulis apa yang tidak sesuai.")},
    )


@require_safe
@screen(lambda viewer: viewer.is_unit_hr)
def people(request: ScreenRequest) -> HttpResponse:
    """/kinerja/formulir/: people of the OPD in an open period, with how much of their progress is there."""
    periods = open_periods(request.viewer, request.now)
    period = period_in_path(request.GET.get("periode", "")) if request.GET.get("periode") else (periods[0] if periods else "")
    rows: Any = plans_on_paper(request.viewer, period, request.now) if period in periods else []
    page = Paginator(rows, SHOWN).get_page(request.GET.get("halaman"))
    wrong = disputed(managed_paths(request.viewer), viewer=request.viewer).select_related("employee", "target__indicator")[:SHOWN]
    context = {"page": page, "period": period, "periods": periods, "query": f"&periode={period}", "disputed": list(wrong)}
    return render(request, "kinerja/formulir.html", context)


@require_safe
@screen()
def one(request: ScreenRequest, plan_id: int, period: str) -> HttpResponse:
    """/kinerja/formulir/<plan>/<period>/: each indicator with the way to type its figure from the signed form."""
    return _form(request, plan_id, period, "kinerja/formulir_isi.html")


@require_safe
@screen()
def printed(request: ScreenRequest, plan_id: int, period: str) -> HttpResponse:
    """/kinerja/formulir/<plan>/<period>/cetak/: one A4 page to fill in by hand and sign."""
    return _form(request, plan_id, period, "kinerja/formulir_cetak.html")


def _form(request: ScreenRequest, plan_id: int, period: str, template: str) -> HttpResponse:
    found = paper_form(request.viewer, plan_id, period_in_path(period))
    owner = may_enter_progress(request.viewer, found.plan.employee_id)
    manager = manages_unit(request.viewer, found.plan.unit)
    if not (owner or manager):
        raise NotAllowed(_("Formulir ini untuk pegawainya dan pengelola OPD-nya."))
    return render(request, template, {"paper": found, "plan": found.plan, "manager": manager, "today": request.viewer.on})


@require_http_methods(["GET", "HEAD", "POST"])
@screen()
def dispute(request: ScreenRequest, entry_id: int) -> HttpResponseBase:
    """/kinerja/realisasi/catatan/<entry>/persoalkan/: the owner says what is wrong with a figure typed for him."""
    entry = own_entry(request.viewer, entry_id)
    if not may_enter_progress(request.viewer, entry.employee_id):
        raise NotAllowed(_("Isian dipersoalkan oleh pegawainya sendiri."))
    form = DisputeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():

        def act() -> object:
            return dispute_progress(viewer=request.viewer, entry_id=entry_id, reason=form.cleaned_data["reason"], now=request.now)

        if accepted(form, act):
            messages.success(request, _("Catatan Anda atas isian ini tersimpan. Penilai dan pengelola diberi tahu."), extra_tags="ok")
            return HttpResponseRedirect(reverse("realisasi", args=[entry.target.indicator_id, entry.target.period]))
    return render(request, "kinerja/persoalkan.html", {"entry": entry, "form": form}, status=400 if form.errors else 200)


urlpatterns = [
    path("kinerja/formulir/", people, name="formulir"),
    path("kinerja/formulir/<int:plan_id>/<str:period>/", one, name="formulir-isi"),
    path("kinerja/formulir/<int:plan_id>/<str:period>/cetak/", printed, name="formulir-cetak"),
    path("kinerja/realisasi/catatan/<int:entry_id>/persoalkan/", dispute, name="realisasi-persoalkan"),
]
