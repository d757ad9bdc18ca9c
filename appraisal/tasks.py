"""Tasks of appraisal: ids in, one service call."""

from __future__ import annotations

from typing import Any

from celery import shared_task
from django.utils import timezone

from appraisal.services.evidence import sweep_unreferenced
from appraisal.services.proposal_notices import lapse_proposals as lapse
from appraisal.services.publishing import unfinished_jobs, work_on


@shared_task
def work_job(*, job_id: int, **_kwargs: Any) -> None:
    """Do the free chunks of a job; start what follows when this was the last one."""
    job = unfinished_jobs().filter(pk=job_id).first()
    following = work_on(job, now=timezone.now()) if job is not None else None
    if following is not None:
        enqueue(following.pk)


@shared_task
def sweep_evidence(**_kwargs: Any) -> None:
    """Take away uploads whose saving never came to an end."""
    sweep_unreferenced(now=timezone.now())


@shared_task
def lapse_proposals(**_kwargs: Any) -> None:
    """Proposals of new versions that nobody approved in time."""
    lapse(now=timezone.now())


def enqueue(job_id: int) -> None:
    """One message for each worker process of the smallest installation; more workers come by the sweep."""
    for _worker in range(WORKERS_PER_JOB):
        work_job.delay(job_id=job_id)


WORKERS_PER_JOB = 2
