"""Closing, scoring and publishing a cycle as two chunked jobs that may be killed and started at any line."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import F, Q, QuerySet

from appraisal.models import Assessment, Cycle
from appraisal.queries.deadlines import overdue_extended, settled
from appraisal.rules.lifecycle import ASSESSMENT_MOVES, OPEN_RATINGS, AssessmentState, CycleState, origins
from bukittinggi_kinerja.common.events import record_event
from bukittinggi_kinerja.common.jobs import finish_job, start_job, work_next_chunk
from bukittinggi_kinerja.common.models import Job
from bukittinggi_kinerja.common.models.jobs import JobState
from bukittinggi_kinerja.common.notices import notify
from bukittinggi_kinerja.common.period import local_date
from employees.models import User
from employees.queries.desks import accounts_of, told_for

from .cycles import move_cycle
from .recomputation import RECOMPUTE
from .recomputation_job import work_on_versions
from .scoring import score_assessments

SCORE = "appraisal.score"
PUBLISH = "appraisal.publish"
KINDS = (SCORE, PUBLISH, RECOMPUTE)
#: Every rating, with a plan or without; what nobody rated has figures only where a plan gives some.
SCORED = Q(state=AssessmentState.RATED.value) | Q(state=AssessmentState.NOT_RATED.value, plan__isnull=False)


@transaction.atomic
def close_cycle(*, cycle: Cycle, now: dt.datetime) -> Job | None:
    """Close the ratings and start scoring; None when the cycle was closed before, or its deadline has moved meanwhile.

    What no official finished stays without predicate: BELUM_DINILAI, never zero. Cases with a later deadline of their
    own stay open and hold up nobody: ``close_extended`` brings them after.
    """
    # Whoever moves the deadline holds the cycle: asked before the lock, the date may be an old one.
    if Cycle.objects.select_for_update().get(pk=cycle.pk).rating_due > now:
        return None
    if not move_cycle(cycle=cycle, to=CycleState.CLOSED, actor=None, now=now):
        return None
    unrated = _close_cases(Assessment.objects.current().filter(settled(now), cycle=cycle))
    record_event(action="appraisal.cycle.closed", subject=cycle, actor=None, now=now, new={"not_rated": unrated})
    rows = _scored(cycle).filter(settled(now))
    return start_job(key=f"{SCORE}:{cycle.pk}", kind=SCORE, rows=rows, now=now, detail={"cycle": cycle.pk, "as_of": now.isoformat()})


@transaction.atomic
def close_extended(*, cycle: Cycle, now: dt.datetime) -> Job | None:
    """Close the cases whose own deadline has passed since their cycle was published; None where there is none.

    One such closing at a time: the next waits until the jobs of the last are done.
    """
    locked = Cycle.objects.select_for_update().get(pk=cycle.pk)
    due = Assessment.objects.current().filter(cycle=cycle, state__in=OPEN_RATINGS, own_rating_due__lt=now)
    if locked.state != CycleState.PUBLISHED or unfinished_jobs().filter(detail__cycle=cycle.pk).exists() or not due.exists():
        return None
    ids = list(due.values_list("pk", flat=True))
    unrated = _close_cases(Assessment.objects.filter(pk__in=ids))
    new = {"not_rated": unrated, "cases": len(ids)}
    record_event(action="appraisal.cycle.extended_cases_closed", subject=cycle, actor=None, now=now, new=new)
    rows = _scored(cycle).filter(pk__in=ids)
    detail = {"cycle": cycle.pk, "as_of": now.isoformat(), "wave": now.isoformat()}
    return start_job(key=f"{SCORE}:{cycle.pk}:{now.isoformat()}", kind=SCORE, rows=rows, now=now, detail=detail)


def cycles_with_overdue_cases(*, now: dt.datetime) -> QuerySet[Cycle]:
    """Published cycles some of whose cases outlasted them until now."""
    return Cycle.objects.filter(pk__in=overdue_extended(now).values("cycle")).order_by("id")


def _close_cases(cases: QuerySet[Assessment]) -> int:
    return cases.filter(state__in=origins(ASSESSMENT_MOVES, AssessmentState.NOT_RATED)).update(
        state=AssessmentState.NOT_RATED.value, state_reason="Batas penilaian lewat", revision=F("revision") + 1
    )


def not_rated_occasion(cycle_id: int) -> str:
    return f"not_rated:{cycle_id}"


def _escalate(job: Job, cycle: Cycle) -> None:
    """Every rater who left somebody unrated hears of it, and so does his superior, or who acts for them: one notice a person and closing.

    Told once the cycle is published, because only then can they rate late.
    """
    now, wave = job.created_at, job.detail.get("wave", "")
    unrated = _of(job, Assessment.objects.current().filter(cycle=cycle, state=AssessmentState.NOT_RATED))
    for kind, official in (("not_rated", "assessor"), ("not_rated_escalated", "reviewer")):
        officials = unrated.order_by().values_list(official, flat=True).distinct()
        notify(
            recipients=accounts_of(told_for(officials, on=local_date(now))),
            kind=kind,
            data={"period": cycle.period, "cycle": cycle.pk},
            link=f"/tim/?periode={cycle.period}",
            once=f"{not_rated_occasion(cycle.pk)}:{wave}" if wave else not_rated_occasion(cycle.pk),
            event=None,
            now=now,
        )


def work_on(job: Job, *, now: dt.datetime) -> Job | None:
    """Do the free chunks of a job; the next job when this call closed its last chunk, else None."""
    if job.kind == RECOMPUTE:
        work_on_versions(job, now=now)
        return None
    cycle = Cycle.objects.select_related("policy").get(pk=job.detail["cycle"])

    def step(low: int, high: int) -> int:
        rows = _of(job, Assessment.objects.current().filter(cycle=cycle, id__gte=low, id__lt=high))
        return _score(rows, cycle, job.created_at) if job.kind == SCORE else _publish(rows, cycle, job.created_at)

    while work_next_chunk(job, step, now=now):
        pass
    return _after(job, cycle, now)


def unfinished_jobs() -> QuerySet[Job]:
    return Job.objects.filter(kind__in=KINDS, state=JobState.RUNNING)


def _of(job: Job, cases: QuerySet[Assessment]) -> QuerySet[Assessment]:
    """The cases of one closing: those no later deadline kept open; of a later one those that had such a deadline.

    Jobs that began before deadlines could move name no moment, and take all.
    """
    if "as_of" not in job.detail:
        return cases
    moment = dt.datetime.fromisoformat(job.detail["as_of"])
    return cases.filter(own_rating_due__lt=moment) if "wave" in job.detail else cases.filter(settled(moment))


def _scored(cycle: Cycle) -> QuerySet[Assessment]:
    return Assessment.objects.current().filter(SCORED, cycle=cycle)


def _score(rows: QuerySet[Assessment], cycle: Cycle, moment: dt.datetime) -> int:
    """The job's moment, not the clock: whoever does a chunk, and when, the rows are the same."""
    return score_assessments(rows.filter(SCORED), policy=cycle.policy, now=moment)


