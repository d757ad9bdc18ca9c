"""Cases that closed unrated and are open again, in sets: a new version with the marks of the draft, the old one stays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db.models import F, Q, QuerySet

from appraisal.models import Assessment, DeadlineChange, RatingExample
from appraisal.queries.deadlines import STILL_OPEN, in_scope
from appraisal.rules.deadlines import What
from appraisal.rules.lifecycle import AssessmentState
from bukittinggi_kinerja.common.notices import notify, withdraw_kinds
from bukittinggi_kinerja.common.period import local_date
from employees.queries.desks import accounts_of, desks_of, told_for

from .version_sets import COPIED

NOT_RATED_KINDS = ("not_rated", "not_rated_escalated", "late_rating_reminder")


def reopen_cases(closed: QuerySet[Assessment], *, dues: Mapping[str, dt.datetime], reason: str, now: dt.datetime) -> int:
    """BELUM_DINILAI -> a new draft under its own deadline, inside the caller's transaction; how many.

    Figures are frozen anew when that deadline passes: nothing of the first closing is copied.
    """
    old = {case.pk: case for case in closed.select_for_update(of=("self",)).select_related("cycle").order_by("id")}
    if not old:
        return 0
    Assessment.objects.filter(pk__in=old).update(
        is_current=False, state=AssessmentState.SUPERSEDED.value, state_reason=reason, revision=F("revision") + 1
    )
    drafts = Assessment.objects.bulk_create(
        Assessment(
            **{**{name: getattr(case, name) for name in COPIED}, **dues},
            version=case.version + 1,
            replaces=case,
            state=AssessmentState.DRAFT.value,
        )
        for case in old.values()
    )
    new_of = {draft.replaces_id: draft for draft in drafts}
    RatingExample.objects.bulk_create(
        RatingExample(
            assessment=new_of[row.assessment_id], aspect=row.aspect, text=row.text, feedback_id=row.feedback_id, written_at=row.written_at
        )
        for row in RatingExample.objects.filter(assessment__in=old)
    )
    _take_back(list(old.values()), now)
    return len(drafts)


def _take_back(cases: list[Assessment], now: dt.datetime) -> None:
    """Nobody is told any more that these stayed unrated, but for people of the chain who left others so, and who acts for them."""
    for period in {case.cycle.period for case in cases}:
        chain = {person for case in cases if case.cycle.period == period for person in (case.assessor_id, case.reviewer_id) if person}
        left = Assessment.objects.current().filter(state=AssessmentState.NOT_RATED.value, cycle__period=period)
        still = {person for pair in left.values_list("assessor_id", "reviewer_id") for person in pair}
        rid = desks_of(chain, on=local_date(now)).all_at(chain - still) - told_for(still, on=local_date(now))
        withdraw_kinds(kinds=NOT_RATED_KINDS, data={"period": period}, recipients=accounts_of(rid), now=now)


def tell_moved(change: DeadlineChange, *, now: dt.datetime) -> int:
    """Whoever may do something by the new date: raters of open drafts, people with figures to enter. One notice a change."""
    cases = Assessment.objects.current().filter(STILL_OPEN, in_scope(change), cycle__period=change.period)
    drafts = cases.filter(state=AssessmentState.DRAFT.value)
    who = "assessor" if change.what == What.RATING else "employee"
    wanted = drafts.filter(Q(assessor__isnull=False) if change.what == What.RATING else Q(plan__isnull=False))
    people = set(wanted.values_list(who, flat=True))
    if change.what == What.RATING:
        people = told_for(people, on=local_date(now))
    return notify(
        recipients=accounts_of(people),
        kind="deadline_moved_rating" if change.what == What.RATING else "deadline_moved_progress",
        data={"period": change.period, "due": change.until.isoformat(), "reason": change.reason},
        link=f"/tim/?periode={change.period}" if change.what == What.RATING else "/kinerja/",
        once=f"deadline_moved:{change.pk}",
        event=None,
        now=now,
    )
