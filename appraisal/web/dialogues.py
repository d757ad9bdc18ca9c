"""The note of a dialogue: about one rating, or about one plan."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods

from appraisal.models import Dialogue
from appraisal.policies import get_assessment, may_agree, may_rate_late
from appraisal.queries.dialogues import about_plan, about_rating
from appraisal.queries.plans import get_plan
from appraisal.services.dialogues import WORDS, note_plan_dialogue, note_rating_dialogue
from bukittinggi_kinerja.common.errors import NotAllowed, Unacceptable
from bukittinggi_kinerja.common.web import ScreenRequest, screen


class DialogueForm(forms.Form):
    use_required_attribute = False
    held_on = forms.DateField(
        label=lazy("Tanggal dialog"),
        widget=forms.DateInput(attrs={"type": "date", "class": "pendek"}, format="%Y-%m-%d"),
        error_messages={"required": lazy("Isi tanggal dialog."), "invalid": lazy("Isi tanggal seperti 31-12-2026.")},
    )
    summary = forms.CharField(
        label=lazy("Ringkasan dialog"),
        help_text=lazy("Apa yang dibicarakan, dengan kata sendiri. Bukan data kesehatan."),
        max_length=WORDS,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": lazy("Tulis ringkasan dialog.")},
    )
    agreed = forms.CharField(
        label=lazy("Tindakan yang disepakati"), max_length=WORDS, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


@require_http_methods(["GET", "HEAD", "POST"])
@screen()
def rating(request: ScreenRequest, assessment_id: int) -> HttpResponse:
    """/tim/nilai/<id>/dialog/"""
    case = get_assessment(request.viewer, assessment_id)
    if not may_rate_late(request.viewer, case):
        raise NotAllowed(_("Catatan dialog ditulis oleh pejabat penilai atau atasannya."))

    def note(words: dict[str, Any]) -> Dialogue:
        return note_rating_dialogue(viewer=request.viewer, assessment_id=assessment_id, now=request.now, **words)

    back = f"/tim/nilai/{case.pk}/"
    return _page(request, {"person": case.employee, "case": case, "back": back}, about_rating(case), note)


@require_http_methods(["GET", "HEAD", "POST"])
@screen()
def plan(request: ScreenRequest, plan_id: int) -> HttpResponse:
    """/tim/skp/<id>/dialog/"""
    known = get_plan(request.viewer, plan_id)
    if not may_agree(request.viewer, known):
        raise NotAllowed(_("Catatan dialog ditulis oleh pejabat penilai atau atasannya."))

    def note(words: dict[str, Any]) -> Dialogue:
        return note_plan_dialogue(viewer=request.viewer, plan_id=plan_id, now=request.now, **words)

    context = {"person": known.employee, "plan": known, "back": f"/tim/skp/{known.pk}/"}
    return _page(request, context, about_plan(known), note)


def _page(
    request: ScreenRequest, context: dict[str, Any], notes: QuerySet[Dialogue], note: Callable[[dict[str, Any]], Dialogue]
) -> HttpResponse:
    form = DialogueForm(request.POST if request.method == "POST" else None, initial={"held_on": request.viewer.on})
    if request.method == "POST" and form.is_valid():
        try:
            note(dict(form.cleaned_data))
        except Unacceptable as refusal:
            for name, sentences in refusal.errors.items():
                form.add_error(name, sentences)
        else:
            messages.success(request, _("Catatan dialog tersimpan."), extra_tags="ok")
            return HttpResponseRedirect(context["back"])
    return render(request, "penilaian/dialog.html", {**context, "form": form, "notes": notes}, status=400 if form.errors else 200)


urlpatterns = [
    path("tim/nilai/<int:assessment_id>/dialog/", rating, name="team-dialogue"),
    path("tim/skp/<int:plan_id>/dialog/", plan, name="plan-dialogue"),
]
