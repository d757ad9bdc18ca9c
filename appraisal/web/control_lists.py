"""From the control room: telling superiors, and the list of late people on paper."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from appraisal.models import Assessment
from appraisal.policies import may_remind_raters, may_see_control_room
from appraisal.queries.control import Step, agency_name, chosen_period, people_of_step, recent_periods
from appraisal.services.escalation import EscalationReport, escalate_raters
from bukittinggi_kinerja.common.errors import Unacceptable
from bukittinggi_kinerja.common.numbers import whole_number
from bukittinggi_kinerja.common.templatetags.kinerja import angka
from bukittinggi_kinerja.common.texts import clean_line
from bukittinggi_kinerja.common.web import ScreenRequest, screen

from .periods import period_asked

CODE_LENGTH = 60
#: What fits a stapled list; beyond it the CSV is the better paper.
MOST_PRINTED = 2_000


@require_POST
@screen(may_remind_raters)
def escalate(request: ScreenRequest) -> HttpResponse:
    """Tell the superiors of the late raters."""
    period = period_asked(request.POST.get("periode", ""))
    agency = clean_line(request.POST.get("opd", ""), limit=CODE_LENGTH)
    rater = whole_number(request.POST.get("penilai"))
    report = escalate_raters(viewer=request.viewer, period=period, agency=agency, rater=rater, now=request.now)
    messages.success(request, _told(report))
    return HttpResponseRedirect(f"/kendali/?{urlencode({'periode': period})}")


def _told(report: EscalationReport) -> str:
    parts = [ngettext("Kabar terkirim ke %(n)s atasan.", "Kabar terkirim ke %(n)s atasan.", report.sent) % {"n": angka(report.sent)}]
    if report.already:
        text = ngettext("%(n)s atasan sudah dikabari hari ini.", "%(n)s atasan sudah dikabari hari ini.", report.already)
        parts.append(text % {"n": angka(report.already)})
    if report.unreachable:
        text = ngettext("%(n)s atasan belum punya akun aktif.", "%(n)s atasan belum punya akun aktif.", report.unreachable)
        parts.append(text % {"n": angka(report.unreachable)})
    if report.without:
        text = ngettext("%(n)s penilai tidak punya atasan.", "%(n)s penilai tidak punya atasan.", report.without)
        parts.append(text % {"n": angka(report.without)})
    return " ".join(parts)


@require_safe
@screen(may_see_control_room)
def printed(request: ScreenRequest) -> HttpResponse:
    """/kendali/cetak/: people who still lack a step, by unit, to be printed and walked along."""
    asked = request.GET.get("periode", "")
    latest = None if asked else chosen_period(recent_periods(), "")
    period = latest.key if latest else period_asked(asked)
    try:
        step = Step(request.GET.get("tahap", Step.RATING.value))
    except ValueError:
        raise Unacceptable(_("Tahap ini tidak dikenal.")) from None
    agency = clean_line(request.GET.get("opd", ""), limit=CODE_LENGTH)
    cases = people_of_step(request.viewer, period, step=step, done=False, agency=agency)
    total = cases.count()
    context = {
        "period": period,
        "agency": agency_name(agency) if agency else "",
        "is_rating": step is Step.RATING,
        "groups": list(_by_unit(cases[:MOST_PRINTED].iterator(chunk_size=500))),
        "total": total,
        "more": max(0, total - MOST_PRINTED),
        "now": request.now,
    }
    return render(request, "kendali/cetak.html", context)


def _by_unit(cases: Iterator[Assessment]) -> Iterator[dict[str, Any]]:
    for unit, rows in groupby(cases, key=lambda case: case.unit):
        yield {"unit": unit.name, "cases": list(rows)}


urlpatterns = [
    path("kendali/naikkan/", escalate, name="control-escalate"),
    path("kendali/cetak/", printed, name="control-print"),
]
