"""Rows of the registers: what the model refuses, the database refuses, and what is good."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bukittinggi_kinerja.common.errors import Unacceptable
from bukittinggi_kinerja.common.period import JAKARTA
from employees.models import AllowanceBase, BankAccount, Discipline, Education, JobClass, Kept, Leave, OfficialTravel, TaxCategory
from employees.queries.registers import absent_days, allowances_of
from employees.rules.registers import PUNISHMENTS, Register, level_of, masked_number
from employees.rules.spans import Span
from employees.services.registers import Entry, add_record, adopt_base, adopt_class
from tests.people import City

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 5, 20, 9, tzinfo=JAKARTA)
MAY, JUNE, JULY = dt.date(2026, 5, 1), dt.date(2026, 6, 1), dt.date(2026, 7, 1)
IN_MAY, EMPTY = DateRange(MAY, JUNE), DateRange(MAY, MAY)
SINCE_MAY, SINCE_JUNE = DateRange(MAY, None), DateRange(JUNE, None)


def good(city: City) -> dict[str, Kept]:
    """One row of each register that nothing is wrong with."""
    person, post = city.people["pegawai"], city.positions["Pengelola Perizinan", "PELAKSANA"]
    given = {"recorded_at": NOW, "letter_number": "800/1"}
    return {
        "leave": Leave(employee=person, kind="TAHUNAN", valid=IN_MAY, **given),
        "travel": OfficialTravel(employee=person, destination="Padang", valid=IN_MAY, **given),
        "discipline": Discipline(employee=person, kind="POTONG_6", valid=IN_MAY, **given),
        "education": Education(employee=person, level="S1", school="Universitas Andalas", graduated=2012, **given),
        "class": JobClass(position=post, job_class=6, valid=SINCE_MAY, **given),
        "base": AllowanceBase(job_class=6, criterion="BEBAN_KERJA", amount=1_464_000, valid=SINCE_MAY, **given),
        "account": BankAccount(employee=person, bank="Bank Nagari", number="1234567890", holder="Ahmad", valid=SINCE_MAY, **given),
        "tax": TaxCategory(employee=person, status="K/1", valid=SINCE_MAY, **given),
    }


SPANNED = ("leave", "travel", "discipline", "class", "base", "account", "tax")
#: Row, what is wrong, the sentence.
WRONG: list[tuple[str, dict[str, Any], str]] = [
    *((name, {"valid": EMPTY}, "Hari terakhir tidak boleh sebelum hari pertama") for name in SPANNED),
    *((name, {"valid": DateRange(None, JULY)}, "Hari terakhir tidak boleh sebelum hari pertama") for name in SPANNED),
    ("leave", {"valid": SINCE_JUNE}, "Isi hari terakhir"),
    ("travel", {"valid": SINCE_JUNE}, "Isi hari terakhir"),
    ("discipline", {"letter_number": ""}, "Isi nomor surat keputusan"),
    ("base", {"letter_number": ""}, "Isi nomor keputusan"),
    ("education", {"graduated": 212}, "empat angka"),
    ("class", {"job_class": 18}, "antara 1 dan 17"),
    ("base", {"job_class": 0}, "antara 1 dan 17"),
    ("account", {"number": "12 345 678"}, "8 sampai 20 angka"),
    ("account", {"number": "1234567"}, "8 sampai 20 angka"),
]


@pytest.mark.parametrize("name", [*SPANNED, "education"])
def test_a_good_row_is_taken_and_a_second_of_the_same_days_is_not(city: City, name: str) -> None:
    first, second = good(city)[name], good(city)[name]
    first.full_clean()
    first.save()
    with pytest.raises(ValidationError, match="sudah"):
        second.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        second.save()
    type(first).objects.filter(pk=first.pk).update(voided_at=NOW)
    second.full_clean()
    second.save()


@pytest.mark.parametrize(("name", "wrong", "sentence"), WRONG)
def test_what_cannot_be_is_refused_by_form_and_database(city: City, name: str, wrong: dict[str, Any], sentence: str) -> None:
    row = good(city)[name]
    for field, value in wrong.items():
        setattr(row, field, value)
    with pytest.raises(ValidationError, match=sentence):
        row.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


@pytest.mark.parametrize(("name", "change"), [("leave", {"kind": "SAKIT"}), ("account", {"number": "999999999"}), ("base", {"amount": 1})])
def test_what_a_row_says_is_never_rewritten_not_even_in_the_database(city: City, name: str, change: dict[str, Any]) -> None:
    row = good(city)[name]
    row.save()
    with pytest.raises(DatabaseError), transaction.atomic():
        type(row).objects.filter(pk=row.pk).update(**change)
    type(row).objects.filter(pk=row.pk).update(valid=DateRange(MAY, JULY))


def test_the_memory_of_accounts_holds_no_number(city: City) -> None:
    good(city)["account"].save()
    columns = {field.name for field in BankAccount.pgh_event_model._meta.get_fields()}  # type: ignore[attr-defined]
    assert {"bank", "valid"} <= columns
    assert not {"number", "holder"} & columns
    assert BankAccount.pgh_event_model.objects.count() == 1  # type: ignore[attr-defined]


def test_every_punishment_has_its_level() -> None:
    kinds = [kind for kinds in PUNISHMENTS.values() for kind in kinds]
    assert sorted(kinds) == sorted(
        Discipline._meta.get_field("kind").flatchoices and [c for c, _label in Discipline._meta.get_field("kind").flatchoices]
    )
    assert Discipline(kind="POTONG_6").level == "Sedang"
    assert level_of("TIDAK_ADA") == ""


@pytest.mark.parametrize(("number", "shown"), [("1234567890", "••••7890"), ("12345678", "••••5678"), ("1234567", "••••"), ("", "••••")])
def test_of_an_account_number_the_last_digits_are_shown_at_most(number: str, shown: str) -> None:
    assert masked_number(number) == shown


days = st.dates(dt.date(2026, 1, 1), dt.date(2026, 3, 1))
spans = st.tuples(days, days).map(lambda pair: (min(pair), max(pair)))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(wanted=st.lists(spans, max_size=8))
def test_no_day_has_two_leaves_whatever_is_entered_in_whatever_order(city: City, wanted: list[tuple[dt.date, dt.date]]) -> None:
    taken: set[dt.date] = set()
    with transaction.atomic():
        for first, last in wanted:
            own = {first + dt.timedelta(days=n) for n in range((last - first).days + 1)}
            entry = Entry({"kind": "TAHUNAN"}, first, last)
            words: dict[str, Any] = {"viewer": city.viewer("bkpsdm"), "employee_id": city.people["luar"].pk, "register": Register.LEAVE}
            if own & taken:
                with pytest.raises(Unacceptable, match="sudah tercatat cuti"):
                    add_record(**words, entry=entry, reason="uji", now=NOW)
            else:
                add_record(**words, entry=entry, reason="uji", now=NOW)
                taken |= own
        counted = [row.valid.upper - row.valid.lower for row in Leave.objects.standing()]
        assert sum(counted, dt.timedelta()) == dt.timedelta(days=len(taken))
        transaction.set_rollback(True)


def test_absence_is_told_in_days_and_never_why(city: City) -> None:
    rows = good(city)
    rows["leave"].save()
    rows["travel"].valid = DateRange(dt.date(2026, 5, 30), dt.date(2026, 6, 3))  # type: ignore[attr-defined]
    rows["travel"].save()
    one, other = city.people["pegawai"].pk, city.people["luar"].pk
    found = absent_days([one, other], dt.date(2026, 5, 25), dt.date(2026, 6, 2))
    assert found == {one: [Span(dt.date(2026, 5, 25), JUNE), Span(dt.date(2026, 5, 30), dt.date(2026, 6, 2))]}


def test_a_class_of_a_post_changes_from_its_day_on_and_one_of_the_same_day_is_replaced(city: City) -> None:
    post = city.positions["Pengelola Perizinan", "PELAKSANA"]
    for job_class, day in ((6, MAY), (7, JUNE), (8, JUNE)):
        adopt_class(
            viewer=city.viewer("bkpsdm"),
            position_id=post.pk,
            job_class=job_class,
            valid_from=day,
            letter_number="188/1",
            reason="SK",
            now=NOW,
        )
    counted = JobClass.objects.standing().order_by("valid").values_list("job_class", "valid")
    assert list(counted) == [(6, IN_MAY), (8, SINCE_JUNE)]
    with pytest.raises(Unacceptable, match="sudah mempunyai kelas"):
        adopt_class(
            viewer=city.viewer("bkpsdm"),
            position_id=post.pk,
            job_class=5,
            valid_from=dt.date(2026, 4, 1),
            letter_number="",
            reason="SK",
            now=NOW,
        )


def test_the_base_of_a_unit_goes_before_that_of_the_city(city: City) -> None:
    for unit, amount in ((None, 1_000_000), ("DPMPTSP", 2_000_000)):
        adopt_base(
            viewer=city.viewer("bkpsdm"), job_class=6, criterion="BEBAN_KERJA", unit_id=city.units[unit].pk if unit else None, amount=amount,
            valid_from=MAY, letter_number="188/2", reason="Perwali", now=NOW,
        )  # fmt: skip
    amounts = {code: [row.amount for row in allowances_of(6, city.units[code], on=JUNE)] for code in ("DPMPTSP.IZIN.YAN", "DINKES")}
    assert amounts == {"DPMPTSP.IZIN.YAN": [2_000_000], "DINKES": [1_000_000]}


def test_a_form_with_another_fault_does_not_tell_which_punishment_stands(city: City) -> None:
    """Refused before anything is written and so without a trace: it may not depend on what a closed row holds."""
    words: dict[str, Any] = {"viewer": city.viewer("bkpsdm"), "employee_id": city.people["pegawai"].pk, "register": Register.DISCIPLINE}
    words |= {"reason": "SK", "now": NOW}
    add_record(entry=Entry({"kind": "POTONG_6"}, MAY, None, letter_number="862/1"), **words)
    told = set()
    for kind in ("POTONG_6", "TEGURAN_LISAN", "BERHENTI"):
        with pytest.raises(Unacceptable) as refusal:
            add_record(entry=Entry({"kind": kind}, JUNE, None, letter_number="862/2", note="x" * 301), **words)
        told.add(repr((str(refusal.value), refusal.value.errors)))
    assert len(told) == 1
    assert "note" in told.pop()
