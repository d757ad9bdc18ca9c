"""How far a job is, told while its one transaction is still open."""

from __future__ import annotations

from typing import Any

from django.db import connection

from bukittinggi_kinerja.common.models import Job
from bukittinggi_kinerja.common.models.jobs import JobState

#: So many rows are done between two tellings.
EVERY = 1_000


class Cancelled(Exception):
    """Its owner took the job back; the open transaction is to come to nothing."""


class Progress:
    """Counts on a connection of its own, or nobody could see it before the end. Closed by ``with``.

    Each telling asks as well whether the job is still wanted; raises Cancelled where it is not.
    """

    def __init__(self, job: Job) -> None:
        self.job = job
        self.done = self.told = 0
        self._own: Any = None

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_problem: object) -> None:
        if self._own is not None:
            self._own.close()

    def __call__(self, rows: int) -> None:
        self.done = min(self.done + rows, self.job.total)
        if self.done - self.told < EVERY:
            return
        self.told = self.done
        if self._own is None:
            self._own = connection.copy()
        with self._own.cursor() as cursor:
            cursor.execute("UPDATE common_job SET done = %s WHERE id = %s RETURNING state", [self.done, self.job.pk])
            found = cursor.fetchone()
        if found is not None and found[0] == JobState.CANCELLED:
            raise Cancelled
