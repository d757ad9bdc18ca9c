"""One decree moves many people: what is planned, what is refused, what is laid."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from bukittinggi_kinerja.common.errors import Unacceptable
from bukittinggi_kinerja.common.models import Event
from bukittinggi_kinerja.common.period import JAKARTA
from employees.models import Employee, Posting
from employees.queries import supervisor_on
from employees.rules.transfers import Place, Superior, Wanted, plan_transfer
from employees.services.transfers import DecreeFacts, TransferReport, TransferRow, transfer_by_decree
from tests.people import City

NOW = dt.datetime(2026, 11, 10, 9, tzinfo=JAKARTA)
MID_NOVEMBER = dt.date(2026, 11, 16)
DAY = dt.timedelta(days=1)
DECREE = DecreeFacts(on=MID_NOVEMBER, number="821/77/2026", decided_on=dt.date(2026, 11, 9), reason="Rotasi")


def row(city: City, line: int, who: str | Employee, unit: str, title: str = "", **more: Any) -> TransferRow:
    person = city.people[who] if isinstance(who, str) else who
    words = {"nip": person.nip, "unit": unit, "title": title or "Pengelola Perizinan", "kind": "PELAKSANA"}
    return TransferRow(line=line, **{**words, **more})


def transfer(rows: list[TransferRow], *, apply: bool = True, **more: Any) -> TransferReport:
    return transfer_by_decree(rows=rows, decree=more.pop("decree", DECREE), apply=apply, actor=None, now=NOW, **more)


def boss(city: City, person: Employee, on: dt.date = MID_NOVEMBER) -> str | None:
    names = {one.pk: key for key, one in city.people.items()}
    return names.get(supervisor_on(person.pk, on=on) or 0)


def sections(city: City) -> list[TransferRow]:
    """The head of a section becomes head of the division, and one of his staff head of the section."""
    return [
        row(city, 2, "penilai", "DPMPTSP.IZIN", "Kepala Bidang Perizinan", kind="ADMINISTRATOR"),
        row(city, 3, "staf3", "DPMPTSP.IZIN.YAN", "Kepala Seksi Pelayanan", kind="PENGAWAS"),
        row(city, 4, "atasan", "DINKES", "Analis Kebijakan", kind="FUNGSIONAL"),
    ]


def test_a_dry_run_says_who_moves_and_who_follows_and_writes_nothing(city: City) -> None:
    before = Posting.objects.count()
    report = transfer(sections(city), apply=False)
    assert report.bad == 0
    assert [line.label for line in report.lines] == [city.people[key].name for key in ("penilai", "staf3", "atasan")]
    new_head = city.people["staf3"].pk
    assert {move.employee for move in report.followers_of(city.people["penilai"].pk)} == {
        person.pk for person in city.staff if person.pk != new_head
    }
    assert "11 bawahannya beralih kepada" in report.lines[0].warnings[0][1]
    assert (
        "unit",
        "Dinas Penanaman Modal dan PTSP / Bidang Perizinan / Seksi Pelayanan",
        "Dinas Penanaman Modal dan PTSP / Bidang Perizinan",
    ) in report.lines[0].changes
    assert Posting.objects.count() == before
    assert not Event.objects.filter(action="employees.transfer.made").exists()


def test_from_its_day_on_everybody_has_the_leader_of_his_unit_and_the_day_before_nothing_changed(city: City) -> None:
    transfer(sections(city))
    assert {boss(city, person) for person in city.staff if person.pk != city.people["staf3"].pk} == {"staf3"}
    assert {boss(city, person, MID_NOVEMBER - DAY) for person in city.staff} == {"penilai"}
    assert (boss(city, city.people["staf3"]), boss(city, city.people["penilai"])) == ("penilai", "dpmptsp")
    assert boss(city, city.people["atasan"]) == "kadinkes"
    event = Event.objects.get(action="employees.transfer.made")
    assert event.new["decree"] == DECREE.number
    assert len(event.old) == 3 + 11


def test_a_post_that_stays_vacant_leaves_its_people_to_the_next_leader(city: City) -> None:
    transfer([row(city, 2, "penilai", "DINKES.YAN")])
    assert {boss(city, person) for person in city.staff} == {"atasan"}
    assert boss(city, city.people["penilai"]) == "kadinkes"


def test_who_stands_directly_under_the_mayor_is_named_without_a_number(city: City) -> None:
    rows = [row(city, 2, "kadinkes", "DINKES", "Kepala Dinas", kind="JPT_PRATAMA", supervisor="pimpinan unit induk".replace(" ", "_"))]
    transfer(rows)
    assert boss(city, city.people["kadinkes"]) == "walikota"
    assert boss(city, city.people["dpmptsp"]) == "pimpinan"


def test_a_new_head_of_an_agency_stands_under_the_superior_of_the_one_before(city: City) -> None:
    transfer(
        [
            row(city, 2, "kadinkes", "DPMPTSP", "Kepala Dinas", kind="JPT_PRATAMA"),
            row(city, 3, "dpmptsp", "DINKES", "Kepala Dinas", kind="JPT_PRATAMA"),
        ]
    )
    assert (boss(city, city.people["kadinkes"]), boss(city, city.people["dpmptsp"])) == ("pimpinan", "pimpinan")
    assert (boss(city, city.people["atasan"]), boss(city, city.people["luar"])) == ("kadinkes", "dpmptsp")


@pytest.mark.parametrize(
    ("change", "column", "words"),
    [
        ({"nip": "1"}, "nip", "NIP ini tidak dikenal"),
        ({"nip": None}, "nip", "Kolom nip kosong"),
        ({"unit": "Dinas Angkasa"}, "unit", "tidak dikenal"),
        ({"title": ""}, "jabatan", "Kolom jabatan kosong"),
        ({"kind": "BUPATI"}, "jenis_jabatan", "tidak dikenal"),
        ({"supervisor": "199001012012011999"}, "nip_atasan", "tidak dikenal"),
        ({"since": "31-02-2026"}, "tmt", "tidak ada"),
        ({"since": "1-11-2026"}, "tmt", "lebih awal daripada tanggal berlaku"),
        ({"title": "Kepala Seksi Pelayanan", "kind": "PENGAWAS"}, "jabatan", "masih dipimpin Darwis Sikumbang"),
    ],
)
def test_a_bad_row_names_its_column_and_the_remedy_and_nothing_is_written(
    city: City, change: dict[str, Any], column: str, words: str
) -> None:
    bad = TransferRow(
        **{"line": 3, "nip": city.people["staf2"].nip, "unit": "DPMPTSP.IZIN.YAN", "title": "Arsiparis", "kind": "PELAKSANA", **change}
    )
    rows = [row(city, 2, "staf1", "DINKES.YAN"), bad]
    before = Posting.objects.count()
    report = transfer(rows, apply=False)
    assert [(at, words in text) for at, text in report.lines[1].faults] == [(column, True)]
    with pytest.raises(Unacceptable):
        transfer(rows)
    assert Posting.objects.count() == before
    assert transfer(rows, good_only=True).written == 1
    assert boss(city, city.people["staf1"]) == "kadinkes"


def test_a_circle_two_heads_and_a_repeated_person_are_refused(city: City) -> None:
    circle = transfer(
        [row(city, 2, "penilai", "DPMPTSP.IZIN.YAN", "Kepala Seksi Pelayanan", kind="PENGAWAS", supervisor=city.people["staf1"].nip)],
        apply=False,
    )
    assert "berputar" in circle.lines[0].faults[0][1]
    twice = transfer([row(city, 2, "staf1", "DINKES.YAN"), row(city, 3, "staf1", "DINKES")], apply=False)
    assert "sudah ada pada baris 2" in twice.lines[1].faults[0][1]
    heads = [row(city, n, f"staf{n}", "DPMPTSP.SEK", "Sekretaris", kind="ADMINISTRATOR") for n in (2, 3)]
    assert "satu pimpinan" in transfer(heads, apply=False).lines[1].faults[0][1].lower()


def test_a_row_that_changes_nothing_writes_nothing_and_a_second_run_has_nothing_to_do(city: City) -> None:
    transfer(sections(city))
    with pytest.raises(Unacceptable, match="Tidak ada penempatan"):
        transfer(sections(city))


def test_a_hundred_and_fifty_people_move_with_a_fixed_number_of_queries(city: City, django_assert_max_num_queries: Any) -> None:
    people = city.add_staff(150)
    with django_assert_max_num_queries(26):
        report = transfer([row(city, n, person, "DINKES.YAN", "Pengadministrasi") for n, person in enumerate(people, 2)])
    assert report.written == 150
    assert {boss(city, person) for person in people} == {"kadinkes"}


def test_only_those_follow_whom_the_old_leader_really_led() -> None:
    places = {1: Place(10, 1, None, True), 2: Place(11, 2, 1, True), 3: Place(11, 3, 2, False), 4: Place(11, 3, 1, False)}
    found = plan_transfer([Wanted(1, 2, 12, 2, False, MID_NOVEMBER, Superior.HEAD)], places, {10: None, 11: 10, 12: 10})
    assert [(move.employee, move.after.supervisor) for move in found.followers] == [(3, 1)]
