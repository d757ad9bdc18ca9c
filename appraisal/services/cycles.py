"""Opening cycles and keeping their cases in step with posts and plans, in sets."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import (
    BigIntegerField,
    BooleanField,
    Case,
    CharField,
    DateField,
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
from django.db.models.functions import Cast, Coalesce, Least, Now

from appraisal.models import AppraisalPolicy, Assessment, Cycle, PerformancePlan
from appraisal.rules.lifecycle import ASSESSMENT_MOVES, CYCLE_MOVES, AssessmentState, CycleState, may_move, origins
from bukittinggi_kinerja.common.calendar import working_calendar
from bukittinggi_kinerja.common.errors import NotNow, Unacceptable
from bukittinggi_kinerja.common.events import record_event
from bukittinggi_kinerja.common.period import Period, end_of_day
from bukittinggi_kinerja.common.sets import Differs, insert_from
from employees.models import Posting, StaffGroup, Status

CASE_FIELDS = (
    "cycle",
    "plan",
    "employee",
    "unit",
    "assessor",
    "reviewer",
    "state",
    "state_reason",
    *("version", "is_current", "revision", "result_reason", "behaviour_reason", "note", "receipt", "updated_at"),
)
#: People in these states have cases, but nothing to be judged on.
AWAY = (Status.LEAVE, Status.STUDY)
_ORDER = tuple(CycleState)
GONE = (Status.INACTIVE, Status.RETIRED)


@transaction.atomic
def open_cycle(*, group: StaffGroup, period: Period, now: dt.datetime) -> Cycle:
    """The cycle of a group and period, made when missing: policy of its first day, deadlines in working days."""
    found = Cycle.objects.filter(group=group, start=period.start).first()
    if found is not None:
        return found
    policy = AppraisalPolicy.objects.in_force(on=period.start).first()
    if policy is None:
        raise Unacceptable("Belum ada aturan penilaian yang berlaku pada awal periode ini.")
    progress_due, rating_due = deadlines(period, policy)
    cycle, created = Cycle.objects.get_or_create(
        group=group,
        start=period.start,
        defaults={
            "period": period.key,
            "kind": period.kind.value,
            "policy": policy,
            "end": period.end,
            "progress_due": progress_due,
            "rating_due": rating_due,
        },
    )
    if created:
        new = {"period": period.key, "group": group.code, "policy": policy.code, "rating_due": rating_due}
        record_event(action="appraisal.cycle.opened", subject=cycle, actor=None, now=now, new=new)
    return cycle


def deadlines(period: Period, policy: AppraisalPolicy) -> tuple[dt.datetime, dt.datetime]:
    """Last admissible moment of progress and of rating: working days after the period's last day."""
    calendar = working_calendar()
    return (
        _whole_day(calendar.add(period.last_day, policy.progress_workdays)),
        _whole_day(calendar.add(period.last_day, policy.rating_workdays)),
    )


def _whole_day(day: dt.date) -> dt.datetime:
    """The last moment of a day: a mark in its last second is still in time."""
    return end_of_day(day).replace(microsecond=999_999)


@transaction.atomic
def move_cycle(*, cycle: Cycle, to: CycleState, actor: int | None, now: dt.datetime, reason: str = "") -> bool:
    """Lock, ask the table, move; False when it is already there or further: two beats may call at once."""
    locked = Cycle.objects.select_for_update().get(pk=cycle.pk)
    if _ORDER.index(CycleState(locked.state)) >= _ORDER.index(to):
        return False
    if not may_move(CYCLE_MOVES, CycleState(locked.state), to):
        raise NotNow("Siklus ini tidak dapat berpindah ke keadaan itu.")
    old = locked.state
    locked.state, locked.version = to.value, locked.version + 1
    if to is CycleState.PUBLISHED:
        locked.published_at = now
    locked.save()
    record_event(
        action="appraisal.cycle.moved",
        subject=locked,
        actor=actor,
        now=now,
        old={"state": old},
        new={"state": to.value},
        reason=reason,
    )
    return True


@transaction.atomic
def ensure_assessments(*, cycle: Cycle, now: dt.datetime) -> int:
    """Give every person of the cycle a case for each plan that overlaps it, and one without plan where none does.

    May run at any time: existing cases stay, unrated ones follow a changed assessor. Returns the cases added.
    """
    Cycle.objects.select_for_update().get(pk=cycle.pk)
    _adopt_late_plans(cycle, now)
    added = insert_from(Assessment, CASE_FIELDS, _cases_with_plan(cycle))
    added += insert_from(Assessment, CASE_FIELDS, _cases_without_plan(cycle))
    _follow_posts(cycle, now)
    _follow_status(cycle, now)
    if added:
        record_event(action="appraisal.cycle.cases_added", subject=cycle, actor=None, now=now, new={"added": added})
    return added


def _cases_with_plan(cycle: Cycle) -> QuerySet[PerformancePlan, Any]:
    plans = (
        PerformancePlan.objects.agreed()
        .overlapping(cycle.start, cycle.end)
        .filter(position__group=cycle.group)
        .exclude(employee__status__in=GONE)
        .filter(~Exists(Assessment.objects.filter(cycle=cycle, plan=OuterRef("pk"))))
        .annotate(upto=Least(Cast("valid__endswith", DateField()), Value(cycle.end)))
    )
    posting = _posting_before("employee", "upto")
    unit = Coalesce(Subquery(posting.values("unit_id")[:1]), F("unit_id"), output_field=BigIntegerField())
    return _as_cases(plans, cycle, plan=F("pk"), posting=posting, unit=unit)


