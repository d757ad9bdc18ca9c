"""Which targets of a period count, and which their owner left empty: one reading for every screen, report and reminder."""

from __future__ import annotations

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from appraisal.models import PeriodTarget, ProgressEntry

#: Asks for a figure in its period: the indicator was not retired before it began.
IN_USE = Q(indicator__retired_on=None) | Q(indicator__retired_on__gt=F("start"))


def left_empty() -> QuerySet[PeriodTarget]:
    """For ``Exists`` on assessments: targets of the case's plan and period that wait for their owner.

    Measured indicators wait for nobody: their figure comes from source rows.
    """
    filled = ProgressEntry.objects.current().filter(target=OuterRef("pk"))
    return PeriodTarget.objects.filter(
        IN_USE, ~Exists(filled), indicator__plan=OuterRef("plan"), period=OuterRef("cycle__period"), indicator__measure=""
    )
