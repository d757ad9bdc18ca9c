"""Open service cases whose responsible officer has left."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import QuerySet

from appraisal.incentives.models import ServiceCase
from employees.queries.handover import gone_on, in_care
from employees.rules.viewing import Viewer


def cases_without_officer(viewer: Viewer) -> QuerySet[ServiceCase]:
    """Open cases in reach whose responsible officer is gone today."""
    left = ServiceCase.objects.filter(finished_at=None, responsible__in=gone_on(viewer.on).values("pk"))
    mine = left.filter(responsible__in=in_care(viewer).values("pk"))
    return mine.select_related("responsible", "service_type").order_by("due_at", "pk")


def open_cases_of(people: Collection[int]) -> int:
    return ServiceCase.objects.filter(finished_at=None, responsible__in=people).count()
