"""Routes: each module of screens states its own."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from . import evidence, explanation_page, own, progress_form, team

urlpatterns: list[URLPattern | URLResolver] = [
    *own.urlpatterns,
    *explanation_page.urlpatterns,
    *progress_form.urlpatterns,
    *team.urlpatterns,
    *evidence.urlpatterns,
]
