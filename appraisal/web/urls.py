"""Routes: each module of screens states its own."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from . import explanation_page, own, progress_form

urlpatterns: list[URLPattern | URLResolver] = [
    *own.urlpatterns,
    *explanation_page.urlpatterns,
    *progress_form.urlpatterns,
]
