"""Rows of a log: instants, missing values, keys and faults."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from appraisal.incentives.rules.mapping import LogFormat, LogMapping
from appraisal.incentives.rules.reading import EXTRA_CELLS, Fault, LogEvent, RowFault, RowReader, key_of, parse_end, parse_moment
from bukittinggi_kinerja.common.period import JAKARTA

from .logs import mapping, step

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def read(row: dict[str, str], how: LogMapping | None = None) -> LogEvent:
    event = RowReader(how or mapping()).read(row)
    assert isinstance(event, LogEvent), event
    return event


def faults(row: dict[str, str], how: LogMapping | None = None) -> list[Fault]:
    found = RowReader(how or mapping()).read(row)
    assert isinstance(found, list)
    return found


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2011-10-11 13:42:22.688000+02:00", dt.datetime(2011, 10, 11, 11, 42, 22, 688000, tzinfo=dt.UTC)),
        ("2012-12-16T19:33:10Z", dt.datetime(2012, 12, 16, 19, 33, 10, tzinfo=dt.UTC)),
        ("2026-10-12 08:00", dt.datetime(2026, 10, 12, 1, 0, tzinfo=dt.UTC)),
        ("12-10-2026 08:00:30", dt.datetime(2026, 10, 12, 1, 0, 30, tzinfo=dt.UTC)),
        ("1/2/2026", dt.datetime(2026, 2, 1, tzinfo=JAKARTA)),
        ("12.10.2026 08.00", dt.datetime(2026, 10, 12, 1, 0, tzinfo=dt.UTC)),
        ("2013-07-08", dt.datetime(2013, 7, 8, tzinfo=JAKARTA)),
    ],
)
def test_instants_are_read_as_offices_write_them(text: str, moment: dt.datetime) -> None:
    assert parse_moment(text, zone=JAKARTA) == moment


@pytest.mark.parametrize("text", ["31-02-2026", "2026-02-30", "kemarin", "12", "0001-01-01", "9999-12-31 10:00", "10:15", "2026-13-01"])
def test_what_is_no_instant_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        parse_moment(text, zone=JAKARTA)


def test_a_time_without_offset_is_local_in_the_zone_of_the_map() -> None:
    assert parse_moment("2011-07-01 12:00", zone=AMSTERDAM).utcoffset() == dt.timedelta(hours=2)
    assert parse_moment("2011-12-01 12:00", zone=AMSTERDAM).utcoffset() == dt.timedelta(hours=1)


def test_a_map_may_state_its_own_form_of_an_instant() -> None:
    assert parse_moment("07/13/2026 1:05 PM", zone=JAKARTA, form="%m/%d/%Y %I:%M %p") == dt.datetime(2026, 7, 13, 13, 5, tzinfo=JAKARTA)


def test_an_end_given_as_a_bare_day_lasts_until_its_end() -> None:
    assert parse_end("2026-03-30", zone=JAKARTA) == dt.datetime(2026, 3, 30, 23, 59, 59, tzinfo=JAKARTA)
    assert parse_end("2026-03-30 10:00", zone=JAKARTA) == dt.datetime(2026, 3, 30, 10, 0, tzinfo=JAKARTA)


def test_a_case_called_na_stays_a_case_whatever_the_log_calls_missing() -> None:
    how = mapping(format=LogFormat(missing=frozenset({"", "NA"})))
    event = read(step("NA", "NA", "2026-10-12 08:00", "NA"), how)
    assert (event.case_id, event.activity, event.account) == ("NA", "NA", "")


def test_a_log_that_lost_one_case_number_may_say_which() -> None:
    how = mapping(format=LogFormat(blank_case_id="NA"))
    assert read(step("", "NEW", "2026-10-12 08:00"), how).case_id == "NA"
    assert RowReader(how).case_of(step("", "NEW", "x")) == "NA"


def test_without_a_number_the_key_is_case_activity_instant_and_officer() -> None:
    how = mapping(columns=("case_id", "activity", "timestamp", "officer"))
    here = read(step("1", "TERBIT", "2026-10-12 08:00", "budi"), how)
    elsewhere = read(step("1", "TERBIT", "2026-10-12T01:00:00Z", "budi"), how)
    assert here.key == elsewhere.key == key_of("1", "TERBIT", here.at, "budi")
    assert here.digest != elsewhere.digest
    assert read(step("1", "TERBIT", "2026-10-12 08:00", "citra"), how).key != here.key


def test_parts_of_a_key_cannot_be_shifted_into_each_other() -> None:
    at = dt.datetime(2026, 10, 12, tzinfo=JAKARTA)
    assert key_of("1", "2 3", at, "") != key_of("1 2", "3", at, "")


def test_every_column_counts_for_the_content_in_any_order() -> None:
    row = step("1", "TERBIT", "2026-10-12 08:00") | {"catatan": "a"}
    assert read(row).digest == read(dict(reversed(row.items()))).digest
    assert read(row).digest != read(row | {"catatan": "b"}).digest


def test_what_a_row_says_of_its_case_is_kept_as_instants_with_offset() -> None:
    row = step("1", "TERBIT", "2026-10-12 08:00", started="2026-10-01", deadline="2026-10-14", ended="", responsible=" budi ")
    assert read(row).attributes == {
        "started": "2026-10-01T00:00:00+07:00",
        "deadline": "2026-10-14T23:59:59+07:00",
        "responsible": "budi",
    }


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"case_id": "  "}, RowFault.EMPTY),
        ({"activity": ""}, RowFault.EMPTY),
        ({"timestamp": ""}, RowFault.EMPTY),
        ({"timestamp": "31-02-2026"}, RowFault.NO_MOMENT),
        ({"ended": "besok"}, RowFault.NO_MOMENT),
        ({"case_id": "x" * 121}, RowFault.TOO_LONG),
        ({"officer": "x" * 121}, RowFault.TOO_LONG),
        ({"catatan": "a\x00b"}, RowFault.BAD_SIGN),
        ({EXTRA_CELLS: "sisa"}, RowFault.CELLS),
    ],
)
def test_a_row_that_cannot_be_read_says_why(change: dict[str, str], fault: RowFault) -> None:
    assert [found.code for found in faults(step("1", "TERBIT", "2026-10-12 08:00") | change)] == [fault]


def test_all_faults_of_a_row_are_told_at_once() -> None:
    row = step("1", "", "kemarin", ended="besok")
    assert [found.column for found in faults(row)] == ["activity", "timestamp", "ended"]


def test_a_number_longer_than_the_column_still_tells_events_apart() -> None:
    keys = {read(step("1", "TERBIT", "2026-10-12 08:00", event_id="9" * 200 + end)).key for end in "ab"}
    assert {len(key) for key in keys} == {64}
    assert len(keys) == 2
