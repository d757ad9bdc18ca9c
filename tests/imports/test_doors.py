"""What somebody might try with the pipeline, and what a bad day does to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bukittinggi_kinerja.common.importing import ImportContext, ImportResult, ImportTable
from bukittinggi_kinerja.common.importing.keeping import sweep_files
from bukittinggi_kinerja.common.importing.running import work_on_import
from bukittinggi_kinerja.common.models import Event, ImportBatch, ImportLine, Job
from bukittinggi_kinerja.common.models.imports import BatchState
from bukittinggi_kinerja.import_kinds import KINDS
from employees.models import Employee, OrgUnit, RoleAssignment
from employees.queries import viewer_by_id
from employees.services.importing import PeopleKind
from employees.services.tokens import issue_token
from tests.employees.sheets import row
from tests.imports.carried import Carried, csv_of, stored_files, work, xlsx_of
from tests.people import ALWAYS, City

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("imports")]
ENDED = DateRange(dt.date(2025, 1, 1), dt.date(2025, 2, 1))


class Killed(PeopleKind):
    """Its worker ends after everything was written, before anything is certain."""

    def run(self, table: ImportTable, context: ImportContext, *, apply: bool, good_only: bool) -> ImportResult:
        list(super().run(table, context, apply=apply, good_only=good_only).rows)
        assert Employee.objects.filter(name="Orang Baru 1").exists()
        raise KeyboardInterrupt


@pytest.fixture
def colleague(city: City) -> Client:
    """Another one of the city's HR: the same rights, not the same files."""
    RoleAssignment.objects.create(user=city.users["dpmptsp"], role="BKPSDM", valid=ALWAYS)
    return city.client("dpmptsp")


def test_a_colleague_sees_what_an_import_did_and_never_its_file(city: City, colleague: Client) -> None:
    carried = Carried(city).bring(csv_of([row(1), row(2, unit="TIDAK ADA")])).check()
    listed = colleague.get("/impor/").content.decode()
    assert "daftar.csv" in listed
    assert str(city.people["bkpsdm"].name) in listed
    seen = colleague.get(f"/impor/{carried.pk}/").content.decode()
    assert "Diimpor oleh" in seen
    assert not [word for word in ("/terapkan/", "/galat/", "/kolom/", "/urungkan/") if f"/impor/{carried.pk}{word}" in seen]
    for page in ("kolom/", "galat/"):
        assert colleague.get(f"/impor/{carried.pk}/{page}").status_code == 404, page
    for act in ("kolom/", "terapkan/"):
        assert colleague.post(f"/impor/{carried.pk}/{act}", {"reason": "x", "good_only": "on"}).status_code == 404, act
    assert carried.batch.state == BatchState.CHECKED
    assert Client().get(f"/media/{carried.batch.file.name}").status_code == 404


def test_a_file_that_nobody_has_mapped_yet_shows_a_colleague_no_cell(city: City, colleague: Client) -> None:
    carried = Carried(city).bring(csv_of([row(1)]))
    assert "Orang Baru 1" in carried.page()
    page = colleague.get(f"/impor/{carried.pk}/")
    assert page.status_code == 200
    assert "Orang Baru 1" not in page.content.decode()


def test_hr_of_the_city_takes_back_what_a_colleague_applied_in_its_own_name(city: City, colleague: Client) -> None:
    carried = Carried(city).bring(csv_of([row(1)])).check().apply()
    assert f"/impor/{carried.pk}/urungkan/" in colleague.get(f"/impor/{carried.pk}/").content.decode()
    assert colleague.post(f"/impor/{carried.pk}/urungkan/").status_code == 302
    work()
    assert carried.batch.state == BatchState.UNDONE, carried.batch.message
    assert Event.objects.get(action="import.undone").actor == city.users["dpmptsp"].pk


def leave_of(city: City, who: str = "pegawai") -> bytes:
    return csv_of([{"nip": city.people[who].nip, "jenis": "TAHUNAN", "mulai": "2026-06-01", "sampai": "2026-06-02"}])


def test_a_pengelola_sees_imports_of_his_own_unit_and_takes_back_only_his(city: City) -> None:
    unit = RoleAssignment.objects.get(user=city.users["pengelola"]).unit
    RoleAssignment.objects.create(user=city.users["dpmptsp"], role="PENGELOLA", unit=unit, valid=ALWAYS)
    RoleAssignment.objects.create(user=city.users["luar"], role="PENGELOLA", unit=city.units["DINKES"], valid=ALWAYS)
    of_hr = Carried(city).bring(leave_of(city), kind="cuti").check()
    carried = Carried(city, "pengelola").bring(leave_of(city), kind="cuti").check().apply()
    fellow, stranger = city.client("dpmptsp"), city.client("luar")
    assert fellow.get(f"/impor/{carried.pk}/").status_code == 200
    assert fellow.post(f"/impor/{carried.pk}/urungkan/").status_code == 404
    for browser, pk in ((stranger, carried.pk), (fellow, of_hr.pk), (carried.browser, of_hr.pk)):
        assert browser.get(f"/impor/{pk}/").status_code == 404
        assert browser.post(f"/impor/{pk}/urungkan/").status_code == 404
    # Who once kept another unit as well may have brought its people.
    RoleAssignment.objects.create(user=city.users["pengelola"], role="PENGELOLA", unit=city.units["DINKES"], valid=ENDED)
    assert fellow.get(f"/impor/{carried.pk}/").status_code == 404


