"""A case out of its steps: late, doubled, out of order, stopped without a restart."""

import datetime as dt

import pytest

from appraisal.incentives.rules.cases import CaseFacts, State, Step, fold, measure
from appraisal.incentives.rules.clock import Pause, Standard
from appraisal.incentives.rules.mapping import ClockWords

from .logs import WORDS
from .test_clock import CALENDAR, at


def facts(*steps: tuple[str, str], words: ClockWords = WORDS, **said: str) -> CaseFacts:
    """Steps as (activity, time); ``said`` are the columns of the log, on every row."""
    return fold([Step(activity, at(time), attributes=said) for activity, time in steps], words)


ACCEPTED, ISSUED = ("DITERIMA", "2026-06-08"), ("TERBIT", "2026-06-12")


def test_without_columns_the_words_of_the_map_decide() -> None:
    found = facts(("DRAF", "2026-06-05"), ACCEPTED, ("PENETAPAN", "2026-06-10"), ISSUED)
    assert (found.accepted, found.ended, found.closed, found.state) == (at("2026-06-08"), at("2026-06-12"), True, State.ISSUED)


def test_columns_come_before_words() -> None:
    found = facts(ACCEPTED, ISSUED, started="2026-06-05T08:00:00+07:00", ended="2026-06-11T10:00:00+07:00")
    assert (found.accepted, found.ended) == (at("2026-06-05 08:00"), at("2026-06-11 10:00"))


def test_without_either_the_first_step_starts_the_clock_and_nothing_ends_it() -> None:
    found = facts(("A", "2026-06-08"), ("B", "2026-06-09"), words=ClockWords())
    assert (found.accepted, found.ended, found.closed, found.state) == (at("2026-06-08"), None, False, State.IN_PROGRESS)


@pytest.mark.parametrize(
    ("steps", "state"),
    [
        ([ACCEPTED], State.RECEIVED),
        ([ACCEPTED, ("PENETAPAN", "2026-06-09")], State.IN_PROGRESS),
        ([ACCEPTED, ("PERBAIKAN", "2026-06-09")], State.PAUSED),
        ([ACCEPTED, ("PERBAIKAN", "2026-06-09"), ("VERIFIKASI", "2026-06-10")], State.IN_PROGRESS),
        ([ACCEPTED, ("DITOLAK", "2026-06-09")], State.REFUSED),
        ([ACCEPTED, ("DITARIK", "2026-06-09")], State.WITHDRAWN),
        ([ACCEPTED, ("PERBAIKAN", "2026-06-09"), ("DIKEMBALIKAN", "2026-06-30")], State.WITHDRAWN),
        ([ACCEPTED, ISSUED, ("DICABUT", "2026-07-01")], State.ISSUED),
    ],
)
def test_the_state_follows_from_the_steps(steps: list[tuple[str, str]], state: State) -> None:
    assert facts(*steps).state is state


def test_a_refused_case_ends_but_is_not_closed_as_issued() -> None:
    found = facts(ACCEPTED, ("DITOLAK", "2026-06-09"))
    assert (found.ended, found.closed) == (at("2026-06-09"), False)
    told = facts(ACCEPTED, ("DITOLAK", "2026-06-09"), ended="2026-06-09T10:00:00+07:00")
    assert (told.closed, told.state) == (True, State.REFUSED)


def test_a_case_ends_with_its_last_finishing_step() -> None:
    assert facts(ACCEPTED, ISSUED, ("TERBIT", "2026-06-18")).ended == at("2026-06-18")


def test_a_case_issued_before_it_was_accepted_is_impossible() -> None:
    assert facts(("TERBIT", "2026-06-05"), ACCEPTED).ends_before_it_starts
    assert not facts(("DITERIMA", "2026-06-08"), ("TERBIT", "2026-06-08")).ends_before_it_starts


def test_a_second_stop_or_a_restart_of_a_running_clock_changes_nothing() -> None:
    found = facts(
        ACCEPTED, ("VERIFIKASI", "2026-06-09"), ("PERBAIKAN", "2026-06-10"), ("PERBAIKAN", "2026-06-11"),
        ("VERIFIKASI", "2026-06-18"), ("VERIFIKASI", "2026-06-19"),
    )  # fmt: skip
    assert found.pauses == (Pause(at("2026-06-10"), at("2026-06-18")),)


def test_a_stop_without_a_restart_stands_since_its_day() -> None:
    assert facts(ACCEPTED, ("PERBAIKAN", "2026-06-10")).paused_since == at("2026-06-10")


def test_what_was_asked_before_acceptance_is_not_on_the_clock() -> None:
    early = [("PERBAIKAN", "2026-06-02"), ("VERIFIKASI", "2026-06-03"), ACCEPTED]
    assert facts(*early).pauses == ()
    assert facts(("PERBAIKAN", "2026-06-02"), ACCEPTED).state is not State.PAUSED


def test_a_stop_before_acceptance_that_ends_after_it_moves_day_0() -> None:
    found = facts(("PERBAIKAN", "2026-06-07"), ACCEPTED, ("VERIFIKASI", "2026-06-10"), ("TERBIT", "2026-06-12"))
    assert measure(found, standard=Standard(5), calendar=CALENDAR).net_days == 2


def test_stops_after_the_end_are_not_on_the_clock() -> None:
    assert facts(ACCEPTED, ISSUED, ("PERBAIKAN", "2026-06-15"), ("VERIFIKASI", "2026-06-17")).pauses == ()
    late = facts(ACCEPTED, ("PERBAIKAN", "2026-06-10"), ISSUED, ("VERIFIKASI", "2026-06-17"))
    assert measure(late, standard=Standard(5), calendar=CALENDAR).net_days == 2


def test_the_last_word_on_a_matter_holds_but_the_start_is_never_set_back() -> None:
    steps = [
        Step("A", at("2026-06-08"), attributes={"started": "2026-06-08T08:00:00+07:00", "responsible": "budi"}),
        Step("B", at("2026-06-09"), attributes={"started": "2026-06-09T08:00:00+07:00", "responsible": "citra"}),
        Step("C", at("2026-06-10"), attributes={}),
    ]
    found = fold(steps, WORDS)
    assert (found.accepted, found.responsible) == (at("2026-06-08 08:00"), "citra")


@pytest.mark.parametrize(("ended", "on_time"), [("2026-06-10T09:00:00+00:00", True), ("2026-06-10T09:00:01+00:00", False)])
def test_the_deadline_of_the_log_rules_as_an_instant(ended: str, on_time: bool) -> None:
    found = facts(ACCEPTED, deadline="2026-06-10T16:00:00+07:00", ended=ended)
    figures = measure(found, standard=Standard(0), calendar=CALENDAR)
    assert (figures.on_time, figures.due_at) == (on_time, at("2026-06-10 16:00"))


@pytest.mark.parametrize(("ended", "on_time"), [("2026-06-15 23:59", True), ("2026-06-17 00:01", False)])
def test_without_a_deadline_the_whole_due_day_is_in_time(ended: str, on_time: bool) -> None:
    figures = measure(facts(ACCEPTED, ("TERBIT", ended)), standard=Standard(5), calendar=CALENDAR)
    assert figures.due_at == dt.datetime(2026, 6, 15, 23, 59, 59, tzinfo=at("2026-06-15").tzinfo)
    assert figures.on_time is on_time


def test_without_deadline_and_standard_nobody_can_say_whether_it_was_in_time() -> None:
    figures = measure(facts(ACCEPTED, ISSUED), standard=None, calendar=CALENDAR)
    assert (figures.net_days, figures.due_at, figures.on_time) == (4, None, None)
