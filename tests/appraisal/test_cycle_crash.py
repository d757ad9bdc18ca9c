"""Workers side by side, and a worker that dies in the middle."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, transaction

from appraisal.models import Score
from appraisal.rules.lifecycle import CycleState
from appraisal.services import publishing
from appraisal.services.cycles import move_cycle
from appraisal.services.publishing import close_cycle, unfinished_jobs, work_on
from appraisal.services.rating import set_marks
from bukittinggi_kinerja.common import jobs
from bukittinggi_kinerja.common.jobs import work_next_chunk
from bukittinggi_kinerja.common.models import JobChunk
from tests.appraisal.month import AFTER_DEADLINE, IN_WINDOW, Month

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scoring_job(month: Month, monkeypatch: pytest.MonkeyPatch):
    """A job of six chunks of two people each."""
    monkeypatch.setattr(jobs, "SMALLEST_CHUNK", 2)
    for person in month.city.staff:
        month.rate(person)
    move_cycle(cycle=month.cycle, to=CycleState.RATING, actor=None, now=AFTER_DEADLINE)
    return close_cycle(cycle=month.cycle, now=AFTER_DEADLINE)


def work_to_the_end() -> None:
    while (job := unfinished_jobs().first()) is not None:
        work_on(job, now=AFTER_DEADLINE)


def stored() -> list[tuple[object, ...]]:
    names = ("assessment_id", "result_score", "behaviour_score", "predicate", "computed_at")
    return list(Score.objects.order_by("assessment_id").values_list(*names))


def test_a_chunk_that_dies_leaves_nothing_and_is_done_again(month: Month, scoring_job) -> None:
    def dies(low: int, high: int) -> int:
        publishing._score(publishing.Assessment.objects.filter(id__gte=low, id__lt=high), month.cycle, AFTER_DEADLINE)
        raise KeyboardInterrupt

    assert work_next_chunk(scoring_job, lambda low, high: 0, now=AFTER_DEADLINE) is True
    JobChunk.objects.filter(job=scoring_job).update(done_at=None)
    with pytest.raises(KeyboardInterrupt):
        work_next_chunk(scoring_job, dies, now=AFTER_DEADLINE)
    assert (stored(), JobChunk.objects.filter(done_at=None).count()) == ([], 6)
    work_to_the_end()
    month.cycle.refresh_from_db()
    assert (len(stored()), month.cycle.state) == (12, "TERBIT")


def test_a_worker_killed_after_some_chunks_gives_identical_results(month: Month, scoring_job) -> None:
    def step(low: int, high: int) -> int:
        rows = publishing.Assessment.objects.filter(cycle=month.cycle, id__gte=low, id__lt=high)
        return publishing._score(rows, month.cycle, scoring_job.created_at)

    with transaction.atomic():
        for _chunk in range(3):
            work_next_chunk(scoring_job, step, now=AFTER_DEADLINE)
        before = stored()
    work_to_the_end()
    assert stored()[: len(before)] == before
    assert {row[4] for row in stored()} == {AFTER_DEADLINE}
    assert len(stored()) == 12


def test_two_workers_share_a_job_without_a_double_or_a_gap(month: Month, scoring_job) -> None:
    problems: list[BaseException] = []

    def worker() -> None:
        try:
            work_on(scoring_job, now=AFTER_DEADLINE)
        except BaseException as problem:  # noqa: BLE001  the thread's fault is the test's fault
            problems.append(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=worker) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert problems == []
    work_to_the_end()
    month.cycle.refresh_from_db()
    assert (len(stored()), month.cycle.state) == (12, "TERBIT")


def test_a_mark_that_is_being_saved_meets_the_closing_before_or_after_never_between(month: Month) -> None:
    case = month.rate(month.city.staff[0])
    move_cycle(cycle=month.cycle, to=CycleState.RATING, actor=None, now=AFTER_DEADLINE)
    viewer = month.city.viewer("penilai", on=IN_WINDOW.date())

    def close() -> None:
        try:
            close_cycle(cycle=month.cycle, now=AFTER_DEADLINE)
        finally:
            connection.close()

    closing = threading.Thread(target=close)
    with transaction.atomic():
        set_marks(viewer=viewer, assessment_id=case.pk, changes={"result": 3}, revision=None, now=IN_WINDOW)
        closing.start()
        closing.join(0.5)
        assert closing.is_alive(), "closing did not wait for the mark"
    closing.join(20)
    work_to_the_end()
    month.cycle.refresh_from_db()
    assert month.cycle.state == "TERBIT"
    assert not month.cycle.assessments.filter(state__in=["DRAF", "DINILAI"], plan__isnull=False).exists()
    assert month.case(month.city.staff[0]).state == "BELUM_DINILAI"
