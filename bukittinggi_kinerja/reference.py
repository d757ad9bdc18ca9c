"""The reference data of every app, in the order in which they need each other. Safe to repeat."""

from __future__ import annotations

from django.db import transaction

from appraisal.incentives.services import reference as incentives
from appraisal.services import reference as appraisal
from bukittinggi_kinerja.common.calendar_loading import load_calendar
from employees.services import reference as employees


@transaction.atomic
def load_reference() -> None:
    """Fill what is missing; what HR has changed stays as it is."""
    load_calendar()
    employees.load_reference()
    appraisal.load_reference()
    incentives.load_reference()
