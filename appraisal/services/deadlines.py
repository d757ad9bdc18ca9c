"""Reminders in the application while a cycle waits: one a day and person, none once the work is done."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Exists, OuterRef

from appraisal.models import Assessment, Cycle, ProgressEntry
from appraisal.rules.lifecycle import AssessmentState
from bukittinggi_kinerja.common.notices import notify
from bukittinggi_kinerja.common.period import local_date
from employees.models import User


def remind_before_deadline(*, cycle: Cycle, now: dt.datetime) -> int:
    """Tell raters of unfinished ratings, and people without progress while they may still enter it.

    Returns the notices made; a second call on the same day makes none. Texts never carry a score.
    """
    day = local_date(now).isoformat()
    waiting = Assessment.objects.current().filter(cycle=cycle, state=AssessmentState.DRAFT)
    raters = _users(waiting.filter(assessor__isnull=False).values("assessor"))
    sent = notify(
        recipients=raters,
        kind="rating_due",
        data={"period": cycle.period, "due": cycle.rating_due.isoformat()},
        link="/tim/",
        once=f"rating_due:{cycle.pk}:{day}",
        event=None,
        now=now,
    )
    if now > cycle.progress_due:
        return sent
    entered = ProgressEntry.objects.current().filter(employee=OuterRef("employee"), target__period=cycle.period)
    silent = _users(waiting.filter(~Exists(entered), plan__isnull=False).values("employee"))
    return sent + notify(
        recipients=silent,
        kind="progress_due",
        data={"period": cycle.period, "due": cycle.progress_due.isoformat()},
        link="/kinerja/",
        once=f"progress_due:{cycle.pk}:{day}",
        event=None,
        now=now,
    )


def _users(employees: Any) -> list[int]:
    return list(User.objects.filter(is_active=True, employee__in=employees).order_by("id").values_list("id", flat=True))
