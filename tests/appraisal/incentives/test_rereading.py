"""A source that was read by a wrong map is read again by the right one."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command

from appraisal.incentives.models import AccountAlias, EventConflict, EventSource, ServiceCase, ServiceEvent
from appraisal.incentives.rules.mapping import ClockWords, LogFormat, LogMapping
from appraisal.incentives.services.rereading import Reread, reread_source
from bukittinggi_kinerja.common.errors import Unacceptable
from bukittinggi_kinerja.common.models import Event
from tests.people import City

from .logs import COLUMNS, NOW, WORDS, issued, mapping, step, take

WRONG = ClockWords(accept=frozenset({"DITERIMA"}), finish=frozenset({"PERBAIKAN"}))
ROWS = [
    step("1", "DITERIMA", "2026-10-05 08:00", "loket2", responsible="loket2"),
    step("1", "PERBAIKAN", "2026-10-06 08:00", "loket2"),
    step("1", "TERBIT", "2026-10-07 08:00", "loket2"),
    *issued("2", "2026-10-05 08:00", "2026-10-08 08:00", officer="loket9"),
]


def wrong(**values: Any) -> LogMapping:
    return LogMapping(source="simpel", columns={name: name for name in COLUMNS}, words=WRONG, format=LogFormat(timezone="UTC"), **values)


def again(how: LogMapping | None = None, *, code: str = "simpel", reason: str = "Peta pertama salah zona") -> Reread:
    return reread_source(code=code, mapping=how or mapping(), reason=reason, actor=None, now=NOW)


def everything() -> list[Any]:
    models = (EventSource, ServiceCase, ServiceEvent, Event)
    return [list(model._default_manager.order_by("pk").values()) for model in models]


def as_read() -> tuple[list[Any], list[Any]]:
    cases = ServiceCase.objects.order_by("case_id").values_list(
        "case_id", "state", "accepted_at", "finished_at", "net_working_days", "responsible"
    )
    steps = ServiceEvent.objects.order_by("case__case_id", "at").values_list(
        "key", "activity", "at", "account", "officer", "attributes", "digest"
    )
    return list(cases), list(steps)


@pytest.fixture
def desk(services: None, city: City) -> City:
    return city


def aliased(city: City) -> None:
    AccountAlias.objects.create(
        source=EventSource.objects.get(), account="loket2", employee=city.people["pegawai"], valid=(dt.date(2025, 1, 1), None)
    )


def test_a_source_read_again_is_as_if_it_had_been_read_so_from_the_first_day(desk: City) -> None:
    take(ROWS, wrong())
    aliased(desk)
    assert set(ServiceCase.objects.values_list("case_id", "finished_at")) == {
        ("1", dt.datetime(2026, 10, 6, 8, tzinfo=ZoneInfo("UTC"))), ("2", None)
    }  # fmt: skip
    told = again()
    assert (told.events, told.cases, told.changed_cases, told.differences) == (5, 2, 2, ())
    read_again = as_read()
    event = Event.objects.latest("id")
    assert (event.action, event.reason, event.new["changed_cases"]) == ("incentives.source.reread", "Peta pertama salah zona", 2)
    ServiceEvent.objects.all().delete()
    ServiceCase.objects.all().delete()
    take(ROWS, mapping())
    assert as_read() == read_again


def test_the_same_log_by_the_right_map_then_changes_nothing(desk: City) -> None:
    take(ROWS, wrong())
    again()
    report = take(ROWS, mapping())
    assert (report.new_cases, report.changed_cases, report.listed) == (0, 0, [])


def test_keys_made_of_time_may_pass_each_other(desk: City) -> None:
    """Without event numbers an hour of another zone makes the key of one step the old key of the next."""
    columns = tuple(name for name in COLUMNS if name != "event_id")
    rows = [step("1", "DITERIMA", f"2026-10-05 {hour:02}:00", "loket2") for hour in (8, 15, 22)]
    first = LogMapping(source="simpel", columns={name: name for name in columns}, words=WORDS, format=LogFormat(timezone="UTC"))
    take(rows, first)
    keys = set(ServiceEvent.objects.values_list("key", flat=True))
    again(mapping(columns=columns))
    assert len(keys & set(ServiceEvent.objects.values_list("key", flat=True))) == 2
    assert take(rows, mapping(columns=columns)).listed == []


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"case_id": "officer"}, "membacanya sebagai berkas"),
        ({"timestamp": "activity"}, "bukan waktu"),
        ({"deadline": "timestamp"}, "Samakan di sumbernya"),
        ({"event_id": "officer"}, "menjadi satu"),
        ({"ended": "note"}, "selesai sebelum diterima"),
    ],
)
def test_what_the_new_map_cannot_read_leaves_all_as_it_was(desk: City, columns: dict[str, str], words: str) -> None:
    take([row | {"note": "2026-10-01 08:00"} for row in ROWS], wrong())
    before = everything()
    how = LogMapping(source="simpel", columns={name: name for name in COLUMNS} | columns, words=WORDS)
    with pytest.raises(Unacceptable, match=words):
        again(how)
    assert everything() == before


def test_nobody_reads_again_without_a_reason_or_a_source_that_is_not_there(desk: City) -> None:
    take(ROWS, wrong())
    before = everything()
    with pytest.raises(Unacceptable, match="alasan"):
        again(reason="  ")
    with pytest.raises(Unacceptable, match="belum terdaftar"):
        again(code="lain")
    assert everything() == before


def test_rows_somebody_decided_about_are_not_read_again(desk: City) -> None:
    take(ROWS, wrong())
    take([ROWS[0] | {"officer": "loket3"}], wrong())
    assert EventConflict.objects.exists()
    with pytest.raises(Unacceptable, match="diperbaiki atau bertentangan"):
        again()


MAP = """
[columns]
case_id = "berkas"
activity = "langkah"
timestamp = "waktu"
[format]
timezone = "{zone}"
[clock]
accept = ["DITERIMA"]
finish = ["TERBIT"]
"""


def test_the_command_mends_a_first_map_without_a_code(desk: City, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = tmp_path / "log.csv"
    log.write_text("berkas,langkah,waktu\n1,DITERIMA,2026-10-05 08:00\n1,TERBIT,2026-10-06 08:00\n")
    maps = [tmp_path / "salah.toml", tmp_path / "benar.toml"]
    for path, zone in zip(maps, ("UTC", "Asia/Jakarta"), strict=True):
        path.write_text(MAP.format(zone=zone))
    call_command("import_service_events", str(log), mapping=maps[0])
    code = EventSource.objects.get().code
    with pytest.raises(SystemExit):
        call_command("import_service_events", str(log), mapping=maps[1])
    assert "reread_service_events" in capsys.readouterr().err
    call_command("reread_service_events", source=code, mapping=maps[1], reason="Zona salah")
    assert "2 peristiwa, 1 berkas; 1 berkas berubah" in capsys.readouterr().out
    call_command("import_service_events", str(log), mapping=maps[1])
    assert "2 peristiwa sudah ada" in capsys.readouterr().out
    assert EventSource.objects.count() == 1
    with pytest.raises(CommandError, match="belum terdaftar"):
        call_command("reread_service_events", source="lain", mapping=maps[1], reason="Zona salah")
