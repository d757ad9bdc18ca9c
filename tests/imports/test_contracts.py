"""Contracts of PPPK brought as a list, and plans of another year taken out."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from appraisal.models import PerformancePlan
from employees.models import ContractTerm, Employee
from tests.appraisal.planning import make_indicator, make_plan
from tests.imports.carried import Carried, csv_of
from tests.people import City

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("imports")]


@pytest.fixture
def hired(city: City) -> Employee:
    person = city.people["pegawai"]
    Employee.objects.filter(pk=person.pk).update(kind="PPPK")
    return person


def term(person: Employee, **words: str) -> dict[str, str]:
    return {"nip": person.nip or "", "mulai": "2022-03-01", "sampai": "2027-02-28", "nomor": "814/1", **words}


def test_terms_are_brought_corrected_renewed_and_taken_back(city: City, hired: Employee) -> None:
    first = Carried(city).bring(csv_of([term(hired)]), kind="kontrak").check().apply()
    assert first.counts == (1, 0, 0, 0), first.batch.message
    assert ContractTerm.objects.get().valid == DateRange(dt.date(2022, 3, 1), dt.date(2027, 3, 1))
    renewed = [term(hired, nomor="814/1-B"), term(hired, mulai="2027-03-01", sampai="2032-02-29", nomor="814/2")]
    second = Carried(city).bring(csv_of(renewed), kind="kontrak").check().apply()
    assert second.counts == (1, 1, 0, 0)
    second.undo()
    assert list(ContractTerm.objects.values_list("number", flat=True)) == ["814/1"]


def test_what_leaves_comes_back_as_all_the_same(city: City, hired: Employee) -> None:
    Carried(city).bring(csv_of([term(hired)]), kind="kontrak").check().apply()
    answer = city.client("bkpsdm").post("/impor/kontrak/unduh/", {"file_format": "csv", "reason": "Rekap"})
    back = Carried(city).bring(b"".join(answer.streaming_content), kind="kontrak").check()
    assert back.counts == (0, 0, 1, 0)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"sampai": "2021-01-01"}, "Tanggal akhir mendahului"),
        ({"sampai": ""}, "Kolom sampai kosong"),
        ({"nip": "199001012015031999"}, "tidak dikenal"),
    ],
)
def test_a_bad_term_is_refused_with_its_remedy(city: City, hired: Employee, wrong: dict[str, str], sentence: str) -> None:
    carried = Carried(city).bring(csv_of([term(hired, **wrong)]), kind="kontrak").check()
    assert carried.counts == (0, 0, 0, 1)
    assert sentence in carried.page()


def test_a_civil_servant_has_no_contract_and_two_terms_share_no_day(city: City, hired: Employee) -> None:
    rows = [term(city.people["penilai"]), term(hired), term(hired, mulai="2026-01-01", sampai="2028-01-01")]
    carried = Carried(city).bring(csv_of(rows), kind="kontrak").check()
    page = carried.page()
    assert "bukan PPPK" in page
    assert "sudah mempunyai perjanjian kerja pada tanggal itu" in page


def test_contracts_are_for_hr_of_the_city_alone(city: City) -> None:
    assert {who: city.client(who).get("/impor/kontrak/").status_code for who in ("bkpsdm", "pengelola", "pegawai")} == {
        "bkpsdm": 200,
        "pengelola": 403,
        "pegawai": 403,
    }


def test_plans_of_a_year_that_is_over_leave_as_well(city: City) -> None:
    plan = make_plan(city.people["pegawai"])
    make_indicator(plan)
    PerformancePlan.objects.filter(pk=plan.pk).update(year=2025)
    lines = {}
    for year in ("2025", "2024", "x"):
        answer = city.client("pengelola").post("/impor/skp/unduh/", {"file_format": "csv", "reason": "Arsip", "year": year})
        lines[year] = b"".join(answer.streaming_content).decode().count("\n") if answer.streaming else answer.status_code
    assert lines == {"2025": 2, "2024": 1, "x": 400}
