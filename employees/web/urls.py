"""Routes of signing in, the own account, and the accounts of others."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from . import accounts, activation, factor, profile, sign_in

urlpatterns: list[URLPattern | URLResolver] = [
    *sign_in.urlpatterns,
    *activation.urlpatterns,
    *profile.urlpatterns,
    *factor.urlpatterns,
    *accounts.urlpatterns,
]
