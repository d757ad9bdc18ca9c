"""When somebody reaches the age of retirement: the first day of the month after the birthday. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AgeRule:
    """``title_word`` empty holds for all titles of the kind that no narrower rule names."""

    kind: str
    title_word: str
    age: int


def retirement_age(rules: Sequence[AgeRule], *, kind: str, title: str) -> int | None:
    """The age of the narrowest rule that fits; None where nobody laid down one."""
    fitting = [rule for rule in rules if rule.kind == kind and rule.title_word.casefold() in title.casefold()]
    return max(fitting, key=lambda rule: len(rule.title_word)).age if fitting else None


def retires_on(birth: dt.date, age: int) -> dt.date:
    """First day out of service: the first of the month after the month of the birthday."""
    year, month = birth.year + age, birth.month
    return dt.date(year + month // 12, month % 12 + 1, 1)


def months_after(day: dt.date, months: int) -> dt.date:
    """The same day some months later, or the last of a shorter month."""
    place = day.year * 12 + day.month - 1 + months
    first = dt.date(place // 12, place % 12 + 1, 1)
    following = dt.date((place + 1) // 12, (place + 1) % 12 + 1, 1)
    return min(first + dt.timedelta(days=day.day - 1), following - dt.timedelta(days=1))
