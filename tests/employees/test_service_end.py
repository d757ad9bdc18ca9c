"""The end of a service: who takes over, what ends, what is still readable, and how it is taken back."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from bukittinggi_kinerja.common.errors import NotAllowed, NotNow, Unacceptable
from bukittinggi_kinerja.common.models import Event
from bukittinggi_kinerja.common.period import JAKARTA, local_date
from employees.models import ActingAppointment, ContractTerm, MovePolicy, Posting, RetirementAge, RoleAssignment, ServiceEnd
from employees.queries import supervisor_on, viewer_of
from employees.queries.retirement import contracts_ending, retiring
from employees.rules.retirement import AgeRule, months_after, retirement_age, retires_on
from employees.services.acting import appoint_substitute
from employees.services.postings import post_employee
from employees.services.service_end import Leaving, bring_ends_up_to_date, end_service
from employees.services.service_return import take_back_end
from employees.services.tokens import issue_token
from tests.people import City

NOW = dt.datetime.now(JAKARTA).replace(hour=9)
TODAY = local_date(NOW)
DAY = dt.timedelta(days=1)


def leave(
    city: City, who: str = "penilai", *, by: str = "bkpsdm", kind: str = "PENSIUN_BUP", last_day: dt.date = TODAY - DAY, **more: Any
) -> ServiceEnd:
    leaving = Leaving(kind=kind, last_day=last_day, reason="Mencapai batas usia", decree="882/1", **more)
    return end_service(viewer=city.viewer(by), employee_id=city.people[who].pk, leaving=leaving, now=NOW)


def test_people_and_rating_work_go_to_the_superior_and_nobody_stands_alone(city: City) -> None:
    leave(city)
    atasan = city.people["atasan"]
    assert {supervisor_on(person.pk, on=TODAY) for person in city.staff} == {atasan.pk}
    assert {supervisor_on(person.pk, on=TODAY - DAY) for person in city.staff} == {city.people["penilai"].pk}
    assert not Posting.objects.in_force(on=TODAY).filter(employee=city.people["penilai"]).exists()
    assert city.people["penilai"].pk in city.viewer("atasan").principals
    city.people["penilai"].refresh_from_db()
    assert city.people["penilai"].status == "PENSIUN"
    assert Event.objects.get(action="employees.service.ended").new["successor"] == atasan.pk


def test_one_of_his_own_people_may_take_over_and_then_stands_under_the_superior(city: City) -> None:
    leave(city, successor_id=city.staff[4].pk)
    assert supervisor_on(city.staff[4].pk, on=TODAY) == city.people["atasan"].pk
    assert supervisor_on(city.staff[5].pk, on=TODAY) == city.staff[4].pk


def test_tokens_sessions_roles_and_mandates_end_and_the_account_only_reads(city: City) -> None:
    user = city.users["pengelola"]
    issue_token(user=user, scopes=["read:people"], days=30, now=NOW)
    appoint_substitute(
        viewer=city.viewer("bkpsdm"), principal_id=city.people["penilai"].pk, substitute_id=city.people["pengelola"].pk, kind="PLH",
        valid_from=TODAY - DAY, valid_to=TODAY + 9 * DAY, letter_number="1", letter_due=None, reason="Cuti", now=NOW,
    )  # fmt: skip
    browser = city.client("pengelola")
    assert browser.get("/profil/").status_code == 200
    leave(city, "pengelola")
    assert browser.get("/profil/").status_code == 302
    user.refresh_from_db()
    assert (user.is_active, user.tokens.filter(revoked_at=None).count()) == (True, 0)
    viewer = viewer_of(user, on=TODAY)
    assert (viewer.roles, viewer.rates) == (frozenset(), frozenset())
    with pytest.raises(NotAllowed):
        issue_token(user=user, scopes=["read:people"], days=30, now=NOW)
    again = city.client("pengelola")
    assert again.get("/kinerja/").status_code == 200
    assert again.post("/kinerja/skp/", {"posting": "1"}).status_code == 403
    assert again.post("/keluar/").status_code == 302


def test_a_day_in_the_future_takes_effect_on_that_day_and_the_account_closes_when_its_days_of_reading_are_over(city: City) -> None:
    ended = leave(city, "pegawai", last_day=TODAY + 3 * DAY)
    user = city.users["pegawai"]
    assert bring_ends_up_to_date(now=NOW) == 0
    assert not user.only_reads(on=TODAY)
    assert bring_ends_up_to_date(now=NOW + 4 * DAY) == 1
    ended.refresh_from_db()
    assert ended.in_effect_at is not None
    assert ended.reads_until == TODAY + (3 + MovePolicy.objects.get().reading_days) * DAY
    assert bring_ends_up_to_date(now=NOW + 5 * DAY) == 0
    assert bring_ends_up_to_date(now=NOW + 200 * DAY) == 1
    user.refresh_from_db()
    assert not user.is_active


def test_after_a_death_the_account_closes_at_once_and_an_heir_is_the_payee(city: City) -> None:
    with pytest.raises(Unacceptable):
        leave(city, "pegawai", payee_name="Rina")
    ended = leave(city, "pegawai", kind="MENINGGAL", payee_name="Rina", payee_relation="Istri")
    city.users["pegawai"].refresh_from_db()
    assert (city.users["pegawai"].is_active, ended.payee_name) == (False, "Rina")


def test_an_end_is_taken_back_with_a_reason_while_nothing_was_built_on_it(city: City) -> None:
    before = set(Posting.objects.in_force(on=TODAY).values_list("employee_id", "supervisor_id", "heads_unit"))
    leave(city)
    with pytest.raises(NotNow):
        leave(city)
    take_back_end(viewer=city.viewer("bkpsdm"), employee_id=city.people["penilai"].pk, reason="Salah orang", now=NOW)
    assert set(Posting.objects.in_force(on=TODAY).values_list("employee_id", "supervisor_id", "heads_unit")) == before
    assert not ActingAppointment.objects.in_force(on=TODAY).exists()
    city.people["penilai"].refresh_from_db()
    assert city.people["penilai"].status == "AKTIF"
    leave(city)
    one = city.staff[2]
    post_employee(
        employee_id=one.pk, unit_id=city.units["DINKES.YAN"].pk, position_id=city.position("Pengelola Perizinan", "PELAKSANA").pk,
        supervisor_id=city.people["kadinkes"].pk, heads_unit=False, valid_from=TODAY, valid_to=None, decided_on=None, decree="",
        reason="", actor=None, now=NOW,
    )  # fmt: skip
    with pytest.raises(NotNow, match="tidak dapat dibatalkan"):
        take_back_end(viewer=city.viewer("bkpsdm"), employee_id=city.people["penilai"].pk, reason="Salah orang", now=NOW)


@pytest.mark.parametrize("who", ["penilai", "pengelola", "inspektorat", "pimpinan"])
def test_only_hr_of_the_city_ends_a_service(city: City, who: str) -> None:
    with pytest.raises(NotAllowed):
        leave(city, "pegawai", by=who)


def test_who_leads_people_needs_a_successor(city: City) -> None:
    with pytest.raises(Unacceptable, match="bawahan"):
        leave(city, "walikota", kind="PERMINTAAN")
    leave(city, "walikota", kind="PERMINTAAN", successor_id=city.people["pimpinan"].pk)
    assert supervisor_on(city.people["dpmptsp"].pk, on=TODAY) == city.people["pimpinan"].pk
    assert supervisor_on(city.people["pimpinan"].pk, on=TODAY) is None


def test_nobody_who_leaves_himself_takes_over_not_even_as_the_superior(city: City) -> None:
    """Who was to take over would hand on at his own end only what he had when it was recorded."""
    leave(city, "atasan", last_day=TODAY + 30 * DAY)
    for chosen in (None, city.people["atasan"].pk):
        with pytest.raises(Unacceptable) as refusal:
            leave(city, "penilai", successor_id=chosen)
        assert "successor" in refusal.value.errors
    leave(city, "penilai", successor_id=city.people["dpmptsp"].pk)
    assert supervisor_on(city.staff[1].pk, on=TODAY) == city.people["dpmptsp"].pk


def test_a_year_typed_wrongly_wipes_out_no_career(city: City) -> None:
    before = Posting.objects.known().count()
    with pytest.raises(Unacceptable) as refusal:
        leave(city, "pegawai", last_day=dt.date(1026, 11, 30))
    assert "last_day" in refusal.value.errors
    assert Posting.objects.known().count() == before


# --- forecast


def test_the_age_of_retirement_follows_kind_and_title_of_the_post() -> None:
    rules = [AgeRule("FUNGSIONAL", "", 58), AgeRule("FUNGSIONAL", "Ahli Madya", 60), AgeRule("JPT_PRATAMA", "", 60)]
    assert retirement_age(rules, kind="FUNGSIONAL", title="Auditor Ahli Madya") == 60
    assert retirement_age(rules, kind="FUNGSIONAL", title="Arsiparis Terampil") == 58
    assert retirement_age(rules, kind="PEJABAT_NEGARA", title="Wali Kota") is None
    assert retires_on(dt.date(1968, 12, 5), 58) == dt.date(2027, 1, 1)
    assert retires_on(dt.date(1968, 2, 29), 58) == dt.date(2026, 3, 1)
    assert months_after(dt.date(2026, 8, 31), 6) == dt.date(2027, 2, 28)


def test_the_forecast_lists_who_retires_within_the_months_and_who_is_overdue(city: City, django_assert_max_num_queries: Any) -> None:
    for who, birth in (
        ("penilai", TODAY.replace(year=TODAY.year - 58, day=1)),
        ("inspektorat", TODAY.replace(year=TODAY.year - 59, day=1)),
        ("luar", dt.date(1960, 1, 1)),
    ):
        person = city.people[who]
        person.birth_date = birth
        person.save()
    viewer = city.viewer("bkpsdm")
    with django_assert_max_num_queries(3):
        found = retiring(viewer, months=6)
    assert [one.name for one in found] == [city.people["luar"].name, city.people["penilai"].name]
    assert found[1].on == months_after(TODAY.replace(day=1), 1)
    assert [one.name for one in retiring(city.viewer("pengelola"), months=6)] == [city.people["penilai"].name]
    assert {one.name for one in retiring(city.viewer("bkpsdm"), months=24)} >= {city.people["inspektorat"].name}


def test_a_contract_that_ends_soon_is_listed_until_a_later_one_follows(city: City) -> None:
    term = ContractTerm.objects.create(employee=city.staff[0], valid=DateRange(TODAY - 300 * DAY, TODAY + 20 * DAY), number="814/1")
    assert [(one.employee, one.last_day) for one in contracts_ending(TODAY, TODAY + 90 * DAY)] == [(city.staff[0].pk, TODAY + 19 * DAY)]
    ContractTerm.objects.create(employee=city.staff[0], valid=DateRange(TODAY + 20 * DAY, TODAY + 385 * DAY), number="814/2")
    assert contracts_ending(TODAY, TODAY + 90 * DAY) == []
    assert term.number == "814/1"


# --- what the database refuses


def refused(row: Any, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        row.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_constraints_of_ends_contracts_and_rules_hold(city: City) -> None:
    person = city.people["pegawai"]
    facts: dict[str, Any] = {
        "employee": person,
        "last_day": TODAY,
        "reason": "uji",
        "recorded_at": NOW,
        "laid": {"made": []},
        "recorded_by": 1,
        "in_effect_at": NOW,
        "closed_at": NOW,
        "cancelled_at": NOW,
    }
    refused(ServiceEnd(kind="PENSIUN_BUP", payee_name="Rina", **facts), "Ahli waris")
    refused(ServiceEnd(kind="PENSIUN_BUP", successor=person, **facts), "orang lain")
    open_end = {**facts, "cancelled_at": None}
    ServiceEnd.objects.create(kind="PENSIUN_BUP", **open_end)
    with pytest.raises(IntegrityError), transaction.atomic():
        ServiceEnd.objects.create(kind="PENSIUN_BUP", **open_end)
    refused(ContractTerm(employee=person, valid=DateRange(TODAY, None), number="1"), "hari terakhir")
    ContractTerm.objects.create(employee=person, valid=DateRange(TODAY, TODAY + DAY), number="1")
    refused(ContractTerm(employee=person, valid=DateRange(TODAY, TODAY + DAY), number="2"), "sudah mempunyai perjanjian")
    rule = RetirementAge.objects.get(code="bup-pelaksana-umum")
    refused(RetirementAge(code="x", kind=rule.kind, age=59, valid=rule.valid, reason="uji"), "sudah mempunyai batas")
    refused(RetirementAge(code="y", kind=rule.kind, title_word="Juru", age=90, valid=rule.valid, reason="uji"), "50 dan 75")
    refused(MovePolicy(code="z", valid=DateRange(TODAY, None), reason="uji"), "aturan mutasi lain")
    refused(
        MovePolicy(code="z", valid=DateRange(dt.date(2001, 1, 1), dt.date(2002, 1, 1)), reason="uji", report_workdays=0), "60 hari kerja"
    )
    refused(
        MovePolicy(code="z", valid=DateRange(dt.date(2001, 1, 1), dt.date(2002, 1, 1)), reason="uji", mending_workdays=61),
        "Data dibetulkan",
    )
    assert RoleAssignment.objects.count() == 4
