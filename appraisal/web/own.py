"""Own performance: open periods with live figures, and the results of the months behind."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from appraisal.queries.imported import own_imported
from appraisal.queries.own import counts_of, own_page
from bukittinggi_kinerja.common.notices import unread
from bukittinggi_kinerja.common.web import ScreenRequest, screen

from .moved import moved_of


@require_safe
@screen()
def own(request: ScreenRequest) -> HttpResponse:
    """/kinerja/"""
    page = own_page(request.viewer)
    moved = moved_of(period.case for period in page.periods)
    periods = [
        {"own": period, "open": period.takes_progress(request.now), "moved": moved.get(period.case.pk, [])} for period in page.periods
    ]
    context = {
        "page": page,
        "periods": periods[::-1],
        "notices": unread(recipient=request.viewer.user_id, limit=5),
        "imported": own_imported(request.viewer),
        "feedback": counts_of(request.viewer).feedback,
    }
    return render(request, "kinerja/kinerja.html", context)


urlpatterns = [path("kinerja/", own, name="kinerja")]
