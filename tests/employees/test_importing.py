"""Importing people: what is taken, what is refused and why, and what a second time changes."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bukittinggi_kinerja.common.models import Event
from employees.models import Employee, OrgUnit, Posting, User
from employees.services.postings import post_employee
from tests.employees.sheets import NOW, TODAY, bring_in, counts, everything, known, posting_of, row, write_csv
from tests.people import ALWAYS, City, nip_of


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "pegawai.csv"


# --- what is taken


def test_a_new_person_gets_a_record_a_posting_and_an_account_without_password(city: City, file: Path) -> None:
    assert counts(bring_in(write_csv(file, [row(1)]))) == (1, 0, 0, 0)
    person = Employee.objects.get(nip="199205172018041001")
    assert (person.name, person.kind, person.sex, person.birth_date) == ("Orang Baru 1", "PNS", "L", dt.date(1992, 5, 17))
    assert person.grade is not None
    assert person.grade.code == "III/a"
    posting = posting_of(person.nip or "")
    assert (posting.unit.code, posting.position.title, posting.valid.lower) == (
        "DPMPTSP.IZIN.YAN",
        "Pengelola Perizinan",
        dt.date(2025, 3, 1),
    )
    assert posting.supervisor == city.people["penilai"]
    assert posting.known.lower == NOW
    assert person.user.username == person.nip
    assert not person.user.has_usable_password()


def test_the_same_file_twice_changes_nothing(city: City, file: Path) -> None:
    write_csv(file, [row(1), row(2, nip_atasan="199205172018041001"), known(city, "pegawai"), known(city, "pimpinan")])
    assert counts(bring_in(file)) == (2, 0, 2, 0)
    before = everything()
    assert counts(bring_in(file, now=NOW + dt.timedelta(days=1))) == (0, 0, 4, 0)
    assert everything() == before


def test_a_rehearsal_counts_and_writes_nothing(city: City, file: Path) -> None:
    write_csv(file, [row(1), known(city, "pegawai") | {"nama": "Nama Lain"}, row(2, unit="tidak ada")])
    before = everything()
    report = bring_in(file, dry_run=True, apply_good=True)
    assert counts(report) == (1, 1, 0, 1)
    assert not report.applied
    assert everything() == before


def test_one_bad_row_refuses_the_whole_file(city: City, file: Path) -> None:
    write_csv(file, [row(1), row(2, tmt_jabatan="31-02-2026")])
    before = everything()
    report = bring_in(file)
    assert counts(report) == (1, 0, 0, 1)
    assert report.refused
    assert everything() == before


def test_good_rows_are_taken_when_asked(city: City, file: Path) -> None:
    report = bring_in(write_csv(file, [row(1), row(2, tmt_jabatan="31-02-2026")]), apply_good=True)
    assert counts(report) == (1, 0, 0, 1)
    assert Employee.objects.filter(nip="199205172018041001").exists()
    assert not Employee.objects.filter(nip="199205172018041002").exists()


def test_a_supervisor_may_stand_later_in_the_file_than_those_under_him(city: City, file: Path) -> None:
    write_csv(file, [row(1, nip_atasan="199205172018041002"), row(2)])
    assert counts(bring_in(file)) == (2, 0, 0, 0)
    assert posting_of("199205172018041001").supervisor.nip == "199205172018041002"  # type: ignore[union-attr]


def test_an_import_is_one_event_with_its_counts(city: City, file: Path) -> None:
    bring_in(write_csv(file, [row(1), row(2), known(city, "pegawai")]), actor=city.users["bkpsdm"].pk)
    event = Event.objects.get(action="employees.imported")
    assert event.new == {"new": 2, "changed": 0, "same": 1, "refused": 0}
    assert (event.actor, event.reason) == (city.users["bkpsdm"].pk, "uji")


def test_the_history_of_a_row_knows_who_imported_it_and_why(city: City, file: Path) -> None:
    bring_in(write_csv(file, [row(1)]), actor=city.users["bkpsdm"].pk)
    history = Employee.objects.get(nip="199205172018041001").events.select_related("pgh_context").get()
    assert history.pgh_context.metadata == {"user": city.users["bkpsdm"].pk, "reason": "uji"}


def test_an_empty_cell_leaves_what_is_known(city: City, file: Path) -> None:
    Employee.objects.filter(pk=city.staff[0].pk).update(email="ahmad@contoh.go.id", status="CUTI")
    blank = {"golongan": "", "email": "", "status": "", "jenis_kelamin": "", "tanggal_lahir": ""}
    assert counts(bring_in(write_csv(file, [known(city, "pegawai") | blank]))) == (0, 0, 1, 0)
    person = Employee.objects.get(pk=city.staff[0].pk)
    assert (person.email, person.status, person.sex, person.grade_id) == ("ahmad@contoh.go.id", "CUTI", "L", city.staff[0].grade_id)


def test_birth_date_and_sex_of_a_new_person_come_from_the_number_when_missing(city: City, file: Path) -> None:
    bring_in(write_csv(file, [row(1, nip="199205172018042009", jenis_kelamin="", tanggal_lahir="")]))
    person = Employee.objects.get(nip="199205172018042009")
    assert (person.sex, person.birth_date) == ("P", dt.date(1992, 5, 17))


def test_changed_fields_are_counted_as_one_change_and_the_account_stays(city: City, file: Path) -> None:
    report = bring_in(write_csv(file, [known(city, "pegawai") | {"nama": "Ahmad Fauzi, S.H.", "golongan": "III/b", "status": "CUTI"}]))
    assert counts(report) == (0, 1, 0, 0)
    person = Employee.objects.get(pk=city.staff[0].pk)
    assert (person.name, person.grade.code, person.status) == ("Ahmad Fauzi, S.H.", "III/b", "CUTI")  # type: ignore[union-attr]
    assert User.objects.filter(employee=person).count() == 1
    assert Posting.objects.filter(employee=person).count() == 1


# --- postings


def test_a_changed_supervisor_opens_a_posting_and_the_old_one_stays_readable(city: City, file: Path) -> None:
    change = {"nip_atasan": city.people["atasan"].nip, "tmt_jabatan": "2026-06-01"}
    assert counts(bring_in(write_csv(file, [known(city, "pegawai") | change]))) == (0, 1, 0, 0)
    nip = city.staff[0].nip or ""
    assert posting_of(nip).supervisor == city.people["atasan"]
    assert posting_of(nip, dt.date(2026, 5, 31)).supervisor == city.people["penilai"]
    then = Posting.objects.in_force(on=TODAY, known_at=NOW - dt.timedelta(days=1)).get(employee=city.staff[0])
    assert then.supervisor == city.people["penilai"]


def test_a_changed_unit_or_title_opens_a_posting_from_its_first_day(city: City, file: Path) -> None:
    change = {"unit": "Dinas Kesehatan / Seksi Pelayanan", "jabatan": "Pengelola  layanan KESEHATAN", "tmt_jabatan": "01-10-2026"}
    assert counts(bring_in(write_csv(file, [known(city, "pegawai") | change]))) == (0, 1, 0, 0)
    posting = posting_of(city.staff[0].nip or "")
    assert (posting.unit.code, posting.valid.lower) == ("DINKES.YAN", dt.date(2026, 10, 1))
    # The title stood in the catalogue in another spelling.
    assert posting.position.title == "Pengelola Layanan Kesehatan"


def test_another_first_day_of_the_same_post_is_said_and_changes_nothing(city: City, file: Path) -> None:
    report = bring_in(write_csv(file, [known(city, "pegawai") | {"tmt_jabatan": "2019-01-01"}]))
    assert counts(report) == (0, 0, 1, 0)
    assert [warning.columns for warning in report.warnings] == ["tmt_jabatan"]


def test_a_post_decided_for_a_later_day_stays_decided(city: City, file: Path) -> None:
    posting = posting_of(city.staff[0].nip or "")
    post_employee(
        employee_id=city.staff[0].pk,
        unit_id=city.units["DINKES.YAN"].pk,
        position_id=posting.position_id,
        supervisor_id=city.people["kadinkes"].pk,
        heads_unit=False,
        valid_from=dt.date(2027, 1, 1),
        valid_to=None,
        decided_on=None,
        decree="",
        reason="",
        actor=None,
        now=NOW - dt.timedelta(days=3),
    )
    bring_in(write_csv(file, [known_now(city) | {"nip_atasan": city.people["atasan"].nip, "tmt_jabatan": "2026-06-01"}]))
    nip = city.staff[0].nip or ""
    assert posting_of(nip).supervisor == city.people["atasan"]
    assert posting_of(nip, dt.date(2027, 1, 1)).supervisor == city.people["kadinkes"]


def known_now(city: City) -> dict[str, Any]:
    person = city.staff[0]
    return row(0, nip=person.nip, nama=person.name, tanggal_lahir="1990-01-01", golongan="III/a", tmt_jabatan="2025-01-01")


def test_a_post_that_begins_later_waits_for_its_day(city: City, file: Path) -> None:
    bring_in(write_csv(file, [known(city, "pegawai") | {"nip_atasan": city.people["atasan"].nip, "tmt_jabatan": "2027-01-01"}]))
    nip = city.staff[0].nip or ""
    assert posting_of(nip).supervisor == city.people["penilai"]
    assert posting_of(nip, dt.date(2027, 1, 1)).supervisor == city.people["atasan"]


def test_a_supervisor_without_nip_cannot_stand_in_a_file_and_stays(city: City, file: Path) -> None:
    assert counts(bring_in(write_csv(file, [known(city, "pimpinan")]))) == (0, 0, 1, 0)
    assert posting_of(city.people["pimpinan"].nip or "").supervisor == city.people["walikota"]


def test_a_head_who_leaves_makes_room_for_the_next_in_one_file(city: City, file: Path) -> None:
    leaving = known(city, "penilai") | {"jabatan": "Analis", "jenis_jabatan": "FUNGSIONAL", "tmt_jabatan": "2026-11-01"}
    coming = known(city, "pegawai") | {
        "jabatan": "Kepala Seksi Pelayanan",
        "jenis_jabatan": "PENGAWAS",
        "nip_atasan": city.people["atasan"].nip,
        "tmt_jabatan": "2026-11-01",
    }
    report = bring_in(write_csv(file, [coming, leaving]))
    assert counts(report) == (0, 2, 0, 0)
    assert report.warnings == ()
    assert posting_of(city.staff[0].nip or "").heads_unit
    assert not posting_of(city.people["penilai"].nip or "").heads_unit


def test_a_second_head_of_a_unit_is_posted_without_leading_it_and_told(city: City, file: Path) -> None:
    report = bring_in(write_csv(file, [row(1, jabatan="Kepala Seksi Pelayanan", jenis_jabatan="PENGAWAS")]))
    assert counts(report) == (1, 0, 0, 0)
    assert [warning.columns for warning in report.warnings] == ["jabatan"]
    assert not posting_of("199205172018041001").heads_unit


# --- what is refused


@pytest.mark.parametrize(
    ("change", "column", "words"),
    [
        ({"nip": ""}, "nip", "kosong"),
        ({"nip": "12345"}, "nip", "18 angka"),
        ({"nip": "199205172018131001"}, "nip", "Bulan pengangkatan"),
        ({"nip": "199202302018041001"}, "nip", "Tanggal lahir dalam NIP"),
        ({"nip": "1,99205E+17"}, "nip", "teks"),
        ({"nama": "  "}, "nama", "kosong"),
        ({"nama": "x" * 121}, "nama", "120"),
        ({"jenis_pegawai": "HONORER"}, "jenis_pegawai", "PPPK_PARUH_WAKTU"),
        ({"jenis_kelamin": "X"}, "jenis_kelamin", "L, P"),
        ({"tanggal_lahir": "31-02-1992"}, "tanggal_lahir", "31-02-1992 tidak ada"),
        ({"golongan": "V/a"}, "golongan", "I/a–IV/e"),
        ({"golongan": "IX"}, "golongan", "PNS"),
        ({"jenis_pegawai": "PPPK", "golongan": "III/a"}, "golongan", "“III/a” tidak ada untuk PPPK"),
        ({"tmt_jabatan": "2999-01-01"}, "tmt_jabatan", "2999-01-01 terlalu jauh di depan"),
        ({"jabatan": ""}, "jabatan", "kosong"),
        ({"jenis_jabatan": "STAF"}, "jenis_jabatan", "PELAKSANA"),
        ({"unit": "Dinas Antariksa"}, "unit", "tidak dikenal"),
        ({"unit": "DPMPTSP.IZIN.YANG"}, "unit", "Mungkin maksudnya"),
        ({"unit": ""}, "unit", "kosong"),
        ({"nip_atasan": "199001012019129999"}, "nip_atasan", "tidak dikenal"),
        ({"nip_atasan": "kepala"}, "nip_atasan", "18 angka"),
        ({"nip_atasan": "199205172018041001"}, "nip_atasan", "dirinya sendiri"),
        ({"tmt_jabatan": "31-02-2026"}, "tmt_jabatan", "tidak ada"),
        ({"tmt_jabatan": "besok"}, "tmt_jabatan", "bukan tanggal"),
        ({"tmt_jabatan": "1926-01-01"}, "tmt_jabatan", "terlalu awal"),
        ({"tmt_jabatan": ""}, "tmt_jabatan", "kosong"),
        ({"email": "bukan email"}, "email", "tidak lengkap"),
        ({"status": "HILANG"}, "status", "TUGAS_BELAJAR"),
    ],
)
def test_a_bad_row_is_refused_with_its_column_and_a_remedy(city: City, file: Path, change: dict[str, Any], column: str, words: str) -> None:
    report = bring_in(write_csv(file, [row(1, **change)]))
    [problem] = report.problems
    assert (problem.line, problem.columns) == (2, column)
    assert words in problem.text


def test_all_faults_of_a_row_are_told_at_once(city: City, file: Path) -> None:
    report = bring_in(write_csv(file, [row(1, nama="", unit="", tmt_jabatan="31-02-2026")]))
    assert report.problems[0].columns == "nama, unit, tmt_jabatan"


@pytest.mark.parametrize(
    ("change", "columns", "words"),
    [
        (
            {"nama": "", "golongan": "V/a", "unit": "Dinas Antariksa", "nip_atasan": "199001012019129999"},
            "nama, golongan, unit, nip_atasan",
            ("Kolom nama kosong", "“V/a” tidak ada", "“Dinas Antariksa” tidak dikenal", "199001012019129999 tidak dikenal"),
        ),
        ({"tmt_jabatan": "31-02-2026", "unit": "Dinas Antariksa"}, "unit, tmt_jabatan", ("tidak dikenal", "31-02-2026")),
        ({"jenis_pegawai": "", "nip": "199202302018041001"}, "nip, jenis_pegawai", ("Tanggal lahir dalam NIP", "kosong")),
        ({"jenis_pegawai": "HONORER", "golongan": "salah"}, "jenis_pegawai, golongan", ("HONORER", "“salah” tidak ada")),
    ],
)
def test_what_the_line_and_what_the_city_finds_are_told_together(
    city: City, file: Path, change: dict[str, Any], columns: str, words: tuple[str, ...]
) -> None:
    [problem] = bring_in(write_csv(file, [row(1, **change)])).problems
    assert problem.columns == columns
    assert [word for word in words if word not in problem.text] == []


@pytest.mark.parametrize(
    ("change", "columns"),
    [
        ({"jenis_pegawai": "HONORER", "golongan": "IX"}, "jenis_pegawai"),  # a grade of contract staff, should he be one
        ({"jenis_pegawai": "", "nip": "199205172018131001"}, "jenis_pegawai"),  # so is the month that is none
        ({"nama": "", "nip_atasan": "199205172018041002"}, "nama"),  # whose row is good
        ({"nama": "", "unit": ""}, "nama, unit"),
    ],
)
def test_a_bad_column_is_no_reason_to_blame_another(city: City, file: Path, change: dict[str, Any], columns: str) -> None:
    report = bring_in(write_csv(file, [row(1, **change), row(2)]))
    assert [problem.columns for problem in report.problems] == [columns]


def test_the_unit_of_a_row_without_a_day_may_begin_later(city: City, file: Path) -> None:
    OrgUnit.objects.filter(code="DINKES.YAN").update(valid=type(ALWAYS)(dt.date(2027, 1, 1), None))
    report = bring_in(write_csv(file, [row(1, unit="DINKES.YAN", tmt_jabatan="01-01-20277")]))
    assert [problem.columns for problem in report.problems] == ["tmt_jabatan"]


def test_cells_that_slid_into_other_columns_are_not_asked_what_they_mean(city: City, file: Path) -> None:
    file.write_text(write_csv(file, [row(1)]).read_text().replace("III/a,", "III/a,Pengelola,"))
    [problem] = bring_in(file).problems
    assert problem.columns.startswith("(semua)")
    assert "Unit “PELAKSANA”" not in problem.text


def test_a_row_under_a_superior_whose_row_is_bad_is_sent_to_that_row(city: City, file: Path) -> None:
    boss = "199205172018041001"
    first, second = bring_in(write_csv(file, [row(1, nama=""), row(2, nip_atasan=boss, unit="?")])).problems
    assert (first.columns, second.columns) == ("nama", "unit, nip_atasan")
    assert "baris 2 ditolak" in second.text


def test_a_loop_is_told_to_all_its_rows_though_one_has_another_fault(city: City, file: Path) -> None:
    a, b = "199205172018041001", "199205172018041002"
    report = bring_in(write_csv(file, [row(1, nip_atasan=b, nama=""), row(2, nip_atasan=a)]))
    assert [problem.columns for problem in report.problems] == ["nama, nip_atasan", "nip_atasan"]
    assert all("berputar" in problem.text for problem in report.problems)


def test_of_rows_with_one_nip_the_first_is_taken_and_later_ones_refused(city: City, file: Path) -> None:
    spaced = "'19920517 201804 1 001"
    report = bring_in(write_csv(file, [row(1, nama="Pertama"), row(1, nip=spaced, nama="Kedua"), row(1, nama="Ketiga")]), apply_good=True)
    assert counts(report) == (1, 0, 0, 2)
    assert [problem.line for problem in report.problems] == [3, 4]
    assert "baris 2" in report.problems[0].text
    assert Employee.objects.get(nip="199205172018041001").name == "Pertama"


def test_all_rows_of_a_loop_of_supervisors_are_refused_and_no_others(city: City, file: Path) -> None:
    a, b, c = (f"199205172018041{n:03}" for n in (1, 2, 3))
    report = bring_in(write_csv(file, [row(1, nip_atasan=b), row(2, nip_atasan=c), row(3, nip_atasan=a), row(4)]), apply_good=True)
    assert counts(report) == (1, 0, 0, 3)
    assert {problem.columns for problem in report.problems} == {"nip_atasan"}
    assert "baris 2 → baris 3 → baris 4 → baris 2" in report.problems[0].text


def test_a_loop_that_closes_through_the_database_is_refused(city: City, file: Path) -> None:
    report = bring_in(write_csv(file, [known(city, "dpmptsp") | {"nip_atasan": city.staff[3].nip, "tmt_jabatan": "2026-06-01"}]))
    [problem] = report.problems
    assert "berputar" in problem.text


def test_a_refused_row_that_leaves_the_old_chain_can_close_a_loop(city: City, file: Path) -> None:
    """penilai goes below his own staff, which is fine only if that one moves away; his row is bad, so he does not."""
    below = known(city, "penilai") | {"nip_atasan": city.staff[0].nip, "tmt_jabatan": "2026-06-01"}
    away = known(city, "pegawai") | {"nip_atasan": city.people["atasan"].nip, "tmt_jabatan": "2026-06-01"}
    assert counts(bring_in(write_csv(file, [below, away]), dry_run=True)) == (0, 2, 0, 0)
    report = bring_in(write_csv(file, [below, away | {"golongan": "salah"}]), apply_good=True)
    assert [problem.line for problem in report.problems] == [2, 3]


def test_a_row_under_a_refused_supervisor_who_is_not_known_is_refused_too(city: City, file: Path) -> None:
    boss, middle = "199205172018041001", "199205172018041002"
    report = bring_in(write_csv(file, [row(1, unit="?"), row(2, nip_atasan=boss), row(3, nip_atasan=middle), row(4)]), apply_good=True)
    assert counts(report) == (1, 0, 0, 3)
    assert "baris 2 ditolak" in report.problems[1].text


def test_a_row_under_a_refused_supervisor_who_is_known_is_taken(city: City, file: Path) -> None:
    report = bring_in(write_csv(file, [known(city, "penilai") | {"unit": "?"}, row(1)]), apply_good=True)
    assert counts(report) == (1, 0, 0, 1)


def test_a_number_that_differs_from_birth_date_or_sex_warns_and_is_taken(city: City, file: Path, tmp_path: Path) -> None:
    out = tmp_path / "galat.csv"
    report = bring_in(write_csv(file, [row(1, jenis_kelamin="P", tanggal_lahir="1992-05-18")]), errors_out=out)
    assert counts(report) == (1, 0, 0, 0)
    assert [warning.columns for warning in report.warnings] == ["tanggal_lahir", "jenis_kelamin"]
    assert len(out.read_text().splitlines()) == 1


def test_a_name_that_several_units_bear_is_refused_with_the_candidates(city: City, file: Path) -> None:
    [problem] = bring_in(write_csv(file, [row(1, unit="Seksi Pelayanan")])).problems
    assert "DPMPTSP.IZIN.YAN" in problem.text
    assert "DINKES.YAN" in problem.text


@pytest.mark.parametrize(
    "unit",
    [
        "dpmptsp.izin.yan",
        "BKT/DPMPTSP/DPMPTSP.IZIN/DPMPTSP.IZIN.YAN/",
        "Dinas Penanaman Modal dan PTSP / Bidang Perizinan / Seksi Pelayanan",
        "dinas penanaman modal dan ptsp > bidang perizinan >  seksi pelayanan ",
        "Pemerintah Kota Bukittinggi / Dinas Penanaman Modal dan PTSP / Bidang Perizinan / Seksi Pelayanan",
    ],
)
def test_a_unit_is_found_by_code_or_by_its_full_path(city: City, file: Path, unit: str) -> None:
    assert counts(bring_in(write_csv(file, [row(1, unit=unit)]))) == (1, 0, 0, 0)
    assert posting_of("199205172018041001").unit.code == "DPMPTSP.IZIN.YAN"


def test_a_unit_is_found_by_a_name_that_only_one_bears(city: City, file: Path) -> None:
    bring_in(write_csv(file, [row(1, unit=" bidang  PERIZINAN ")]))
    assert posting_of("199205172018041001").unit.code == "DPMPTSP.IZIN"


def test_a_unit_that_has_ended_is_refused_with_its_successor(city: City, file: Path) -> None:
    old = city.units["DINKES"]
    OrgUnit.objects.filter(pk=old.pk).update(valid=type(ALWAYS)(dt.date(2025, 1, 1), dt.date(2026, 1, 1)))
    new = OrgUnit.objects.create(
        code="DINKES-2",
        name="Dinas Kesehatan Kota",
        kind="OPD",
        parent=old.parent,
        path="BKT/DINKES-2/",
        full_name="Dinas Kesehatan Kota",
        valid=ALWAYS,
    )
    old.successions.create(successor=new, kind="GANTI_NAMA", on=dt.date(2026, 1, 1))
    [problem] = bring_in(write_csv(file, [row(1, unit="DINKES")])).problems
    assert "DINKES-2" in problem.text


# --- the error file


def test_the_error_file_keeps_the_columns_and_is_taken_after_mending(city: City, file: Path, tmp_path: Path) -> None:
    out = tmp_path / "galat.csv"
    bring_in(write_csv(file, [row(1), row(2, unit="?", golongan="salah"), row(3)], separator=";"), apply_good=True, errors_out=out)
    with out.open(encoding="utf-8", newline="") as stream:
        [bad] = list(csv.DictReader(stream, delimiter=";"))
    assert (bad["baris"], bad["kolom"]) == ("3", "golongan, unit")
    assert "tidak dikenal" in bad["galat"]
    assert bad["nip"] == "199205172018041002"
    mended = {**bad, "unit": "DINKES.YAN", "golongan": "III/b"}
    write_csv(file, [mended], header=list(mended))
    assert counts(bring_in(file)) == (1, 0, 0, 0)


def test_the_error_file_of_an_error_file_has_its_columns_once(city: City, file: Path, tmp_path: Path) -> None:
    out = tmp_path / "galat.csv"
    bring_in(write_csv(file, [row(1, unit="?")]), errors_out=out)
    again = tmp_path / "galat2.csv"
    bring_in(out, errors_out=again)
    assert again.read_text().splitlines()[0].split(",").count("galat") == 1


@pytest.mark.parametrize("cell", ["=1+1", "+62 812", "-x", "@SUM(A1)", "＝1+1"])
def test_a_cell_that_a_sheet_would_run_is_made_harmless_in_the_error_file(city: City, file: Path, tmp_path: Path, cell: str) -> None:
    out = tmp_path / "galat.csv"
    bring_in(write_csv(file, [row(1, nama=cell, unit="?")]), errors_out=out)
    with out.open(encoding="utf-8", newline="") as stream:
        assert next(csv.DictReader(stream))["nama"] == f"'{cell}"
    bring_in(write_csv(file, [row(1, nama=f"'{cell}")]))
    assert Employee.objects.get(nip="199205172018041001").name == cell


def test_no_title_of_the_error_file_is_a_formula(city: City, file: Path, tmp_path: Path) -> None:
    out = tmp_path / "galat.csv"
    bring_in(write_csv(file, [{**row(1, unit="?"), "=1+1": "x"}], header=[*row(1), "=1+1"]), errors_out=out)
    assert "'=1+1" in out.read_text(encoding="utf-8").splitlines()[0].split(",")


# --- size


@pytest.mark.slow
@pytest.mark.slow
def test_a_hundred_thousand_rows_are_imported(city: City, file: Path) -> None:
    people = [
        row(0, nip=nip_of(n % 90_000).replace("19900101", "19890202" if n >= 90_000 else "19900101"), tanggal_lahir="")
        for n in range(1000, 101_000)
    ]
    write_csv(file, people)
    assert counts(bring_in(file)) == (100_000, 0, 0, 0)


def test_three_thousand_rows_cost_a_fixed_number_of_queries(city: City, file: Path) -> None:
    def queries(people: list[dict[str, Any]]) -> int:
        write_csv(file, people)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            bring_in(file)
        return len(asked)

    few = queries([row(n, nip=nip_of(5000 + n), tanggal_lahir="1990-01-01") for n in range(10)])
    many = queries([row(n, nip=nip_of(6000 + n), tanggal_lahir="1990-01-01") for n in range(3000)])
    # Inserts travel in batches of 2,000 rows; nothing else may grow.
    assert many <= few + 6
    assert Employee.objects.filter(name__startswith="Orang Baru").count() == 3010
