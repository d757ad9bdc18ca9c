"""Tasks that cross apps, started by beat: parse the moment, one call."""

from __future__ import annotations

from typing import Any

from celery import shared_task
from django.utils import timezone

from appraisal.services.daily_reminders import is_quiet, send_daily_reminders
from appraisal.services.publishing import unfinished_jobs
from appraisal.services.recompute import differences
from appraisal.tasks import enqueue
from bukittinggi_kinerja.common.importing.keeping import sweep_files
from bukittinggi_kinerja.common.importing.running import unfinished_imports, work_on_import
from bukittinggi_kinerja.common.mail.sending import send_pending
from bukittinggi_kinerja.common.period import Period, PeriodKind, local_date
from bukittinggi_kinerja.common.seal import seal_new
from bukittinggi_kinerja.cycle import due_periods, run_cycle
from bukittinggi_kinerja.import_kinds import KINDS
from employees.queries import viewer_by_id


@shared_task
def run_cycles(**_kwargs: Any) -> None:
    """Every period that is current or unfinished."""
    now = timezone.now()
    for period in due_periods(as_of=now):
        run_one_cycle.delay(period=period.key)


@shared_task
def run_one_cycle(*, period: str, **_kwargs: Any) -> None:
    for job in run_cycle(period=Period.parse(period), as_of=timezone.now()):
        enqueue(job.pk)


@shared_task
def sweep_jobs(**_kwargs: Any) -> None:
    """Pick up what a killed worker left; claims are row locks, so a second message does no harm."""
    for job_id in unfinished_jobs().values_list("pk", flat=True):
        enqueue(job_id)
    for job_id in unfinished_imports().values_list("pk", flat=True):
        work_import.delay(job_id=job_id)


@shared_task
def work_import(*, job_id: int, **_kwargs: Any) -> None:
    work_on_import(job_id=job_id, kinds=KINDS, viewer_of=viewer_by_id, now=timezone.now())


@shared_task
def sweep_imports(**_kwargs: Any) -> None:
    """Take away files of old imports: they hold personal data."""
    sweep_files(now=timezone.now())


@shared_task
def send_reminders(**_kwargs: Any) -> None:
    """One bundled notice a person and day, outside quiet hours."""
    send_daily_reminders(now=timezone.now())


@shared_task
def send_mail(**_kwargs: Any) -> None:
    """What was asked for by e-mail; in quiet hours it waits."""
    now = timezone.now()
    if not is_quiet(now):
        send_pending(now=now)


@shared_task
def seal_memory(**_kwargs: Any) -> None:
    seal_new(now=timezone.now())


@shared_task
def recompute_nightly(**_kwargs: Any) -> None:
    """Recompute last month from its stored inputs; a difference is loud."""
    last = Period.containing(local_date(timezone.now()), PeriodKind.MONTH).previous()
    found = differences(period=last.key)
    if found:
        raise RuntimeError(f"{len(found)} stored digits of {last.key} differ from their inputs")
