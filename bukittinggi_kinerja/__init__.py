"""Composition root: settings, urls, Celery, health and the screens that cross apps."""

from bukittinggi_kinerja.celery import app as celery_app

__all__ = ["celery_app"]
