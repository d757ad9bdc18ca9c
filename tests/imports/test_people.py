"""The list of people through the pipeline: rehearsed, applied, mended, undone."""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bukittinggi_kinerja.common.models import Event, ImportLine, ImportWrite, Job
from bukittinggi_kinerja.common.models.imports import BatchState
from employees.models import Employee, Position, Posting, User
from tests.employees.sheets import known, row
from tests.imports.carried import Carried, csv_of, work, xlsx_of
from tests.people import City

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("imports")]


def people() -> list[Any]:
    tables: Any = (Employee, Posting, Position, User)
    return [list(table.objects.order_by("pk").values_list()) for table in tables]


def three_hundred() -> list[dict[str, Any]]:
    """Every fifteenth row is bad: twenty of three hundred."""
    return [row(n, unit="TIDAK ADA" if n % 15 == 0 else "DPMPTSP.IZIN.YAN") for n in range(1, 301)]


def test_a_rehearsal_counts_exactly_and_leaves_the_data_as_it_is(city: City) -> None:
    carried = Carried(city)
    before = people()
    carried.bring(csv_of([*three_hundred(), known(city, "staf1")])).check()
    assert carried.counts == (280, 0, 1, 20)
    assert people() == before
    assert "Uji dulu, belum ada yang disimpan" in carried.page()
    assert ImportLine.objects.filter(batch=carried.pk).count() == 301
    job = carried.batch.job
    assert job is not None
    assert (job.state, job.done, job.total) == ("SELESAI", 602, 602)


def test_the_good_rows_are_written_and_the_mended_error_file_brings_the_rest(city: City) -> None:
    carried = Carried(city).bring(csv_of(three_hundred())).check().apply(good_only=True)
    assert carried.batch.state == BatchState.APPLIED
    assert Employee.objects.filter(name__startswith="Orang Baru").count() == 280
    again = Carried(city).bring(csv_of(three_hundred())).check()
    assert again.counts == (0, 0, 280, 20), "a second run changes nothing"
    refused = list(csv.DictReader(io.StringIO(carried.errors().decode("utf-8-sig"), newline="")))
    assert len(refused) == 20
    assert {line["kolom"] for line in refused} == {"unit"}
    assert refused[0]["baris"] == "16"
    mended = Carried(city).bring(csv_of([{**line, "unit": "DPMPTSP.IZIN.YAN"} for line in refused])).check()
    assert mended.counts == (20, 0, 0, 0)
    mended.apply()
    assert Employee.objects.filter(name__startswith="Orang Baru").count() == 300


def test_a_changed_row_says_what_from_what_and_warns_of_another_rater(city: City) -> None:
    moved = known(city, "staf1") | {"nama": "Budi Hartono, S.E.", "nip_atasan": city.people["atasan"].nip, "tmt_jabatan": "2026-11-01"}
    carried = Carried(city).bring(csv_of([moved])).check()
    line = ImportLine.objects.get(batch=carried.pk)
    changes = {column: (old, new) for column, old, new in line.changes}
    assert changes["nama"] == ("Budi Hartono", "Budi Hartono, S.E.")
    assert changes["nip_atasan"][0].startswith("Darwis Sikumbang")
    assert changes["nip_atasan"][1].startswith("Yusnidar Piliang")
    assert any("Pejabat penilai berganti" in text for _column, text in line.warnings)
    page = carried.page("?keadaan=ingat")
    assert "Budi Hartono, S.E." in page
    assert "Pejabat penilai berganti" in page


def test_what_was_checked_is_what_is_applied_or_nothing_is(city: City) -> None:
    carried = Carried(city).bring(csv_of([known(city, "staf1") | {"nama": "Budi H."}, row(1)])).check()
    Employee.objects.filter(pk=city.people["staf1"].pk).update(name="Budi Lain")
    before = people()
    carried.apply()
    assert people() == before
    assert carried.batch.state == BatchState.CHECKED
    assert "Data berubah sejak diuji" in carried.page()
    assert list(ImportLine.objects.filter(batch=carried.pk, moved=True).values_list("line", flat=True)) == [2]
    carried.apply()
    assert carried.batch.state == BatchState.APPLIED
    assert Employee.objects.get(pk=city.people["staf1"].pk).name == "Budi H."


