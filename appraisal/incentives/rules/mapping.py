"""How one event log is read: MAP.toml as a checked value. Pure.

``[columns]`` names the log's columns, ``[format]`` its signs, ``[clock]`` which activities move the clock. Beyond the
ordinary keys a map may name its source (``[source] code``) and the service types of the log (``[service_types]``).
What the file of the map is called says nothing (docs/decisions/0013-whose-log-it-is.md).
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

REQUIRED_COLUMNS = ("case_id", "activity", "timestamp")
OPTIONAL_COLUMNS = ("event_id", "officer", "service_type", "responsible", "started", "ended", "deadline")
FORMAT_KEYS = ("separator", "encoding", "timezone", "missing", "timestamp_format", "blank_case_id")
#: Activities that move the clock; the last two end a case that then counts for nobody.
WORDS = ("accept", "stop", "resume", "finish", "refuse", "withdraw")
#: The states of a permit file are also the names of the steps that lead to them.
DEFAULT_WORDS: Mapping[str, frozenset[str]] = {
    "refuse": frozenset({"DITOLAK"}),
    "withdraw": frozenset({"DITARIK", "DIKEMBALIKAN"}),
}
#: One activity cannot both stop and move, or end in two ways.
APART = (
    ("stop", "accept"), ("stop", "resume"), ("stop", "finish"), ("stop", "refuse"), ("stop", "withdraw"),
    ("finish", "refuse"), ("finish", "withdraw"), ("refuse", "withdraw"),
)  # fmt: skip
CALENDAR = "ID"
CREDITS = ("responsible", "step")
LONGEST_SOURCE = 60
#: How a source is called whose map gives no name.
UNNAMED_SOURCE = "log-"
#: How a file is taken apart into cells; the cells of a row are read the same by any of it.
FILE_KEYS = ("separator", "encoding")

_NOT_CODE = re.compile(r"[^a-z0-9_-]+")


class MapFault(StrEnum):
    NOT_TOML = "not_toml"
    UNKNOWN_KEY = "unknown_key"
    NOT_TEXT = "not_text"
    NOT_LIST = "not_list"
    COLUMN_MISSING = "column_missing"
    COLUMN_ABSENT = "column_absent"
    SEPARATOR = "separator"
    ENCODING = "encoding"
    TIMEZONE = "timezone"
    CALENDAR = "calendar"
    CREDIT = "credit"
    TWO_MEANINGS = "two_meanings"
    SOURCE = "source"
    SEVERAL_SOURCES = "several_sources"
    READS_OTHERWISE = "reads_otherwise"
    TAKEN_ELSEWHERE = "taken_elsewhere"
    OTHER_SYSTEM = "other_system"


class BadMap(ValueError):
    """A map that cannot be used; ``values`` fill the sentence of ``fault``."""

    def __init__(self, fault: MapFault, **values: object) -> None:
        super().__init__(fault, values)
        self.fault = fault
        self.values = values


@dataclass(frozen=True)
class LogFormat:
    separator: str | None = None
    encoding: str | None = None
    timezone: str = "Asia/Jakarta"
    missing: frozenset[str] = frozenset({""})
    timestamp_format: str | None = None
    #: For logs that lost one case number on their way: a program took the case called NA for an empty cell.
    blank_case_id: str = ""
    #: Every instant must say its offset: there is no file, and so no place, whose clock could be meant.
    offsets: bool = False

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)


@dataclass(frozen=True)
class ClockWords:
    """Names of the activities that move the clock of a case."""

    accept: frozenset[str] = frozenset()
    stop: frozenset[str] = frozenset()
    resume: frozenset[str] = frozenset()
    finish: frozenset[str] = frozenset()
    refuse: frozenset[str] = DEFAULT_WORDS["refuse"]
    withdraw: frozenset[str] = DEFAULT_WORDS["withdraw"]

    def as_lists(self) -> dict[str, list[str]]:
        return {name: sorted(getattr(self, name)) for name in WORDS}

    @classmethod
    def of_lists(cls, lists: Mapping[str, Any]) -> ClockWords:
        """Words as stored; what is not stated keeps its default."""
        return cls(**{name: frozenset(lists[name]) for name in WORDS if name in lists})


@dataclass(frozen=True)
class LogMapping:
    """``columns`` maps our names to those of the log; ``service_types`` names in the log to codes.

    ``source`` is blank where the map names none.
    """

    source: str
    columns: Mapping[str, str]
    format: LogFormat = LogFormat()
    words: ClockWords = ClockWords()
    credit: str = "responsible"
    service_types: Mapping[str, str] = field(default_factory=dict)

    def as_stored(self) -> dict[str, Any]:
        """The whole mapping as plain values, with the hash that tells two mappings apart."""
        stored = {
            "columns": dict(sorted(self.columns.items())),
            "format": {
                "separator": self.format.separator,
                "encoding": self.format.encoding,
                "timezone": self.format.timezone,
                "missing": sorted(self.format.missing),
                "timestamp_format": self.format.timestamp_format,
                "blank_case_id": self.format.blank_case_id,
            },
            "clock": {"calendar": CALENDAR, "credit": self.credit, **self.words.as_lists()},
            "service_types": dict(sorted(self.service_types.items())),
        }
        digest = hashlib.sha256(json.dumps(stored, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
        return {**stored, "sha256": digest}

    @property
    def reading(self) -> str:
        return reading_of(self.as_stored())

    @property
    def own_source(self) -> str:
        """The source of a map that names none: made of how it reads, so another map is another source."""
        return f"{UNNAMED_SOURCE}{self.reading[:12]}"

    def absent_columns(self, header: list[str]) -> list[str]:
        """Columns that the map names and the log has not."""
        return [column for column in self.columns.values() if column not in header]


def reading_of(stored: Mapping[str, Any]) -> str:
    """The hash of what decides how the rows of a log are read, out of a mapping as stored.

    What a map leaves empty is left out: a key that a later version of this program knows keeps the hashes of today.
    """
    told = {
        name: {key: value for key, value in stored.get(name, {}).items() if value and not (name == "format" and key in FILE_KEYS)}
        for name in ("columns", "format", "clock", "service_types")
    }
    return hashlib.sha256(json.dumps(told, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def source_code(text: str) -> str:
    """Letters, digits and dashes out of what names a source. Raises BadMap."""
    code = _NOT_CODE.sub("-", text.casefold()).strip("-")
    if not code or len(code) > LONGEST_SOURCE:
        raise BadMap(MapFault.SOURCE, most=LONGEST_SOURCE)
    return code


def parse_map(text: str) -> LogMapping:
    """Read MAP.toml. Raises BadMap."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise BadMap(MapFault.NOT_TOML, detail=str(problem)) from None
    _only(tables, "", ("columns", "format", "clock", "source", "service_types"))
    clock = _table(tables, "clock")
    _only(clock, "clock", ("calendar", "credit", *WORDS))
    return LogMapping(
        source=_source(_table(tables, "source")),
        columns=_columns(_table(tables, "columns")),
        format=_format(_table(tables, "format")),
        words=_words(clock),
        credit=_credit(clock),
        service_types=_texts(_table(tables, "service_types"), "service_types"),
    )


