"""A case out of its steps: when it was accepted, when its clock stood, how it ended. Pure.

The columns of the log come first (``started``, ``ended``, ``deadline``); without them the activities that the map
names decide. Steps are in order of time; those at the same instant in the order of the log.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from appraisal.incentives.rules.clock import Pause, Standard, read_clock
from appraisal.incentives.rules.mapping import ClockWords
from appraisal.incentives.rules.reading import MOMENTS, TEXTS
from bukittinggi_kinerja.common.period import end_of_day, local_date
from bukittinggi_kinerja.common.workdays import WorkingCalendar


class State(StrEnum):
    RECEIVED = "DITERIMA"
    IN_PROGRESS = "DIPROSES"
    PAUSED = "JEDA"
    ISSUED = "TERBIT"
    REFUSED = "DITOLAK"
    WITHDRAWN = "DITARIK"


@dataclass(frozen=True)
class Step:
    activity: str
    at: dt.datetime
    account: str = ""
    attributes: Mapping[str, str] | None = None


@dataclass(frozen=True)
class CaseFacts:
    """What the steps say; ``closed`` is the log's word for ended, ``state`` tells how.

    ``last_at`` is the end, or the last step of a case that goes on: the day whose officer answers for it.
    """

    accepted: dt.datetime
    ended: dt.datetime | None
    closed: bool
    state: State
    pauses: tuple[Pause, ...]
    deadline: dt.datetime | None
    responsible: str
    service_type: str
    last_at: dt.datetime

    @property
    def ends_before_it_starts(self) -> bool:
        return self.ended is not None and self.ended < self.accepted

    @property
    def paused_since(self) -> dt.datetime | None:
        return self.pauses[-1].stop if self.state is State.PAUSED else None


@dataclass(frozen=True)
class Contradiction:
    """A matter of which a case can say one thing only, said twice; ``stored`` tells whether ``one`` stands already."""

    name: str
    one: str
    other: str
    stored: bool


@dataclass(frozen=True)
class CaseFigures:
    """Working days, due instant and whether the case kept it; None is unknown, never zero."""

    net_days: int | None
    due_at: dt.datetime | None
    on_time: bool | None


def fold(steps: Sequence[Step], words: ClockWords) -> CaseFacts:
    """Read a case from at least one step."""
    said = _attributes(steps)
    accepted = _instant(said, "started") or _first(steps, words.accept) or steps[0].at
    last_end = _last(steps, words.finish | words.refuse | words.withdraw)
    ended = _instant(said, "ended") or (last_end.at if last_end else None)
    pauses = _pauses(steps, words, accepted, ended)
    return CaseFacts(
        accepted=accepted,
        ended=ended,
        closed="ended" in said or _last(steps, words.finish) is not None,
        state=_state(steps, words, ended, last_end, pauses),
        pauses=pauses,
        deadline=_instant(said, "deadline"),
        responsible=said.get("responsible", ""),
        service_type=said.get("service_type", ""),
        last_at=ended or steps[-1].at,
    )


def contradiction(known: Sequence[Step], new: Sequence[Step]) -> Contradiction | None:
    """The first matter on which new steps differ from each other or from the steps that stand.

    A file is received once, ends once and is answered for by one account: what moves its clock or its credit afterwards is
    a correction that somebody decides, not the last word of a delivery. Steps that say nothing contradict nobody.
    """
    for name in (*MOMENTS, *TEXTS):
        held = _values(known, name)
        strange = [text for value, text in _values(new, name).items() if value not in held]
        if held and strange:
            return Contradiction(name, next(iter(held.values())), strange[0], stored=True)
        if len(strange) > 1:
            return Contradiction(name, strange[0], strange[1], stored=False)
    return None


def _values(steps: Iterable[Step], name: str) -> dict[object, str]:
    """What steps say of a matter, by what it means, the first first: an instant in any zone, a type in any case."""
    found: dict[object, str] = {}
    for step in steps:
        text = (step.attributes or {}).get(name)
        if text:
            found.setdefault(_meaning(name, text), text)
    return found


def _meaning(name: str, text: str) -> object:
    if name in MOMENTS:
        return dt.datetime.fromisoformat(text)
    return text.casefold() if name == "service_type" else text


def measure(facts: CaseFacts, *, standard: Standard | None, calendar: WorkingCalendar) -> CaseFigures:
    """The log's own deadline rules as an instant; without one the clock, to the end of the due day."""
    clock = read_clock(accepted=facts.accepted, pauses=facts.pauses, finished=facts.ended, standard=standard, calendar=calendar)
    due_at = facts.deadline or (end_of_day(clock.due_on) if clock.due_on else None)
    on_time = None
    if facts.ended is not None and facts.deadline is not None:
        on_time = facts.ended <= facts.deadline
    elif facts.ended is not None and clock.due_on is not None:
        on_time = local_date(facts.ended) <= clock.due_on
    return CaseFigures(net_days=clock.net_days, due_at=due_at, on_time=on_time)


def _attributes(steps: Iterable[Step]) -> dict[str, str]:
    """The last word on each matter, but the first on when it started: a clock is not set back."""
    said: dict[str, str] = {}
    for step in steps:
        told = dict(step.attributes or {})
        if "started" in said:
            told.pop("started", None)
        said.update(told)
    return said


def _instant(said: Mapping[str, str], name: str) -> dt.datetime | None:
    return dt.datetime.fromisoformat(said[name]) if name in said else None


def _first(steps: Iterable[Step], activities: frozenset[str]) -> dt.datetime | None:
    return next((step.at for step in steps if step.activity in activities), None)


def _last(steps: Sequence[Step], activities: frozenset[str]) -> Step | None:
    return next((step for step in reversed(steps) if step.activity in activities), None)


def _pauses(steps: Iterable[Step], words: ClockWords, accepted: dt.datetime, ended: dt.datetime | None) -> tuple[Pause, ...]:
    """Stops with their resumption. A second stop, or a resumption of a running clock, changes nothing.

    What was over before acceptance, or began after the end, is not on this clock.
    """
    found: list[Pause] = []
    stopped: dt.datetime | None = None
    for step in steps:
        if step.activity in words.stop and stopped is None:
            stopped = step.at
        elif step.activity in words.resume and stopped is not None:
            found.append(Pause(stopped, step.at))
            stopped = None
    if stopped is not None and stopped >= accepted:
        found.append(Pause(stopped))
    return tuple(_until(pause, ended) for pause in found if _counts(pause, accepted, ended))


def _counts(pause: Pause, accepted: dt.datetime, ended: dt.datetime | None) -> bool:
    return (pause.resume is None or pause.resume > accepted) and (ended is None or pause.stop <= ended)


def _until(pause: Pause, ended: dt.datetime | None) -> Pause:
    """A resumption after the end did not happen on this clock."""
    return Pause(pause.stop) if ended and pause.resume and pause.resume > ended else pause


def _state(steps: Sequence[Step], words: ClockWords, ended: dt.datetime | None, last_end: Step | None, pauses: Sequence[Pause]) -> State:
    if ended is not None:
        if last_end and last_end.activity in words.refuse:
            return State.REFUSED
        if last_end and last_end.activity in words.withdraw:
            return State.WITHDRAWN
        return State.ISSUED
    if pauses and pauses[-1].resume is None:
        return State.PAUSED
    untouched = all(step.activity in words.accept for step in steps) if words.accept else len(steps) == 1
    return State.RECEIVED if untouched else State.IN_PROGRESS
