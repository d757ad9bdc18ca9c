"""Importing people: rows that are taken with a word, and rows of an older list."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from employees.models import Employee, Posting
from employees.services.postings import post_employee
from tests.employees.sheets import NOW, SUPERVISOR, bring_in, counts, everything, known, posting_of, row, write_csv
from tests.people import City


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "pegawai.csv"


def warned(file: Path, *rows: dict[str, Any]) -> list[tuple[int, str]]:
    report = bring_in(write_csv(file, list(rows)))
    assert report.problems == ()
    return [(warning.line, warning.text) for warning in report.warnings]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"tmt_jabatan": "2024-12-31"}, "mendahului berlakunya unit"),
        ({"nip": "199205172025041001", "tmt_jabatan": "2025-03-31"}, "pengangkatan menurut NIP (04-2025)"),
        ({"nip": "199205172026211001", "jenis_pegawai": "PPPK", "golongan": "IX", "tmt_jabatan": "2025-12-31"}, "(2026)"),
        ({"tmt_jabatan": "2027-11-26"}, "lebih dari setahun lagi"),
        ({"nip_atasan": ""}, "belum ada yang menilai"),
    ],
)
def test_an_odd_row_is_taken_with_a_word(city: City, file: Path, change: dict[str, Any], words: str) -> None:
    [(line, text)] = warned(file, row(1, **change))
    assert line == 2
    assert words in text


@pytest.mark.parametrize(
    "change",
    [
        {"nip": "199205172025041001", "tmt_jabatan": "2025-04-01"},
        {"tmt_jabatan": "2027-11-24"},
        {"nip_atasan": "", "status": "PENSIUN"},
        {"nip_atasan": "", "unit": "BKT", "jabatan": "Wali Kota", "jenis_jabatan": "JPT_PRATAMA", "tmt_jabatan": "2025-01-01"},
    ],
)
def test_an_ordinary_row_is_taken_without_a_word(city: City, file: Path, change: dict[str, Any]) -> None:
    Posting.objects.filter(unit__code="BKT").update(heads_unit=False)
    assert warned(file, row(1, **change)) == []


@pytest.mark.parametrize("status", ["PENSIUN", "NONAKTIF"])
def test_a_superior_who_has_left_is_named(city: City, file: Path, status: str) -> None:
    Employee.objects.filter(pk=city.people["penilai"].pk).update(status=status)
    [(line, text)] = warned(file, row(1))
    assert line == 2
    assert f"berstatus {status}" in text


def test_the_file_itself_tells_whether_a_superior_has_left(city: City, file: Path) -> None:
    leaving = known(city, "penilai") | {"status": "PENSIUN"}
    assert [line for line, _text in warned(file, leaving, row(1))] == [3]
    assert warned(file, leaving | {"status": "AKTIF"}, row(1)) == []


def test_an_empty_superior_leaves_the_one_who_is_known_and_says_so(city: City, file: Path) -> None:
    [(_line, text)] = warned(file, known(city, "pegawai") | {"nip_atasan": ""})
    assert "tetap" in text
    nip = city.staff[0].nip or ""
    assert Posting.objects.filter(employee__nip=nip).count() == 1
    assert posting_of(nip).supervisor == city.people["penilai"]
    # Also in a list of the same post from a later day on.
    assert "tetap" in warned(file, known(city, "pegawai") | {"nip_atasan": "", "tmt_jabatan": "2027-01-01"})[-1][1]
    assert posting_of(nip, dt.date(2027, 1, 1)).supervisor == city.people["penilai"]


@pytest.mark.parametrize("since", ["2026-06-01", "2027-01-01"])
@pytest.mark.parametrize("change", [{"unit": "DINKES.YAN"}, {"jabatan": "Analis", "jenis_jabatan": "FUNGSIONAL"}])
def test_whoever_takes_up_another_post_does_not_stay_under_the_superior_he_left(
    city: City, file: Path, change: dict[str, Any], since: str
) -> None:
    moved = known(city, "pegawai") | {"nip_atasan": "", "tmt_jabatan": since} | change
    [(_line, text)] = warned(file, moved)
    assert "belum ada yang menilai" in text
    nip, first = city.staff[0].nip or "", dt.date.fromisoformat(since)
    assert posting_of(nip, first).supervisor is None
    assert posting_of(nip, first - dt.timedelta(days=1)).supervisor == city.people["penilai"]
    before = everything()
    assert counts(bring_in(write_csv(file, [moved]))) == (0, 0, 1, 0)
    assert everything() == before


def test_a_superior_named_after_a_move_stays_when_the_same_list_comes_again(city: City, file: Path) -> None:
    moved = known(city, "pegawai") | {"nip_atasan": "", "unit": "DINKES.YAN", "tmt_jabatan": "2027-01-01"}
    bring_in(write_csv(file, [moved]))
    bring_in(write_csv(file, [moved | {"nip_atasan": city.people["kadinkes"].nip}]))
    assert counts(bring_in(write_csv(file, [moved]))) == (0, 0, 1, 0)
    assert posting_of(city.staff[0].nip or "", dt.date(2027, 1, 1)).supervisor == city.people["kadinkes"]


def test_who_moves_away_from_people_the_file_does_not_name_is_told(city: City, file: Path) -> None:
    moved = known(city, "penilai") | {"unit": "DINKES.YAN", "nip_atasan": city.people["kadinkes"].nip, "tmt_jabatan": "2026-11-01"}
    under = Posting.objects.in_force(on=dt.date(2026, 11, 1)).filter(supervisor=city.people["penilai"]).count()
    assert under > 1
    [(line, text)] = warned(file, moved)
    assert (line, f"{under} pegawai di luar berkas" in text) == (2, True)


def test_people_the_file_names_are_not_left_behind(city: City, file: Path) -> None:
    moved = known(city, "penilai") | {"unit": "DINKES.YAN", "nip_atasan": city.people["kadinkes"].nip, "tmt_jabatan": "2026-11-01"}
    [(_line, text)] = warned(file, moved, known(city, "pegawai") | {"nip_atasan": city.people["atasan"].nip, "tmt_jabatan": "2026-11-01"})
    under = Posting.objects.in_force(on=dt.date(2026, 11, 1)).filter(supervisor=city.people["penilai"]).count()
    assert f"{under} pegawai di luar berkas" in text


DECEMBER = dt.date(2026, 12, 1)


def post_below(city: City, boss: int, *, since: dt.date = DECEMBER, until: dt.date | None = None) -> None:
    """penilai is recorded below one of his staff from a later day on; his staff meanwhile below somebody else."""
    for who, above in ((city.staff[boss], city.people["kadinkes"]), (city.people["penilai"], city.staff[boss])):
        held = Posting.objects.known().get(employee=who)
        post_employee(
            employee_id=who.pk, unit_id=held.unit_id, position_id=held.position_id, supervisor_id=above.pk, heads_unit=held.heads_unit,
            valid_from=since, valid_to=until, decided_on=None, decree="", reason="x", actor=None, now=NOW,
        )  # fmt: skip


@pytest.mark.parametrize(("since", "told"), [("2026-11-01", "01-12-2026"), ("2026-12-10", "10-12-2026")])
def test_a_loop_that_a_recorded_posting_closes_later_is_refused_with_its_day(city: City, file: Path, since: str, told: str) -> None:
    post_below(city, 2)
    kadinkes = known(city, "kadinkes") | {"nip_atasan": city.staff[1].nip, "tmt_jabatan": since}
    report = bring_in(write_csv(file, [kadinkes, row(2)]), apply_good=True)
    assert counts(report) == (1, 0, 0, 1)
    [problem] = report.problems
    assert (problem.line, problem.columns) == (2, "nip_atasan")
    assert f"berputar mulai {told}" in problem.text


def test_a_row_under_somebody_who_is_below_him_only_later_or_no_longer_is_taken(city: City, file: Path) -> None:
    post_below(city, 2, until=dt.date(2027, 1, 1))
    held = known(city, "luar") | {"nip_atasan": city.staff[1].nip, "tmt_jabatan": "2026-11-01"}
    kadinkes = known(city, "kadinkes") | {"nip_atasan": city.staff[1].nip, "tmt_jabatan": "2027-01-01"}
    assert counts(bring_in(write_csv(file, [held, kadinkes]))) == (0, 2, 0, 0)


def test_a_loop_of_later_rows_is_told_once_for_each_row(city: City, file: Path) -> None:
    a, b = "199205172018041001", "199205172018041002"
    rows = [row(1, nip_atasan=b, tmt_jabatan="2026-12-01"), row(2, nip_atasan=a, tmt_jabatan="2026-12-15")]
    assert [problem.text.count("berputar") for problem in bring_in(write_csv(file, rows)).problems] == [1, 1]


def test_an_older_list_does_not_cancel_a_posting_that_begins_later(city: City, file: Path) -> None:
    later = row(1, unit="DINKES.YAN", nip_atasan=city.people["kadinkes"].nip, tmt_jabatan="2026-06-01")
    bring_in(write_csv(file, [row(1)]))
    bring_in(write_csv(file, [later]))
    before = everything()
    for older in (row(1), row(1, tmt_jabatan="2026-05-31"), later | {"nip_atasan": SUPERVISOR, "tmt_jabatan": "2026-01-01"}):
        [problem] = bring_in(write_csv(file, [older])).problems
        assert problem.columns == "tmt_jabatan"
        assert "mulai 01-06-2026 sudah tercatat" in problem.text
    assert everything() == before
    # A correction from the same day on is none of an older list.
    assert counts(bring_in(write_csv(file, [later | {"nip_atasan": SUPERVISOR}]))) == (0, 1, 0, 0)


def test_an_older_list_is_refused_though_its_row_has_another_fault(city: City, file: Path) -> None:
    bring_in(write_csv(file, [row(1, tmt_jabatan="2026-06-01")]))
    [problem] = bring_in(write_csv(file, [row(1, nama="", unit="?", jabatan="Analis")])).problems
    assert problem.columns == "nama, unit, tmt_jabatan"
    # As far as its unit can be read it is the same post, and only begins earlier.
    [problem] = bring_in(write_csv(file, [row(1, nama="", unit="?")])).problems
    assert problem.columns == "nama, unit"


def test_a_row_under_one_whose_older_row_is_refused_stands_by_what_is_recorded(city: City, file: Path) -> None:
    bring_in(write_csv(file, [row(1, tmt_jabatan="2026-06-01")]))
    boss = row(1)["nip"]
    report = bring_in(write_csv(file, [row(1, unit="DINKES.YAN"), row(2, nip_atasan=boss)]), apply_good=True)
    assert counts(report) == (1, 0, 0, 1)
