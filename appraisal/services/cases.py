"""The cases of a cycle, kept in step with posts, plans and status while it is open; in sets.

A case is one person in one post: who moves within the period has two, each with its own rater. What an official has
finished stays as he left it, and nothing here touches a cycle that is closed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import (
    BigIntegerField,
    BooleanField,
    Case,
    CharField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Now

from appraisal.models import Assessment, Cycle, PerformancePlan
from appraisal.queries.stretches import drafts_with_plan, drafts_without_plan, plans_in, posting_before, posts_in
from appraisal.rules.lifecycle import ASSESSMENT_MOVES, AssessmentState, origins
from bukittinggi_kinerja.common.events import record_event
from bukittinggi_kinerja.common.sets import Differs, insert_from
from employees.models import Posting, Status

from .rating import MARK_COLUMNS, REASON_COLUMNS

CASE_FIELDS = (
    *("cycle", "plan", "employee", "stretch_start", "stretch_end", "unit", "assessor", "reviewer"),
    *("state", "state_reason", "version", "is_current", "revision", "result_reason", "behaviour_reason", "note", "receipt", "updated_at"),
)
#: People in these states have cases, but nothing to be judged on.
AWAY = (Status.LEAVE, Status.STUDY)
GONE = (Status.INACTIVE, Status.RETIRED)
SERVED_ELSEWHERE = "Hari-harinya dinilai dalam penilaian lain"


@transaction.atomic
def ensure_assessments(*, cycle: Cycle, now: dt.datetime) -> int:
    """Give every person of the cycle a case for each post he held in it, with the plan of that post where there is one.

    May run at any time: cases stay, and while unfinished follow a transfer, a plan that came late, a changed leader and
    leave. Returns the cases added.
    """
    Cycle.objects.select_for_update().get(pk=cycle.pk)
    _follow_transfers(cycle, now)
    _adopt_late_plans(cycle, now)
    # Most runs find every plan served, and that is asked cheaply.
    added = insert_from(Assessment, CASE_FIELDS, _cases_with_plan(cycle)) if _waiting_plans(cycle).exists() else 0
    added += insert_from(Assessment, CASE_FIELDS, _cases_without_plan(cycle))
    _follow_leaders(cycle, now)
    _follow_status(cycle, now)
    if added:
        record_event(action="appraisal.cycle.cases_added", subject=cycle, actor=None, now=now, new={"added": added})
    return added


def _waiting_plans(cycle: Cycle) -> QuerySet[PerformancePlan]:
    served = Assessment.objects.current().filter(cycle=cycle, plan=OuterRef("pk"))
    plans = PerformancePlan.objects.agreed().overlapping(cycle.start, cycle.end).filter(position__group=cycle.group)
    return plans.filter(~Exists(served))


def _cases_with_plan(cycle: Cycle) -> QuerySet[PerformancePlan, Any]:
    counted = Assessment.objects.filter(cycle=cycle, plan=OuterRef("pk"))
    versions = Subquery(counted.order_by("-version").values("version")[:1])
    plans = plans_in(cycle).exclude(employee__status__in=GONE).filter(~Exists(counted.current()), _free(cycle))
    return _as_cases(plans, cycle, plan=F("pk"), version=Coalesce(versions + 1, 1))


def _cases_without_plan(cycle: Cycle) -> QuerySet[Posting, Any]:
    posts = posts_in(cycle).exclude(employee__status__in=GONE).filter(_free(cycle))
    return _as_cases(posts, cycle, plan=Cast(Value(None), IntegerField()), version=Value(1))


def _free(cycle: Cycle) -> Q:
    """No case of the person covers a day of the row: a finished rating keeps its days."""
    cases = Assessment.objects.current().filter(cycle=cycle, employee=OuterRef("employee"))
    return ~Q(Exists(cases.filter(stretch_start__lt=OuterRef("upto"), stretch_end__gt=OuterRef("first_day"))))


def _as_cases(rows: QuerySet[Any, Any], cycle: Cycle, *, plan: Any, version: Any) -> QuerySet[Any, Any]:
    """Columns in CASE_FIELDS order; rater, unit and the rater's own leader are those of the last day."""
    away = Q(employee__status__in=AWAY)
    draft, exempt = Value(AssessmentState.DRAFT.value), Value(AssessmentState.EXEMPT.value)
    posting = posting_before("employee", "upto")
    cases: QuerySet[Any, Any] = (
        rows.annotate(rater=Subquery(posting.values("supervisor")[:1]))
        .annotate(
            case_cycle=Value(cycle.pk),
            case_plan=plan,
            case_unit=Coalesce(Subquery(posting.values("unit_id")[:1]), F("unit_id"), output_field=BigIntegerField()),
            over=Subquery(posting_before("rater", "upto").values("supervisor")[:1]),
            case_state=Case(When(away, then=exempt), default=draft, output_field=CharField()),
            why=Case(When(away, then=F("employee__status")), default=Value(""), output_field=CharField()),
            case_version=version,
            one=Value(1),
            yes=Value(True, output_field=BooleanField()),
            empty=Value(""),
            moment=Now(),
        )
        .order_by("employee_id", "first_day")
        .values_list(
            *("case_cycle", "case_plan", "employee", "first_day", "upto", "case_unit", "rater", "over"),
            *("case_state", "why", "case_version", "yes", "one", "empty", "empty", "empty", "empty", "moment"),
        )
    )
    return cases


