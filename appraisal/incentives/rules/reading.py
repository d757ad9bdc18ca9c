"""One row of an event log as an event: key, instant, officer, and what it says of its case. Pure."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from appraisal.incentives.rules.mapping import LogMapping
from bukittinggi_kinerja.common.period import end_of_day

#: Columns of an error file; a later import of that file ignores them.
ERROR_COLUMNS = ("baris", "kolom", "galat")
#: What a row says of its case as a whole.
MOMENTS, TEXTS = ("started", "ended", "deadline"), ("responsible", "service_type")
#: Where the cells beyond the last titled column are put: such a row is torn.
EXTRA_CELLS = ""
LONGEST = {"case_id": 120, "activity": 200, "officer": 120, "responsible": 120, "service_type": 200}
LONGEST_KEY = 128
#: Instants outside these years are slips of a keyboard.
YEARS = range(1900, 2200)
#: How far ahead another system's watch may be.
WATCHES_DIFFER = dt.timedelta(minutes=5)

#: The sign no text of the database can hold.
UNSTORABLE = "\x00"
_LOCAL = re.compile(
    r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?:[T ]+(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?)?",
    re.ASCII,
)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4}", re.ASCII)


class RowFault(StrEnum):
    EMPTY = "empty"
    NO_MOMENT = "no_moment"
    NO_OFFSET = "no_offset"
    FUTURE = "future"
    TOO_LONG = "too_long"
    BAD_SIGN = "bad_sign"
    UNKNOWN_FIELD = "unknown_field"
    NOT_TEXT = "not_text"
    NOT_OBJECT = "not_object"
    CELLS = "cells"
    ENDS_FIRST = "ends_first"
    TWO_VALUES = "two_values"
    OTHER_VALUE = "other_value"
    OTHER_ROW = "other_row"
    CONFLICT = "conflict"


@dataclass(frozen=True)
class Fault:
    """What is wrong in a column of the log; ``values`` fill the sentence of ``code``."""

    column: str
    code: RowFault
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class LogEvent:
    """``attributes``: what the row says of its case, instants as ISO texts with offset."""

    key: str
    case_id: str
    activity: str
    at: dt.datetime
    account: str
    digest: str
    content: Mapping[str, str]
    attributes: Mapping[str, str]

    def as_stored(self) -> dict[str, Any]:
        """Everything but key, case and content, as plain values."""
        return {"activity": self.activity, "at": self.at.isoformat(), "account": self.account, "attributes": dict(self.attributes)}


def digest_of(content: Mapping[str, str]) -> str:
    """SHA-256 over every column, mapped or not, whatever their order."""
    return hashlib.sha256(json.dumps(sorted(content.items()), ensure_ascii=False).encode()).hexdigest()


def key_of(case_id: str, activity: str, at: dt.datetime, account: str) -> str:
    """The key of an event without a number of its own; the same instant in another zone is the same event."""
    parts = [case_id, activity, at.astimezone(dt.UTC).isoformat(), account]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()


def parse_moment(text: str, *, zone: ZoneInfo, form: str | None = None) -> dt.datetime:
    """ISO 8601, ``31-12-2026 08:00`` (day first), or ``form``; without an offset it is local time of ``zone``.

    Raises ValueError.
    """
    if form:
        moment = dt.datetime.strptime(text, form)  # noqa: DTZ007 - the zone follows below
    elif found := _LOCAL.fullmatch(text):
        day, month, year, hour, minute, second = (int(part or 0) for part in found.groups())
        moment = dt.datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - the zone follows below
    else:
        moment = dt.datetime.fromisoformat(text)
    if moment.year not in YEARS:
        raise ValueError(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def has_offset(text: str) -> bool:
    """Whether an instant that can be read says how far from UTC its clock is."""
    try:
        return dt.datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def parse_end(text: str, *, zone: ZoneInfo, form: str | None = None) -> dt.datetime:
    """An instant; a bare day lasts until its end, as every deadline of the city does. Raises ValueError."""
    moment = parse_moment(text, zone=zone, form=form)
    return end_of_day(moment.date()).replace(tzinfo=zone) if _DAY.fullmatch(text) else moment


class RowReader:
    """Reads rows by one mapping; gathers every fault of a row, not only the first.

    With ``now``, what has not happened yet is a fault; a deadline may lie ahead.
    """

    def __init__(self, mapping: LogMapping, *, now: dt.datetime | None = None) -> None:
        self.mapping = mapping
        self.zone = mapping.format.zone
        self.latest = now and now + WATCHES_DIFFER
        self.faults: list[Fault] = []

    def read(self, content: Mapping[str, str]) -> LogEvent | list[Fault]:
        self.faults = []
        if any(UNSTORABLE in value for value in content.values()):
            self.faults.append(Fault("", RowFault.BAD_SIGN))
        if EXTRA_CELLS in content:
            self.faults.append(Fault("", RowFault.CELLS))
        case_id, activity = self._required(content, "case_id"), self._required(content, "activity")
        at = self._moment(content, "timestamp", required=True)
        account = self._text(content, "officer")
        attributes = self._attributes(content)
        if self.faults or at is None:
            return list(self.faults)
        return LogEvent(
            key=self._key(content) or key_of(case_id, activity, at, account),
            case_id=case_id,
            activity=activity,
            at=at,
            account=account,
            digest=digest_of(content),
            content=content,
            attributes=attributes,
        )

    def case_of(self, content: Mapping[str, str]) -> str:
        """The case a row belongs to, also where the rest of it cannot be read; "" when it names none."""
        return self._named(content, "case_id")

    def attribute(self, content: Mapping[str, str], name: str) -> str:
        """A cell by our name, blank when the log has not the column or calls the value missing."""
        column = self.mapping.columns.get(name)
        text = content.get(column, "").strip() if column else ""
        return "" if text in self.mapping.format.missing else text

    def _attributes(self, content: Mapping[str, str]) -> dict[str, str]:
        moments = {name: self._moment(content, name) for name in MOMENTS}
        texts = {name: self._text(content, name) for name in TEXTS}
        return {name: moment.isoformat() for name, moment in moments.items() if moment} | {k: v for k, v in texts.items() if v}

    def _key(self, content: Mapping[str, str]) -> str:
        key = self.attribute(content, "event_id")
        return key if len(key) <= LONGEST_KEY else hashlib.sha256(key.encode()).hexdigest()

    def _required(self, content: Mapping[str, str], name: str) -> str:
        """A case may be called NA: only a blank cell names no case and no activity, whatever the log calls missing."""
        text = self._named(content, name)
        if not text:
            self.faults.append(Fault(self.mapping.columns[name], RowFault.EMPTY))
        return self._short(text, name)

    def _named(self, content: Mapping[str, str], name: str) -> str:
        text = content.get(self.mapping.columns[name], "").strip()
        return text or (self.mapping.format.blank_case_id if name == "case_id" else "")

    def _text(self, content: Mapping[str, str], name: str) -> str:
        return self._short(self.attribute(content, name), name)

    def _short(self, text: str, name: str) -> str:
        if len(text) > LONGEST[name]:
            self.faults.append(Fault(self.mapping.columns[name], RowFault.TOO_LONG, {"most": LONGEST[name]}))
        return text

    def _moment(self, content: Mapping[str, str], name: str, *, required: bool = False) -> dt.datetime | None:
        text = self.attribute(content, name)
        if not text:
            if required:
                self.faults.append(Fault(self.mapping.columns[name], RowFault.EMPTY))
            return None
        zone, form = self.zone, self.mapping.format.timestamp_format
        try:
            moment = parse_moment(text, zone=zone, form=form)
            read = parse_end(text, zone=zone, form=form) if name in ("ended", "deadline") else moment
        except ValueError:
            wrong = RowFault.NO_MOMENT
        else:
            if self.mapping.format.offsets and not has_offset(text):
                wrong = RowFault.NO_OFFSET
            # A bare day that ended today is not over yet, so its beginning is what counts.
            elif self.latest and name != "deadline" and moment > self.latest:
                wrong = RowFault.FUTURE
            else:
                return read
        self.faults.append(Fault(self.mapping.columns[name], wrong, {"text": text[:40]}))
        return None
