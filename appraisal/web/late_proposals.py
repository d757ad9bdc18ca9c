"""One proposal of new versions: what it would do, who proposed it, and what another person decides."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from appraisal.models import Recomputation, RecomputationItem
from appraisal.policies import may_approve_versions, may_propose_versions, may_see_late_changes
from appraisal.queries.late_changes import Names
from appraisal.queries.rule_changes import FIGURES
from appraisal.rules.late_changes import Act, ProposalState
from appraisal.services.recomputation import (
    approve_proposal,
    get_proposal,
    job_of,
    outdated_items,
    propose_undo,
    revoke_proposal,
    split_own_case,
)
from appraisal.tasks import enqueue
from appraisal.templatetags.penilaian import rating_kata
from bukittinggi_kinerja.common.errors import Stale
from bukittinggi_kinerja.common.templatetags.kinerja import angka, persen
from bukittinggi_kinerja.common.web import ScreenRequest, screen
from employees.models import Employee, OrgUnit, Position
from employees.rules.viewing import Viewer

from .late_phrases import ACT_WORDS, CAUSE_WORDS, LINES, STATE_WORDS

ITEMS_SHOWN = 30


@require_safe
@screen(may_see_late_changes)
def proposal_page(request: ScreenRequest, proposal_id: int) -> HttpResponse:
    """/kendali/susulan/usulan/<id>/"""
    return _page(request, get_proposal(request.viewer, proposal_id))


def _page(request: ScreenRequest, proposal: Recomputation, *, refusal: Stale | None = None) -> HttpResponse:
    items = proposal.items.select_related("employee", "cycle", "policy", "made", "assessment").order_by(
        "cycle__start", "employee__name", "id"
    )
    page = Paginator(items, ITEMS_SHOWN).get_page(request.GET.get("halaman"))
    outdated = outdated_items(proposal) if proposal.state == ProposalState.PROPOSED else set()
    names = _names(page)
    context = {
        "proposal": proposal,
        "cause": CAUSE_WORDS[proposal.cause],
        "state": STATE_WORDS[proposal.state],
        "page": page,
        "rows": [_item_view(item, names, outdated) for item in page],
        "outdated": len(outdated),
        "refusal": refusal,
        "job": job_of(proposal) if proposal.decided_at and request.viewer.is_city_hr else None,
        **_rights(request.viewer, proposal, items),
    }
    return render(request, "kendali/usulan.html", context, status=refusal.status if refusal else 200)


def _rights(viewer: Viewer, proposal: Recomputation, items: QuerySet[RecomputationItem]) -> dict[str, Any]:
    waits = proposal.state == ProposalState.PROPOSED
    own = viewer.employee_id is not None and items.filter(employee_id=viewer.employee_id).exists()
    approver = waits and may_approve_versions(viewer, proposal)
    return {
        "can_approve": approver and not own,
        "can_split": approver and own and items.exclude(employee_id=viewer.employee_id or 0).exists(),
        "own_alone": approver and own and not items.exclude(employee_id=viewer.employee_id or 0).exists(),
        "is_proposer": waits and proposal.proposed_by_id == viewer.user_id,
        "can_revoke": waits and may_propose_versions(viewer),
        "can_undo": proposal.state == ProposalState.APPLIED
        and may_propose_versions(viewer)
        and items.filter(made__is_current=True).exists(),
    }


@require_POST
@screen(may_propose_versions)
def approve(request: ScreenRequest, proposal_id: int) -> HttpResponse:
    try:
        job = approve_proposal(viewer=request.viewer, proposal_id=proposal_id, now=request.now)
    except Stale as refusal:
        return _page(request, get_proposal(request.viewer, proposal_id), refusal=refusal)
    enqueue(job.pk)
    messages.success(request, _("Usulan disetujui. Versi baru sedang dibuat, dan pegawainya diberi tahu."))
    return _back(proposal_id)


@require_POST
@screen(may_propose_versions)
def revoke(request: ScreenRequest, proposal_id: int) -> HttpResponse:
    revoke_proposal(viewer=request.viewer, proposal_id=proposal_id, now=request.now)
    messages.success(request, _("Usulan ditarik. Tidak ada hasil yang berubah."))
    return _back(proposal_id)


@require_POST
@screen(may_propose_versions)
def split(request: ScreenRequest, proposal_id: int) -> HttpResponse:
    apart = split_own_case(viewer=request.viewer, proposal_id=proposal_id, now=request.now)
    text = _("Penilaian Anda dipisahkan ke usulan nomor %(nomor)s untuk pemutus lain.")
    messages.success(request, text % {"nomor": apart.pk})
    return _back(proposal_id)


@require_POST
@screen(may_propose_versions)
def undo(request: ScreenRequest, proposal_id: int) -> HttpResponse:
    made = propose_undo(viewer=request.viewer, proposal_id=proposal_id, reason=request.POST.get("alasan", ""), now=request.now)
    messages.success(request, _("Usulan pemulihan tersimpan. Orang BKPSDM lain perlu menyetujuinya."))
    return _back(made.pk)


def _back(proposal_id: int) -> HttpResponseRedirect:
    return HttpResponseRedirect(f"/kendali/susulan/usulan/{proposal_id}/")


def _names(items: Any) -> Names:
    told = [facts for item in items for facts in (item.before, item.after)]

    def ids(*keys: str) -> set[int]:
        return {facts[key] for facts in told for key in keys if isinstance(facts.get(key), int)}

    return Names(
        Employee.objects.in_bulk(ids("rater", "reviewer")), OrgUnit.objects.in_bulk(ids("unit")), Position.objects.in_bulk(ids("position"))
    )


def _item_view(item: RecomputationItem, names: Names, outdated: set[int]) -> dict[str, Any]:
    figures = item.act == Act.RESCORE or "result_score" in item.after
    return {
        "item": item,
        "act": ACT_WORDS[item.act],
        "lines": _figure_lines(item) if figures else _fact_lines(item, names),
        "outdated": item.pk in outdated,
        "opens": item.act in {Act.ADD, Act.EXEMPT},
    }


def _fact_lines(item: RecomputationItem, names: Names) -> list[tuple[str, str, str]]:
    """Only what the version changes: the rater stays where somebody rated, and is told as such."""
    rated = item.assessment is not None and item.assessment.rated_by_id is not None
    found = []
    for name, label in LINES if not rated else [line for line in LINES if line[0] in {"unit", "plan"}]:
        was, now = _word(name, item.before.get(name), names), _word(name, item.after.get(name), names)
        if was != now:
            found.append((str(label), was, now))
    return found


def _word(name: str, value: int | None, names: Names) -> str:
    if value is None:
        return "–"
    if name == "plan":
        return _("SKP nomor %(nomor)s") % {"nomor": value}
    table: Any = {"unit": names.units, "position": names.positions}.get(name, names.people)
    found = table.get(value)
    return str(getattr(found, "full_name", None) or found or "–")


def _figure_lines(item: RecomputationItem) -> list[tuple[str, str, str]]:
    labels = (_("H"), _("P"), _("Saran hasil kerja"), _("Saran perilaku kerja"))
    pairs = [(_figure(name, item.before.get(name)), _figure(name, item.after.get(name))) for name in FIGURES]
    return [(label, was, now) for label, (was, now) in zip(labels, pairs, strict=True) if was != now]


def _figure(name: str, text: str | None) -> str:
    if text is None:
        return "–"
    if name.endswith("advice"):
        return rating_kata(int(text))
    return persen(text, 2) if name == "result_score" else angka(text, 2)


urlpatterns = [
    path("kendali/susulan/usulan/<int:proposal_id>/", proposal_page, name="late-proposal"),
    path("kendali/susulan/usulan/<int:proposal_id>/setujui/", approve, name="late-approve"),
    path("kendali/susulan/usulan/<int:proposal_id>/tarik/", revoke, name="late-revoke"),
    path("kendali/susulan/usulan/<int:proposal_id>/pisahkan/", split, name="late-split"),
    path("kendali/susulan/usulan/<int:proposal_id>/pulihkan/", undo, name="late-undo"),
]