def test_the_list_of_imports_asks_the_same_few_questions_however_many_there_are(city: City, colleague: Client) -> None:
    counts = []
    for _round in range(2):
        for _number in range(4):
            Carried(city).bring(csv_of([row(1)]))
        colleague.get("/impor/")
        with CaptureQueriesContext(connection) as asked:
            colleague.get("/impor/")
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_worker_that_is_killed_in_the_middle_leaves_nothing_and_the_next_one_does_it(city: City) -> None:
    carried = Carried(city).bring(csv_of([row(1), row(2)])).check()
    answer = carried.browser.post(f"/impor/{carried.pk}/terapkan/", {"reason": "SK"})
    assert answer.status_code == 302
    job_id = carried.batch.job_id
    assert job_id is not None
    with pytest.raises(KeyboardInterrupt):
        work_on_import(job_id=job_id, kinds={"pegawai": Killed()}, viewer_of=viewer_by_id, now=timezone.now())
    assert not Employee.objects.filter(name__startswith="Orang Baru").exists()
    assert "boleh ditutup" in carried.page()
    work()
    assert carried.batch.state == BatchState.APPLIED
    assert Employee.objects.filter(name__startswith="Orang Baru").count() == 2
    job = Job.objects.get(pk=job_id)
    assert (job.state, job.detail["tries"]) == ("SELESAI", 2)


def test_a_job_that_ends_every_worker_is_given_up_with_a_sentence(city: City) -> None:
    carried = Carried(city).bring(csv_of([row(1)])).check()
    carried.browser.post(f"/impor/{carried.pk}/terapkan/", {"reason": "SK"})
    for _try in range(5):
        with pytest.raises(KeyboardInterrupt):
            work_on_import(job_id=carried.batch.job_id or 0, kinds={"pegawai": Killed()}, viewer_of=viewer_by_id, now=timezone.now())
    work()
    assert carried.batch.state == BatchState.CHECKED
    assert "Tidak ada yang disimpan" in carried.page()


def test_a_role_that_ends_before_the_worker_comes_writes_nothing(city: City) -> None:
    carried = Carried(city).bring(csv_of([row(1)])).check()
    carried.browser.post(f"/impor/{carried.pk}/terapkan/", {"reason": "SK"})
    RoleAssignment.objects.filter(user=city.users["bkpsdm"]).delete()
    work()
    assert carried.batch.state == BatchState.CHECKED
    assert "sudah berakhir" in carried.batch.message
    assert not Employee.objects.filter(name="Orang Baru 1").exists()


def test_nothing_is_applied_that_was_not_checked_or_has_no_reason(city: City) -> None:
    carried = Carried(city).bring(csv_of([row(1), row(2, unit="TIDAK ADA")]))
    assert carried.browser.post(f"/impor/{carried.pk}/terapkan/", {"reason": "SK"}).status_code == 409
    carried.check()
    assert carried.browser.post(f"/impor/{carried.pk}/terapkan/", {"reason": "SK"}).status_code == 409, "a bad row stands in the way"
    assert carried.browser.post(f"/impor/{carried.pk}/terapkan/", {"reason": " ", "good_only": "on"}).status_code == 400
    assert not Job.objects.filter(detail__step="apply").exists()


def test_files_of_imports_go_after_two_weeks_and_their_counts_stay(city: City) -> None:
    carried = Carried(city).bring(csv_of([row(1)])).check()
    [stored] = stored_files(settings.MEDIA_ROOT)
    assert sweep_files(now=timezone.now() + dt.timedelta(days=13)) == 0
    assert sweep_files(now=timezone.now() + dt.timedelta(days=15)) == 1
    assert not stored.exists()
    assert not ImportLine.objects.exists()
    assert "sudah dihapus" in carried.page()
    assert carried.counts == (1, 0, 0, 0)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_error_file_is_made_with_the_check_and_not_at_every_look(city: City, form: str) -> None:
    rows = [row(1), row(2, unit="TIDAK ADA")]
    content = csv_of(rows) if form == "csv" else xlsx_of([list(rows[0]), *(list(one.values()) for one in rows)])
    carried = Carried(city).bring(content, f"daftar.{form}").check()
    Path(carried.batch.file.path).unlink()
    answer = carried.browser.get(f"/impor/{carried.pk}/galat/")
    assert f'filename="galat-pegawai-{carried.pk}.{form}"' in answer["Content-Disposition"]
    assert b"".join(answer.streaming_content) == carried.errors()
    assert form == "xlsx" or b"TIDAK ADA" in carried.errors()


