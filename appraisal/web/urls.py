"""Routes of appraisal: each door lists its own, this module only joins them."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from . import evidence, team

urlpatterns: list[URLPattern | URLResolver] = [*evidence.urlpatterns, *team.urlpatterns]
