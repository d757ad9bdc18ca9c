"""Routes of home."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver

from . import jobs, mail_wish, views

urlpatterns: list[URLPattern | URLResolver] = [*views.urlpatterns, *jobs.urlpatterns, *mail_wish.urlpatterns]
