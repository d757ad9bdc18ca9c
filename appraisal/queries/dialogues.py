"""Notes of dialogues: those about a plan or a rating, and where one is required and missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import QuerySet

from appraisal.models import Assessment, Dialogue, PerformancePlan
from appraisal.rules.requirements import is_below_good

from .leave import depth_policy


def about_rating(case: Assessment) -> QuerySet[Dialogue]:
    """Of this person with this rater in the period, whichever version of the rating they were written at; the latest first."""
    same = Dialogue.objects.filter(
        assessment__cycle=case.cycle_id, assessment__employee=case.employee_id, assessment__assessor=case.assessor_id
    )
    return same.select_related("led_by").order_by("-id")


def about_plan(plan: PerformancePlan) -> QuerySet[Dialogue]:
    return Dialogue.objects.filter(plan=plan).select_related("led_by").order_by("-id")


def lacks_plan_dialogue(plan: PerformancePlan, *, on: dt.date) -> bool:
    """Whether the policy of the day of signing asks for a note about this setting of the plan that is not there."""
    return depth_policy(on=on).dialogue_at_plan and not about_plan(plan).filter(plan_revision=plan.revision).exists()


def lacking_dialogue(cases: Iterable[Assessment]) -> set[int]:
    """Of these cases with their cycles those below Baik whose period requires a note that is not there.

    No query where nobody stands below Baik; else one for each month's policy, and one for the notes where one is required.
    """
    below = [case for case in cases if is_below_good(case.result_rating, case.behaviour_rating)]
    rules = {start: depth_policy(on=start).dialogue_below_good for start in {case.cycle.start for case in below}}
    asked = [case for case in below if rules[case.cycle.start]]
    if not asked:
        return set()
    noted = Dialogue.objects.filter(
        assessment__cycle__in={case.cycle_id for case in asked}, assessment__employee__in={case.employee_id for case in asked}
    )
    found = set(noted.values_list("assessment__cycle", "assessment__employee", "assessment__assessor"))
    return {case.pk for case in asked if (case.cycle_id, case.employee_id, case.assessor_id) not in found}
