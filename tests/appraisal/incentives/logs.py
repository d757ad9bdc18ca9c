"""Small event logs for tests of the intake: rows by our own column names, and one way to take them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from appraisal.incentives.rules.mapping import ClockWords, LogMapping
from appraisal.incentives.services.intake import IntakeReport, LogRow, take_events
from bukittinggi_kinerja.common.period import JAKARTA

NOW = dt.datetime(2026, 10, 20, 9, 0, tzinfo=JAKARTA)
COLUMNS = ("event_id", "case_id", "activity", "timestamp", "officer", "responsible", "service_type", "started", "ended", "deadline")
WORDS = ClockWords(
    accept=frozenset({"DITERIMA"}), stop=frozenset({"PERBAIKAN"}), resume=frozenset({"VERIFIKASI"}), finish=frozenset({"TERBIT"})
)


def mapping(source: str = "simpel", *, credit: str = "responsible", columns: Sequence[str] = COLUMNS, **values: Any) -> LogMapping:
    return LogMapping(source=source, columns={name: name for name in columns}, words=WORDS, credit=credit, **values)


def step(case_id: str, activity: str, timestamp: str, officer: str = "", **more: str) -> dict[str, str]:
    """One row; an event number is made of case, activity and time unless the row brings one."""
    row = {"case_id": case_id, "activity": activity, "timestamp": timestamp, "officer": officer}
    return row | {"event_id": f"{case_id}/{activity}/{timestamp}", "responsible": "", **more}


def issued(case_id: str, accepted: str, ended: str, *, responsible: str = "", officer: str = "", **more: str) -> list[dict[str, str]]:
    """A file accepted and issued, without a stop."""
    return [
        step(case_id, "DITERIMA", accepted, officer, responsible=responsible, **more),
        step(case_id, "TERBIT", ended, officer, responsible=responsible, **more),
    ]


def take(rows: Sequence[Mapping[str, str]], how: LogMapping | None = None, *, now: dt.datetime = NOW, **options: Any) -> IntakeReport:
    """Take rows as the second and following lines of a file."""
    delivered = [LogRow(line, row) for line, row in enumerate(rows, 2)]
    return take_events(mapping=how or mapping(), rows=delivered, actor=None, now=now, **options)
