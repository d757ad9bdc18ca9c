"""Postings in two times, and what the database refuses."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange
from django.test.utils import CaptureQueriesContext

from bukittinggi_kinerja.common.errors import NotVisible, Refusal, Unacceptable
from bukittinggi_kinerja.common.models import Event
from bukittinggi_kinerja.common.period import JAKARTA
from employees.models import ActingAppointment, Employee, Posting
from employees.queries import supervisor_on
from employees.services.postings import post_employee
from tests.people import ALWAYS, City

FEBRUARY, MARCH, JUNE = dt.date(2026, 2, 1), dt.date(2026, 3, 1), dt.date(2026, 6, 1)


def at(month: int, day: int = 1) -> dt.datetime:
    return dt.datetime(2026, month, day, 9, tzinfo=JAKARTA)


def post(city: City, who: str = "pegawai", *, boss: str | None = "atasan", **words: Any) -> Posting:
    given: dict[str, Any] = {
        "employee_id": city.people[who].pk,
        "unit_id": city.units["DPMPTSP.IZIN.YAN"].pk,
        "position_id": city.position("Pengelola Perizinan", "PELAKSANA").pk,
        "supervisor_id": city.people[boss].pk if boss else None,
        "heads_unit": False,
        "valid_from": JUNE,
        "valid_to": None,
        "decided_on": None,
        "decree": "",
        "reason": "uji",
        "actor": None,
        "now": at(7),
    }
    return post_employee(**{**given, **words})


def boss_of(city: City, on: dt.date, known_at: dt.datetime | None = None) -> str | None:
    names = {person.pk: key for key, person in city.people.items() if key != "staf0"}
    return names.get(supervisor_on(city.staff[0].pk, on=on, known_at=known_at) or 0)


# --- two times


def test_who_rated_whom_on_a_day_as_known_then_is_one_query(city: City, django_assert_num_queries: Any) -> None:
    post(city, now=at(7), valid_from=MARCH)  # learned in July that since March somebody else leads
    with django_assert_num_queries(1):
        assert boss_of(city, dt.date(2026, 4, 10)) == "atasan"
    assert boss_of(city, dt.date(2026, 4, 10), known_at=at(6)) == "penilai"
    assert boss_of(city, dt.date(2026, 2, 10)) == "penilai"
    assert boss_of(city, dt.date(2026, 2, 10), known_at=at(6)) == "penilai"


def test_a_correction_of_a_correction_keeps_all_three_versions_readable(city: City) -> None:
    post(city, now=at(7), valid_from=MARCH)
    post(city, boss="dpmptsp", now=at(8), valid_from=MARCH)
    day = dt.date(2026, 4, 10)
    assert [boss_of(city, day, known_at=at(month, 15)) for month in (6, 7, 8)] == ["penilai", "atasan", "dpmptsp"]


def test_a_posting_in_the_middle_splits_what_was_there(city: City) -> None:
    post(city, valid_from=MARCH, valid_to=JUNE)
    rows = Posting.objects.known().filter(employee=city.staff[0]).order_by("valid")
    assert [(row.valid.lower, row.valid.upper) for row in rows] == [(ALWAYS.lower, MARCH), (MARCH, JUNE), (JUNE, None)]
    assert [row.supervisor_id for row in rows] == [city.people[key].pk for key in ("penilai", "atasan", "penilai")]
    assert Posting.objects.filter(employee=city.staff[0]).count() == 4


def test_the_first_and_the_last_day_belong_to_the_new_post_and_the_day_after_does_not(city: City) -> None:
    post(city, valid_from=MARCH, valid_to=JUNE)
    days = [dt.date(2026, 2, 28), MARCH, dt.date(2026, 5, 31), JUNE]
    assert [boss_of(city, day) for day in days] == ["penilai", "atasan", "atasan", "penilai"]


def test_two_corrections_at_one_moment_and_a_clock_set_back_lose_nothing(city: City) -> None:
    post(city, now=at(7), valid_from=MARCH)
    post(city, boss="dpmptsp", now=at(7), valid_from=MARCH)
    post(city, boss="pimpinan", now=at(6), valid_from=MARCH)
    assert boss_of(city, JUNE) == "pimpinan"
    assert not Posting.objects.filter(known__isempty=True).exists()


def test_a_posting_is_one_event_with_old_and_new(city: City) -> None:
    posting = post(city, actor=city.users["bkpsdm"].pk, decree="821/7")
    event = Event.objects.get(action="employees.posting.made")
    assert (event.old["supervisor"], event.new["supervisor"]) == (city.people["penilai"].pk, city.people["atasan"].pk)
    assert (event.new["posting"], event.new["decree"], event.actor) == (posting.pk, "821/7", city.users["bkpsdm"].pk)


def test_who_is_posted_counts_as_updated(city: City) -> None:
    post(city, now=at(7))
    assert Employee.objects.get(pk=city.staff[0].pk).updated_at == at(7)


# --- refusals


def test_an_unknown_person_is_not_there(city: City) -> None:
    with pytest.raises(NotVisible):
        post(city, employee_id=0)


def test_a_span_without_a_day_is_refused(city: City) -> None:
    with pytest.raises(Unacceptable):
        post(city, valid_from=JUNE, valid_to=JUNE)


def test_a_circle_of_supervisors_is_refused(city: City) -> None:
    with pytest.raises(Unacceptable, match="berputar"):
        post(city, "dpmptsp", supervisor_id=city.staff[0].pk)


def test_a_circle_of_supervisors_on_a_later_day_is_refused(city: City) -> None:
    post(city, "staf1", boss="staf2", valid_from=JUNE)
    with pytest.raises(Unacceptable, match="berputar mulai 01-06-2026"):
        post(city, "staf2", boss="staf1", valid_from=MARCH)


def test_a_circle_that_closes_far_above_on_a_later_day_is_refused(city: City) -> None:
    post(city, "kadinkes", boss="staf2", valid_from=dt.date(2026, 5, 1), valid_to=JUNE)
    with pytest.raises(Unacceptable, match="berputar mulai 01-05-2026"):
        post(city, "staf2", boss="luar", valid_from=FEBRUARY)


def test_two_people_may_stand_above_each_other_one_after_the_other(city: City) -> None:
    post(city, "staf1", boss="staf2", valid_from=JUNE)
    post(city, "staf2", boss="staf1", valid_from=MARCH, valid_to=JUNE)
    assert [supervisor_on(city.staff[2].pk, on=day) for day in (MARCH, JUNE)] == [city.staff[1].pk, city.people["penilai"].pk]


def test_the_length_of_a_history_adds_no_query_to_a_posting(city: City) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            post(city, "staf2", boss="staf1", valid_from=MARCH)
        return len(asked)

    few = queries()
    for day in range(1, 20):
        post(city, "staf1", boss=("penilai", "atasan")[day % 2], valid_from=dt.date(2026, 7, day))
    assert queries() <= few


def test_nobody_supervises_himself(city: City) -> None:
    with pytest.raises(Unacceptable, match="dirinya sendiri"):
        post(city, "dpmptsp", boss="dpmptsp")


def test_a_unit_has_one_head_a_day(city: City) -> None:
    with pytest.raises(Unacceptable, match="sudah mempunyai pimpinan"):
        post(city, heads_unit=True)
    assert post(city, heads_unit=True, unit_id=city.units["DPMPTSP.SEK"].pk).heads_unit


def test_a_refused_posting_leaves_the_old_one_as_it_was(city: City) -> None:
    before = list(Posting.objects.order_by("pk").values_list())
    with pytest.raises(Refusal):
        post(city, heads_unit=True)
    assert list(Posting.objects.order_by("pk").values_list()) == before


# --- constraints, each refused by full_clean and by the database, and a good value passes


def posting(city: City, **words: Any) -> Posting:
    given: dict[str, Any] = {
        "employee": city.staff[0],
        "unit": city.units["DPMPTSP.IZIN.YAN"],
        "position": city.position("Pengelola Perizinan", "PELAKSANA"),
        "supervisor": city.people["penilai"],
        "valid": ALWAYS,
        "known": DateTimeTZRange(at(1), None),
    }
    return Posting(**{**given, **words})


BEFORE = DateRange(dt.date(2020, 1, 1), dt.date(2025, 1, 1))


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        ({}, "sudah mempunyai penempatan"),
        ({"valid": DateRange(MARCH, JUNE)}, "sudah mempunyai penempatan"),
        ({"valid": BEFORE, "supervisor": "self"}, "dirinya sendiri"),
        ({"valid": DateRange(MARCH, MARCH)}, "paling sedikit satu hari"),
        ({"valid": BEFORE, "known": DateTimeTZRange(at(1), at(1))}, "paling sedikit sesaat"),
        ({"valid": BEFORE, "known": DateTimeTZRange(empty=True)}, "paling sedikit sesaat"),
    ],
)
def test_a_posting_that_cannot_be_is_refused_by_form_and_database(city: City, bad: dict[str, Any], sentence: str) -> None:
    words = {**bad, "supervisor": city.staff[0]} if bad.get("supervisor") == "self" else bad
    with pytest.raises(ValidationError, match=sentence):
        posting(city, **words).full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        posting(city, **words).save()


def test_a_second_head_is_refused_by_form_and_database(city: City) -> None:
    with pytest.raises(ValidationError, match="sudah mempunyai pimpinan"):
        posting(city, valid=DateRange(dt.date(2025, 1, 1), dt.date(2025, 2, 1)), heads_unit=True).full_clean()
    Posting.objects.filter(employee=city.staff[0]).delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        posting(city, heads_unit=True).save()


def test_a_posting_before_the_known_ones_passes(city: City) -> None:
    good = posting(city, valid=BEFORE)
    good.full_clean()
    good.save()


def test_a_head_of_another_day_passes(city: City) -> None:
    good = posting(city, valid=BEFORE, heads_unit=True)
    good.full_clean()
    good.save()


def mandate(city: City, **words: Any) -> ActingAppointment:
    given: dict[str, Any] = {
        "principal": city.people["penilai"],
        "substitute": city.people["pengelola"],
        "kind": "PLH",
        "valid": DateRange(MARCH, JUNE),
        "letter_number": "090/1",
        "reason": "Cuti",
    }
    return ActingAppointment(**{**given, **words})


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        ({}, "sudah mempunyai pengganti"),
        ({"principal": "pengelola"}, "orang lain"),
        ({"valid": DateRange(JUNE, None), "letter_number": ""}, "nomor surat"),
    ],
)
def test_a_mandate_that_cannot_be_is_refused_by_form_and_database(city: City, bad: dict[str, Any], sentence: str) -> None:
    mandate(city).save()
    words = {**bad, "principal": city.people["pengelola"]} if "principal" in bad else bad
    with pytest.raises(ValidationError, match=sentence):
        mandate(city, **words).full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        mandate(city, **words).save()


@pytest.mark.parametrize(
    "good", [{"valid": DateRange(JUNE, None)}, {"valid": DateRange(JUNE, None), "letter_number": "", "letter_due": JUNE}]
)
def test_a_mandate_after_another_passes(city: City, good: dict[str, Any]) -> None:
    mandate(city).save()
    mandate(city, **good).full_clean()
    mandate(city, **good).save()


def test_a_revoked_mandate_makes_room(city: City) -> None:
    mandate(city, revoked_at=at(3)).save()
    mandate(city).full_clean()
    mandate(city).save()


@pytest.mark.parametrize(
    ("bad", "sentence"), [({"nip": "123"}, "18 angka"), ({"nip": None}, "harus mempunyai NIP"), ({"nip": "19900101201201100A"}, "18 angka")]
)
def test_a_person_without_a_lawful_number_is_refused_by_form_and_database(db: None, bad: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence):
        Employee(name="A", kind="PNS", **bad).full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        Employee.objects.create(name="A", kind="PNS", **bad)


def test_a_rater_who_is_no_civil_servant_needs_no_number(db: None) -> None:
    Employee(name="Wali Kota", kind="NON_ASN").full_clean()


# --- a race


@pytest.mark.django_db(transaction=True)
def test_two_halves_of_a_circle_posted_at_once_never_make_one(city: City) -> None:
    """Each alone is fine; together they would let two people stand above each other."""
    outcomes: list[str] = []
    start = threading.Barrier(2)

    def half(who: str, boss: str) -> None:
        start.wait()
        try:
            post(city, who, boss=boss)
            outcomes.append("posted")
        except Refusal:
            outcomes.append("refused")
        finally:
            connection.close()

    # Both hang under penilai first, so neither stands above the other.
    halves = [threading.Thread(target=half, args=pair) for pair in (("staf1", "staf2"), ("staf2", "staf1"))]
    for one in halves:
        one.start()
    for one in halves:
        one.join()
    assert sorted(outcomes) == ["posted", "refused"]
