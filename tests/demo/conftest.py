"""A small demo city for the tests of this folder: loaded once, taken back at the end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction

from bukittinggi_kinerja.demo.loading import Wish, load

TODAY = dt.date(2026, 6, 15)
WISH = Wish(employees=120, seed=1, months=3, today=TODAY, password="jam-gadang")


def quiet(_text: str) -> None:
    """Nobody reads the progress of a test."""


@pytest.fixture(scope="session")
def demo_media(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    before, settings.MEDIA_ROOT = settings.MEDIA_ROOT, tmp_path_factory.mktemp("demo-media")
    yield Path(settings.MEDIA_ROOT)
    settings.MEDIA_ROOT = before


@pytest.fixture(scope="module")
def small_city(django_db_setup: None, django_db_blocker: pytest.FixtureRequest, demo_media: Path) -> Iterator[Wish]:
    """120 people and three closed months; what a test changes is undone by its own transaction."""
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        load(WISH, say=quiet)
        yield WISH
        transaction.set_rollback(True)