def test_an_import_is_undone_as_a_whole_and_the_memory_keeps_both(city: City) -> None:
    person = city.people["staf1"]
    moved = known(city, "staf1") | {
        "nama": "Budi H.", "unit": "DPMPTSP.SEK", "nip_atasan": "", "tmt_jabatan": "2026-11-01", "jabatan": "Jabatan Pindahan",
    }  # fmt: skip
    before = Employee.objects.order_by("pk").values_list("pk", "name")
    names, posts = (
        list(before),
        list(Posting.objects.known().order_by("employee_id").values_list("employee_id", "unit_id", "supervisor_id")),
    )
    carried = Carried(city).bring(csv_of([moved, row(1, jabatan="Jabatan Baru Sekali"), row(2)])).check().apply()
    assert User.objects.filter(employee__name__startswith="Orang Baru").count() == 2
    carried.undo()
    assert carried.batch.state == BatchState.UNDONE, carried.batch.message
    assert list(before.all()) == names
    assert list(Posting.objects.known().order_by("employee_id").values_list("employee_id", "unit_id", "supervisor_id")) == posts
    assert not Position.objects.filter(title="Jabatan Baru Sekali").exists()
    assert Position.objects.filter(title="Jabatan Pindahan").exists(), "a closed row still names it"
    assert Posting.objects.filter(employee=person, unit=city.units["DPMPTSP.SEK"]).exists(), "what the city knew for a while stays readable"
    assert not ImportWrite.objects.filter(batch=carried.pk).exists()
    actions = list(Event.objects.filter(subject_type="common.importbatch").order_by("pk").values_list("action", flat=True))
    assert actions == ["import.uploaded", "import.checked", "employees.imported", "import.undone"]


def test_nothing_is_undone_once_something_was_built_on_it(city: City) -> None:
    carried = Carried(city).bring(csv_of([row(1), row(2)])).check().apply()
    Employee.objects.filter(nip=row(2)["nip"]).update(name="Sudah Diperbaiki")
    before = people()
    carried.undo()
    assert people() == before
    assert carried.batch.state == BatchState.APPLIED
    assert "Orang Baru 2 (baris 3) sudah berubah" in carried.page()


def test_who_was_imported_and_rates_somebody_by_now_is_not_undone(city: City) -> None:
    carried = Carried(city).bring(csv_of([row(1)])).check().apply()
    boss = Employee.objects.get(nip=row(1)["nip"])
    Posting.objects.known().filter(employee=city.people["staf1"]).update(supervisor=boss)
    carried.undo()
    assert carried.batch.state == BatchState.APPLIED
    assert "sudah dipakai oleh penempatan" in carried.batch.message


def test_after_a_day_the_import_stays(city: City) -> None:
    carried = Carried(city).bring(csv_of([row(1)])).check().apply()
    batch = carried.batch
    assert batch.applied_at is not None
    batch.applied_at -= dt.timedelta(hours=25)
    batch.save()
    assert "urungkan" not in carried.page()
    assert carried.browser.post(f"/impor/{carried.pk}/urungkan/").status_code == 409


def test_a_job_that_runs_twice_writes_once(city: City) -> None:
    carried = Carried(city).bring(csv_of([row(1)])).check()
    carried.apply()
    written = Employee.objects.count()
    Job.objects.filter(pk=carried.batch.job_id).update(state="BERJALAN")
    work()
    assert Employee.objects.count() == written
    assert carried.batch.state in {BatchState.CHECKED, BatchState.APPLIED}


def test_headers_of_another_list_are_matched_once_and_remembered(city: City) -> None:
    odd = {"nip": "NIP BARU", "nama": "Nama Lengkap", "unit": "Tempat Tugas", "tmt_jabatan": "TMT"}
    rows = [{odd.get(name, name): value for name, value in row(1).items()}]
    carried = Carried(city).bring(csv_of(rows))
    assert "unit" not in carried.batch.mapping
    answer = carried.browser.post(f"/impor/{carried.pk}/kolom/", {f"kolom_{k}": str(v) for k, v in carried.batch.mapping.items()})
    assert answer.status_code == 400
    assert "Kolom Unit kerja wajib ada" in answer.content.decode()
    place = str(list(rows[0]).index("Tempat Tugas"))
    assert carried.check(kolom_unit=place).counts == (1, 0, 0, 0)
    assert Carried(city).bring(csv_of(rows)).batch.mapping["unit"] == int(place)


def test_a_page_of_rows_costs_the_same_however_many_there_are(city: City) -> None:
    small = Carried(city).bring(csv_of([row(1)])).check()
    large = Carried(city).bring(csv_of(three_hundred())).check()

    def asked(carried: Carried) -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            carried.page()
        return len(queries)

    assert asked(large) == asked(small)
    assert asked(large) <= 12


def test_a_sheet_comes_back_as_a_sheet_and_its_formulas_are_texts(city: City) -> None:
    good = row(1)
    bad = row(2) | {"nama": '=HYPERLINK("http://jahat.example")', "nip": "123"}
    content = xlsx_of([list(good), list(good.values()), list(bad.values())])
    carried = Carried(city).bring(content, "daftar.xlsx").check()
    assert carried.counts == (1, 0, 0, 1)
    answer = carried.browser.get(f"/impor/{carried.pk}/galat/")
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Disposition"].endswith('.xlsx"')
    again = Carried(city).bring(b"".join(answer.streaming_content), "galat.xlsx").check()
    assert again.counts == (0, 0, 0, 1)
