"""Registers through the whole pipeline, and back: rows go, ends open again, and nothing closed is remembered or told."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from bukittinggi_kinerja.common.errors import NotNow
from bukittinggi_kinerja.common.importing import ImportContext
from bukittinggi_kinerja.common.importing.undo import take_back
from bukittinggi_kinerja.common.models import ImportLine, ImportWrite
from bukittinggi_kinerja.common.models.imports import BatchState
from bukittinggi_kinerja.import_kinds import KINDS
from employees.models import BankAccount, Discipline, Leave, RoleAssignment
from employees.rules.registers import Register
from employees.rules.viewing import Role
from employees.services.registers import void_record
from tests.imports.carried import Carried, csv_of
from tests.people import ALWAYS, City

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("imports")]
SECRETS = ("9081726354", "Si Pemilik", "123456789012345", "POTONG_9", "862/9", "SAKIT", "Rawat inap")


def account(city: City, **words: str) -> dict[str, Any]:
    owner = {"nip": city.people["pegawai"].nip, "bank": "Bank Nagari", "nomor_rekening": "9081726354", "atas_nama": "Si Pemilik"}
    return {**owner, "mulai": "2026-01-01", "sampai": "", **words}


def illness(city: City, who: str = "pegawai") -> dict[str, Any]:
    days = {"mulai": "2026-05-04", "sampai": "2026-05-06"}
    return {"nip": city.people[who].nip, "jenis": "SAKIT", **days, "catatan": "Rawat inap"}


def punishment(city: City) -> dict[str, Any]:
    return {"nip": city.people["pegawai"].nip, "hukuman": "POTONG_9", "mulai": "2026-05-01", "sampai": "", "nomor_surat": "862/9"}


def remembered() -> str:
    lines = ImportLine.objects.values_list("label", "changes", "faults", "warnings")
    return f"{list(lines)} {list(ImportWrite.objects.values_list('label', 'before', 'after'))}"


def test_a_register_import_is_taken_back_and_the_row_it_ended_is_open_again_with_its_number(city: City) -> None:
    first = Carried(city).bring(csv_of([account(city)]), kind="rekening").check().apply()
    assert first.batch.state == BatchState.APPLIED, first.batch.message
    follows = account(city, bank="BRI", nomor_rekening="123456789012345", mulai="2026-07-01")
    second = Carried(city).bring(csv_of([account(city, sampai="2026-06-30"), follows]), kind="rekening").check().apply()
    assert second.counts == (1, 1, 0, 0), second.batch.message
    assert not [word for word in SECRETS if word in remembered() + second.page()]
    second.undo()
    assert second.batch.state == BatchState.UNDONE, second.batch.message
    kept = BankAccount.objects.get()
    assert (kept.bank, kept.number, kept.holder, kept.last_day) == ("Bank Nagari", "9081726354", "Si Pemilik", None)
    first.undo()
    assert (first.batch.state, BankAccount.objects.exists()) == (BatchState.UNDONE, False)
    assert Carried(city).bring(csv_of([account(city)]), kind="rekening").check().counts == (1, 0, 0, 0)


def test_an_import_of_leave_and_of_punishments_is_taken_back_whole(city: City) -> None:
    leaves = Carried(city, "pengelola").bring(csv_of([illness(city), illness(city, "penilai")]), kind="cuti").check().apply()
    punished = Carried(city).bring(csv_of([punishment(city)]), kind="disiplin").check().apply()
    assert (Leave.objects.count(), Discipline.objects.count()) == (2, 1)
    assert not [word for word in SECRETS if word in remembered() + leaves.page() + punished.page()]
    assert (leaves.undo().batch.state, punished.undo().batch.state) == (BatchState.UNDONE, BatchState.UNDONE)
    assert not Leave.objects.exists()
    assert not Discipline.objects.exists()


def test_a_register_import_stays_where_one_of_its_rows_was_taken_back_by_hand_since(city: City) -> None:
    leaves = Carried(city).bring(csv_of([illness(city), illness(city, "penilai")]), kind="cuti").check().apply()
    row = Leave.objects.get(employee=city.people["penilai"])
    words = {"register": Register.LEAVE, "record_id": row.pk, "reason": "Salah orang", "now": timezone.now()}
    void_record(viewer=city.viewer("bkpsdm"), employee_id=row.employee_id, **words)
    leaves.undo()
    assert (leaves.batch.state, Leave.objects.count()) == (BatchState.APPLIED, 2)
    assert "(baris 3) sudah berubah" in leaves.batch.message
    assert not [word for word in SECRETS if word in leaves.batch.message + leaves.page()]


def test_a_pengelola_takes_back_nothing_of_somebody_who_left_his_office_since(city: City) -> None:
    leaves = Carried(city, "pengelola").bring(csv_of([illness(city), illness(city, "staf1")]), kind="cuti").check().apply()
    city.people["staf1"].postings.update(unit=city.units["DINKES"])
    leaves.undo()
    assert (leaves.batch.state, Leave.objects.count()) == (BatchState.APPLIED, 2)
    assert f"{city.people['staf1'].name} kini di luar kewenangan" in leaves.batch.message


def test_the_page_and_the_error_file_of_a_closed_row_are_those_of_any_other_guess(city: City) -> None:
    Carried(city, "pengelola").bring(csv_of([illness(city)]), kind="cuti").check().apply()
    guesses = [{**illness(city), "jenis": kind, "catatan": note} for kind in ("SAKIT", "MELAHIRKAN") for note in ("Rawat inap", "Lain")]
    tried = [Carried(city, "pengelola").bring(csv_of([guess, illness(city, "luar")]), kind="cuti").check() for guess in guesses]
    assert {one.counts for one in tried} == {(0, 0, 1, 1)}
    lines = [list(ImportLine.objects.filter(batch=one.pk).values_list("state", "label", "changes", "faults", "warnings")) for one in tried]
    assert all(told == lines[0] for told in lines)
    assert all(one.errors().decode().count(city.people["pegawai"].nip or "?") == 0 for one in tried)


def test_nobody_takes_back_what_a_colleague_brought_about_himself(city: City) -> None:
    """Only the end of an open row was written here, so nothing of what was written names the person."""
    owner = {"nip": city.people["bkpsdm"].nip, "bank": "Bank Nagari", "nomor_rekening": "9081726354", "atas_nama": "Si Pemilik"}
    row = {**owner, "mulai": "2026-01-01", "sampai": ""}
    RoleAssignment.objects.create(user=city.users["inspektorat"], role=Role.CITY_HR, valid=ALWAYS)
    Carried(city, "inspektorat").bring(csv_of([row]), kind="rekening").check().apply()
    ended = Carried(city, "inspektorat").bring(csv_of([{**row, "sampai": "2026-06-30"}]), kind="rekening").check().apply()
    assert BankAccount.objects.get().last_day == dt.date(2026, 6, 30)
    officer = city.viewer("bkpsdm")
    with pytest.raises(NotNow, match="data Anda sendiri"):
        take_back(ended.batch, KINDS["rekening"], ImportContext(officer, officer.user_id, timezone.localdate(), timezone.now()))
    ended.undo()
    assert BankAccount.objects.get().last_day is None
