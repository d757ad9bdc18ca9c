"""Why is the result so: the whole derivation of one assessment on one page."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from appraisal.models import AppraisalPolicy, Assessment
from appraisal.policies import get_assessment, sight_of
from appraisal.queries.explanation import explain
from appraisal.queries.versions import neighbours_of, steps_to
from appraisal.services.receipt import record_receipt
from bukittinggi_kinerja.common.templatetags.kinerja import angka, persen
from bukittinggi_kinerja.common.web import ScreenRequest, is_prefetch, screen

from .derivation import story_of
from .phrases import version_lines


@require_safe
@screen()
def why(request: ScreenRequest, assessment_id: int) -> HttpResponse:
    """/kinerja/nilai/<id>/; the owner's first opening is the receipt of the result."""
    case = get_assessment(request.viewer, assessment_id)
    received = case.received_at
    if opens_result(request, case) and record_receipt(viewer=request.viewer, assessment_id=case.pk, now=request.now):
        received = request.now
    sight = sight_of(request.viewer, case)
    context: dict[str, Any] = {
        "case": case,
        "score": getattr(case, "score_row", None),
        "sight": sight,
        "story": story_of(explain(case, sight), with_score=sight.score),
        "rule": rule_facts(case.rule),
        "own": case.employee_id == request.viewer.employee_id,
        "received": received,
        "steps": version_lines(steps_to(case)),
        "beside": neighbours_of(request.viewer, case),
    }
    return render(request, "kinerja/mengapa.html", context)


def opens_result(request: ScreenRequest, case: Assessment) -> bool:
    """A person opens his own published result; a browser that looks ahead does not."""
    own = case.employee_id == request.viewer.employee_id and case.published_at is not None and case.received_at is None
    return own and request.method == "GET" and not is_prefetch(request)


def rule_facts(policy: AppraisalPolicy) -> dict[str, Any]:
    """The numbers of the rule version in words, and those that await confirmation."""
    names = {field.name: str(field.verbose_name) for field in policy._meta.get_fields() if hasattr(field, "verbose_name")}
    return {
        "policy": policy,
        "cap": persen(policy.achievement_cap),
        "result": _("di atas mulai %(atas)s, sesuai mulai %(sesuai)s")
        % {"atas": persen(policy.result_above), "sesuai": persen(policy.result_meets)},
        "behaviour": _("di atas mulai %(atas)s, sesuai mulai %(sesuai)s, paling sedikit %(isi)s nilai")
        % {"atas": angka(policy.behaviour_above, 2), "sesuai": angka(policy.behaviour_meets, 2), "isi": policy.behaviour_minimum},
        "to_confirm": [names[name] for name in policy.to_confirm if name in names],
    }


urlpatterns = [path("kinerja/nilai/<int:assessment_id>/", why, name="nilai")]
