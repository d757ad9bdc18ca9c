"""Who retires and whose contract runs out, and the way to the end of somebody's service."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_http_methods

from bukittinggi_kinerja.common.numbers import whole_number
from bukittinggi_kinerja.common.texts import clean_line
from bukittinggi_kinerja.common.web import ScreenRequest, screen
from employees.policies import may_administer, may_open_reports
from employees.queries.ends import found_people, recorded_ends
from employees.queries.retirement import contracts_ending, retiring
from employees.rules.retirement import months_after

MONTHS = (6, 12, 24)


@require_http_methods(["GET", "HEAD", "POST"])
@screen(may_open_reports)
def forecast(request: ScreenRequest) -> HttpResponse:
    """/pensiun/: within 6, 12 or 24 months. HR of the city looks for a person by POST to end his service."""
    months = whole_number(request.GET.get("bulan"))
    months = months if months in MONTHS else MONTHS[0]
    ends = may_administer(request.viewer)
    words = clean_line(request.POST.get("cari", ""), limit=60) if ends else ""
    found = retiring(request.viewer, months=months)
    context = {
        "people": found,
        "agencies": sorted({one.agency for one in found}),
        "contracts": contracts_ending(request.viewer.on, months_after(request.viewer.on, months), request.viewer),
        "months": months,
        "choices": MONTHS,
        "may_end": ends,
        "words": words,
        "found": found_people(request.viewer, words) if words else [],
        "recorded": recorded_ends(request.viewer) if ends else [],
        "bagian": "pensiun",
    }
    return render(request, "mutasi/pensiun.html", context)


urlpatterns = [path("pensiun/", forecast, name="pensiun")]
