"""The job of an import: one transaction, claimed by a lock that a killed worker loses, so that the next one does it again."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pghistory
from django.db import Error as DatabaseError
from django.db import IntegrityError, connection, transaction
from django.db.models import F, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from bukittinggi_kinerja.common.errors import NotAllowed, Refusal
from bukittinggi_kinerja.common.events import record_event
from bukittinggi_kinerja.common.models import ImportBatch, ImportWrite, Job
from bukittinggi_kinerja.common.models.imports import BatchState
from bukittinggi_kinerja.common.models.jobs import JobState
from bukittinggi_kinerja.common.period import local_date

from .batches import JOB
from .faulty import keep_errors
from .kinds import ImportContext, ImportKind
from .lines import plain_counts, store_lines, store_writes, tally
from .mapping import MappedTable
from .progress import Cancelled, Progress
from .undo import take_back

logger = logging.getLogger(__name__)

#: A job that took its worker along so often takes the next one along as well.
MOST_TRIES = 5
#: Where a batch stands again when its job came to nothing.
FALL_BACK = {"check": BatchState.FAILED, "apply": BatchState.CHECKED, "undo": BatchState.APPLIED}

ViewerOf = Callable[[int, dt.date], Any]


class _Moved(Exception):
    """The data changed since the check, so that the rows would do something else than was shown."""


def unfinished_imports() -> QuerySet[Job]:
    return Job.objects.filter(kind=JOB, state=JobState.RUNNING)


def work_on_import(*, job_id: int, kinds: Mapping[str, ImportKind], viewer_of: ViewerOf, now: dt.datetime) -> None:
    """Do the step of a job, unless somebody does it already or did it. Safe to call twice, safe to kill at any line."""
    tries = _count_try(job_id)
    if tries == 0:
        return
    if tries > MOST_TRIES:
        logger.error("import job %s given up after %s tries", job_id, MOST_TRIES)
        _fail(job_id, _("Impor berhenti karena kesalahan sistem. Tidak ada yang disimpan."), now)
        return
    try:
        with transaction.atomic():
            job = _claimed(job_id)
            if job is None:
                return
            batch = ImportBatch.objects.get(pk=job.detail["batch"])
            with translation.override(batch.language), Progress(job) as progress:
                _step(job, batch, kinds[batch.kind], viewer_of, now, progress)
            detail = {**job.detail, **({"errors": f"/impor/{batch.pk}/galat/"} if batch.bad else {})}
            settled = unfinished_imports().filter(pk=job.pk)
            if not settled.update(state=JobState.DONE, done=F("total"), finished_at=now, detail=detail):
                raise Cancelled
    except Cancelled:
        return  # whoever took it back has written everything
    except Refusal as refusal:
        _fail(job_id, str(refusal), now)
    except Exception as problem:
        if isinstance(problem, DatabaseError) and not isinstance(problem, IntegrityError):
            raise  # the database was away: the sweep tries again
        logger.exception("import job %s came to nothing", job_id)
        _fail(job_id, _("Impor berhenti karena kesalahan sistem. Tidak ada yang disimpan."), now)


def _claimed(job_id: int) -> Job | None:
    """A lock of the transaction, not of the row: the row tells how far the work is while it is done."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('common.import'), %s)", [job_id])
        free = cursor.fetchone()[0]
    return unfinished_imports().filter(pk=job_id).first() if free else None


def _count_try(job_id: int) -> int:
    """How often the job was tried, this time included; 0 where somebody does it or did it."""
    with transaction.atomic():
        job = _claimed(job_id)
        if job is None:
            return 0
        tries: int = job.detail.get("tries", 0) + 1
        Job.objects.filter(pk=job_id).update(detail={**job.detail, "tries": tries}, done=0)
    return tries


