"""Tasks of services: parse the moment, one service call."""

from __future__ import annotations

from typing import Any

from celery import shared_task
from django.utils import timezone

from appraisal.incentives.services.refolding import recompute_open_cases


@shared_task
def follow_calendar(**_kwargs: Any) -> None:
    """Due dates of unfinished cases follow a corrected calendar; finished ones stay."""
    recompute_open_cases(now=timezone.now())
