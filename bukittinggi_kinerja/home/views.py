"""Home: the one page that crosses apps, by role."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe

from bukittinggi_kinerja.common.web import ScreenRequest, screen


@require_safe
@screen()
def home(request: ScreenRequest) -> HttpResponse:
    return render(request, "beranda/beranda.html", {})


urlpatterns = [path("", home, name="beranda")]
