"""What the tests of services share: the calendar of two years and the service types with their standards."""

import pytest
from django.utils import timezone

from appraisal.incentives.services.reference import load_reference
from bukittinggi_kinerja.common.calendar_loading import load_calendar

from .logs import NOW


@pytest.fixture
def services(db: None) -> None:
    load_reference()
    load_calendar([2025, 2026])


@pytest.fixture
def october(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock that doors read, on the day of the small logs."""
    monkeypatch.setattr(timezone, "now", lambda: NOW)
