"""Which cases a person needs in a period: out of the posts he held, his agreed plans and what is rated already. Pure.

A stretch is an unbroken time in one post, that is unit and position: another leader, or another name of the unit,
begins no new one. It has one case, or one for each plan that holds in it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from employees.rules.spans import Span

#: Whether the second unit is the first one, or what became of it.
SameUnit = Callable[[int, int], bool]


@dataclass(frozen=True)
class Held:
    """One posting as known now; ``in_group`` when the period is of the staff group of its position."""

    span: Span
    unit: int
    position: int
    leader: int | None
    in_group: bool


@dataclass(frozen=True)
class Promise:
    """An agreed plan: its post and the days it is agreed for."""

    pk: int
    span: Span
    unit: int
    position: int


@dataclass(frozen=True)
class Standing:
    """A case that may still follow: its days, and whether somebody has marked it."""

    pk: int
    days: Span
    unit: int
    plan: int | None
    marked: bool


@dataclass(frozen=True)
class Wanted:
    """A case as it should be; unit and leader are those of its last day."""

    days: Span
    unit: int
    leader: int | None
    plan: int | None


@dataclass(frozen=True)
class Match:
    """``pairs`` of what is there and what should be, ``surplus`` that nothing needs, ``missing`` that is not there."""

    pairs: list[tuple[Standing, Wanted]]
    surplus: list[Standing]
    missing: list[Wanted]


def wanted_cases(
    period: Span, held: Iterable[Held], plans: Iterable[Promise], finished: Sequence[Span], same_unit: SameUnit
) -> list[Wanted]:
    """The cases of the period, earliest first. Days of a finished rating stay with it: they are in none of these.

    A plan that begins or ends within a stretch serves all its days, unless another plan serves part of them. One that
    finished days cut in two stays with its earlier part.
    """
    stretches = _stretches(held, same_unit)
    homes = [
        (plan, _home(plan, stretches, period, same_unit)) for plan in sorted(plans, key=lambda one: (one.span.start or dt.date.min, one.pk))
    ]
    wanted: list[Wanted] = []
    for stretch in stretches:
        days = _clip(_whole(stretch), period)
        if days.empty or not stretch[-1].in_group:
            continue
        own = [plan for plan, home in homes if home is stretch and plan.span.overlaps(days)]
        for part, plan in _cut(days, own):
            for place, piece in enumerate(_left(part, finished)):
                last = _on_last_day(stretch, piece)
                wanted.append(Wanted(piece, last.unit, last.leader, plan if place == 0 else None))
    return wanted


def match(standing: Iterable[Standing], wanted: Iterable[Wanted], same_unit: SameUnit) -> Match:
    """Give each wanted case the one that is nearest to it: of its plan, then of its unit, then of its days.

    Among equals what somebody has marked goes first, then the most days in common.
    """
    waiting, missing = list(standing), list(wanted)
    pairs: list[tuple[Standing, Wanted]] = []

    def plan(case: Standing, want: Wanted) -> bool:
        return case.plan is not None and case.plan == want.plan

    def unit(case: Standing, want: Wanted) -> bool:
        return same_unit(case.unit, want.unit) or same_unit(want.unit, case.unit)

    def days(case: Standing, want: Wanted) -> bool:
        return case.days.overlaps(want.days)

    for near in (plan, lambda c, w: unit(c, w) and days(c, w), unit, days, lambda _c, _w: True):
        found = [(case, want) for case in waiting for want in missing if near(case, want)]
        for case, want in sorted(found, key=_nearness):
            if case in waiting and want in missing:
                pairs.append((case, want))
                waiting.remove(case)
                missing.remove(want)
    return Match(pairs, waiting, missing)


def _nearness(pair: tuple[Standing, Wanted]) -> tuple[bool, int, int]:
    case, want = pair
    shared = _clip(case.days, want.days)
    common = 0 if shared.empty or shared.start is None or shared.end is None else (shared.end - shared.start).days
    return not case.marked, -common, case.pk


def _stretches(held: Iterable[Held], same_unit: SameUnit) -> list[list[Held]]:
    """Postings of a person by unbroken time in one post."""
    ordered = sorted(held, key=lambda one: one.span.start or dt.date.min)
    stretches = [[one] for one in ordered[:1]]
    for before, after in pairwise(ordered):
        if before.span.end == after.span.start and before.position == after.position and same_unit(before.unit, after.unit):
            stretches[-1].append(after)
        else:
            stretches.append([after])
    return stretches


def _home(plan: Promise, stretches: Sequence[list[Held]], period: Span, same_unit: SameUnit) -> list[Held] | None:
    """The stretch a plan belongs to: the one in its post, nearest to the period.

    Where its post was recorded otherwise, and corrected, the stretch it was made in speaks for it.
    """
    met = [stretch for stretch in stretches if _whole(stretch).overlaps(plan.span)]
    own = [stretch for stretch in met if any(_is_post_of(one, plan, same_unit) for one in stretch)]
    now = [stretch for stretch in own if _whole(stretch).overlaps(period)]
    return next(iter(now or met), None)


def _is_post_of(one: Held, plan: Promise, same_unit: SameUnit) -> bool:
    return one.position == plan.position and (same_unit(plan.unit, one.unit) or same_unit(one.unit, plan.unit))


def _cut(days: Span, plans: Sequence[Promise]) -> Iterator[tuple[Span, int | None]]:
    """The days by plan: each from its beginning to that of the next, the first and the last to the ends."""
    if not plans:
        yield days, None
        return
    borders = [days.start, *(plan.span.start for plan in plans[1:]), days.end]
    for plan, (start, end) in zip(plans, pairwise(borders), strict=True):
        part = Span(start, end)
        if not part.empty:
            yield part, plan.pk


def _left(part: Span, finished: Sequence[Span]) -> list[Span]:
    pieces = [part]
    for done in finished:
        pieces = [rest for piece in pieces for rest in piece.without(done)]
    return pieces


def _on_last_day(stretch: Sequence[Held], days: Span) -> Held:
    return [one for one in stretch if one.span.overlaps(days)][-1]


def _whole(stretch: Sequence[Held]) -> Span:
    return Span(stretch[0].span.start, stretch[-1].span.end)


def _clip(span: Span, limits: Span) -> Span:
    starts = [day for day in (span.start, limits.start) if day is not None]
    ends = [day for day in (span.end, limits.end) if day is not None]
    return Span(max(starts, default=None), min(ends, default=None))