def _unfinished(cycle: Cycle) -> QuerySet[Assessment]:
    """Drafts, and cases that wait because their person is away."""
    waiting = Q(state=AssessmentState.DRAFT) | Q(state=AssessmentState.EXEMPT, state_reason__in=AWAY)
    return Assessment.objects.current().filter(waiting, cycle=cycle)


def _follow_transfers(cycle: Cycle, now: dt.datetime) -> None:
    """Bring the days of unfinished cases in line with the posts their people held."""
    moved = ~Q(first_day=F("stretch_start"), upto=F("stretch_end"))
    _leave_plans([case for case in drafts_with_plan(cycle, _unfinished(cycle)).filter(moved) if case.first_day >= case.upto], cycle, now)
    found: list[Any] = []
    for cases in (drafts_with_plan(cycle, _unfinished(cycle)), drafts_without_plan(cycle, _unfinished(cycle))):
        found += [case for case in cases.filter(moved) if case.first_day < case.upto]
    if not found:
        return
    old = {str(case.pk): [case.stretch_start, case.stretch_end] for case in found}
    kept, doubled = _one_for_each_start(cycle, found)
    _replace(doubled, now)
    for case in kept:
        case.stretch_start, case.stretch_end, case.updated_at = case.first_day, case.upto, now
        case.revision += 1
    Assessment.objects.bulk_update(kept, ["stretch_start", "stretch_end", "revision", "updated_at"], batch_size=1_000)
    new = {str(case.pk): [case.stretch_start, case.stretch_end] for case in kept}
    record_event(action="appraisal.assessment.transfer_followed", subject=cycle, actor=None, now=now, old=old, new=new)


def _leave_plans(cases: list[Any], cycle: Cycle, now: dt.datetime) -> None:
    """Who had left the post of the plan before the period is judged in his new one: the case goes on without that plan."""
    if not cases:
        return
    ids, people = [case.pk for case in cases], {case.employee_id for case in cases}
    others = Assessment.objects.current().filter(cycle=cycle, employee__in=people).exclude(pk__in=ids)
    served = set(others.values_list("employee_id", flat=True))
    # Two plans left behind by one person leave one case.
    first = {case.employee_id: case.pk for case in sorted(cases, key=lambda case: -case.pk)}
    free = {pk for employee, pk in first.items() if employee not in served}
    _replace([case for case in cases if case.pk not in free], now)
    Assessment.objects.filter(pk__in=free).update(
        plan=None, stretch_start=cycle.start, stretch_end=cycle.end, revision=F("revision") + 1, updated_at=now
    )
    old = {str(case.pk): case.plan_id for case in cases}
    record_event(action="appraisal.assessment.plan_left", subject=cycle, actor=None, now=now, old=old, new={"kept": sorted(free)})


def _one_for_each_start(cycle: Cycle, cases: list[Any]) -> tuple[list[Any], list[Any]]:
    """Where two cases of a person would cover the same days, the one that already begins there stays."""
    others = Assessment.objects.current().filter(cycle=cycle, employee__in={case.employee_id for case in cases})
    taken = set(others.exclude(pk__in=[case.pk for case in cases]).values_list("employee_id", "stretch_start"))
    kept: list[Any] = []
    doubled: list[Any] = []
    for case in sorted(cases, key=lambda case: (case.employee_id, case.first_day != case.stretch_start, case.pk)):
        key = (case.employee_id, case.first_day)
        (doubled if key in taken else kept).append(case)
        taken.add(key)
    return kept, doubled


def _replace(cases: Iterable[Assessment], now: dt.datetime) -> None:
    """Cases whose days another case of the person covers; they stay readable."""
    ids = [case.pk for case in cases]
    rows = Assessment.objects.filter(pk__in=ids, state__in=origins(ASSESSMENT_MOVES, AssessmentState.SUPERSEDED))
    rows.update(
        state=AssessmentState.SUPERSEDED.value, state_reason=SERVED_ELSEWHERE, is_current=False, revision=F("revision") + 1, updated_at=now
    )


