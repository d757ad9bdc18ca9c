"""A check or an import that is under way may be taken back by whoever brought the file; nothing of it stays."""

from __future__ import annotations

import threading

import pytest
from django.db import connection
from django.utils import timezone

from bukittinggi_kinerja.common.errors import NotNow, NotVisible
from bukittinggi_kinerja.common.importing import ImportContext, ImportResult, ImportTable
from bukittinggi_kinerja.common.importing.cancelling import cancel_import
from bukittinggi_kinerja.common.importing.progress import EVERY
from bukittinggi_kinerja.common.importing.running import work_on_import
from bukittinggi_kinerja.common.models import Event, Job
from bukittinggi_kinerja.common.models.imports import BatchState
from bukittinggi_kinerja.common.models.jobs import JobState
from employees.models import Employee
from employees.queries import viewer_by_id
from employees.services.importing import PeopleKind
from tests.employees.sheets import row
from tests.imports.carried import Carried, csv_of, work
from tests.people import City

pytestmark = pytest.mark.xdist_group("imports")


def asked(city: City, rows: int = 2) -> tuple[Carried, Job]:
    """A check that waits for a worker."""
    carried = Carried(city).bring(csv_of([row(n + 1) for n in range(rows)]))
    data = {f"kolom_{name}": str(place) for name, place in carried.batch.mapping.items()}
    assert carried.browser.post(f"/impor/{carried.pk}/kolom/", data).status_code == 302
    return carried, job_of(carried)


def job_of(carried: Carried) -> Job:
    found = carried.batch.job
    assert found is not None
    return found


@pytest.mark.django_db
class TestACheckThatWaits:
    def test_is_taken_back_from_its_page_and_the_file_waits_for_its_columns_again(self, city: City) -> None:
        carried, job = asked(city)
        assert "Batalkan pekerjaan" in carried.page()
        assert "Batalkan pekerjaan" in carried.browser.get(f"/pekerjaan/{job.pk}/").content.decode()
        answer = carried.browser.post(f"/pekerjaan/{job.pk}/batal/", follow=True)
        assert "Pekerjaan dibatalkan. Tidak ada yang disimpan." in answer.content.decode()
        assert "Cocokkan kolom" in answer.content.decode()
        work()
        job.refresh_from_db()
        assert (job.state, carried.batch.state) == (JobState.CANCELLED, BatchState.UPLOADED)
        assert "Dibatalkan" in carried.browser.get("/pekerjaan/").content.decode()
        assert Event.objects.filter(action="import.cancelled").count() == 1
        assert carried.check().counts == (2, 0, 0, 0), "the file can be checked again"

    def test_is_the_business_of_its_owner_alone(self, city: City) -> None:
        _carried, job = asked(city)
        for who in ("pengelola", "inspektorat"):
            assert city.client(who).post(f"/pekerjaan/{job.pk}/batal/").status_code == 404
        with pytest.raises(NotVisible):
            cancel_import(job_id=job.pk, actor=None, now=timezone.now())

    def test_cannot_be_taken_back_once_it_is_over(self, city: City) -> None:
        carried = Carried(city).bring(csv_of([row(1)])).check()
        with pytest.raises(NotNow):
            cancel_import(job_id=job_of(carried).pk, actor=city.users["bkpsdm"].pk, now=timezone.now())
        assert carried.batch.state == BatchState.CHECKED

    def test_an_undoing_is_let_run(self, city: City) -> None:
        carried = Carried(city).bring(csv_of([row(1)])).check().apply()
        assert carried.browser.post(f"/impor/{carried.pk}/urungkan/").status_code == 302
        assert "Batalkan pekerjaan" not in carried.page()
        assert carried.browser.post(f"/pekerjaan/{job_of(carried).pk}/batal/").status_code == 409


@pytest.mark.django_db
def test_jobs_of_versions_and_of_periods_lead_to_what_they_do(city: City) -> None:
    made = Job.objects.create(
        key="appraisal.recompute:7", kind="appraisal.recompute", state="BERJALAN", detail={"proposal": 7}, created_at=timezone.now()
    )
    page = city.client("bkpsdm").get(f"/pekerjaan/{made.pk}/").content.decode()
    assert "Membuat versi baru" in page
    assert "/kendali/susulan/usulan/7/" in page
    assert "Batalkan pekerjaan" not in page


class Interrupted(PeopleKind):
    """Its owner takes the job back in the middle of the work, on another connection."""

    owner = 0

    def run(self, table: ImportTable, context: ImportContext, *, apply: bool, good_only: bool) -> ImportResult:
        found = super().run(table, context, apply=apply, good_only=good_only)
        rows = list(found.rows)

        def take_back() -> None:
            cancel_import(job_id=Job.objects.get(owner=self.owner, state="BERJALAN").pk, actor=self.owner, now=timezone.now())
            connection.close()

        thread = threading.Thread(target=take_back)
        thread.start()
        thread.join(20)
        assert not thread.is_alive(), "taking back waits for nobody"
        context.tick(EVERY)
        return ImportResult(rows, found.writes, applied=found.applied)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("step", ["check", "apply"])
def test_one_taken_back_in_the_middle_of_the_work_leaves_nothing(city: City, step: str) -> None:
    if step == "check":
        carried, job = asked(city)
    else:
        carried = Carried(city).bring(csv_of([row(1), row(2)])).check()
        assert carried.browser.post(f"/impor/{carried.pk}/terapkan/", {"reason": "SK"}).status_code == 302
        job = job_of(carried)
    Job.objects.filter(pk=job.pk).update(total=5 * EVERY if step == "check" else 4)  # with and without a telling in between
    kind = Interrupted()
    kind.owner = city.users["bkpsdm"].pk
    work_on_import(job_id=job.pk, kinds={"pegawai": kind}, viewer_of=viewer_by_id, now=timezone.now())
    job.refresh_from_db()
    assert job.state == JobState.CANCELLED
    assert carried.batch.state == (BatchState.UPLOADED if step == "check" else BatchState.CHECKED)
    assert not Employee.objects.filter(name__startswith="Orang Baru").exists()
    if step == "apply":
        assert carried.apply().batch.state == BatchState.APPLIED, "the same file can be applied afterwards"
