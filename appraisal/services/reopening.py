"""Finished ratings that facts have overtaken: open again for their rater, marks kept, until he has looked once more."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db.models import F

from appraisal.models import Assessment
from appraisal.rules.lifecycle import ASSESSMENT_MOVES, AssessmentState, moved
from bukittinggi_kinerja.common.events import record_event
from bukittinggi_kinerja.common.notices import notify
from bukittinggi_kinerja.common.period import local_date
from employees.queries.desks import accounts_of, told_for


def finished_ratings(*, cycle_ids: Collection[int], plan_ids: Collection[int]) -> dict[int, Assessment]:
    """The cases of these plans that are rated and not published, by plan, locked until the caller's transaction ends.

    All cases of the plans are locked: a rating that is being finished is waited for, and then seen as finished.
    """
    if not plan_ids:
        return {}
    cases = Assessment.objects.current().filter(cycle_id__in=cycle_ids, plan_id__in=plan_ids)
    held = cases.select_for_update().order_by("id")
    return {case.plan_id: case for case in held if case.plan_id is not None and case.state == AssessmentState.RATED}


def reopen_ratings(*, cases: Collection[Assessment], period: str, now: dt.datetime) -> None:
    """DINILAI -> DRAF with every mark as it was, inside the caller's transaction; a notice to the rater and the official."""
    for case in cases:
        draft = moved(ASSESSMENT_MOVES, AssessmentState(case.state), AssessmentState.DRAFT).value
        Assessment.objects.filter(pk=case.pk).update(state=draft, revision=F("revision") + 1)
        event = record_event(
            action="appraisal.assessment.reopened",
            subject=case,
            actor=None,
            now=now,
            old={"state": case.state},
            new={"state": draft, "because": "measured"},
        )
        raters = {case.rated_by_id, *told_for([case.assessor_id], on=local_date(now))} - {case.employee_id}
        notify(
            recipients=accounts_of(raters),
            kind="rating_overtaken",
            data={"period": period},
            link=f"/tim/nilai/{case.pk}/",
            once=f"rating_overtaken:{case.pk}:{case.revision}",
            event=event,
            now=now,
        )
