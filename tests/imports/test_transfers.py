"""A decree as a list: tried, applied at once, and taken back."""

from __future__ import annotations

import datetime as dt

from bukittinggi_kinerja.common.models import Event
from employees.models import Position, Posting
from employees.queries import supervisor_on
from tests.imports.carried import Carried, csv_of
from tests.months import today
from tests.people import City

DAY = dt.timedelta(days=1)


def decree() -> dict[str, str]:
    return {"decree": "821/77", "decided_on": today().isoformat(), "on": (today() + DAY).isoformat()}


def test_a_decree_of_150_people_is_tried_applied_and_taken_back(city: City) -> None:
    people = city.add_staff(150)
    rows = [{"NIP": person.nip, "Unit Kerja": "DINKES.YAN", "Jabatan": "Penata Layanan", "Jenis Jabatan": "PELAKSANA"} for person in people]
    rows.insert(0, {"NIP": city.people["penilai"].nip, "Unit Kerja": "DPMPTSP.IZIN", "Jabatan": "Arsiparis", "Jenis Jabatan": "FUNGSIONAL"})
    before = set(Posting.objects.known().values_list("employee_id", "unit_id", "supervisor_id"))
    carried = Carried(city).bring(csv_of(rows), kind="penempatan").check(**decree())
    assert carried.counts == (0, 151, 0, 0), carried.batch.message
    assert "12 bawahannya beralih kepada Yusnidar Piliang" in carried.page()
    assert set(Posting.objects.known().values_list("employee_id", "unit_id", "supervisor_id")) == before
    carried.apply()
    assert carried.batch.state == "DITERAPKAN", carried.batch.message
    tomorrow = today() + DAY
    assert {supervisor_on(person.pk, on=tomorrow) for person in people} == {city.people["kadinkes"].pk}
    assert {supervisor_on(person.pk, on=tomorrow) for person in city.staff} == {city.people["atasan"].pk}
    assert supervisor_on(people[0].pk, on=today()) == city.people["penilai"].pk
    assert Event.objects.filter(action="employees.transfer.made").count() == 1
    carried.undo()
    assert carried.batch.state == "DIURUNGKAN", carried.batch.message
    assert set(Posting.objects.known().values_list("employee_id", "unit_id", "supervisor_id")) == before
    assert Position.objects.filter(title="Penata Layanan").exists(), "the closed postings still name it"


def test_a_bad_row_is_named_and_the_good_ones_can_be_taken_alone(city: City) -> None:
    rows = [
        {"nip": city.staff[1].nip, "unit": "DINKES.YAN", "jabatan": "Pengelola Perizinan", "nip_atasan": ""},
        {"nip": city.staff[2].nip, "unit": "Dinas Angkasa", "jabatan": "Pengelola Perizinan", "nip_atasan": "PIMPINAN_UNIT_INDUK"},
    ]
    carried = Carried(city).bring(csv_of(rows), kind="penempatan").check(**decree())
    assert carried.counts == (0, 1, 0, 1)
    assert b"Dinas Angkasa" in carried.errors()
    carried.apply(good_only=True)
    assert supervisor_on(city.staff[1].pk, on=today() + DAY) == city.people["kadinkes"].pk
    assert supervisor_on(city.staff[2].pk, on=today() + DAY) == city.people["penilai"].pk
