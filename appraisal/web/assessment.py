"""One assessment: marks with their anchors in full, an example for each, reasons, evidence and what happened so far."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse, QueryDict
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from appraisal.policies import get_assessment, in_rating_chain, may_rate
from appraisal.queries.history import Happening, history_of
from appraisal.queries.team import Ratee, ratee_of
from appraisal.rules.anchors import ASPECT_BY_CODE, BEHAVIOUR, RATED_ASPECTS, RESULT, RatedAspect
from appraisal.services.assessment_form import ExampleText, save_assessment
from appraisal.services.rating import EXAMPLE_LENGTH, TEXT_LENGTH
from appraisal.templatetags.penilaian import rating_kata
from bukittinggi_kinerja.common.errors import NotAllowed, Refusal, Stale, Unacceptable
from bukittinggi_kinerja.common.numbers import whole_number
from bukittinggi_kinerja.common.templatetags.kinerja import jam, tanggal
from bukittinggi_kinerja.common.texts import clean_text
from bukittinggi_kinerja.common.web import ScreenRequest, screen

from .fragments import refusals_as_json
from .grid_page import TO_EXPLAIN, panel
from .phrases import advice_lines, aspect_view, gap_sentences
from .team import standing_answer

ASPECT_BY_FIELD = {aspect.field: aspect for aspect in RATED_ASPECTS}
MARKED = {aspect.key for aspect in RATED_ASPECTS}
ACTIONS = {
    "appraisal.assessment.marked": gettext_lazy("Nilai diubah"),
    "appraisal.assessment.example_written": gettext_lazy("Contoh kejadian ditulis"),
    "appraisal.assessment.example_removed": gettext_lazy("Contoh kejadian dihapus"),
    "appraisal.assessment.result_reason_written": gettext_lazy("Alasan rating hasil kerja ditulis"),
    "appraisal.assessment.behaviour_reason_written": gettext_lazy("Alasan rating perilaku kerja ditulis"),
    "appraisal.assessment.note_written": gettext_lazy("Catatan penilai ditulis"),
}


class AssessmentForm(forms.Form):
    """Fields by aspect: ``n-ak`` the mark, ``ex-AK`` the example, ``fb-AK`` feedback it takes its words from."""

    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, row: Ratee, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "initial": _initial(row), "auto_id": "%s"})
        self.row = row
        sources = [("", _("Tulis sendiri")), *((note.pk, f"{tanggal(note.happened_on)}: {note.text[:90]}") for note in row.feedback)]
        for aspect in row.aspects:
            self.fields[f"n-{aspect.key}"] = forms.TypedChoiceField(
                label=_(aspect.name),
                choices=[("", ""), (1, "1"), (2, "2"), (3, "3")],
                coerce=int,
                empty_value=None,
                required=False,
                error_messages={"invalid_choice": gettext_lazy("Isi 1, 2, atau 3.")},
            )
            self.fields[f"ex-{aspect.code}"] = forms.CharField(
                label=_("Contoh kejadian"),
                required=False,
                max_length=EXAMPLE_LENGTH,
                widget=forms.Textarea(attrs={"rows": 3}),
                help_text=_("Apa yang terjadi, kapan, dan apa dampaknya."),
            )
            self.fields[f"fb-{aspect.code}"] = forms.TypedChoiceField(
                label=_("Ambil dari umpan balik"), choices=sources, coerce=int, empty_value=None, required=False
            )
        for which, label in (
            (RESULT, _("Mengapa rating hasil berbeda dari saran")),
            (BEHAVIOUR, _("Mengapa rating perilaku berbeda dari saran")),
        ):
            self.fields[f"reason-{which}"] = forms.CharField(
                label=label, required=False, max_length=TEXT_LENGTH, widget=forms.Textarea(attrs={"rows": 3})
            )
        self.fields["note"] = forms.CharField(
            label=_("Catatan untuk pegawai"), required=False, max_length=TEXT_LENGTH, widget=forms.Textarea(attrs={"rows": 3})
        )

    def marks(self) -> dict[str, int | None]:
        return {a.key: self.cleaned_data[f"n-{a.key}"] for a in self.row.aspects if f"n-{a.key}" in self.data}

    def examples(self) -> dict[str, ExampleText]:
        """Of the fields that were sent; what a page did not show is left alone."""
        asked = [a.code for a in self.row.aspects if f"ex-{a.code}" in self.data or f"fb-{a.code}" in self.data]
        return {code: ExampleText(self.cleaned_data[f"ex-{code}"], self.cleaned_data[f"fb-{code}"]) for code in asked}

    def note(self) -> str | None:
        return self.cleaned_data["note"] if "note" in self.data else None

    def reasons(self) -> dict[str, str]:
        return {w: self.cleaned_data[f"reason-{w}"] for w in (RESULT, BEHAVIOUR) if f"reason-{w}" in self.data}


def _initial(row: Ratee) -> dict[str, Any]:
    case = row.case
    marks = {f"n-{aspect.key}": row.mark(aspect) for aspect in row.aspects}
    examples = {f"ex-{code}": text for code, text in row.examples.items()}
    reasons = {f"reason-{RESULT}": case.result_reason, f"reason-{BEHAVIOUR}": case.behaviour_reason}
    return {"revision": case.revision, "note": case.note, **marks, **examples, **reasons}


@screen()
@require_http_methods(["GET", "HEAD", "POST"])
def assessment(request: ScreenRequest, assessment_id: int) -> HttpResponseBase:
    """/tim/nilai/<id>/ for the rater; his superior reads the same page without the form."""
    case = get_assessment(request.viewer, assessment_id)
    if not in_rating_chain(request.viewer, case):
        raise NotAllowed(_("Layar ini untuk pejabat penilai dan atasannya."))
    row = ratee_of(case)
    if request.method == "POST":
        return _save(request, row)
    return _page(request, row, AssessmentForm(row))


def _save(request: ScreenRequest, row: Ratee) -> HttpResponseBase:
    form = AssessmentForm(row, data=request.POST)
    if not form.is_valid():
        return _page(request, row, form, status=400)
    try:
        save_assessment(
            viewer=request.viewer,
            assessment_id=row.case.pk,
            changes=form.marks(),
            examples=form.examples(),
            reasons=form.reasons(),
            note=form.note(),
            revision=form.cleaned_data["revision"],
            now=request.now,
        )
    except (Stale, Unacceptable) as refusal:
        return _page(request, row, _with_refusal(form, refusal), status=refusal.status)
    messages.success(request, _("Tersimpan %(jam)s.") % {"jam": jam(request.now)})
    to = f"/tim/periksa/?periode={row.case.cycle.period}" if "periksa" in request.POST else request.path
    return HttpResponseRedirect(to)


def _with_refusal(form: AssessmentForm, refusal: Refusal) -> AssessmentForm:
    """The sentence at the top; where somebody saved in between, what stands now beside each cell that differs."""
    form.add_error(None, str(refusal))
    if isinstance(refusal, Stale):
        for key, value in refusal.current.items():
            name, stands = _stands_at(key, value)
            form.add_error(name, _("Yang tersimpan sekarang: %(nilai)s. Pilih lagi, lalu simpan.") % {"nilai": stands})
        shown: Any = form.data.copy() if isinstance(form.data, QueryDict) else dict(form.data)
        shown["revision"] = str(refusal.version)
        form.data = shown
    return form


def _stands_at(key: str, value: Any) -> tuple[str, str]:
    """The field of a key of Stale, and what stands there in words."""
    kind, _dot, which = key.partition(".")
    if key in MARKED:
        return f"n-{key}", rating_kata(value) if value else _("kosong")
    return {"example": f"ex-{which}", "reason": f"reason-{which}"}.get(kind, key), value or _("kosong")


def _page(request: ScreenRequest, row: Ratee, form: AssessmentForm, status: int = 200) -> HttpResponse:
    case = row.case
    can_edit = may_rate(request.viewer, case) and row.is_editable and row.is_open_at(request.now)
    context = {
        "row": {"case": case, "examples": row.examples, **panel(row)},
        "case": case,
        "form": form,
        "can_edit": can_edit,
        "aspects": [_aspect(form, row, aspect) for aspect in row.aspects],
        "advice": advice_lines(row),
        "missing": gap_sentences(row) if can_edit else [],
        "history": [_happening(item) for item in history_of(case)],
        "back": f"/tim/?periode={case.cycle.period}" if may_rate(request.viewer, case) else "",
    }
    return render(request, "penilaian/penilaian.html", context, status=status)


def _aspect(form: AssessmentForm, row: Ratee, aspect: RatedAspect) -> dict[str, Any]:
    mark = form[f"n-{aspect.key}"]
    chosen = str(mark.value() or "")
    stored = row.mark(aspect)
    example = form[f"ex-{aspect.code}"]
    return {
        **aspect_view(aspect),
        "field": mark,
        "chosen": chosen,
        "stored": stored,
        "example": example,
        "source": form[f"fb-{aspect.code}"],
        "reason": form[f"reason-{aspect.key}"] if aspect.is_overall else None,
        "needs": stored in TO_EXPLAIN and aspect.code not in row.examples and row.case.cycle.policy.example_required,
        "open": bool(example.value()) or stored in TO_EXPLAIN or bool(example.errors),
        "text": row.examples.get(aspect.code, ""),
    }


def _happening(item: Happening) -> dict[str, Any]:
    return {
        "at": item.at,
        "who": item.who,
        "what": ACTIONS.get(item.action, _("Dicatat")),
        "changes": [
            (_(ASPECT_BY_FIELD[field].name), old, new)
            for field, new in item.new.items()
            if field in ASPECT_BY_FIELD and (old := item.old.get(field)) != new
        ],
        "aspect": ASPECT_BY_CODE[code] if (code := item.new.get("aspect", "")) in ASPECT_BY_CODE else None,
        "reason": item.reason,
    }


@screen()
@require_http_methods(["POST"])
@refusals_as_json
def example(request: ScreenRequest, assessment_id: int) -> HttpResponse:
    """The dialog of the grid: one example, and the reason of an overall rating that departs from the advice."""
    case = get_assessment(request.viewer, assessment_id)
    if not may_rate(request.viewer, case):
        raise NotAllowed(_("Hanya pejabat penilai atau penggantinya yang mengisi penilaian ini."))
    aspect, revision = ASPECT_BY_CODE.get(request.POST.get("aspect", "")), whole_number(request.POST.get("revision"))
    if aspect is None:
        raise Unacceptable(_("Aspek ini tidak dikenal."))
    if revision is None:
        raise Unacceptable(_("Isian ini tidak terbaca."))
    reason = clean_text(request.POST.get("reason", ""), limit=TEXT_LENGTH + 1)
    text = ExampleText(request.POST.get("text", ""), whole_number(request.POST.get("feedback")))
    if not text.is_given and not reason and not case.examples.filter(aspect=aspect.code).exists():
        raise Unacceptable(_("Tulis contoh kejadian."))
    try:
        standing = save_assessment(
            viewer=request.viewer,
            assessment_id=assessment_id,
            changes={},
            examples={aspect.code: text},
            reasons={aspect.key: reason} if aspect.is_overall and reason else {},
            note=None,
            revision=revision,
            now=request.now,
        )
    except Stale as stale:
        return _stale_answer(stale)
    words = {"text": standing.examples.get(aspect.code, ""), "reason": _reason_of(standing, aspect)}
    return JsonResponse({"assessment": assessment_id, **standing_answer(standing), **words})


def _reason_of(row: Ratee, aspect: RatedAspect) -> str:
    return {RESULT: row.case.result_reason, BEHAVIOUR: row.case.behaviour_reason}.get(aspect.key, "")


def _stale_answer(stale: Stale) -> HttpResponse:
    """What stands now, so that the dialog can show it, or save again where it has known that all along."""
    stands = {"text" if key.startswith("example.") else "reason": str(value or "") for key, value in stale.current.items()}
    shown = _("Yang tersimpan sekarang: %(nilai)s. Simpan lagi untuk memakai isian Anda.")
    sentences = [str(stale), *(shown % {"nilai": value or _("kosong")} for value in stands.values())]
    return JsonResponse({"detail": " ".join(sentences), "current": stands, "revision": stale.version}, status=stale.status)


urlpatterns = [
    path("tim/nilai/<int:assessment_id>/", assessment, name="team-assessment"),
    path("tim/nilai/<int:assessment_id>/contoh/", example, name="team-example"),
]
