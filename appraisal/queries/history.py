"""What happened to one assessment, read from the memory of events."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from appraisal.models import Assessment
from bukittinggi_kinerja.common.models import Event
from employees.models import User

SHOWN = 40


@dataclass(frozen=True)
class Happening:
    """One event in the life of an assessment; ``who`` is a name, empty for the system."""

    at: dt.datetime
    action: str
    who: str
    old: dict[str, Any]
    new: dict[str, Any]
    reason: str


def history_of(case: Assessment) -> list[Happening]:
    """The latest events first, at most SHOWN, in two queries."""
    events = list(Event.objects.filter(subject_type="appraisal.assessment", subject_id=str(case.pk)).order_by("-id")[:SHOWN])
    actors = {event.actor for event in events if event.actor is not None}
    names = dict(User.objects.filter(id__in=actors).values_list("id", "employee__name"))
    return [Happening(at=e.at, action=e.action, who=names.get(e.actor or 0) or "", old=e.old, new=e.new, reason=e.reason) for e in events]