def _step(job: Job, batch: ImportBatch, kind: ImportKind, viewer_of: ViewerOf, now: dt.datetime, tick: Callable[[int], None]) -> None:
    actor = batch.owner if job.owner is None else job.owner
    viewer = viewer_of(actor, local_date(now))
    if not kind.may(viewer):
        raise NotAllowed(_("Peran Anda untuk daftar ini sudah berakhir."))
    context = ImportContext(viewer, actor, local_date(now), now, batch.reason, options_of(kind, batch), tick)
    if job.detail["step"] == "check":
        _check(batch, kind, context)
    elif job.detail["step"] == "undo":
        _undo(batch, kind, context)
    else:
        try:
            with transaction.atomic():
                _apply(batch, kind, context)
        except _Moved:
            _check(batch, kind, context, again=True)
    batch.save()


def _check(batch: ImportBatch, kind: ImportKind, context: ImportContext, *, again: bool = False) -> None:
    result = kind.run(_table(batch), context, apply=False, good_only=batch.good_only)
    found = store_lines(batch, result.rows, context.tick, compare=again)
    batch.state, batch.digest, batch.checked_at = BatchState.CHECKED, found.digest, context.now
    for name, count in found.counts().items():
        setattr(batch, name, count)
    keep_errors(batch)
    if again:
        batch.message = _(
            "Data berubah sejak diuji, jadi belum ada yang disimpan. %(n)s baris kini lain hasilnya. Periksa lagi, lalu terapkan."
        ) % {"n": found.moved}
    record_event(action="import.checked", subject=batch, actor=batch.owner, now=context.now, new=plain_counts(batch))


def _apply(batch: ImportBatch, kind: ImportKind, context: ImportContext) -> None:
    with pghistory.context(user=batch.owner, reason=batch.reason, batch=batch.pk):
        result = kind.run(_table(batch), context, apply=True, good_only=batch.good_only)
        if tally(result.rows, context.tick).digest != batch.digest or not result.applied:
            raise _Moved
    store_writes(batch, result.writes)
    batch.state, batch.applied_at = BatchState.APPLIED, context.now
    record_event(
        action=kind.event,
        subject=batch,
        actor=batch.owner,
        now=context.now,
        new={"kind": kind.code, **plain_counts(batch)},
        reason=batch.reason,
    )


def _undo(batch: ImportBatch, kind: ImportKind, context: ImportContext) -> None:
    reason = _("Impor %(id)s diurungkan.") % {"id": batch.pk}
    with pghistory.context(user=context.actor, reason=reason, batch=batch.pk):
        take_back(batch, kind, context)
    ImportWrite.objects.filter(batch=batch).delete()
    batch.state, batch.undone_at = BatchState.UNDONE, context.now
    record_event(action="import.undone", subject=batch, actor=context.actor, now=context.now, old=plain_counts(batch), reason=reason)


@transaction.atomic
def _fail(job_id: int, sentence: str, now: dt.datetime) -> None:
    detail = Job.objects.filter(pk=job_id).values_list("detail", flat=True).first()
    if detail is None:
        return
    # The file before the job, as whoever cancels it does.
    ImportBatch.objects.select_for_update(no_key=True).filter(pk=detail["batch"]).first()
    job = unfinished_imports().select_for_update().filter(pk=job_id).first()
    if job is None:
        return
    Job.objects.filter(pk=job.pk).update(state=JobState.FAILED, message=sentence, finished_at=now)
    ImportBatch.objects.filter(pk=job.detail["batch"]).update(state=FALL_BACK[job.detail["step"]], message=sentence)


def _table(batch: ImportBatch) -> MappedTable:
    return MappedTable(Path(batch.file.path), batch.name, batch.mapping)


def options_of(kind: ImportKind, batch: ImportBatch) -> Mapping[str, Any]:
    """What was asked beside the mapping, read again from the texts that were typed."""
    if kind.options_form is None:
        return {}
    form = kind.options_form(batch.options)
    return form.cleaned_data if form.is_valid() else {}
