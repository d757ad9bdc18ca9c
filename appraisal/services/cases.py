"""The cases of a cycle, kept in step with posts, plans and status while it is open; in sets.

A case is one person in one post: who moves within the period has two, each with its own rater. What an official has
finished stays as he left it, and nothing here touches a cycle that is closed.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
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
from appraisal.queries.stretches import (
    plans_in,
    plans_of,
    posting_before,
    posts_in,
    steady_plans_in,
    steady_posts_in,
    unsteady,
    with_own_days,
)
from appraisal.rules.lifecycle import ASSESSMENT_MOVES, OPEN_CYCLES, AssessmentState, origins
from bukittinggi_kinerja.common.events import record_event
from bukittinggi_kinerja.common.sets import insert_from
from employees.models import Posting, Status
from employees.rules.spans import Span

from .rating import MARK_COLUMNS, REASON_COLUMNS

CASE_FIELDS = (
    *("cycle", "plan", "employee", "stretch_start", "stretch_end", "unit", "assessor", "reviewer"),
    *("state", "state_reason", "version", "is_current", "revision", "result_reason", "behaviour_reason", "note", "receipt", "updated_at"),
)
#: People in these states have cases, but nothing to be judged on.
AWAY = (Status.LEAVE, Status.STUDY)
GONE = (Status.INACTIVE, Status.RETIRED)
SERVED_ELSEWHERE = "Hari-harinya dinilai dalam penilaian lain"


def ensure_assessments(*, cycle: Cycle, now: dt.datetime) -> int:
    """Give every person of the cycle a case for each post he held in it, with the plan of that post where there is one.

    May run at any time: cases stay, and while unfinished follow a transfer, a plan that came late, a changed leader and
    leave. Returns the cases added. Where nothing has changed nobody is kept waiting: the cycle is locked only to write.
    """
    return _bring_in_step(cycle, now) if _is_out_of_step(cycle) else 0


@transaction.atomic
def _bring_in_step(cycle: Cycle, now: dt.datetime) -> int:
    if Cycle.objects.select_for_update().get(pk=cycle.pk).state not in OPEN_CYCLES:
        return 0
    _follow_transfers(cycle, now)
    _adopt_late_plans(cycle, now)
    added = _add_missing(cycle)
    _follow_leaders(cycle, now)
    _follow_status(cycle, now)
    if added:
        record_event(action="appraisal.cycle.cases_added", subject=cycle, actor=None, now=now, new={"added": added})
    return added


def _is_out_of_step(cycle: Cycle) -> bool:
    """Whether a run may find something to do; cheap, and rather once too often."""
    signs: tuple[QuerySet[Any], ...] = (
        _waiting_plans(cycle),
        _without_case(steady_posts_in(cycle), cycle),
        _without_case(_posts_of_movers(cycle), cycle),
        _under_others(cycle),
        *_by_status(cycle),
    )
    return any(sign.exists() for sign in signs) or any(_moved(case) for days in _own_days(cycle) for case in days)


def _add_missing(cycle: Cycle) -> int:
    """The many whose post did not change by cheap statements, the few others by their stretches."""
    waiting = _waiting_plans(cycle).values("pk")
    added = _insert_planned(steady_plans_in(cycle).filter(pk__in=waiting), cycle)
    few = list(waiting.values_list("pk", flat=True))
    added += _insert_planned(plans_in(cycle).filter(pk__in=few), cycle) if few else 0
    return added + _insert_unplanned(steady_posts_in(cycle), cycle) + _insert_unplanned(_posts_of_movers(cycle), cycle)


def _waiting_plans(cycle: Cycle) -> QuerySet[PerformancePlan]:
    """Agreed plans without a case, of people who have days left that no case covers."""
    cases = Assessment.objects.current().filter(cycle=cycle)
    plans = plans_of(cycle).exclude(employee__status__in=GONE)
    return plans.filter(~Exists(cases.filter(plan=OuterRef("pk"))))


def _posts_of_movers(cycle: Cycle) -> QuerySet[Posting, Any]:
    """The stretches of those who came, went or moved within the cycle."""
    held = Posting.objects.overlapping(cycle.start, cycle.end).filter(position__group=cycle.group)
    movers = held.filter(Q(valid__startswith__gt=cycle.start) | Q(valid__endswith__lt=cycle.end)).values_list("employee_id", flat=True)
    return posts_in(cycle).filter(employee__in=list(movers))


def _without_case(rows: QuerySet[Any, Any], cycle: Cycle) -> QuerySet[Any, Any]:
    return rows.exclude(employee__status__in=GONE).filter(_free(cycle))


def _insert_planned(plans: QuerySet[PerformancePlan, Any], cycle: Cycle) -> int:
    rows = _as_cases(_without_case(plans, cycle), cycle, plan=F("pk"), version=_next_version(cycle, "pk"))
    return insert_from(Assessment, CASE_FIELDS, rows)


def _next_version(cycle: Cycle, plan: str) -> Coalesce:
    """After the cases of this plan that were replaced; ``plan`` is a name of the outer query."""
    counted = Assessment.objects.filter(cycle=cycle, plan=OuterRef(plan)).order_by("-version")
    return Coalesce(Subquery(counted.values("version")[:1]) + 1, 1)


def _insert_unplanned(posts: QuerySet[Posting, Any], cycle: Cycle) -> int:
    rows = _as_cases(_without_case(posts, cycle), cycle, plan=Cast(Value(None), IntegerField()), version=Value(1))
    return insert_from(Assessment, CASE_FIELDS, rows)


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
    planned, free = _own_days(cycle)
    found: list[Any] = [*planned]
    _leave_plans([case for case in found if case.first_day >= case.upto], cycle, now)
    found = [case for case in found if case.first_day < case.upto]
    # Those who left their plan are among the cases without one now.
    found += [case for case in free if case.first_day < case.upto]
    kept, doubled = _side_by_side(cycle, found)
    kept = [case for case in kept if _moved(case)]
    if not kept and not doubled:
        return
    old = {str(case.pk): [case.stretch_start, case.stretch_end] for case in [*kept, *doubled]}
    _replace(doubled)
    for case in kept:
        case.stretch_start, case.stretch_end = case.first_day, case.upto
        case.revision += 1
    # Borders may move past each other: no two rows of the statement may meet on the way.
    Assessment.objects.filter(pk__in=[case.pk for case in kept]).update(is_current=False)
    Assessment.objects.bulk_update(kept, ["stretch_start", "stretch_end", "is_current", "revision"], batch_size=1_000)
    new = {str(case.pk): [case.stretch_start, case.stretch_end] for case in kept}
    record_event(action="appraisal.assessment.transfer_followed", subject=cycle, actor=None, now=now, old=old, new=new)


def _own_days(cycle: Cycle) -> tuple[QuerySet[Assessment, Any], QuerySet[Assessment, Any]]:
    """Unfinished cases that a cheap look finds unsteady, with and without a plan, with the days they should cover."""
    few = list(unsteady(cycle, _unfinished(cycle)).values_list("pk", flat=True))
    return with_own_days(cycle, _unfinished(cycle).filter(pk__in=few))


def _moved(case: Any) -> bool:
    return bool((case.first_day, case.upto) != (case.stretch_start, case.stretch_end))


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
    _replace([case for case in cases if case.pk not in free])
    Assessment.objects.filter(pk__in=free).update(plan=None, stretch_start=cycle.start, stretch_end=cycle.end, revision=F("revision") + 1)
    old = {str(case.pk): case.plan_id for case in cases}
    record_event(action="appraisal.assessment.plan_left", subject=cycle, actor=None, now=now, old=old, new={"kept": sorted(free)})


def _side_by_side(cycle: Cycle, cases: list[Any]) -> tuple[list[Any], list[Any]]:
    """The cases cut so that no two of a person share a day, and those for which no day is left.

    A case that does not move keeps its days, as does the one of two that already begins where both would.
    """
    others = Assessment.objects.current().filter(cycle=cycle, employee__in={case.employee_id for case in cases})
    covered: dict[int, list[Span]] = defaultdict(list)
    for employee, first, end in others.exclude(pk__in=[case.pk for case in cases]).values_list(
        "employee_id", "stretch_start", "stretch_end"
    ):
        covered[employee].append(Span(first, end))
    kept: list[Any] = []
    doubled: list[Any] = []
    for case in sorted(cases, key=lambda case: (case.employee_id, case.first_day != case.stretch_start, case.pk)):
        left = [Span(case.first_day, case.upto)]
        for span in covered[case.employee_id]:
            left = [part for piece in left for part in piece.without(span)]
        if not left:
            doubled.append(case)
            continue
        case.first_day, case.upto = left[0].start, left[0].end
        covered[case.employee_id].append(left[0])
        kept.append(case)
    return kept, doubled


def _replace(cases: Iterable[Assessment]) -> None:
    """Cases whose days another case of the person covers; they stay readable."""
    ids = [case.pk for case in cases]
    rows = Assessment.objects.filter(pk__in=ids, state__in=origins(ASSESSMENT_MOVES, AssessmentState.SUPERSEDED))
    rows.update(state=AssessmentState.SUPERSEDED.value, state_reason=SERVED_ELSEWHERE, is_current=False, revision=F("revision") + 1)


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
        .annotate(number=_next_version(cycle, "late"))
        .order_by("stretch_start")
    )
    # A plan serves one case, the earliest it meets.
    found = list({case.late: case for case in reversed(found)}.values())
    if not found:
        return
    for case in found:
        case.plan_id, case.version = case.late, case.number
        case.stretch_start, case.stretch_end = case.begins, case.finishes
        case.revision += 1
    Assessment.objects.bulk_update(found, ["plan", "version", "stretch_start", "stretch_end", "revision"], batch_size=1_000)
    new = {str(case.pk): case.plan_id for case in found}
    record_event(action="appraisal.assessment.plan_adopted", subject=cycle, actor=None, now=now, new=new)


def _under_others(cycle: Cycle) -> QuerySet[Assessment]:
    """Drafts whose unit, rater or rater's leader is another by the postings of their last day known now."""
    drafts = Assessment.objects.current().filter(cycle=cycle, state=AssessmentState.DRAFT)
    led = posting_before("employee", "stretch_end").filter(supervisor__isnull=False)
    as_told = led.filter(supervisor=OuterRef("assessor"), unit=OuterRef("unit"))
    over = posting_before("assessor", "stretch_end").filter(supervisor__isnull=False)
    over_as_told = Q(Exists(over.filter(supervisor=OuterRef("reviewer")))) | (Q(reviewer=None) & ~Q(Exists(over)))
    return drafts.filter(Exists(led)).exclude(pk__in=drafts.filter(Q(Exists(as_told)) & over_as_told).values("pk"))


