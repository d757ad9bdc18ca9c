"""The working-day clock: worked examples, borders, and an oracle that walks day by day."""

import datetime as dt
from dataclasses import dataclass
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from appraisal.incentives.rules.clock import Pause, Reading, Standard, day_zero, read_clock
from bukittinggi_kinerja.common.period import JAKARTA
from bukittinggi_kinerja.common.workdays import WorkingCalendar

ONE_DAY = dt.timedelta(days=1)
#: 17 national holidays and 8 joint leave days of 2026 (SKB 1497/2025, 2/2025, 5/2025).
CLOSED_2026 = [
    dt.date.fromisoformat(f"2026-{day}")
    for day in (
        "01-01", "01-16", "02-17", "03-19", "03-21", "03-22", "04-03", "04-05", "05-01", "05-14", "05-27", "05-31",
        "06-01", "06-16", "08-17", "08-25", "12-25", "02-16", "03-18", "03-20", "03-23", "03-24", "05-15", "05-28", "12-24",
    )
]  # fmt: skip
CALENDAR = WorkingCalendar.of_years([2025, 2026], CLOSED_2026)


def at(text: str) -> dt.datetime:
    """``2026-03-12 10:00`` in Asia/Jakarta; a bare day is nine o'clock."""
    return dt.datetime.fromisoformat(text if " " in text else f"{text} 09:00").replace(tzinfo=JAKARTA)


def read(accepted: str, sla: int | None, *pauses: tuple[str, str | None], finished: str | None = None) -> Reading:
    return read_clock(
        accepted=at(accepted),
        pauses=[Pause(at(stop), at(resume) if resume else None) for stop, resume in pauses],
        finished=at(finished) if finished else None,
        standard=None if sla is None else Standard(sla),
        calendar=CALENDAR,
    )


@dataclass(frozen=True)
class Due:
    example: int
    accepted: str
    sla: int
    due: str


EXAMPLES = [
    Due(37, "2026-03-12 10:00", 7, "2026-03-30"),
    Due(38, "2026-03-12 15:01", 7, "2026-03-31"),
    Due(39, "2026-02-13", 1, "2026-02-18"),
    Due(40, "2026-05-12", 3, "2026-05-19"),
    Due(41, "2026-12-22", 5, "2026-12-31"),
    Due(42, "2026-01-05", 28, "2026-02-13"),
    Due(43, "2026-08-13", 5, "2026-08-21"),
]


@pytest.mark.parametrize("row", EXAMPLES, ids=lambda row: f"example {row.example}")
def test_the_worked_examples_of_the_trade_come_out(row: Due) -> None:
    assert read(row.accepted, row.sla).due_on == dt.date.fromisoformat(row.due)


def test_example_44_a_stop_uses_its_day_and_the_resume_day_is_the_new_day_0() -> None:
    waiting = ("2026-06-10", "2026-06-19")
    assert read("2026-06-08", 5, waiting) == Reading(net_days=None, due_on=dt.date(2026, 6, 24))
    assert read("2026-06-08", 5, waiting, finished="2026-06-23") == Reading(net_days=4, due_on=dt.date(2026, 6, 24))


def test_2026_has_240_working_days_spread_over_its_months_as_decreed() -> None:
    firsts = [dt.date(2026, month, 1) - ONE_DAY for month in range(1, 13)] + [dt.date(2026, 12, 31)]
    counts = [CALENDAR.between(start, end) for start, end in pairwise(firsts)]
    assert counts == [20, 18, 17, 21, 16, 20, 23, 19, 22, 22, 21, 21]
    assert sum(counts) == 240


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-06-08 15:00", "2026-06-08"),
        ("2026-06-08 15:00:01", "2026-06-09"),
        ("2026-06-05 16:00", "2026-06-08"),
        ("2026-06-06 08:00", "2026-06-08"),
        ("2026-06-15 15:01", "2026-06-17"),
        ("2026-12-31 14:59", "2026-12-31"),
    ],
)
def test_after_the_cut_off_hour_or_on_a_day_off_day_0_is_the_next_working_day(moment: str, day: str) -> None:
    assert day_zero(at(moment), CALENDAR) == dt.date.fromisoformat(day)


def test_the_days_are_those_of_jakarta_whatever_the_zone_of_the_log() -> None:
    late_in_london = dt.datetime(2026, 6, 8, 18, 0, tzinfo=dt.UTC)  # Tuesday 01:00 in Jakarta
    assert day_zero(late_in_london, CALENDAR) == dt.date(2026, 6, 9)


def test_a_stop_before_day_0_uses_no_day() -> None:
    assert read("2026-06-05 16:00", 5, ("2026-06-05 16:30", "2026-06-10")).due_on == dt.date(2026, 6, 18)


