"""Closing, scoring and publishing a cycle as two chunked jobs that may be killed and started at any line."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import F, Q, QuerySet

from appraisal.models import Assessment, Cycle
from appraisal.rules.lifecycle import ASSESSMENT_MOVES, AssessmentState, CycleState, origins
from bukittinggi_kinerja.common.events import record_event
from bukittinggi_kinerja.common.jobs import finish_job, start_job, work_next_chunk
from bukittinggi_kinerja.common.models import Job
from bukittinggi_kinerja.common.models.jobs import JobState
from bukittinggi_kinerja.common.notices import notify
from employees.models import User

from .cycles import move_cycle
from .scoring import score_assessments

SCORE = "appraisal.score"
PUBLISH = "appraisal.publish"
KINDS = (SCORE, PUBLISH)
#: Every rating, with a plan or without; what nobody rated has figures only where a plan gives some.
SCORED = Q(state=AssessmentState.RATED.value) | Q(state=AssessmentState.NOT_RATED.value, plan__isnull=False)


@transaction.atomic
def close_cycle(*, cycle: Cycle, now: dt.datetime) -> Job | None:
    """Close the ratings and start scoring; None when the cycle was closed before.

    What no official finished stays without predicate: BELUM_DINILAI, never zero.
    """
    if not move_cycle(cycle=cycle, to=CycleState.CLOSED, actor=None, now=now):
        return None
    unfinished = origins(ASSESSMENT_MOVES, AssessmentState.NOT_RATED)
    open_cases = Assessment.objects.current().filter(cycle=cycle, state__in=unfinished)
    unrated = open_cases.update(
        state=AssessmentState.NOT_RATED.value,
        state_reason="Batas penilaian lewat",
        revision=F("revision") + 1,
    )
    record_event(action="appraisal.cycle.closed", subject=cycle, actor=None, now=now, new={"not_rated": unrated})
    return start_job(key=f"{SCORE}:{cycle.pk}", kind=SCORE, rows=_scored(cycle), now=now, detail={"cycle": cycle.pk})


def not_rated_occasion(cycle_id: int) -> str:
    return f"not_rated:{cycle_id}"


def _escalate(cycle: Cycle, now: dt.datetime) -> None:
    """Every rater who left somebody unrated hears of it, and so does his superior: one notice a person and cycle.

    Told once the cycle is published, because only then can they rate late.
    """
    unrated = Assessment.objects.current().filter(cycle=cycle, state=AssessmentState.NOT_RATED)
    for kind, official in (("not_rated", "assessor"), ("not_rated_escalated", "reviewer")):
        told = User.objects.filter(is_active=True, employee__in=unrated.values(official))
        notify(
            recipients=told.order_by("id").values_list("id", flat=True),
            kind=kind,
            data={"period": cycle.period},
            link=f"/tim/?periode={cycle.period}",
            once=not_rated_occasion(cycle.pk),
            event=None,
            now=now,
        )


def work_on(job: Job, *, now: dt.datetime) -> Job | None:
    """Do the free chunks of a job; the next job when this call closed its last chunk, else None."""
    cycle = Cycle.objects.select_related("policy").get(pk=job.detail["cycle"])

    def step(low: int, high: int) -> int:
        rows = Assessment.objects.current().filter(cycle=cycle, id__gte=low, id__lt=high)
        return _score(rows, cycle, job.created_at) if job.kind == SCORE else _publish(rows, cycle, job.created_at)

    while work_next_chunk(job, step, now=now):
        pass
    return _after(job, cycle, now)


def unfinished_jobs() -> QuerySet[Job]:
    return Job.objects.filter(kind__in=KINDS, state=JobState.RUNNING)


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
        once=f"published:{cycle.pk}",
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
        _escalate(cycle, job.created_at)
        return None
    ready = Assessment.objects.current().filter(cycle=cycle, state__in=origins(ASSESSMENT_MOVES, AssessmentState.PUBLISHED))
    return start_job(key=f"{PUBLISH}:{cycle.pk}", kind=PUBLISH, rows=ready, now=now, detail={"cycle": cycle.pk})