def _follow_leaders(cycle: Cycle, now: dt.datetime) -> None:
    """Unfinished cases belong to the leader of their last day. Marks he did not set go: a judgement is one's own."""
    few = list(_under_others(cycle).values_list("pk", flat=True))
    posting = posting_before("employee", "stretch_end")
    found: list[Any] = list(
        Assessment.objects.filter(pk__in=few)
        .annotate(rater=Subquery(posting.values("supervisor")[:1]), post_unit=Subquery(posting.values("unit_id")[:1]))
        .annotate(over=Subquery(posting_before("rater", "stretch_end").values("supervisor")[:1]))
    )
    if not found:
        return
    old = {str(case.pk): _held(case) for case in found}
    for case in found:
        if case.assessor_id != case.rater:
            _forget_marks(case)
        case.assessor_id, case.reviewer_id, case.unit_id = case.rater, case.over, case.post_unit
        case.revision += 1
    columns = ["assessor", "reviewer", "unit", "rated_by", "rated_at", *JUDGEMENT, "revision"]
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


def _by_status(cycle: Cycle) -> tuple[QuerySet[Assessment], QuerySet[Assessment]]:
    """Cases nobody marked of people who went on leave, and of those who came back."""
    cases = Assessment.objects.current().filter(cycle=cycle, rated_at=None)
    left = cases.filter(state__in=origins(ASSESSMENT_MOVES, AssessmentState.EXEMPT), employee__status__in=AWAY)
    away = cases.filter(state__in=origins(ASSESSMENT_MOVES, AssessmentState.DRAFT), state_reason__in=AWAY)
    return left, away.exclude(employee__status__in=(*AWAY, *GONE))


def _follow_status(cycle: Cycle, now: dt.datetime) -> None:
    """Who goes on leave is not judged, who comes back is; a case somebody marked is left to its rater."""
    left, back = _by_status(cycle)
    moved = {
        AssessmentState.EXEMPT.value: list(left.values_list("pk", "employee__status")),
        AssessmentState.DRAFT.value: [(pk, "") for pk in back.values_list("pk", flat=True)],
    }
    for state, rows in moved.items():
        for why in {reason for _pk, reason in rows}:
            ids = [pk for pk, reason in rows if reason == why]
            Assessment.objects.filter(pk__in=ids).update(state=state, state_reason=why, revision=F("revision") + 1)
    new = {state: [pk for pk, _reason in rows] for state, rows in moved.items() if rows}
    if new:
        record_event(action="appraisal.assessment.status_followed", subject=cycle, actor=None, now=now, new=new)