def test_another_check_leaves_one_error_file_and_the_sweep_none(city: City, django_capture_on_commit_callbacks: Callable[..., Any]) -> None:
    carried = Carried(city).bring(csv_of([row(1), row(2, unit="TIDAK ADA")])).check()
    assert len(stored_files(settings.MEDIA_ROOT)) == 2
    with django_capture_on_commit_callbacks(execute=True):
        carried.check()
    assert len(stored_files(settings.MEDIA_ROOT)) == 2
    assert sweep_files(now=timezone.now() + dt.timedelta(days=1)) == 0, "what a batch names is no lost file"
    sweep_files(now=timezone.now() + dt.timedelta(days=15))
    assert stored_files(settings.MEDIA_ROOT) == []
    assert carried.browser.get(f"/impor/{carried.pk}/galat/").status_code == 409


def test_an_upload_whose_row_was_never_written_is_swept(city: City) -> None:
    stored = stored_files(settings.MEDIA_ROOT)
    assert stored == []
    Carried(city).bring(csv_of([row(1)]))
    [file] = stored_files(settings.MEDIA_ROOT)
    lost = file.with_name("0" * 32)
    lost.write_bytes(b"x")
    sweep_files(now=timezone.now() + dt.timedelta(hours=7))
    assert stored_files(settings.MEDIA_ROOT) == [file]


def test_an_abbreviation_stays_one_in_the_middle_of_a_title(city: City) -> None:
    assert "<h1>Impor mutasi dengan satu SK</h1>" in city.client("bkpsdm").get("/impor/penempatan/").content.decode()


def test_every_template_is_taken_back_by_its_own_list(city: City) -> None:
    for code, kind in KINDS.items():
        who = "bkpsdm" if kind.may(city.viewer("bkpsdm")) else "pengelola"
        content = city.client(who).get(f"/impor/{code}/contoh/").content
        mapping = Carried(city, who).bring(content, "contoh.xlsx", kind=code).batch.mapping
        assert mapping == {column.name: place for place, column in enumerate(kind.columns)}


def exported(city: City, who: str = "bkpsdm", **data: str) -> Any:
    return city.client(who).post("/impor/pegawai/unduh/", {"file_format": "csv", "reason": "Rekonsiliasi", **data})


def test_a_list_leaves_only_with_a_reason_and_for_those_who_may(city: City) -> None:
    assert exported(city, reason=" ").status_code == 400
    assert exported(city, unit="TIDAK-ADA").status_code == 400
    assert exported(city, "pegawai").status_code == 403
    assert not Event.objects.filter(action="employees.exported").exists()
    assert exported(city, unit="dinkes").status_code == 200
    event = Event.objects.get(action="employees.exported")
    assert (event.reason, event.new) == ("Rekonsiliasi", {"format": "csv", "unit": "dinkes"})


@pytest.fixture
def tokens(city: City) -> dict[str, str]:
    now = timezone.now()
    return {who: issue_token(user=city.users[who], scopes=("read:reports",), days=1, now=now)[1] for who in ("bkpsdm", "pegawai")}


def test_a_job_tells_its_state_and_where_its_result_and_errors_are(city: City, tokens: dict[str, str]) -> None:
    carried = Carried(city).bring(csv_of([row(1), row(2, unit="TIDAK ADA")])).check()
    path = f"/api/v1/jobs/{carried.batch.job_id}/"
    found = Client().get(path, HTTP_AUTHORIZATION=f"Bearer {tokens['bkpsdm']}").json()
    assert {name: found[name] for name in ("state", "done", "total", "link", "error_file")} == {
        "state": "SELESAI",
        "done": 4,
        "total": 4,
        "link": f"/impor/{carried.pk}/",
        "error_file": f"/impor/{carried.pk}/galat/",
    }
    assert Client().get(path, HTTP_AUTHORIZATION=f"Bearer {tokens['pegawai']}").status_code == 404


def test_a_file_of_a_page_and_a_number_beyond_all_numbers_break_nothing(city: City) -> None:
    hr = city.client("bkpsdm")
    assert hr.get("/impor/99999999999999999999/").status_code == 404
    assert hr.post("/impor/pegawai/", {}).status_code == 400
    assert OrgUnit.objects.exists()
    assert not ImportBatch.objects.exists()
