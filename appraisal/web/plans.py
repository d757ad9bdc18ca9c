"""Pages of the yearly plan (SKP): one's own to write and hand in, the team's to return or to agree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from appraisal.models import Indicator, PerformancePlan, WorkResult
from appraisal.policies import may_agree, may_keep_template, may_plan, prepares_plans
from appraisal.queries.plan_copy import suggested_parents, templates_for
from appraisal.queries.plan_pages import own_plans, plan_page, team_plans
from appraisal.queries.plans import get_plan, leader_results
from appraisal.queries.yearly import open_targets, proposed_yearly
from appraisal.rules.anchors import RATED_ASPECTS
from appraisal.rules.lifecycle import PlanState
from appraisal.rules.vocabulary import TargetForm
from appraisal.services import plans as services
from appraisal.services.plan_items import EDITABLE
from appraisal.services.plans import IndicatorFields
from bukittinggi_kinerja.common.errors import NotAllowed, NotNow, NotVisible, Unacceptable
from bukittinggi_kinerja.common.numbers import whole_number
from bukittinggi_kinerja.common.web import ScreenRequest, screen

from .plan_forms import ExpectationsForm, IndicatorForm, PlanForm, ReasonForm, TargetsForm, WorkResultForm, accepted, first_values

INDICATOR_BOXES = [f.name for f in fields(IndicatorFields)]
RESULT_BOXES = ("kind", "title", "parent_id", "share", "order")
VALUE_NAMES = {aspect.code: aspect.name for aspect in RATED_ASPECTS}
#: Button -> (service, whether it wants a reason, the sentence when done).
ACTS: dict[str, tuple[str, bool, str]] = {
    "ajukan": ("submit_plan", False, "SKP diajukan kepada pejabat penilai."),
    "tetapkan": ("agree_plan", False, "SKP ditetapkan."),
    "kembalikan": ("return_plan", True, "SKP dikembalikan kepada pegawai."),
    "revisi": ("start_revision", True, "Revisi SKP dimulai. Angka lama berlaku sampai keduanya menyetujui."),
    "tautkan": ("link_parents", False, "RHK ditautkan ke RHK pimpinan yang berjudul sama."),
    "periksa": ("check_lines", False, "Baris salinan ditandai sudah diperiksa."),
    "templat": ("start_from_template", False, "Isi templat masuk ke draf. Sesuaikan targetnya."),
    "ratakan": ("spread_targets", False, "Target setahun dibagi rata lagi."),
}
#: Button -> (box of the form, word of the service): which line or template is meant.
MEANT = {"periksa": ("iki", "indicator_id"), "templat": ("templat", "template_id")}


@require_http_methods(["GET", "HEAD", "POST"])
@screen(lambda viewer: viewer.employee_id is not None)
def own(request: ScreenRequest) -> HttpResponseBase:
    """/kinerja/skp/: one's plans, and a draft for a post that has none."""
    form = forms.Form(request.POST or None)
    if request.method == "POST":
        made: list[PerformancePlan] = []

        def act() -> None:
            if request.POST.get("salin"):
                made.append(services.copy_plan(viewer=request.viewer, plan_id=_number(request.POST["salin"]), now=request.now))
                return
            posting = _number(request.POST.get("penempatan"))
            made.append(services.create_plan(viewer=request.viewer, posting_id=posting, year=request.viewer.on.year, now=request.now))

        if form.is_valid() and accepted(form, act):
            copied = bool(request.POST.get("salin"))
            told = _("SKP disalin. Periksa setiap barisnya.") if copied else _("Draf SKP dibuat. Tambahkan RHK dan indikatornya.")
            messages.success(request, told, extra_tags="ok")
            return HttpResponseRedirect(f"/kinerja/skp/{made[0].pk}/")
    found, year = own_plans(request.viewer), request.viewer.on.year
    missing = [{"posting": posting, "source": found.source_for(posting, year)} for posting in found.without_plan]
    context = {"own": found, "missing": missing, "form": form, "year": year}
    return render(request, "skp/daftar.html", context, status=409 if form.errors else 200)