def _publish(rows: QuerySet[Assessment], cycle: Cycle, moment: dt.datetime) -> int:
    published = rows.filter(state__in=origins(ASSESSMENT_MOVES, AssessmentState.PUBLISHED)).update(
        state=AssessmentState.PUBLISHED.value, published_at=moment, revision=F("revision") + 1
    )
    owners = User.objects.filter(is_active=True, employee__assessments__in=rows.filter(published_at=moment))
    notify(
        recipients=owners.order_by("id").values_list("id", flat=True).distinct(),
        kind="assessment_published",
        data={"period": cycle.period},
        link="/kinerja/",
        once=f"published:{cycle.pk}" if cycle.published_at is None else f"published:{cycle.pk}:{moment.isoformat()}",
        event=None,
        now=moment,
    )
    return published


@transaction.atomic
def _after(job: Job, cycle: Cycle, now: dt.datetime) -> Job | None:
    """Closing a job and starting what follows is one transaction, so no kill can part them."""
    if not finish_job(job, now=now):
        return None
    if job.kind == PUBLISH:
        move_cycle(cycle=cycle, to=CycleState.PUBLISHED, actor=None, now=job.created_at)
        _escalate(job, cycle)
        return None
    ready = Assessment.objects.current().filter(cycle=cycle, state__in=origins(ASSESSMENT_MOVES, AssessmentState.PUBLISHED))
    key = ":".join([PUBLISH, str(cycle.pk), *([job.detail["wave"]] if "wave" in job.detail else [])])
    return start_job(key=key, kind=PUBLISH, rows=_of(job, ready), now=now, detail=job.detail)
