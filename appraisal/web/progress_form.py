"""Entering progress with its evidence: one plain form, safe to send twice."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods

from appraisal.models import ProgressEntry
from appraisal.policies import manages_unit, may_enter_progress
from appraisal.queries.own import IndicatorMonth, indicator_month, own_entry
from appraisal.rules.deadlines import What
from appraisal.rules.vocabulary import TargetForm
from appraisal.services.progress import correct_progress, record_progress, withdraw_progress
from bukittinggi_kinerja.common.errors import NotNow, Unacceptable
from bukittinggi_kinerja.common.fields import FilesField, NumberField
from bukittinggi_kinerja.common.idempotency import KeyTaken, digest_of, once
from bukittinggi_kinerja.common.templatetags.kinerja import bersatuan, tanggal
from bukittinggi_kinerja.common.web import ScreenRequest, say_saved, screen

from .moved import moved_of
from .periods import period_in_path

TAKEN = "taken"
ACCEPTED = ".pdf,.jpg,.jpeg,.png,.xlsx,.docx,image/jpeg,image/png"


class ProgressForm(forms.Form):
    """Which of number and date is asked follows the form of the target."""

    use_required_attribute = False
    kunci = forms.UUIDField(widget=forms.HiddenInput)
    value = NumberField(
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "pendek"}),
        error_messages={"negative": lazy("Realisasi tidak boleh kurang dari nol. Tulis 0 atau lebih.")},
    )
    realised_on = forms.DateField(
        label=lazy("Tanggal selesai"), required=False, widget=forms.DateInput(attrs={"type": "date", "class": "pendek"}, format="%Y-%m-%d")
    )
    note = forms.CharField(label=lazy("Apa yang dikerjakan?"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))
    reason = forms.CharField(label=lazy("Alasan perbaikan"), max_length=300, error_messages={"required": lazy("Tulis alasan perbaikan.")})
    photo = FilesField(
        label=lazy("Ambil foto bukti"),
        required=False,
        help_text=lazy("Data lokasi di dalam foto dihapus saat disimpan."),
    )
    paper = FilesField(label=lazy("Pilih berkas bukti"), required=False)
    links = forms.CharField(
        label=lazy("Tautan bukti"),
        required=False,
        max_length=1100,
        help_text=lazy("Satu tautan setiap baris. Tautan saja belum cukup untuk rating di atas ekspektasi."),
        widget=forms.Textarea(attrs={"rows": 2, "inputmode": "url", "autocapitalize": "none", "spellcheck": "false"}),
    )
    sensitive = forms.BooleanField(label=lazy("Bukti ini rahasia: hanya penilai dan atasannya yang melihat"), required=False)

    def __init__(self, *args: Any, month: IndicatorMonth, correcting: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        indicator = month.indicator
        dated = indicator.form in {TargetForm.DATE.value, TargetForm.STATEMENT.value}
        del self.fields["value" if dated else "realised_on"]
        if not correcting:
            del self.fields["reason"]
        if indicator.form == TargetForm.DATE.value:
            self.fields["realised_on"].required = True
            self.fields["realised_on"].error_messages["required"] = _("Isi tanggal selesai.")
        if not dated:
            field = self.fields["value"]
            field.required, field.error_messages["required"] = True, _("Isi realisasi.")
            field.label = _("Realisasi (%(satuan)s)") % {"satuan": indicator.unit_name} if indicator.unit_name else _("Realisasi")
            field.widget.attrs.update({"data-terbaca": "terbaca", "data-satuan": "" if indicator.unit_name == "%" else indicator.unit_name})
        self.fields["photo"].widget.attrs.update({"accept": "image/*", "capture": "environment", "data-kecilkan": "foto-info"})
        self.fields["paper"].widget.attrs.update({"accept": ACCEPTED, "data-kecilkan": "berkas-info"})
        limit = month.cycle.policy.evidence_max_bytes if month.cycle else 5 * 1024 * 1024
        self.fields["paper"].help_text = _("PDF, foto, XLSX, atau DOCX. Paling besar %(batas)s MB setiap berkas.") % {
            "batas": limit // 2**20
        }

    def figures(self) -> dict[str, Any]:
        """The words of the services."""
        data = self.cleaned_data
        return {
            "value": data.get("value"),
            "realised_on": data.get("realised_on"),
            "note": data["note"],
            "links": data["links"].split(),
            "files": [*data["photo"], *data["paper"]],
            "sensitive": data["sensitive"],
        }

    def digest(self, action: str) -> str:
        """What was sent, files by name and size."""
        sent = self.figures()
        sent["files"] = [(file.name, file.size) for file in sent["files"]]
        return digest_of(action, {**sent, "reason": self.cleaned_data.get("reason", "")})


@require_http_methods(["GET", "HEAD", "POST"])
@screen()
def progress(request: ScreenRequest, indicator_id: int, period: str) -> HttpResponse:
    """/kinerja/realisasi/<indicator>/<period>/: what is entered so far, and a form for more."""
    month = indicator_month(request.viewer, indicator_id=indicator_id, period=period_in_path(period))
    form = _form(request, month)
    if request.method == "POST" and form.is_valid():

        def act() -> ProgressEntry:
            return record_progress(viewer=request.viewer, indicator_id=indicator_id, period=period, now=request.now, **form.figures())

        entry = _saved(request, form, f"realisasi {indicator_id} {period}", act)
        if entry is not None:
            say_saved(request, _("Realisasi tersimpan: %(angka)s.") % {"angka": entry}, draft=_draft(month))
            return HttpResponseRedirect(request.path)
    return _page(request, month, form)


@require_http_methods(["GET", "HEAD", "POST"])
@screen()
def correction(request: ScreenRequest, entry_id: int) -> HttpResponse:
    """/kinerja/realisasi/catatan/<entry>/: a new row in place of one, or taking it back."""
    entry = own_entry(request.viewer, entry_id)
    month = indicator_month(request.viewer, indicator_id=entry.target.indicator_id, period=entry.target.period)
    onward = reverse("realisasi", args=[month.indicator.pk, month.target.period])
    form = _form(request, month, entry=entry)
    if request.method == "POST" and form.is_valid():
        act = _withdrawal(request, entry, form) if "tarik" in request.POST else _correcting(request, entry, form)
        done = _saved(request, form, f"perbaikan {entry_id} {'tarik' in request.POST}", act)
        if done is not None:
            told = _("Catatan ditarik.") if "tarik" in request.POST else _("Perbaikan tersimpan: %(angka)s.") % {"angka": done}
            say_saved(request, told, draft=_draft(month, entry))
            return HttpResponseRedirect(onward)
    return _page(request, month, form, entry=entry)


def _correcting(request: ScreenRequest, entry: ProgressEntry, form: ProgressForm) -> Callable[[], ProgressEntry]:
    reason = form.cleaned_data["reason"]
    return lambda: correct_progress(viewer=request.viewer, entry_id=entry.pk, reason=reason, now=request.now, **form.figures())


def _withdrawal(request: ScreenRequest, entry: ProgressEntry, form: ProgressForm) -> Callable[[], ProgressEntry]:
    return lambda: withdraw_progress(viewer=request.viewer, entry_id=entry.pk, reason=form.cleaned_data["reason"], now=request.now)


def _form(request: ScreenRequest, month: IndicatorMonth, *, entry: ProgressEntry | None = None) -> ProgressForm:
    if request.method == "POST":
        return ProgressForm(request.POST, request.FILES, month=month, correcting=entry is not None)
    first: dict[str, Any] = {"kunci": uuid.uuid4()}
    if entry is not None:
        value = bersatuan(entry.value) if entry.value is not None else ""
        first |= {"value": value, "realised_on": entry.realised_on, "note": entry.note}
    return ProgressForm(initial=first, month=month, correcting=entry is not None)


def _saved(request: ScreenRequest, form: ProgressForm, action: str, act: Callable[[], ProgressEntry]) -> str | None:
    """The figure as saved, in words; None when the form now carries the reason why not. A repeated sending is one act."""
    unit = form.fields["value"].widget.attrs.get("data-satuan", "") if "value" in form.fields else ""

    def acted() -> tuple[int, str]:
        entry = act()
        return 201, bersatuan(entry.value, unit) if entry.value is not None else tanggal(entry.realised_on)

    try:
        key = f"layar:{form.cleaned_data['kunci']}"
        answer = once(owner=request.viewer.user_id, key=key, digest=form.digest(action), now=request.now, act=acted)
    except KeyTaken:
        form.add_error(
            None, forms.ValidationError(_("Formulir ini sudah tersimpan. Buka lagi halaman ini untuk menambah yang lain."), TAKEN)
        )
    except Unacceptable as refused:
        for name, sentences in refused.errors.items():
            place = "paper" if name == "files" else name
            form.add_error(place if place in form.fields else None, sentences)
        if not refused.errors:
            form.add_error(None, str(refused))
    except NotNow as refused:
        form.add_error(None, str(refused))
    else:
        return str(answer.body)
    return None


def _draft(month: IndicatorMonth, entry: ProgressEntry | None = None) -> str:
    """Under which name the device keeps what is typed and not yet taken."""
    return f"realisasi-{month.indicator.pk}-{month.target.period}-{entry.pk if entry else 'baru'}"


def _page(request: ScreenRequest, month: IndicatorMonth, form: ProgressForm, *, entry: ProgressEntry | None = None) -> HttpResponse:
    cycle = month.cycle
    owner = may_enter_progress(request.viewer, month.owner_id)
    is_open = month.takes_figures(request.now) and not month.indicator.measure
    context = {
        "month": month,
        "indicator": month.indicator,
        "cycle": cycle,
        "due": month.progress_due(),
        "moved": moved_of([month.case], what=What.PROGRESS).get(month.case.pk, []) if month.case else [],
        "form": form,
        "entry": entry,
        "owner": owner,
        "open": is_open and (owner or manages_unit(request.viewer, month.indicator.plan.unit)),
        "today": request.viewer.on,
        "draft": _draft(month, entry),
        "taken": form.is_bound and form.has_error(NON_FIELD_ERRORS, code=TAKEN),
    }
    name = "kinerja/perbaikan.html" if entry else "kinerja/realisasi.html"
    return render(request, name, context, status=400 if form.is_bound else 200)


urlpatterns = [
    path("kinerja/realisasi/catatan/<int:entry_id>/", correction, name="realisasi-catatan"),
    path("kinerja/realisasi/<int:indicator_id>/<str:period>/", progress, name="realisasi"),
]