@require_safe
@screen(lambda viewer: viewer.is_rater)
def team(request: ScreenRequest) -> HttpResponse:
    """/tim/skp/: plans that wait for the viewer's signature, and the rest of the team."""
    return render(request, "skp/tim.html", {"team": team_plans(request.viewer), "can_prepare": prepares_plans(request.viewer)})


@require_http_methods(["GET", "HEAD", "POST"])
@screen()
def plan(request: ScreenRequest, plan_id: int) -> HttpResponseBase:
    """One plan, read before it is signed: the page is the check, its buttons are the acts."""
    form = ReasonForm(request.POST or None)
    if request.method == "POST":
        known = get_plan(request.viewer, plan_id)
        told = _acted(request, known, form)
        if told:
            messages.success(request, told, extra_tags="ok")
            return HttpResponseRedirect(request.path)
    page = plan_page(request.viewer, plan_id)
    context = {
        **_rights(request, page.plan),
        "page": page,
        "form": form,
        "steps": [_("Disusun"), _("Diajukan"), _("Ditetapkan")],
        **_beginnings(request, page.plan, empty=not page.results),
        "expectations": [(_(VALUE_NAMES[code]), text) for code, text in page.plan.behaviour_expectations.items() if code in VALUE_NAMES],
    }
    return render(request, "skp/skp.html", context, status=400 if form.errors else 200)


def _beginnings(request: ScreenRequest, known: PerformancePlan, *, empty: bool) -> dict[str, Any]:
    """What helps a draft along: templates while it is empty, links to the leader's results, copied lines, the next year."""
    editable = known.state in EDITABLE and (may_plan(request.viewer, known) or may_agree(request.viewer, known))
    return {
        "templates": templates_for(known) if editable and empty and known.state == PlanState.DRAFT else [],
        "suggested": suggested_parents(known) if editable and not empty else {},
        "unchecked": known.indicators.filter(unchecked_from__isnull=False, retired_on=None).count() if editable else 0,
        "may_keep": may_keep_template(request.viewer, known, everywhere=False) and not empty,
        "may_keep_everywhere": request.viewer.is_city_hr,
        "copies_to": known.year + 1 if _may_copy(request, known) else None,
    }


def _may_copy(request: ScreenRequest, known: PerformancePlan) -> bool:
    """An agreed plan of this year or the last, of one's own, as long as there is none of the year after."""
    own_agreed = may_plan(request.viewer, known) and known.state in {PlanState.AGREED, PlanState.CLOSED}
    near = known.year in {request.viewer.on.year, request.viewer.on.year - 1}
    return own_agreed and near and not PerformancePlan.objects.filter(employee_id=known.employee_id, year=known.year + 1).exists()


def _acted(request: ScreenRequest, known: PerformancePlan, form: ReasonForm) -> str:
    """The sentence of the act, or nothing: the form then says why not."""
    service, reasoned, told = ACTS.get(request.POST.get("aksi", ""), ("", False, ""))
    if not service:
        raise Unacceptable(_("Tombol ini tidak dikenal. Muat ulang halamannya."))
    if not reasoned:
        del form.fields["reason"]
    if not form.is_valid():
        return ""
    given: dict[str, Any] = {"reason": form.cleaned_data["reason"]} if reasoned else {}
    box, word = MEANT.get(request.POST["aksi"], ("", ""))
    if box and request.POST.get(box):
        given[word] = _number(request.POST[box])
    version = form.cleaned_data["version"]

    def act() -> None:
        getattr(services, service)(viewer=request.viewer, plan_id=known.pk, now=request.now, version=version, **given)

    return _(told) if accepted(form, act) else ""


