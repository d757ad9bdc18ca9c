"""A substitute is told of his mandate and of its end, and so are the official and the people whose rater changes."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from bukittinggi_kinerja.common.models import Notice
from bukittinggi_kinerja.common.period import JAKARTA, local_date
from employees.models import ActingAppointment, EndKind
from employees.queries.desks import desks_of
from employees.services.acting import appoint_substitute, revoke_substitute
from employees.services.acting_notices import tell_ended
from employees.services.service_end import Leaving, end_service
from tests.people import City

NOW = dt.datetime.now(tz=JAKARTA)
TODAY = local_date(NOW)
DAY = dt.timedelta(days=1)


def appoint(city: City, **words: Any) -> ActingAppointment:
    given: dict[str, Any] = {
        "viewer": city.viewer("atasan", on=TODAY), "principal_id": city.people["penilai"].pk, "substitute_id": city.staff[5].pk,
        "kind": "PLH", "valid_from": TODAY, "valid_to": TODAY + 7 * DAY, "letter_number": "090/1", "letter_due": None,
        "reason": "Cuti tahunan", "now": NOW,
    }  # fmt: skip
    return appoint_substitute(**{**given, **words})


def told(kind: str) -> dict[int, str]:
    """Unread notices: the reader, and as whom it speaks to him."""
    return {one.recipient: one.data["whom"] for one in Notice.objects.filter(kind=kind, read_at=None, withdrawn_at=None)}


def test_the_substitute_the_official_and_their_people_hear_of_a_mandate_once(city: City) -> None:
    appoint(city)
    substitute, official = city.users["staf5"].pk, city.users["penilai"].pk
    people = {user.pk for key, user in city.users.items() if key.startswith("staf") or key == "pegawai"} - {substitute}
    found = told("substitute_appointed")
    assert (found.pop(substitute), found.pop(official)) == ("pengganti", "pejabat")
    assert set(found) == people
    assert set(found.values()) == {"pegawai"}


@pytest.mark.parametrize(
    ("who", "sentence"),
    [
        ("staf5", "Anda Plh. Darwis Sikumbang"),
        ("penilai", "menjadi Plh. Anda"),
        ("pegawai", "Dalam masa itu ia dapat menilai Anda"),
    ],
)
def test_each_reads_on_his_first_page_what_the_mandate_is_to_him(city: City, who: str, sentence: str) -> None:
    appoint(city)
    assert sentence in city.client(who).get("/").content.decode()


def test_a_revoked_mandate_is_told_and_its_beginning_is_not_waiting_to_be_read_any_more(city: City) -> None:
    one = appoint(city)
    revoke_substitute(viewer=city.viewer("atasan", on=TODAY), appointment_id=one.pk, reason="Batal cuti", now=NOW)
    assert told("substitute_appointed") == {}
    assert told("substitute_revoked")[city.users["staf5"].pk] == "pengganti"
    assert "dicabut" in city.client("staf5").get("/").content.decode()


def test_a_mandate_that_was_over_is_told_to_nobody(city: City) -> None:
    one = appoint(city, valid_from=TODAY - 9 * DAY, valid_to=TODAY - 2 * DAY)
    revoke_substitute(viewer=city.viewer("atasan", on=TODAY), appointment_id=one.pk, reason="Keliru", now=NOW)
    assert not Notice.objects.filter(kind__startswith="substitute_").exists()


def test_the_end_of_a_mandate_is_told_once_to_the_two_and_the_day_before_to_nobody(city: City) -> None:
    appoint(city)
    assert [tell_ended(now=NOW + days * DAY) for days in (6, 7, 8, 30)] == [0, 2, 0, 0]
    assert told("substitute_over") == {city.users["staf5"].pk: "pengganti", city.users["penilai"].pk: "pejabat"}


def test_who_takes_over_from_somebody_who_leaves_hears_of_his_mandate(city: City) -> None:
    leaving = Leaving(kind=EndKind.RETIRED, last_day=TODAY - DAY, reason="BUP", decree="SK 1")
    end_service(viewer=city.viewer("bkpsdm", on=TODAY), employee_id=city.people["penilai"].pk, leaving=leaving, now=NOW)
    assert told("substitute_appointed")[city.users["atasan"].pk] == "pengganti"
    assert "Anda Plt. Darwis Sikumbang" in city.client("atasan").get("/").content.decode()


def test_the_substitute_stands_beside_an_official_who_is_there_and_instead_of_one_who_is_away(city: City) -> None:
    official, substitute = city.people["penilai"], city.staff[5]
    appoint(city)
    assert desks_of([official.pk], on=TODAY).at(official.pk) == (official.pk, substitute.pk)
    official.leaves.create(kind="TAHUNAN", valid=DateRange(TODAY, TODAY + 2 * DAY), recorded_at=NOW)
    assert desks_of([official.pk], on=TODAY).at(official.pk) == (substitute.pk,)
    assert desks_of([official.pk], on=TODAY + 2 * DAY).at(official.pk) == (official.pk, substitute.pk)
    assert desks_of([official.pk], on=TODAY + 7 * DAY).at(official.pk) == (official.pk,), "without a mandate he is told, wherever he is"