def _cases_without_plan(cycle: Cycle) -> QuerySet[Posting, Any]:
    """The last posting of the period counts; who has any case in this cycle needs none."""
    postings = (
        Posting.objects.overlapping(cycle.start, cycle.end)
        .filter(position__group=cycle.group)
        .exclude(employee__status__in=GONE)
        .filter(~Exists(Assessment.objects.filter(cycle=cycle, employee=OuterRef("employee"), is_current=True)))
        .annotate(upto=Least(Cast("valid__endswith", DateField()), Value(cycle.end)))
    )
    later = Posting.objects.overlapping(cycle.start, cycle.end).filter(
        employee=OuterRef("employee"), position__group=cycle.group, valid__startswith__gt=OuterRef("valid__startswith")
    )
    return _as_cases(
        postings.filter(~Exists(later)),
        cycle,
        plan=Cast(Value(None), IntegerField()),
        posting=_posting_before("employee", "upto"),
        unit=F("unit"),
    )


def _posting_before(employee: str, upto: str) -> QuerySet[Posting]:
    """The posting, as known now, of the last day before ``upto``."""
    return Posting.objects.known().filter(
        Q(valid__endswith__gte=OuterRef(upto)) | Q(valid__endswith=None),
        employee=OuterRef(employee),
        valid__startswith__lt=OuterRef(upto),
    )


def _as_cases(rows: QuerySet[Any], cycle: Cycle, *, plan: Any, posting: QuerySet[Posting], unit: Any) -> QuerySet[Any, Any]:
    """Columns in CASE_FIELDS order."""
    away = Q(employee__status__in=AWAY)
    supervisor = Subquery(posting.values("supervisor")[:1])
    above = Posting.objects.in_force(on=cycle.end - dt.timedelta(days=1)).filter(employee=OuterRef("rater"))
    cases: QuerySet[Any, Any] = (
        rows.annotate(
            rater=supervisor,
            case_plan=plan,
            case_unit=unit,
            case_cycle=Value(cycle.pk),
            over=Subquery(above.values("supervisor")[:1]),
            case_state=Case(
                When(away, then=Value(AssessmentState.EXEMPT.value)), default=Value(AssessmentState.DRAFT.value), output_field=CharField()
            ),
            why=Case(When(away, then=F("employee__status")), default=Value(""), output_field=CharField()),
            one=Value(1),
            yes=Value(True, output_field=BooleanField()),
            empty=Value(""),
            moment=Now(),
        )
        .order_by("employee_id", "pk")
        .values_list(
            "case_cycle",
            "case_plan",
            "employee",
            "case_unit",
            "rater",
            "over",
            "case_state",
            "why",
            "one",
            "yes",
            "one",
            "empty",
            "empty",
            "empty",
            "empty",
            "moment",
        )
    )
    return cases


def _adopt_late_plans(cycle: Cycle, now: dt.datetime) -> None:
    """A case that waited without a plan takes the plan that came: what its rater wrote stays with it."""
    plans = PerformancePlan.objects.agreed().overlapping(cycle.start, cycle.end).filter(position__group=cycle.group)
    taken = Assessment.objects.filter(cycle=cycle, plan=OuterRef("pk"))
    free = plans.filter(~Exists(taken), employee=OuterRef("employee")).order_by("valid", "pk")
    waiting = Assessment.objects.current().filter(cycle=cycle, plan__isnull=True, state=AssessmentState.DRAFT)
    found = list(waiting.annotate(late=Subquery(free.values("pk")[:1])).exclude(late=None))
    if not found:
        return
    for case in found:
        case.plan_id, case.updated_at = case.late, now
        case.revision += 1
    Assessment.objects.bulk_update(found, ["plan", "revision", "updated_at"], batch_size=1_000)
    new = {str(case.pk): case.plan_id for case in found}
    record_event(action="appraisal.assessment.plan_adopted", subject=cycle, actor=None, now=now, new=new)


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


def _follow_posts(cycle: Cycle, now: dt.datetime) -> None:
    """Cases nobody rated yet follow a changed supervisor; who rated lawfully stays."""
    unrated = Assessment.objects.filter(cycle=cycle, state=AssessmentState.DRAFT, rated_at=None, is_current=True)
    upto = Least(Cast("plan__valid__endswith", DateField()), Value(cycle.end))
    over = Subquery(_posting_before("employee", "upto").values("supervisor")[:1])
    above = Posting.objects.in_force(on=cycle.end - dt.timedelta(days=1)).filter(employee=OuterRef("rater"))
    changed = list(
        unrated.annotate(upto=upto)
        .annotate(rater=over)
        .annotate(over_rater=Subquery(above.values("supervisor")[:1]))
        .filter(rater__isnull=False)
        .filter(Q(Differs(F("rater"), F("assessor_id"))) | Q(Differs(F("over_rater"), F("reviewer_id"))))
    )
    if not changed:
        return
    old = {case.pk: case.assessor_id for case in changed}
    for case in changed:
        case.assessor_id, case.reviewer_id, case.updated_at = case.rater, case.over_rater, now
        case.revision += 1
    Assessment.objects.bulk_update(changed, ["assessor", "reviewer", "revision", "updated_at"], batch_size=1_000)
    record_event(
        action="appraisal.assessment.assessor_followed",
        subject=cycle,
        actor=None,
        now=now,
        old={str(pk): assessor for pk, assessor in old.items()},
        new={str(case.pk): case.assessor_id for case in changed},
    )