def _rights(request: ScreenRequest, known: PerformancePlan) -> dict[str, Any]:
    owner, assessor = may_plan(request.viewer, known), may_agree(request.viewer, known)
    return {
        "plan": known,
        "owner": owner,
        "assessor": assessor,
        "editable": known.state in EDITABLE and (owner or assessor),
        "step": {PlanState.SUBMITTED: 2, PlanState.AGREED: 3, PlanState.CLOSED: 3}.get(PlanState(known.state), 1),
        "base": f"/kinerja/skp/{known.pk}/",
        "back": f"/kinerja/skp/{known.pk}/" if owner else f"/tim/skp/{known.pk}/",
    }


@require_http_methods(["GET", "HEAD", "POST"])
@screen()
def work_result(request: ScreenRequest, plan_id: int, result_id: int | None = None) -> HttpResponseBase:
    """A work result: new, changed or removed."""
    known = _editable(request, plan_id)
    row = _own_row(known.work_results.all(), result_id)
    first = first_values(row, RESULT_BOXES) if row else {"order": known.work_results.count() + 1}
    form = WorkResultForm(request.POST or None, initial={"version": known.version, **first}, parents=leader_results(known))

    def save(data: dict[str, Any]) -> object:
        return services.save_work_result(viewer=request.viewer, plan_id=plan_id, work_result_id=result_id, now=request.now, **data)

    def remove(version: int | None) -> object:
        assert result_id is not None
        return services.delete_work_result(
            viewer=request.viewer, plan_id=plan_id, work_result_id=result_id, now=request.now, version=version
        )

    return _item_page(request, known, form, "skp/rhk.html", {"row": row}, save=save, remove=remove if row else None)


@require_http_methods(["GET", "HEAD", "POST"])
@screen()
def indicator(request: ScreenRequest, plan_id: int, result_id: int, indicator_id: int | None = None) -> HttpResponseBase:
    """An indicator of a work result: new, changed or removed; in a revision the change waits for both signatures."""
    known = _editable(request, plan_id)
    result = _own_row(known.work_results.all(), result_id)
    row = _own_row(known.indicators.filter(retired_on=None), indicator_id)
    first = first_values(row, INDICATOR_BOXES) if row else {"order": known.indicators.count() + 1}
    form = IndicatorForm(request.POST or None, initial={"version": known.version, **first})

    def save(data: dict[str, Any]) -> object:
        return services.save_indicator(
            viewer=request.viewer,
            plan_id=plan_id,
            work_result_id=result_id,
            indicator_id=indicator_id,
            fields=form.figures(),
            now=request.now,
            version=data["version"],
        )

    def remove(version: int | None) -> object:
        assert indicator_id is not None
        return services.delete_indicator(
            viewer=request.viewer, plan_id=plan_id, indicator_id=indicator_id, now=request.now, version=version
        )

    return _item_page(request, known, form, "skp/iki.html", {"row": row, "result": result}, save=save, remove=remove if row else None)


@require_http_methods(["GET", "HEAD", "POST"])
@screen()
def targets(request: ScreenRequest, plan_id: int, indicator_id: int) -> HttpResponseBase:
    """The targets of an indicator's open periods, edited by hand."""
    known = _editable(request, plan_id)
    row = _own_row(known.indicators.filter(retired_on=None), indicator_id)
    assert isinstance(row, Indicator)
    shape = proposed_yearly(row).form
    if shape == TargetForm.STATEMENT:
        raise NotNow(_("Target berupa pernyataan sama di setiap periode."))
    form = TargetsForm(request.POST or None, initial={"version": known.version}, form=shape, rows=open_targets(known, row))

    def save(data: dict[str, Any]) -> object:
        return services.set_period_targets(
            viewer=request.viewer,
            plan_id=plan_id,
            indicator_id=indicator_id,
            targets=form.targets(),
            now=request.now,
            version=data["version"],
        )

    return _item_page(request, known, form, "skp/target.html", {"row": row}, save=save, remove=None)


