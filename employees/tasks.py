"""Tasks: parse ids and moments, one service call."""

from __future__ import annotations

from typing import Any

from celery import shared_task
from django.utils import timezone

from employees.services.acting import remind_of_letters
from employees.services.acting_notices import tell_ended
from employees.services.data_reports import escalate_reports
from employees.services.retirement import remind_of_contracts
from employees.services.service_end import bring_ends_up_to_date
from employees.services.two_person import lapse_requests as lapse


@shared_task
def follow_moves(**_kwargs: Any) -> None:
    """Ends of service whose day has come, accounts that have read long enough."""
    bring_ends_up_to_date(now=timezone.now())


@shared_task
def remind_of_moves(**_kwargs: Any) -> None:
    """Mandates that are over, letters that are still owed, contracts that run out and reports past their day."""
    now = timezone.now()
    escalate_reports(now=now)
    tell_ended(now=now)
    remind_of_letters(now=now)
    remind_of_contracts(now=now)


@shared_task
def lapse_requests(**_kwargs: Any) -> None:
    """Acts of two people that nobody confirmed in time."""
    lapse(now=timezone.now())
