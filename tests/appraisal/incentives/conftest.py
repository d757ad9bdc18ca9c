"""What the tests of services share: the calendar of two years and the service types with their standards."""

import pytest

from appraisal.incentives.services.reference import load_reference
from bukittinggi_kinerja.common.calendar_loading import load_calendar


@pytest.fixture
def services(db: None) -> None:
    load_reference()
    load_calendar([2025, 2026])