@require_http_methods(["GET", "HEAD", "POST"])
@screen()
def expectations(request: ScreenRequest, plan_id: int) -> HttpResponseBase:
    """/tim/skp/<id>/ekspektasi/: what the assessor expects of each value."""
    known = get_plan(request.viewer, plan_id)
    if not may_agree(request.viewer, known):
        raise NotAllowed(_("Ekspektasi khusus ditulis oleh pejabat penilai."))
    form = ExpectationsForm(request.POST or None, initial={"version": known.version}, plan=known)

    def save(data: dict[str, Any]) -> object:
        return services.save_expectations(
            viewer=request.viewer, plan_id=plan_id, expectations=form.texts(), now=request.now, version=data["version"]
        )

    return _item_page(request, known, form, "skp/ekspektasi.html", {}, save=save, remove=None)


def _item_page(
    request: ScreenRequest,
    known: PerformancePlan,
    form: PlanForm,
    template: str,
    context: dict[str, Any],
    *,
    save: Callable[[dict[str, Any]], object],
    remove: Callable[[int | None], object] | None,
) -> HttpResponseBase:
    """One form of a plan: saved or removed and back to the plan, or shown again with what is wrong."""
    rights = _rights(request, known)
    if request.method == "POST":
        removing = remove is not None and "hapus" in request.POST
        if removing:
            form = PlanForm(request.POST)
        if form.is_valid():
            act = (lambda: remove(form.cleaned_data["version"])) if removing and remove else (lambda: save(dict(form.cleaned_data)))
            if accepted(form, act):
                messages.success(request, _("Tersimpan."), extra_tags="ok")
                return HttpResponseRedirect(rights["back"])
    return render(request, template, {**rights, **context, "form": form}, status=400 if form.errors else 200)


def _editable(request: ScreenRequest, plan_id: int) -> PerformancePlan:
    known = get_plan(request.viewer, plan_id)
    rights = _rights(request, known)
    if not (rights["owner"] or rights["assessor"]):
        raise NotAllowed(_("SKP disusun oleh pegawai dan pejabat penilainya."))
    if not rights["editable"]:
        raise NotNow(_("SKP ini tidak sedang disusun. Minta penilai mengembalikannya, atau mulai revisi."))
    return known


def _own_row(rows: Any, number: int | None) -> WorkResult | Indicator | None:
    """The row of this very plan; None for a new one."""
    if number is None:
        return None
    found: WorkResult | Indicator | None = rows.filter(pk=number).first()
    if found is None:
        raise NotVisible(_("Isian ini tidak ada pada SKP tersebut."))
    return found


def _number(text: str | None) -> int:
    number = whole_number(text)
    if number is None:
        raise NotVisible(_("Penempatan ini tidak ada, atau bukan untuk Anda."))
    return number


urlpatterns = [
    path("kinerja/skp/", own, name="skp"),
    path("kinerja/skp/<int:plan_id>/", plan, name="skp-satu"),
    path("kinerja/skp/<int:plan_id>/rhk/", work_result, name="skp-rhk-baru"),
    path("kinerja/skp/<int:plan_id>/rhk/<int:result_id>/", work_result, name="skp-rhk"),
    path("kinerja/skp/<int:plan_id>/rhk/<int:result_id>/iki/", indicator, name="skp-iki-baru"),
    path("kinerja/skp/<int:plan_id>/rhk/<int:result_id>/iki/<int:indicator_id>/", indicator, name="skp-iki"),
    path("kinerja/skp/<int:plan_id>/iki/<int:indicator_id>/target/", targets, name="skp-target"),
    path("tim/skp/", team, name="tim-skp"),
    path("tim/skp/<int:plan_id>/", plan, name="tim-skp-satu"),
    path("tim/skp/<int:plan_id>/ekspektasi/", expectations, name="tim-skp-ekspektasi"),
]
