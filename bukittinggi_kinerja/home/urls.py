"""Routes of home."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from . import views

urlpatterns: list[URLPattern | URLResolver] = [*views.urlpatterns]