def _adopt_late_plans(cycle: Cycle, now: dt.datetime) -> None:
    """A case that waited without a plan takes the plan that came: what its rater wrote stays with it."""
    taken = Assessment.objects.current().filter(cycle=cycle, plan=OuterRef("pk"))
    meets = Q(first_day__lt=OuterRef("stretch_end"), upto__gt=OuterRef("stretch_start"))
    first: QuerySet[Any, Any] = plans_in(cycle).filter(meets, ~Exists(taken), employee=OuterRef("employee")).order_by("valid", "pk")
    waiting = Assessment.objects.current().filter(cycle=cycle, plan__isnull=True, state=AssessmentState.DRAFT)
    found: list[Any] = list(
        waiting.annotate(late=Subquery(first.values("pk")[:1]))
        .exclude(late=None)
        .annotate(begins=Subquery(first.values("first_day")[:1]), finishes=Subquery(first.values("upto")[:1]))
    )
    if not found:
        return
    for case in found:
        case.plan_id, case.updated_at = case.late, now
        case.stretch_start, case.stretch_end = case.begins, case.finishes
        case.revision += 1
    Assessment.objects.bulk_update(found, ["plan", "stretch_start", "stretch_end", "revision", "updated_at"], batch_size=1_000)
    new = {str(case.pk): case.plan_id for case in found}
    record_event(action="appraisal.assessment.plan_adopted", subject=cycle, actor=None, now=now, new=new)


def _follow_leaders(cycle: Cycle, now: dt.datetime) -> None:
    """Unfinished cases belong to the leader of their last day. Marks he did not set go: a judgement is one's own."""
    drafts = Assessment.objects.current().filter(cycle=cycle, state=AssessmentState.DRAFT)
    posting = posting_before("employee", "stretch_end")
    found: list[Any] = list(
        drafts.annotate(rater=Subquery(posting.values("supervisor")[:1]), post_unit=Subquery(posting.values("unit_id")[:1]))
        .annotate(over=Subquery(posting_before("rater", "stretch_end").values("supervisor")[:1]))
        .filter(rater__isnull=False)
        .filter(
            Q(Differs(F("rater"), F("assessor_id"))) | Q(Differs(F("over"), F("reviewer_id"))) | Q(Differs(F("post_unit"), F("unit_id")))
        )
    )
    if not found:
        return
    old = {str(case.pk): _held(case) for case in found}
    for case in found:
        if case.assessor_id != case.rater:
            _forget_marks(case)
        case.assessor_id, case.reviewer_id, case.unit_id, case.updated_at = case.rater, case.over, case.post_unit, now
        case.revision += 1
    columns = ["assessor", "reviewer", "unit", "rated_by", "rated_at", *JUDGEMENT, "revision", "updated_at"]
    Assessment.objects.bulk_update(found, columns, batch_size=1_000)
    new = {str(case.pk): {"assessor": case.assessor_id, "reviewer": case.reviewer_id, "unit": case.unit_id} for case in found}
    record_event(action="appraisal.assessment.assessor_followed", subject=cycle, actor=None, now=now, old=old, new=new)


#: What a rater sets, but for examples: those tell what happened, whoever wrote them.
JUDGEMENT = (*MARK_COLUMNS.values(), *REASON_COLUMNS.values(), "note")


def _forget_marks(case: Assessment) -> None:
    for column in JUDGEMENT:
        setattr(case, column, None if column in MARK_COLUMNS.values() else "")
    case.rated_by_id = case.rated_at = None


def _held(case: Assessment) -> dict[str, object]:
    """What following the leader may change, for the memory of the city; no word where none was written."""
    judged = {column: getattr(case, column) for column in JUDGEMENT if getattr(case, column) not in {None, ""}}
    return {"assessor": case.assessor_id, "reviewer": case.reviewer_id, "unit": case.unit_id, **judged}


def _follow_status(cycle: Cycle, now: dt.datetime) -> None:
    """Who goes on leave is not judged, who comes back is; a case somebody marked is left to its rater."""
    cases = Assessment.objects.current().filter(cycle=cycle, rated_at=None)
    left = cases.filter(state__in=origins(ASSESSMENT_MOVES, AssessmentState.EXEMPT), employee__status__in=AWAY)
    away = cases.filter(state__in=origins(ASSESSMENT_MOVES, AssessmentState.DRAFT), state_reason__in=AWAY)
    back = away.exclude(employee__status__in=(*AWAY, *GONE))
    moved = {
        AssessmentState.EXEMPT.value: list(left.values_list("pk", "employee__status")),
        AssessmentState.DRAFT.value: [(pk, "") for pk in back.values_list("pk", flat=True)],
    }
    for state, rows in moved.items():
        for why in {reason for _pk, reason in rows}:
            ids = [pk for pk, reason in rows if reason == why]
            Assessment.objects.filter(pk__in=ids).update(state=state, state_reason=why, revision=F("revision") + 1, updated_at=now)
    new = {state: [pk for pk, _reason in rows] for state, rows in moved.items() if rows}
    if new:
        record_event(action="appraisal.assessment.status_followed", subject=cycle, actor=None, now=now, new=new)
