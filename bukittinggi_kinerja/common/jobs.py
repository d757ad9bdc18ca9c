"""Long work in chunks that survives any kill: a claim is a row lock, results and "done" are one transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db import models, transaction
from django.db.models import F, Max, Window
from django.db.models.functions import Mod, RowNumber

from .models import Job, JobChunk
from .models.jobs import JobState

#: A job is cut into at most this many chunks, none smaller than SMALLEST_CHUNK rows.
MOST_CHUNKS = 64
SMALLEST_CHUNK = 1_000


@transaction.atomic
def start_job(*, key: str, kind: str, rows: models.QuerySet[Any, Any], now: dt.datetime, detail: dict[str, Any] | None = None) -> Job:
    """The job of this key with chunks over the primary keys of ``rows``; an existing one is returned as it is."""
    job, created = Job.objects.get_or_create(
        key=key, defaults={"kind": kind, "state": JobState.RUNNING, "detail": detail or {}, "created_at": now}
    )
    if not created:
        return job
    job.total = rows.count()
    size = max(SMALLEST_CHUNK, -(-job.total // MOST_CHUNKS))
    numbered = rows.order_by().annotate(place=Window(RowNumber(), order_by="pk"))
    starts = list(numbered.annotate(rest=Mod(F("place") - 1, size)).filter(rest=0).order_by("pk").values_list("pk", flat=True))
    last = rows.aggregate(last=Max("pk"))["last"]
    ends = [*starts[1:], last + 1] if starts else []
    JobChunk.objects.bulk_create(JobChunk(job=job, low=low, high=high) for low, high in zip(starts, ends, strict=True))
    job.save(update_fields=["total"])
    return job


def work_next_chunk(job: Job, step: Callable[[int, int], int], *, now: dt.datetime) -> bool:
    """Claim a chunk nobody holds, do ``step(low, high)`` and mark it, in one transaction; False when none is free."""
    with transaction.atomic():
        chunk = JobChunk.objects.select_for_update(skip_locked=True).filter(job=job, done_at=None).order_by("low").first()
        if chunk is None:
            return False
        chunk.rows = step(chunk.low, chunk.high)
        chunk.done_at = now
        chunk.save(update_fields=["rows", "done_at"])
        Job.objects.filter(pk=job.pk).update(done=F("done") + chunk.rows)
        return True


def finish_job(job: Job, *, now: dt.datetime) -> bool:
    """Mark the job done once every chunk is; True for the one caller that did it."""
    if JobChunk.objects.filter(job=job, done_at=None).exists():
        return False
    changed = Job.objects.filter(pk=job.pk, state=JobState.RUNNING).update(state=JobState.DONE, finished_at=now)
    return changed == 1
