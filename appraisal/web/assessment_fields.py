"""The form of one assessment: in its window, late after closing, or as a correction of a published result."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appraisal.queries.team import Ratee
from appraisal.rules.anchors import ASPECT_BY_CODE, BEHAVIOUR, RATED_ASPECTS, RESULT
from appraisal.services.assessment_form import ExampleText, RatingSheet
from appraisal.services.late_rating import IncompleteRating
from appraisal.services.rating import EXAMPLE_LENGTH, TEXT_LENGTH, missing_sentence
from appraisal.services.version_sets import REASON_LENGTH
from appraisal.templatetags.penilaian import rating_kata
from bukittinggi_kinerja.common.errors import Refusal, Stale
from bukittinggi_kinerja.common.templatetags.kinerja import tanggal

from .phrases import advice_sentence

MARKED = {aspect.key for aspect in RATED_ASPECTS}


class Manner(StrEnum):
    """What a form on the page does; the value is the name of its button."""

    OPEN = "simpan"
    LATE = "terlambat"
    CORRECTION = "perbaiki"


#: What the reason of a new version is asked as.
WHY = {Manner.LATE: gettext_lazy("Alasan menilai terlambat"), Manner.CORRECTION: gettext_lazy("Alasan perbaikan")}


def _area(label: str, *, longest: int, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=longest, widget=forms.Textarea(attrs={"rows": 3}), required=more.pop("required", False), **more
    )


class AssessmentForm(forms.Form):
    """Fields by aspect: ``n-ak`` the mark, ``ex-AK`` the example, ``fb-AK`` feedback it takes its words from."""

    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, row: Ratee, *args: Any, manner: Manner = Manner.OPEN, blank: bool = False, **kwargs: Any) -> None:
        initial = {"revision": row.case.revision} if blank else _initial(row)
        super().__init__(*args, **{**kwargs, "initial": initial, "auto_id": "%s"})
        self.row, self.manner = row, manner
        if manner in WHY:
            why = str(WHY[manner])
            self.fields["why"] = _area(why, longest=REASON_LENGTH, required=True, help_text=_("Pegawai dan atasan membaca alasan ini."))
            self.fields["why"].error_messages["required"] = _("Isi %(isian)s.") % {"isian": why.lower()}
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
            self.fields[f"ex-{aspect.code}"] = _area(
                _("Contoh kejadian"), longest=EXAMPLE_LENGTH, help_text=_("Apa yang terjadi, kapan, dan apa dampaknya.")
            )
            self.fields[f"fb-{aspect.code}"] = forms.TypedChoiceField(
                label=_("Ambil dari umpan balik"), choices=sources, coerce=int, empty_value=None, required=False
            )
        self.fields[f"reason-{RESULT}"] = _area(_("Mengapa rating hasil berbeda dari saran"), longest=TEXT_LENGTH)
        self.fields[f"reason-{BEHAVIOUR}"] = _area(_("Mengapa rating perilaku berbeda dari saran"), longest=TEXT_LENGTH)
        self.fields["note"] = _area(_("Catatan untuk pegawai"), longest=TEXT_LENGTH)

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

    def sheet(self) -> RatingSheet:
        return RatingSheet(changes=self.marks(), examples=self.examples(), reasons=self.reasons(), note=self.note())


def _initial(row: Ratee) -> dict[str, Any]:
    case = row.case
    marks = {f"n-{aspect.key}": row.mark(aspect) for aspect in row.aspects}
    examples = {f"ex-{code}": text for code, text in row.examples.items()}
    reasons = {f"reason-{RESULT}": case.result_reason, f"reason-{BEHAVIOUR}": case.behaviour_reason}
    return {"revision": case.revision, "note": case.note, **marks, **examples, **reasons}


def with_refusal(form: AssessmentForm, refusal: Refusal) -> AssessmentForm:
    """The sentence at the top or at its field; where somebody saved in between, what stands now beside each cell that differs."""
    if isinstance(refusal, IncompleteRating):
        return _with_gaps(form, refusal)
    told = {name: texts for key, texts in getattr(refusal, "errors", {}).items() if (name := _name_of(key)) in form.fields}
    for name, texts in told.items():
        form.add_error(name, texts)
    if not told:
        form.add_error(None, str(refusal))
    if isinstance(refusal, Stale):
        for key, value in refusal.current.items():
            name, stands = _stands_at(key, value)
            form.add_error(name, _("Yang tersimpan sekarang: %(nilai)s. Pilih lagi, lalu simpan.") % {"nilai": stands})
        shown: Any = form.data.copy() if isinstance(form.data, QueryDict) else dict(form.data)
        shown["revision"] = str(refusal.version)
        form.data = shown
    return form


def kept_words(form: AssessmentForm, stands: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Label and words of every field that was filled in, and what stands there now where it differs; to read, not to send."""
    now = dict(_stands_at(key, value) for key, value in stands.items())
    names = {a.code: _(a.name) for a in form.row.aspects}
    found = []
    for name, field in form.fields.items():
        words = _in_words(form, name)
        if words and name != "revision":
            of = names.get(name.partition("-")[2], "")
            found.append((f"{of}: {field.label}" if of else str(field.label), words, now.get(name, "")))
    return found


def _in_words(form: AssessmentForm, name: str) -> str:
    value = form.cleaned_data.get(name)
    if value in (None, ""):
        return ""
    if name.startswith("n-"):
        return rating_kata(value)
    choices: Any = getattr(form.fields[name], "choices", None)
    return str(value) if choices is None else str(dict(choices).get(value, ""))


def _with_gaps(form: AssessmentForm, refusal: IncompleteRating) -> AssessmentForm:
    """Each gap at its field. A departure names the advice: the rater has given his mark, so he may read it now."""
    for kind, code in refusal.missing:
        aspect = ASPECT_BY_CODE[code]
        sentence = missing_sentence(kind, code)
        if kind == "reason":
            sentence = f"{advice_sentence(aspect.key, refusal.advice)} {sentence}"
        form.add_error({"example": f"ex-{code}", "reason": f"reason-{aspect.key}"}.get(kind, f"n-{aspect.key}"), sentence)
    return form


def _name_of(key: str) -> str:
    return f"n-{key}" if key in MARKED else key


def _stands_at(key: str, value: Any) -> tuple[str, str]:
    """The field of a key of Stale, and what stands there in words."""
    kind, _dot, which = key.partition(".")
    if key in MARKED:
        return f"n-{key}", rating_kata(value) if value else _("kosong")
    return {"example": f"ex-{which}", "reason": f"reason-{which}"}.get(kind, key), value or _("kosong")
