"""One assessment: marks with their anchors in full, an example for each, reasons, evidence and what happened so far."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from appraisal.models import Assessment
from appraisal.policies import get_assessment, in_rating_chain, may_correct, may_rate, may_rate_late
from appraisal.queries.dialogues import about_rating
from appraisal.queries.history import Happening, history_of
from appraisal.queries.team import Ratee, ratee_of
from appraisal.queries.versions import neighbours_of, steps_to
from appraisal.rules.anchors import ASPECT_BY_CODE, BEHAVIOUR, RATED_ASPECTS, RESULT, RatedAspect
from appraisal.rules.lifecycle import AssessmentState
from appraisal.rules.requirements import is_below_good
from appraisal.services.assessment_form import ExampleText, save_assessment
from appraisal.services.late_rating import correct_result, rate_late
from appraisal.services.rating import TEXT_LENGTH
from bukittinggi_kinerja.common.errors import NotAllowed, NotNow, Stale, Unacceptable
from bukittinggi_kinerja.common.numbers import whole_number
from bukittinggi_kinerja.common.templatetags.kinerja import jam
from bukittinggi_kinerja.common.texts import clean_text
from bukittinggi_kinerja.common.web import ScreenRequest, say_saved, screen

from .assessment_fields import AssessmentForm, Manner, kept_words, with_refusal
from .fragments import refusals_as_json
from .grid_page import TO_EXPLAIN, panel
from .phrases import advice_lines, aspect_view, gap_sentences, version_lines
from .team import standing_answer

ASPECT_BY_FIELD = {aspect.field: aspect for aspect in RATED_ASPECTS}
ACTIONS = {
    "appraisal.assessment.marked": gettext_lazy("Nilai diubah"),
    "appraisal.assessment.example_written": gettext_lazy("Contoh kejadian ditulis"),
    "appraisal.assessment.example_removed": gettext_lazy("Contoh kejadian dihapus"),
    "appraisal.assessment.result_reason_written": gettext_lazy("Alasan rating hasil kerja ditulis"),
    "appraisal.assessment.behaviour_reason_written": gettext_lazy("Alasan rating perilaku kerja ditulis"),
    "appraisal.assessment.note_written": gettext_lazy("Catatan penilai ditulis"),
    "appraisal.assessment.versioned": gettext_lazy("Versi baru terbit"),
}


@screen()
@require_http_methods(["GET", "HEAD", "POST"])
def assessment(request: ScreenRequest, assessment_id: int) -> HttpResponseBase:
    """/tim/nilai/<id>/ for the rater; his superior reads it, and both act on it once the month is closed."""
    row = _row(request, assessment_id)
    if request.method == "POST":
        for asked, act, may in ((Manner.LATE, rate_late, may_rate_late), (Manner.CORRECTION, correct_result, may_correct)):
            if asked in request.POST:
                if not may(request.viewer, row.case):
                    raise NotAllowed(_("Penilaian ini bukan untuk Anda ubah."))
                return _save_version(request, row, asked, act)
        return _save(request, row)
    manner = _manner(request, row)
    return _page(request, row, _form(request, row, manner or Manner.OPEN), manner)


def _row(request: ScreenRequest, assessment_id: int) -> Ratee:
    case = get_assessment(request.viewer, assessment_id)
    if not in_rating_chain(request.viewer, case):
        raise NotAllowed(_("Layar ini untuk pejabat penilai dan atasannya."))
    return ratee_of(case)


def _manner(request: ScreenRequest, row: Ratee) -> Manner | None:
    """What this viewer may do to this case now; None where he only reads."""
    viewer, case = request.viewer, row.case
    if not case.is_current:
        return None
    if case.state == AssessmentState.NOT_RATED:
        return Manner.LATE if case.takes_late_rating and may_rate_late(viewer, case) else None
    if case.state == AssessmentState.PUBLISHED:
        return Manner.CORRECTION if may_correct(viewer, case) else None
    return Manner.OPEN if may_rate(viewer, case) and row.is_editable and row.is_open_at(request.now) else None


def _form(request: ScreenRequest, row: Ratee, manner: Manner, data: Any = None) -> AssessmentForm:
    """A late rating begins blank but for the marks the viewer himself had set: nobody starts from another's."""
    blank = manner is Manner.LATE and row.case.rated_by_id != request.viewer.employee_id
    return AssessmentForm(row, data=data, manner=manner, blank=blank)


def _save(request: ScreenRequest, row: Ratee) -> HttpResponseBase:
    form = AssessmentForm(row, data=request.POST)
    if not form.is_valid():
        return _page(request, row, form, Manner.OPEN, status=400)
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
        return _page(request, row, with_refusal(form, refusal), Manner.OPEN, status=refusal.status)
    except NotNow as refusal:
        return _closed_meanwhile(request, row.case.pk, refusal)
    say_saved(request, _("Tersimpan %(jam)s.") % {"jam": jam(request.now)}, draft=f"nilai:{row.case.pk}")
    to = f"/tim/periksa/?periode={row.case.cycle.period}" if "periksa" in request.POST else request.path
    return HttpResponseRedirect(to)