def _table(tables: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    table = tables.get(name, {})
    if not isinstance(table, dict):
        raise BadMap(MapFault.UNKNOWN_KEY, key=name)
    return table


def _only(table: Mapping[str, Any], name: str, allowed: tuple[str, ...]) -> None:
    """A misspelt key would change a figure silently, so it is refused."""
    for key in table:
        if key not in allowed:
            raise BadMap(MapFault.UNKNOWN_KEY, key=f"{name}.{key}" if name else key)


def _texts(table: Mapping[str, Any], name: str) -> dict[str, str]:
    return {key: _text(value, f"{name}.{key}") for key, value in table.items()}


def _text(value: Any, key: str) -> str:
    if not isinstance(value, str) or not value:
        raise BadMap(MapFault.NOT_TEXT, key=key)
    return value


def _list(value: Any, key: str) -> frozenset[str]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise BadMap(MapFault.NOT_LIST, key=key)
    return frozenset(value)


def _source(table: Mapping[str, Any]) -> str:
    _only(table, "source", ("code",))
    return source_code(_text(table["code"], "source.code")) if "code" in table else ""


def _columns(table: Mapping[str, Any]) -> dict[str, str]:
    _only(table, "columns", (*REQUIRED_COLUMNS, *OPTIONAL_COLUMNS))
    for column in REQUIRED_COLUMNS:
        if column not in table:
            raise BadMap(MapFault.COLUMN_MISSING, key=column)
    # Titles of a log are read without the blanks around them, so the map may be typed either way.
    return {name: " ".join(title.split()) for name, title in _texts(table, "columns").items()}


def _format(table: Mapping[str, Any]) -> LogFormat:
    _only(table, "format", FORMAT_KEYS)
    texts: dict[str, Any] = {key: _text(table[key], f"format.{key}") for key in FORMAT_KEYS if key in table and key != "missing"}
    if len(texts.get("separator", ",")) != 1 or texts.get("separator", ",") in '"\r\n':
        raise BadMap(MapFault.SEPARATOR)
    if "encoding" in texts and not _is_encoding(texts["encoding"]):
        raise BadMap(MapFault.ENCODING, text=texts["encoding"])
    if "timezone" in texts and not _is_zone(texts["timezone"]):
        raise BadMap(MapFault.TIMEZONE, text=texts["timezone"])
    missing = _list(table["missing"], "format.missing") if "missing" in table else frozenset({""})
    return LogFormat(missing=missing, **texts)


def _is_encoding(name: str) -> bool:
    """A name that turns text into bytes and back, in units of any width; some codecs of Python turn text into text."""
    try:
        return "a".encode(name).decode(name) == "a"
    except (LookupError, ValueError):
        return False


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def _words(clock: Mapping[str, Any]) -> ClockWords:
    words = ClockWords(**{name: _list(clock[name], f"clock.{name}") for name in WORDS if name in clock})
    for one, other in APART:
        both = getattr(words, one) & getattr(words, other)
        if both:
            raise BadMap(MapFault.TWO_MEANINGS, activity=min(both), one=one, other=other)
    return words


def _credit(clock: Mapping[str, Any]) -> str:
    if clock.get("calendar", CALENDAR) != CALENDAR:
        raise BadMap(MapFault.CALENDAR, text=str(clock["calendar"]))
    credit = clock.get("credit", "responsible")
    if credit not in CREDITS:
        raise BadMap(MapFault.CREDIT, text=str(credit))
    return str(credit)
