"""Entering an outage of the service: what it moves is shown first, then written."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from appraisal.models import LETTER_FOLLOWS, ServiceOutage
from appraisal.policies import may_move_deadlines, may_see_control_room
from appraisal.rules.deadlines import What
from appraisal.services.deadline_changes import LETTER_LENGTH, REASON_LENGTH
from appraisal.services.outages import OutageReport, preview_outage, record_outage
from bukittinggi_kinerja.common.errors import NotAllowed, Unacceptable
from bukittinggi_kinerja.common.form_days import THIS_AGE
from bukittinggi_kinerja.common.period import JAKARTA
from bukittinggi_kinerja.common.templatetags.kinerja import angka
from bukittinggi_kinerja.common.web import ScreenRequest, screen

from .deadlines import DAY, FORMATS, REQUIRED, refuse
from .moved import whom

SHOWN = 20
DATE_ERRORS = {"required": gettext_lazy("Isi tanggal."), "invalid": gettext_lazy("Isi tanggal seperti 31-12-2026.")}
TIME_ERRORS = {"required": gettext_lazy("Isi jam."), "invalid": gettext_lazy("Isi jam seperti 18:00.")}


def day_field(label: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=DAY, input_formats=FORMATS, error_messages=DATE_ERRORS, validators=THIS_AGE)


def clock(label: Any) -> forms.TimeField:
    return forms.TimeField(
        label=label,
        widget=forms.TimeInput(attrs={"type": "time", "class": "pendek"}, format="%H:%M"),
        input_formats=["%H:%M", "%H.%M", "%H:%M:%S"],
        error_messages=TIME_ERRORS,
    )


class OutageForm(forms.Form):
    use_required_attribute = False
    start_day = day_field(gettext_lazy("Mulai tanggal"))
    start_time = clock(gettext_lazy("Mulai jam"))
    end = day_field(gettext_lazy("Selesai tanggal"))
    end_time = clock(gettext_lazy("Selesai jam"))
    reason = forms.CharField(
        label=gettext_lazy("Yang terganggu"),
        max_length=REASON_LENGTH,
        help_text=gettext_lazy("Misalnya: pusat data padam. Kalimat ini dibaca semua yang batasnya dipindah."),
        error_messages=REQUIRED,
    )
    letter = forms.CharField(
        label=gettext_lazy("Nomor surat"),
        max_length=LETTER_LENGTH,
        help_text=gettext_lazy("Tulis menyusul bila suratnya belum terbit."),
        error_messages=REQUIRED,
    )

    def words(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {
            "start": dt.datetime.combine(given["start_day"], given["start_time"], tzinfo=JAKARTA),
            "end": dt.datetime.combine(given["end"], given["end_time"], tzinfo=JAKARTA),
            "reason": given["reason"],
            "letter": given["letter"],
        }


@require_http_methods(["GET", "HEAD", "POST"])
@screen(may_see_control_room)
def outages(request: ScreenRequest) -> HttpResponseBase:
    """/kendali/gangguan/: the outages entered, and the form with its check page."""
    if request.method == "POST" and not may_move_deadlines(request.viewer):
        raise NotAllowed(_("Batas waktu dipindahkan oleh BKPSDM."))
    if request.method != "POST":
        return _page(request, OutageForm(initial={"letter": LETTER_FOLLOWS}) if may_move_deadlines(request.viewer) else None)
    form = OutageForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=400)
    try:
        if request.POST.get("langkah") == "tetapkan":
            report = record_outage(viewer=request.viewer, now=request.now, **form.words())
            messages.success(request, _told(report))
            return HttpResponseRedirect("/kendali/gangguan/")
        report = preview_outage(viewer=request.viewer, now=request.now, **form.words())
    except Unacceptable as refusal:
        refuse(form, refusal)
        return _page(request, form, status=refusal.status)
    return render(request, "kendali/gangguan_periksa.html", {"form": form, "report": report, "rows": _rows(report), **form.words()})


def _rows(report: OutageReport) -> list[dict[str, Any]]:
    names = {What.PROGRESS: _("Batas realisasi"), What.RATING: _("Batas penilaian")}
    return [
        {"period": one.order.period, "name": names[step.what], "old": step.old_due, "new": step.new_due, "outcome": one.outcome}
        for one in report.touched
        for step in one.outcome.steps
    ]


def _told(report: OutageReport) -> str:
    if not report.touched:
        return _("Gangguan tercatat. Tidak ada batas waktu yang berubah.")
    text = ngettext(
        "Gangguan tercatat. Batas dipindah untuk %(n)s pegawai.", "Gangguan tercatat. Batas dipindah untuk %(n)s pegawai.", report.people
    )
    return text % {"n": angka(report.people)}


def _page(request: ScreenRequest, form: OutageForm | None, *, status: int = 200) -> HttpResponse:
    rows = ServiceOutage.objects.prefetch_related("changes__unit", "changes__employee").order_by("-start")[:SHOWN]
    see_people = request.viewer.sees_all_people
    shown = [{"outage": row, "changes": [(c, whom(c)) for c in row.changes.all() if see_people or c.employee_id is None]} for row in rows]
    return render(request, "kendali/gangguan.html", {"rows": shown, "form": form, "galat": status != 200}, status=status)


urlpatterns = [path("kendali/gangguan/", outages, name="control-outages")]