def _closed_meanwhile(request: ScreenRequest, assessment_id: int, refusal: NotNow) -> HttpResponse:
    """Who was still writing when the month closed finds his words in the form for a late rating, or to read until it opens."""
    row = _row(request, assessment_id)
    if _manner(request, row) is not Manner.LATE:
        if row.case.state != AssessmentState.NOT_RATED:
            raise refusal
        return _not_kept(request, row, _form(request, row, Manner.LATE, request.POST), refusal)
    form = _form(request, row, Manner.LATE, request.POST)
    form.add_error(None, str(refusal))
    return _page(request, row, form, Manner.LATE, status=refusal.status)


def _save_version(request: ScreenRequest, row: Ratee, manner: Manner, act: Callable[..., Assessment]) -> HttpResponseBase:
    """One post is the whole rating: a new version comes of it, or nothing at all."""
    form = _form(request, row, manner, request.POST)
    if not form.is_valid():
        return _page(request, row, form, manner, status=400)
    try:
        new = act(viewer=request.viewer, assessment_id=row.case.pk, sheet=form.sheet(), reason=form.cleaned_data["why"], now=request.now)
    except (Stale, NotNow) as refusal:
        return _not_kept(request, _row(request, row.case.pk), form, refusal)
    except Unacceptable as refusal:
        return _page(request, _row(request, row.case.pk), with_refusal(form, refusal), manner, status=refusal.status)
    messages.success(request, _("Versi %(versi)s tersimpan dan terbit.") % {"versi": new.version})
    return HttpResponseRedirect(f"/tim/nilai/{new.pk}/")


def _not_kept(request: ScreenRequest, row: Ratee, form: AssessmentForm, refusal: Stale | NotNow) -> HttpResponse:
    """His words to read and to copy, beside what stands now: this version takes no form any more, or none yet."""
    form.is_valid()
    words = kept_words(form, getattr(refusal, "current", {}))
    form.add_error(None, str(refusal))
    return _page(request, row, form, None, status=refusal.status, sent=words)


def _page(
    request: ScreenRequest, row: Ratee, form: AssessmentForm, manner: Manner | None, status: int = 200, *, sent: Sequence[Any] = ()
) -> HttpResponse:
    case, viewer = row.case, request.viewer
    can_edit = manner is Manner.OPEN and _manner(request, row) is Manner.OPEN
    # Of a case that closed unrated, the draft and the advice behind it are for who had set the marks.
    own_draft = not case.lapsed or case.rated_by_id == viewer.employee_id
    lines = advice_lines(row) if own_draft else {}
    context = {
        "row": {"case": case, "examples": row.examples if own_draft else {}, **panel(row)},
        "case": case,
        "form": form,
        "can_edit": can_edit,
        "manner": manner.value if manner and (can_edit or manner is not Manner.OPEN) else "",
        "aspects": [_aspect(form, row, aspect, lines.get(aspect.key)) for aspect in row.aspects],
        "advice": lines,
        "missing": gap_sentences(row) if can_edit else [],
        "sent": sent,
        "history": [_happening(item, with_marks=own_draft, with_old=_replaces_published(case)) for item in history_of(case)],
        "steps": version_lines(steps_to(case)),
        "beside": neighbours_of(viewer, case),
        "dialogue": _dialogue(request, row),
        "back": f"/tim/?periode={case.cycle.period}" if may_rate_late(viewer, case) else "",
    }
    return render(request, "penilaian/penilaian.html", context, status=status)


def _dialogue(request: ScreenRequest, row: Ratee) -> dict[str, Any] | None:
    """The way to the note of a dialogue: always for who may write one, with a word where the predicate is below Baik."""
    case = row.case
    if not case.is_current or case.state == AssessmentState.EXEMPT or not may_rate_late(request.viewer, case):
        return None
    advised = not case.lapsed and is_below_good(case.result_rating, case.behaviour_rating)
    return {"latest": about_rating(case).first(), "advised": advised, "required": row.dialogue_lacking}


def _aspect(form: AssessmentForm, row: Ratee, aspect: RatedAspect, line: dict[str, Any] | None) -> dict[str, Any]:
    """``line`` is the advice beside this mark, where the viewer may read it."""
    mark = form[f"n-{aspect.key}"]
    chosen = str(mark.value() or "")
    stored = None if row.case.lapsed else row.mark(aspect)
    example = form[f"ex-{aspect.code}"]
    reason = form[f"reason-{aspect.key}"] if aspect.is_overall else None
    return {
        **aspect_view(aspect),
        "field": mark,
        "chosen": chosen,
        "stored": stored,
        "example": example,
        "source": form[f"fb-{aspect.code}"],
        "reason": reason,
        "departs": reason is not None and bool((line and line["differs"]) or reason.errors or reason.value()),
        "needs": stored in TO_EXPLAIN and aspect.code not in row.examples and row.case.cycle.policy.example_required,
        "open": bool(example.value()) or stored in TO_EXPLAIN or bool(example.errors),
        "text": "" if row.case.lapsed else row.examples.get(aspect.code, ""),
    }


def _replaces_published(case: Assessment) -> bool:
    return case.replaces is None or case.replaces.published_at is not None


def _happening(item: Happening, *, with_marks: bool, with_old: bool) -> dict[str, Any]:
    """``with_old`` is False for the version that replaced a lapsed case: its event holds the draft, which is nobody's rating."""
    old = item.old if with_old else {}
    return {
        "at": item.at,
        "who": item.who,
        "what": ACTIONS.get(item.action, _("Dicatat")),
        "changes": [
            (_(ASPECT_BY_FIELD[field].name), old.get(field), new)
            for field, new in item.new.items()
            if with_marks and field in ASPECT_BY_FIELD and old.get(field) != new
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
