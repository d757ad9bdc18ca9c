"""Routes of signing in and the own account."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from . import profile, register_forms, registers, sign_in

urlpatterns: list[URLPattern | URLResolver] = [
    *sign_in.urlpatterns,
    *profile.urlpatterns,
    *registers.urlpatterns,
    *register_forms.urlpatterns,
]
