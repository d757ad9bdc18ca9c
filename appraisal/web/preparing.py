"""January in one place: whose plan of the year is missing in a unit, copied in bulk; and the templates of posts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from appraisal.models import PlanTemplate
from appraisal.policies import may_end_template, may_import_plans, prepares_plans
from appraisal.queries.matrix import unit_of
from appraisal.queries.plan_copy import posts_without_plan, units_to_prepare
from appraisal.services.plan_copy import copy_plans
from appraisal.services.plan_templates import end_template, save_template
from bukittinggi_kinerja.common.errors import NotVisible
from bukittinggi_kinerja.common.numbers import whole_number
from bukittinggi_kinerja.common.templatetags.kinerja import angka
from bukittinggi_kinerja.common.web import ScreenRequest, screen

from .plan_forms import accepted
from .years import chosen_year

SHOWN = 50


class TemplateForm(forms.Form):
    use_required_attribute = False
    reason = forms.CharField(label=lazy("Alasan"), max_length=300, error_messages={"required": lazy("Tulis alasan atau dasarnya.")})
    everywhere = forms.BooleanField(label=lazy("Untuk jabatan ini di semua unit"), required=False)


@require_http_methods(["GET", "HEAD", "POST"])
@screen(prepares_plans)
def prepare(request: ScreenRequest) -> HttpResponseBase:
    """/skp/siapkan/: people of a unit without a plan of the year; one press copies what can be copied."""
    units, year = list(units_to_prepare(request.viewer)), chosen_year(request)
    chosen = _unit(request, [unit.pk for unit in units])
    if request.method == "POST":
        if chosen is None:
            raise NotVisible(_("Unit kerja ini tidak ada, atau bukan untuk Anda."))
        report = copy_plans(viewer=request.viewer, unit_id=chosen, year=year, now=request.now)
        told = ngettext("%(n)s draf SKP dibuat.", "%(n)s draf SKP dibuat.", report.copied) % {"n": angka(report.copied)}
        messages.success(request, told, extra_tags="ok")
        return HttpResponseRedirect(f"{request.path}?unit={chosen}&tahun={year}")
    context: dict[str, Any] = {"units": units, "year": year, "years": [request.viewer.on.year, request.viewer.on.year + 1], "unit": None}
    context["may_import"] = may_import_plans(request.viewer)
    if chosen is not None:
        unit = unit_of(request.viewer, chosen)
        posts: Any = posts_without_plan(path=unit.path, year=year, today=request.viewer.on)
        context |= {
            "unit": unit,
            "copyable": posts.filter(source__isnull=False).count(),
            "page": Paginator(posts, SHOWN).get_page(request.GET.get("halaman")),
            "query": f"&unit={chosen}&tahun={year}",
            "before": year - 1,
        }
    return render(request, "skp/siapkan.html", context)


def _unit(request: ScreenRequest, known: list[int]) -> int | None:
    """The unit asked for; where there is but one, that one."""
    given = whole_number(request.POST.get("unit") or request.GET.get("unit"))
    if given is None:
        return known[0] if len(known) == 1 else None
    return given if given in known else None


@require_http_methods(["GET", "HEAD", "POST"])
@screen(prepares_plans)
def templates(request: ScreenRequest) -> HttpResponseBase:
    """/skp/templat/: the templates of posts; a plan is kept as one, and one is ended."""
    form = TemplateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        plan, ended = whole_number(request.POST.get("skp")), whole_number(request.POST.get("templat"))
        words: dict[str, Any] = {"viewer": request.viewer, "reason": form.cleaned_data["reason"], "now": request.now}

        def act() -> object:
            if ended is not None:
                return end_template(template_id=ended, **words)
            return save_template(plan_id=plan or 0, everywhere=form.cleaned_data["everywhere"], **words)

        if accepted(form, act):
            messages.success(request, _("Templat dihentikan.") if ended is not None else _("Templat tersimpan."), extra_tags="ok")
            return HttpResponseRedirect(request.path)
    return _templates(request, form)


def _templates(request: ScreenRequest, form: TemplateForm) -> HttpResponse:
    rows = PlanTemplate.objects.current().visible_to(request.viewer).select_related("position", "unit")
    page = Paginator(rows, SHOWN).get_page(request.GET.get("halaman"))
    shown = [
        {"template": one, "may_end": may_end_template(request.viewer, one), "lines": sum(len(r["indicators"]) for r in one.content)}
        for one in page
    ]
    meant = {"plan": whole_number(request.POST.get("skp")), "ended": whole_number(request.POST.get("templat"))}
    context = {"page": page, "rows": shown, "form": form, **meant}
    return render(request, "skp/templat.html", context, status=400 if form.errors else 200)


urlpatterns = [
    path("skp/siapkan/", prepare, name="skp-siapkan"),
    path("skp/templat/", templates, name="skp-templat"),
]
