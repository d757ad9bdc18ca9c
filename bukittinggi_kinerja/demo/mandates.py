"""Who stood in for whom while a superior was away."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bukittinggi_kinerja.common.period import Period, PeriodKind

from .people import Person
from .tree import Post


@dataclass(frozen=True, slots=True)
class Mandate:
    """``substitute`` rates for ``principal`` on the days ``[start, end)``; ids of people."""

    principal: int
    substitute: int
    start: dt.date
    end: dt.date
    why: str


def mandates(people: Sequence[Person]) -> list[Mandate]:
    """One for each unbroken absence of somebody who leads people: by a colleague of his rank, else by his superior."""
    led = {stint.post.boss.id for person in people for stint in person.stints if stint.post.boss}
    by_id = {person.id: person for person in people}
    found = []
    for person in people:
        if person.id in led and person.away:
            substitute = _substitute(person, people, by_id)
            if substitute is not None:
                found += [Mandate(person.id, substitute.id, start, end, why) for start, end, why in _stretches(person)]
    return found


def _stretches(person: Person) -> Iterator[tuple[dt.date, dt.date, str]]:
    """Unbroken runs of months."""
    start: dt.date | None = None
    why = ""
    for first in sorted(person.away):
        if start is None:
            start, why = first, person.away[first]
        after = Period.containing(first, PeriodKind.MONTH).end
        if after not in person.away:
            yield start, after, why
            start = None


def _substitute(person: Person, people: Sequence[Person], by_id: dict[int, Person]) -> Person | None:
    post = person.stints[0].post
    colleagues = [p for p in people if _same_rank(p.stints[0].post, post) and not p.away and p.id != person.id]
    if colleagues:
        return colleagues[0]
    return by_id[post.boss.id] if post.boss else None


def _same_rank(one: Post, other: Post) -> bool:
    return one.heads and one.level == other.level and one.boss is other.boss and one.login != "penilai"
