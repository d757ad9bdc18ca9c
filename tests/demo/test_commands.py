"""load_demo, demo_digest and load_reference at the door."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from appraisal.incentives.models import ServiceStandard
from appraisal.models import AppraisalPolicy, Assessment, Cycle, ScoredIndicator
from bukittinggi_kinerja.common.models import CalendarYear, ClosedDay, Notice
from bukittinggi_kinerja.common.period import Period, start_of_day
from bukittinggi_kinerja.cycle import run_cycle
from bukittinggi_kinerja.demo.digest import digest, extent
from bukittinggi_kinerja.demo.loading import Wish, load
from bukittinggi_kinerja.management.commands import load_demo
from employees.models import AppraisalRegime, Employee, Grade, OrgUnit, StaffGroup, User
from tests.demo.conftest import TODAY, quiet

LITTLE = Wish(employees=45, seed=7, months=1, today=TODAY, password="jam-gadang")


def fingerprint() -> str:
    found = extent()
    assert found is not None
    return digest(found)


def digest_of(wish: Wish) -> str:
    """Of a city that is taken back at once; rows gone, numbers used up."""
    with transaction.atomic():
        load(wish, say=quiet)
        found = fingerprint()
        transaction.set_rollback(True)
    return found


@pytest.mark.django_db
def test_the_same_four_parameters_give_the_same_city_and_others_another(demo_media: None) -> None:
    first = digest_of(LITTLE)
    assert digest_of(replace(LITTLE, password="lain")) == first
    others = [
        replace(LITTLE, employees=46),
        replace(LITTLE, seed=8),
        replace(LITTLE, months=2),
        replace(LITTLE, today=TODAY + dt.timedelta(days=1)),
    ]
    assert len({first, *map(digest_of, others)}) == 5


@pytest.fixture
def little(db: None, demo_media: None) -> None:
    load(LITTLE, say=quiet)


@pytest.mark.usefixtures("little")
def test_ordinary_use_and_beat_leave_the_fingerprint_alone() -> None:
    before = fingerprint()
    pegawai = User.objects.get(username="pegawai")
    pegawai.set_password("lain")
    pegawai.save()
    Assessment.objects.filter(employee=pegawai.employee).update(received_at=start_of_day(TODAY), receipt="DIBUKA")
    Notice.objects.update(read_at=start_of_day(TODAY))
    for key in ("2026-05", "2026-06", "2026-07"):
        run_cycle(period=Period.parse(key), as_of=start_of_day(dt.date(2026, 7, 20)))
    assert Cycle.objects.filter(period="2026-06", state="DITUTUP").exists()
    assert fingerprint() == before


@pytest.mark.usefixtures("little")
def test_a_changed_mark_or_figure_of_a_closed_month_changes_the_fingerprint() -> None:
    before = fingerprint()
    with transaction.atomic():
        Assessment.objects.filter(pk=Assessment.objects.filter(state="TERBIT").order_by("id")[0].pk).update(note="lain")
        assert fingerprint() != before
        transaction.set_rollback(True)
    assert fingerprint() == before
    assert ScoredIndicator.objects.exists()


@pytest.mark.usefixtures("little")
def test_beat_finds_nothing_to_do_on_the_day_of_the_demo() -> None:
    before = list(Assessment.objects.order_by("id").values_list("id", "revision", "assessor", "state"))
    assert run_cycle(period=Period.parse("2026-06"), as_of=start_of_day(TODAY)) == []
    assert list(Assessment.objects.order_by("id").values_list("id", "revision", "assessor", "state")) == before


@pytest.mark.django_db
def test_the_commands_load_report_and_print_the_fingerprint(demo_media: None) -> None:
    out = StringIO()
    call_command("load_demo", "--employees=45", "--seed=7", "--months=1", "--as-of=2026-06-15", stdout=out)
    assert "45 pegawai" in out.getvalue()
    assert "2026-05 ditutup" in out.getvalue()
    printed = StringIO()
    call_command("demo_digest", stdout=printed)
    assert printed.getvalue().split() == [fingerprint()]
    assert Employee.objects.count() == 45


@pytest.mark.django_db
def test_parameters_come_from_the_environment_where_no_option_says_otherwise(monkeypatch: pytest.MonkeyPatch, demo_media: None) -> None:
    for name, value in {"EMPLOYEES": "45", "SEED": "3", "MONTHS": "0", "AS_OF": "2026-06-15", "PASSWORD": "rahasia-kita"}.items():
        monkeypatch.setenv(f"DEMO_{name}", value)
    call_command("load_demo", "--seed=7", stdout=StringIO())
    assert Employee.objects.count() == 45
    assert set(Cycle.objects.values_list("period", "state")) == {("2026-06", "BERJALAN")}
    assert User.objects.get(username="pegawai").check_password("rahasia-kita")


@pytest.mark.django_db
def test_a_database_with_people_is_left_alone() -> None:
    Employee.objects.create(name="Seseorang", kind="NON_ASN")
    with pytest.raises(CommandError, match="Basis data sudah berisi data") as refused:
        call_command("load_demo", "--employees=45", stdout=StringIO())
    assert refused.value.returncode == 1
    assert not OrgUnit.objects.exists()


@pytest.mark.django_db
def test_the_demo_is_refused_in_production(settings: object) -> None:
    settings.PRODUCTION = True  # type: ignore[attr-defined]
    with pytest.raises(CommandError, match="tidak dimuat di produksi"):
        call_command("load_demo", "--employees=45", stdout=StringIO())
    assert not Employee.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("word", ["--employees=3", "--months=-1"])
def test_a_city_that_cannot_be_is_a_wrong_call(word: str) -> None:
    with pytest.raises(CommandError, match="paling sedikit 45 pegawai") as wrong:
        call_command("load_demo", word, stdout=StringIO())
    assert wrong.value.returncode == 2


@pytest.mark.parametrize("word", ["--as-of=besok", "--employees=banyak"])
def test_a_word_that_cannot_be_read_is_a_wrong_call(word: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as wrong:
        load_demo.Command().run_from_argv(["manage.py", "load_demo", word])
    assert wrong.value.code == 2
    assert word.partition("=")[0] in capsys.readouterr().err


@pytest.mark.django_db
def test_without_a_demo_city_there_is_no_fingerprint() -> None:
    with pytest.raises(CommandError, match="tidak berisi kota contoh"):
        call_command("demo_digest", stdout=StringIO())


@pytest.mark.django_db
def test_a_load_that_fails_leaves_nothing(monkeypatch: pytest.MonkeyPatch, demo_media: None) -> None:
    def broken(*_args: object, **_words: object) -> None:
        raise RuntimeError("listrik padam")

    monkeypatch.setattr("bukittinggi_kinerja.demo.loading.settle_times", broken)
    with pytest.raises(RuntimeError, match="listrik padam"):
        load(LITTLE, say=quiet)
    assert not Employee.objects.exists()
    assert not AppraisalPolicy.objects.exists()


@pytest.mark.django_db
def test_reference_data_may_be_loaded_again_and_keep_what_hr_has_changed() -> None:
    tables = (CalendarYear, ClosedDay, Grade, StaffGroup, AppraisalRegime, AppraisalPolicy, ServiceStandard)
    call_command("load_reference", stdout=StringIO())
    AppraisalPolicy.objects.update(rating_workdays=7)
    counts = [table.objects.count() for table in tables]
    assert all(counts)
    call_command("load_reference", stdout=StringIO())
    assert [table.objects.count() for table in tables] == counts
    assert AppraisalPolicy.objects.get().rating_workdays == 7


@pytest.mark.django_db
def test_a_demo_before_the_first_rule_lets_the_rules_reach_back(demo_media: None) -> None:
    load(replace(LITTLE, today=dt.date(2025, 2, 20), months=3), say=quiet)
    assert Cycle.objects.filter(period="2024-11", state="TERBIT").count() == 2
