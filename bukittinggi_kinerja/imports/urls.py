"""Routes of the import pipeline."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from . import batches, lists

urlpatterns: list[URLPattern | URLResolver] = [*batches.urlpatterns, *lists.urlpatterns]
