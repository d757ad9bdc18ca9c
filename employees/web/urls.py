"""Routes of signing in and the own account."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from . import data_reports, profile, retirement, sign_in, substitutes

urlpatterns: list[URLPattern | URLResolver] = [
    *sign_in.urlpatterns,
    *profile.urlpatterns,
    *substitutes.urlpatterns,
    *data_reports.urlpatterns,
    *retirement.urlpatterns,
]