def test_once_the_standard_is_used_up_a_stop_no_longer_moves_the_due_date() -> None:
    assert read("2026-06-08", 2, ("2026-06-11", "2026-06-19"), finished="2026-06-22") == Reading(4, dt.date(2026, 6, 10))
    assert read("2026-06-08", 2, ("2026-06-10", None)).due_on == dt.date(2026, 6, 10)


def test_while_the_clock_stands_no_due_date_is_known() -> None:
    assert read("2026-06-08", 5, ("2026-06-10", None)).due_on is None


def test_a_file_that_ends_while_its_clock_stands_counts_up_to_the_stop() -> None:
    assert read("2026-06-08", 5, ("2026-06-10", None), finished="2026-06-25").net_days == 2


def test_a_file_finished_before_its_day_0_took_no_day() -> None:
    assert read("2026-06-05 15:30", 5, finished="2026-06-05 16:00").net_days == 0


def test_an_automatic_service_is_due_on_day_0() -> None:
    assert read("2026-06-08", 0).due_on == dt.date(2026, 6, 8)


def test_outside_the_calendar_nothing_is_known_and_nothing_is_zero() -> None:
    assert read("2027-01-04", 5, finished="2027-01-06") == Reading(None, None)
    assert read("2026-12-30", 5, finished="2026-12-31") == Reading(net_days=1, due_on=None)


def test_without_a_standard_days_are_counted_but_nothing_is_due() -> None:
    assert read("2026-06-08", None, finished="2026-06-10") == Reading(net_days=2, due_on=None)


# --- the oracle: walk the calendar day by day and ask of each day whether it counts


def works(day: dt.date) -> bool:
    return day.weekday() < 5 and day not in CLOSED_2026


def oracle_day_zero(moment: dt.datetime) -> dt.date:
    day = moment.date()
    if works(day) and moment.time() > dt.time(15):
        day += ONE_DAY
    while not works(day):
        day += ONE_DAY
    return day


def oracle(accepted: dt.datetime, pauses: list[Pause], finished: dt.datetime | None, sla: int) -> tuple[int | None, dt.date | None]:
    """A day counts if it is a working day after day 0 and in no gap from the day after a stop to the resume day."""
    start = oracle_day_zero(accepted)
    gaps = []
    for pause in pauses:
        resume = pause.resume or finished
        gaps.append((pause.stop.date(), oracle_day_zero(resume) if resume else dt.date.max))
    days = [start + n * ONE_DAY for n in range(1, 300)]
    counted = [day for day in days if works(day) and not any(stop < day <= resume for stop, resume in gaps)]
    net = sum(day <= finished.date() for day in counted) if finished else None
    if sla == 0:
        return net, start
    return net, counted[sla - 1] if len(counted) >= sla else None


@st.composite
def files(draw: st.DrawFn) -> tuple[dt.datetime, list[Pause], dt.datetime | None, int]:
    """A file of early 2026 with up to three stops at any hour, finished or not."""
    moments = sorted(draw(st.lists(st.integers(0, 100 * 24 * 60), min_size=1, max_size=8, unique=True)))
    first = dt.datetime(2026, 1, 2, tzinfo=JAKARTA)
    accepted, *rest = [first + dt.timedelta(minutes=minutes) for minutes in moments]
    finished = rest.pop() if rest and draw(st.booleans()) else None
    pauses = [Pause(stop, resume) for stop, resume in zip(rest[::2], rest[1::2], strict=False)]
    if len(rest) % 2:
        pauses.append(Pause(rest[-1], None))
    return accepted, pauses, finished, draw(st.integers(0, 12))


@settings(max_examples=400, deadline=None)
@given(files())
def test_the_clock_agrees_with_a_walk_day_by_day(file: tuple[dt.datetime, list[Pause], dt.datetime | None, int]) -> None:
    accepted, pauses, finished, sla = file
    reading = read_clock(accepted=accepted, pauses=pauses, finished=finished, standard=Standard(sla), calendar=CALENDAR)
    assert (reading.net_days, reading.due_on) == oracle(accepted, pauses, finished, sla)


@settings(max_examples=200, deadline=None)
@given(files())
def test_a_file_within_its_due_date_took_no_more_days_than_promised(
    file: tuple[dt.datetime, list[Pause], dt.datetime | None, int],
) -> None:
    accepted, pauses, finished, sla = file
    reading = read_clock(accepted=accepted, pauses=pauses, finished=finished, standard=Standard(sla), calendar=CALENDAR)
    if finished and reading.due_on and finished.date() <= reading.due_on:
        assert reading.net_days is not None
        assert reading.net_days <= sla
