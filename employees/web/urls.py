"""Routes of signing in, the own account, and the accounts of others."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from . import accounts, activation, data_reports, factor, profile, register_forms, registers, retirement, sign_in, substitutes

urlpatterns: list[URLPattern | URLResolver] = [
    *sign_in.urlpatterns,
    *activation.urlpatterns,
    *profile.urlpatterns,
    *factor.urlpatterns,
    *accounts.urlpatterns,
    *substitutes.urlpatterns,
    *data_reports.urlpatterns,
    *retirement.urlpatterns,
    *registers.urlpatterns,
    *register_forms.urlpatterns,
]
