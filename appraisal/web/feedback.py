"""Ongoing feedback: given on an event, read and answered by the person it is about."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from appraisal.queries.feedback import FeedbackTarget, feedback_about, feedback_by, target_for
from appraisal.rules.anchors import RATED_ASPECTS
from appraisal.services.feedback import TEXT_LENGTH, TIME_TO_WITHDRAW, give_feedback, mark_seen, reply, source_of, withdraw
from bukittinggi_kinerja.common.errors import NotVisible, Unacceptable
from bukittinggi_kinerja.common.idempotency import KeyTaken, digest_of, once
from bukittinggi_kinerja.common.period import local_date
from bukittinggi_kinerja.common.web import ScreenRequest, say_saved, screen

ON_A_PAGE = 20
TONES = [
    ("APRESIASI", gettext_lazy("Apresiasi: ini patut diteruskan")),
    ("PERBAIKAN", gettext_lazy("Perbaikan: ini perlu berubah")),
]


class FeedbackForm(forms.Form):
    kunci = forms.UUIDField(required=False, widget=forms.HiddenInput)
    tone = forms.ChoiceField(
        label=gettext_lazy("Sifat"),
        choices=TONES,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Pilih apresiasi atau perbaikan.")},
    )
    happened_on = forms.DateField(
        label=gettext_lazy("Tanggal kejadian"),
        widget=forms.DateInput(attrs={"type": "date", "class": "pendek"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d-%m-%Y"],
        error_messages={"required": gettext_lazy("Isi tanggal kejadian."), "invalid": gettext_lazy("Isi tanggal seperti 31-12-2026.")},
    )
    about = forms.ChoiceField(label=gettext_lazy("Tentang"), error_messages={"required": gettext_lazy("Pilih satu hal.")})
    text = forms.CharField(
        label=gettext_lazy("Umpan balik"),
        help_text=gettext_lazy("Apa yang terjadi, apa dampaknya, dan apa langkah berikutnya?"),
        max_length=TEXT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": gettext_lazy("Tulis apa yang terjadi, dampaknya, dan langkah berikutnya.")},
    )
    link = forms.CharField(
        label=gettext_lazy("Tautan bukti"), required=False, help_text=gettext_lazy("Alamat yang berawalan http:// atau https://.")
    )

    def __init__(self, target: FeedbackTarget, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        values = [(f"nilai:{a.code}", _(a.name)) for a in RATED_ASPECTS if not a.is_overall]
        results = [(f"rhk:{result.pk}", result.title[:120]) for result in target.work_results]
        groups = [(_("Perilaku kerja"), values), *([(_("Hasil kerja"), results)] if results else [])]
        self.fields["about"].choices = [("", _("Pilih satu")), *groups]  # type: ignore[attr-defined]

    def subject(self) -> dict[str, Any]:
        kind, _colon, which = self.cleaned_data["about"].partition(":")
        return {"behaviour": which} if kind == "nilai" else {"work_result_id": int(which)}


@screen()
@require_http_methods(["GET", "HEAD", "POST"])
def give(request: ScreenRequest, employee_id: int) -> HttpResponseBase:
    """/tim/umpan-balik/<employee>/ for leaders, peers and subordinates; everybody else finds nothing there."""
    target = target_for(employee_id, on=request.viewer.on) if source_of(request.viewer, employee_id) else None
    if target is None:
        raise NotVisible(_("Pegawai ini tidak ada, atau bukan untuk Anda."))
    if request.method == "POST":
        form = FeedbackForm(target, data=request.POST)
        if form.is_valid() and _given(request, employee_id, form):
            say_saved(request, _("Umpan balik terkirim. Anda dapat menariknya dalam 10 menit."), draft=f"umpan:{employee_id}")
            return HttpResponseRedirect("/kinerja/umpan-balik/?dari=saya")
    else:
        form = FeedbackForm(target, initial={"kunci": uuid.uuid4(), "happened_on": local_date(request.now)})
    context = {"target": target, "form": form, "back": "/tim/" if request.viewer.is_rater else ""}
    return render(request, "tim/umpan_balik.html", context, status=400 if form.errors else 200)


def _given(request: ScreenRequest, employee_id: int, form: FeedbackForm) -> bool:
    """Whether the service took it; its sentences go beside the fields. A repeated sending is one act."""
    said = {name: form.cleaned_data[name] for name in ("tone", "text", "happened_on", "link")} | form.subject()

    def act() -> tuple[int, int]:
        return 201, give_feedback(viewer=request.viewer, employee_id=employee_id, now=request.now, **said).pk

    key, digest = f"layar:{form.cleaned_data['kunci'] or uuid.uuid4()}", digest_of(f"umpan balik {employee_id}", said)
    try:
        once(owner=request.viewer.user_id, key=key, digest=digest, now=request.now, act=act)
    except KeyTaken:
        form.add_error(None, _("Umpan balik ini sudah terkirim. Buka lagi halaman ini untuk menulis yang lain."))
        return False
    except Unacceptable as refusal:
        for name, sentences in refusal.errors.items():
            form.add_error(name if name in form.fields else "about", sentences)
        return False
    return True


@screen()
@require_http_methods(["GET", "HEAD"])
def own(request: ScreenRequest) -> HttpResponse:
    """/kinerja/umpan-balik/: what others wrote about me; with ?dari=saya what I wrote."""
    if request.viewer.employee_id is None:
        raise NotVisible(_("Akun ini tidak terhubung dengan pegawai."))
    mine = request.GET.get("dari") == "saya"
    notes = feedback_by(request.viewer) if mine else feedback_about(request.viewer)
    page = Paginator(notes, ON_A_PAGE).get_page(request.GET.get("halaman"))
    return _list(request, page, mine=mine)


def _list(request: ScreenRequest, page: Any, *, mine: bool, problem: tuple[int, str, str] | None = None) -> HttpResponse:
    context = {
        "page": page,
        "mine": mine,
        "problem": problem,
        "galat": problem is not None,
        "limit": TEXT_LENGTH,
        "ten_minutes_ago": request.now - TIME_TO_WITHDRAW,
    }
    return render(request, "kinerja/umpan_balik.html", context, status=400 if problem else 200)


@screen()
@require_http_methods(["POST"])
def answer(request: ScreenRequest, feedback_id: int) -> HttpResponseBase:
    """The one reply of the person it is about."""
    text = request.POST.get("text", "")
    try:
        reply(viewer=request.viewer, feedback_id=feedback_id, text=text, now=request.now)
    except Unacceptable as refusal:
        sentence = next((s for sentences in refusal.errors.values() for s in sentences), str(refusal))
        page = Paginator(feedback_about(request.viewer), ON_A_PAGE).get_page(request.POST.get("halaman"))
        return _list(request, page, mine=False, problem=(feedback_id, text, sentence))
    messages.success(request, _("Tanggapan terkirim."))
    return HttpResponseRedirect("/kinerja/umpan-balik/")


@screen()
@require_http_methods(["POST"])
def seen(request: ScreenRequest, feedback_id: int) -> HttpResponseBase:
    """Reading alone writes nothing: the person says that he has read it."""
    mark_seen(viewer=request.viewer, feedback_id=feedback_id, now=request.now)
    return HttpResponseRedirect("/kinerja/umpan-balik/")


@screen()
@require_http_methods(["POST"])
def take_back(request: ScreenRequest, feedback_id: int) -> HttpResponseBase:
    withdraw(viewer=request.viewer, feedback_id=feedback_id, now=request.now)
    messages.success(request, _("Umpan balik ditarik."))
    return HttpResponseRedirect("/kinerja/umpan-balik/?dari=saya")


urlpatterns = [
    path("tim/umpan-balik/<int:employee_id>/", give, name="feedback-give"),
    path("kinerja/umpan-balik/", own, name="feedback-own"),
    path("kinerja/umpan-balik/<int:feedback_id>/tanggapan/", answer, name="feedback-reply"),
    path("kinerja/umpan-balik/<int:feedback_id>/dilihat/", seen, name="feedback-seen"),
    path("kinerja/umpan-balik/<int:feedback_id>/tarik/", take_back, name="feedback-withdraw"),
]
