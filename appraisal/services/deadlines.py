"""Reminders in the application while a cycle waits: one a day and person, none once the work is done."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Exists

from appraisal.models import Assessment, Cycle
from appraisal.queries.targets import left_empty
from appraisal.rules.lifecycle import AssessmentState
from bukittinggi_kinerja.common.notices import notify
from bukittinggi_kinerja.common.period import local_date
from employees.models import User


def remind_before_deadline(*, cycle: Cycle, now: dt.datetime) -> int:
    """Tell raters of unfinished ratings, and people with an empty target while they may still fill it.

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
    silent = _users(waiting.filter(Exists(left_empty()), plan__isnull=False).values("employee"))
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
