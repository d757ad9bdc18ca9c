"""Reads of ongoing feedback."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import QuerySet

from appraisal.models import Feedback, WorkResult
from employees.models import Employee, Posting
from employees.rules.viewing import Viewer


@dataclass(frozen=True)
class FeedbackTarget:
    """A person feedback may be written about, with the post of the day and the work results of his plan."""

    employee: Employee
    position: str
    work_results: list[WorkResult] = field(default_factory=list)


def target_for(employee_id: int, *, on: dt.date) -> FeedbackTarget | None:
    """The person with his post on a day and the work results of the plan in force; None without a posting."""
    posting = Posting.objects.in_force(on=on).filter(employee_id=employee_id).select_related("employee", "position").first()
    if posting is None:
        return None
    results = WorkResult.objects.filter(plan__employee_id=employee_id, plan__valid__contains=on)
    return FeedbackTarget(employee=posting.employee, position=posting.position.title, work_results=list(results))


def feedback_about(viewer: Viewer) -> QuerySet[Feedback]:
    """Standing feedback about the viewer himself, the latest first."""
    if viewer.employee_id is None:
        return Feedback.objects.none()
    return Feedback.objects.standing().filter(employee_id=viewer.employee_id).select_related("author", "work_result")


def feedback_by(viewer: Viewer) -> QuerySet[Feedback]:
    """Standing feedback the viewer wrote, the latest first."""
    return Feedback.objects.standing().filter(author_id=viewer.employee_id).select_related("employee", "work_result")
