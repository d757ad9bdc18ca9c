"""me/, units/, employees/: who the token is, the tree, and the people one may see."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from bukittinggi_kinerja.common.period import JAKARTA, start_of_day
from employees.models import Employee, OrgUnit, Posting
from tests.api.conftest import Callers
from tests.people import City


def test_me_names_the_owner_his_roles_and_the_scopes_of_the_token(caller: Callers, city: City) -> None:
    told = caller("penilai", "read:people", "read:reports").get("me/")
    assert told["username"] == "penilai"
    assert told["employee"]["nip"] == city.people["penilai"].nip
    assert told["roles"] == ["PENILAI", "KEPALA_UNIT"]
    assert told["scopes"] == ["read:people", "read:reports"]


def test_me_needs_no_particular_scope(caller: Callers) -> None:
    assert caller("pegawai", "write:events").get("me/")["roles"] == []


@pytest.mark.parametrize(
    ("who", "count"),
    [("pegawai", 1), ("penilai", 13), ("atasan", 14), ("dpmptsp", 16), ("pengelola", 16), ("pimpinan", 5), ("luar", 1), ("bkpsdm", 22)],
)
def test_a_token_shows_the_people_its_owner_may_see(caller: Callers, who: str, count: int) -> None:
    assert len(caller(who).every("employees/?page_size=5")) == count


def test_a_person_is_shown_with_his_post_of_today(caller: Callers, city: City) -> None:
    mine = caller("pegawai").get("employees/")["results"][0]
    assert mine["nip"] == city.people["pegawai"].nip
    assert (mine["unit"], mine["position"], mine["grade"]) == ("DPMPTSP.IZIN.YAN", "Pengelola Perizinan", "III/a")
    assert (mine["status"], mine["supervisor"]) == ("AKTIF", city.people["penilai"].nip)


def test_no_row_of_a_person_carries_birth_date_or_email(caller: Callers) -> None:
    row = caller("bkpsdm").get("employees/")["results"][0]
    assert not {"birth_date", "email", "sex"} & set(row)


def test_a_person_outside_ones_sight_is_not_there(caller: Callers, city: City) -> None:
    own = caller("pegawai")
    assert own.get(f"employees/{city.people['pegawai'].pk}/")["name"] == "Ahmad Fauzi"
    own.get(f"employees/{city.people['luar'].pk}/", 404)
    own.get("employees/999999999999999999999/", 404)


def test_people_of_a_unit_are_those_of_all_units_below(caller: Callers) -> None:
    hr = caller("bkpsdm")
    assert len(hr.get("employees/?unit=DPMPTSP")["results"]) == 16
    assert len(hr.get("employees/?unit=DPMPTSP.IZIN.YAN")["results"]) == 13
    assert len(hr.get("employees/?unit=")["results"]) == 22
    assert hr.get("employees/?unit=TIDAK-ADA", 400)["errors"] == {"unit": ["Kode unit ini tidak dikenal."]}


def test_units_that_have_ended_appear_only_to_those_who_follow_changes(caller: Callers, city: City) -> None:
    OrgUnit.objects.create(
        code="LAMA", name="Kantor Lama", kind="OPD", parent=city.units["BKT"], path="BKT/LAMA/", full_name="Kantor Lama",
        valid=DateRange(dt.date(2020, 1, 1), dt.date(2024, 1, 1)),
    )  # fmt: skip
    own = caller("pegawai")
    assert "LAMA" not in {row["code"] for row in own.every("units/")}
    past = {row["code"]: row for row in own.every("units/?updated_since=2020-01-01T00:00:00Z")}
    assert (past["LAMA"]["parent"], past["LAMA"]["valid_from"], past["LAMA"]["valid_to"]) == ("BKT", "2020-01-01", "2024-01-01")


def test_units_open_to_both_reading_scopes(caller: Callers) -> None:
    caller("pegawai", "read:reports").get("units/")
    caller("pegawai", "write:progress").get("units/", 403)
    caller("pegawai", "read:reports").get("employees/", 403)


def test_people_who_changed_since_a_moment_that_moment_included(caller: Callers, city: City) -> None:
    moment = dt.datetime(2030, 1, 1, tzinfo=dt.UTC)
    Employee.objects.filter(pk=city.people["luar"].pk).update(updated_at=moment)
    hr = caller("bkpsdm")
    assert [row["name"] for row in hr.every("employees/?updated_since=2030-01-01T07:00:00%2B07:00")] == ["Mardiana Bodi"]
    assert [row["name"] for row in hr.every("employees/?updated_since=2030-01-01T07:00:00+07:00")] == ["Mardiana Bodi"]
    assert hr.every("employees/?updated_since=2030-01-01T00:00:01Z") == []


def test_a_post_that_takes_effect_counts_as_a_change_of_its_person(caller: Callers, city: City) -> None:
    today = dt.datetime.now(JAKARTA).date()
    Employee.objects.update(updated_at=dt.datetime(2025, 1, 1, tzinfo=dt.UTC))
    Posting.objects.filter(employee=city.people["luar"]).update(valid=DateRange(today, None))
    moment = start_of_day(today).isoformat().replace("+", "%2B")
    [row] = caller("bkpsdm").every(f"employees/?updated_since={moment}")
    assert (row["name"], row["updated_at"]) == ("Mardiana Bodi", start_of_day(today).isoformat())
