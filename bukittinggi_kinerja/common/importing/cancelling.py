"""Taking back the job of an import while it waits or runs: it is one transaction, so nothing of it stays."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from bukittinggi_kinerja.common.errors import NotNow, NotVisible
from bukittinggi_kinerja.common.events import record_event
from bukittinggi_kinerja.common.models import ImportBatch, Job
from bukittinggi_kinerja.common.models.imports import BatchState
from bukittinggi_kinerja.common.models.jobs import JobState

from .batches import JOB

#: Steps that may be taken back, and where the file stands again. Undoing is the way back itself, and is let run.
BACK_TO = {"check": BatchState.UPLOADED, "apply": BatchState.CHECKED}
UNFINISHED = (JobState.QUEUED, JobState.RUNNING)


def may_cancel(job: Job, actor: int | None) -> bool:
    """Only who brought the file, and only while the work is under way."""
    return job.kind == JOB and actor is not None and job.owner == actor and job.state in UNFINISHED and job.detail.get("step") in BACK_TO


@transaction.atomic
def cancel_import(*, job_id: int, actor: int | None, now: dt.datetime) -> Job:
    """Raises NotVisible for another one's job, NotNow where it is over or cannot be taken back.

    The worker locks the file before the job, as here; whoever comes second finds what the first one settled.
    """
    job = Job.objects.filter(pk=job_id, kind=JOB, owner=actor).first() if actor is not None else None
    if job is None:
        raise NotVisible(_("Pekerjaan ini tidak ada, atau bukan untuk Anda."))
    # Its lines point at the file while they are written: that must not make this wait for the end.
    batch = ImportBatch.objects.select_for_update(no_key=True).get(pk=job.detail["batch"])
    job = Job.objects.select_for_update(no_key=True).get(pk=job_id)
    if not may_cancel(job, actor):
        raise NotNow(_("Pekerjaan ini sudah berakhir, atau tidak dapat dibatalkan lagi."))
    step = job.detail["step"]
    job.state, job.finished_at = JobState.CANCELLED, now
    job.message = _("Dibatalkan. Tidak ada yang disimpan.")
    job.save(update_fields=["state", "finished_at", "message"])
    batch.state, batch.message = BACK_TO[step], ""
    batch.save(update_fields=["state", "message"])
    record_event(action="import.cancelled", subject=batch, actor=actor, now=now, new={"step": step, "job": job.pk})
    return job
