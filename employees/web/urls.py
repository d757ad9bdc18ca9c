"""Routes of signing in and the own account."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from . import profile, sign_in

urlpatterns: list[URLPattern | URLResolver] = [*sign_in.urlpatterns, *profile.urlpatterns]
