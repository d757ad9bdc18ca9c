"""When in the day and month things were done."""

from __future__ import annotations

import datetime as dt
import random

from bukittinggi_kinerja.common.period import JAKARTA, Period

from .draws import Weighted
from .timeline import Timeline

HOUR = dt.timedelta(hours=1)
LAST_HOUR = dt.timedelta(minutes=59)


def at(day: dt.date, dice: random.Random, *, first: int = 7, last: int = 22) -> dt.datetime:
    return dt.datetime(day.year, day.month, day.day, dice.randint(first, last), dice.randrange(60), dice.randrange(60), tzinfo=JAKARTA)


class Hours:
    """Working days of one month and of the days in which its progress and ratings may still be given."""

    def __init__(self, line: Timeline, month: Period) -> None:
        self.key = month.key
        calendar = line.calendar
        days = (month.end - month.start).days
        every = [month.start + dt.timedelta(days=n) for n in range(days)]
        self.working = [day for day in every if calendar.is_working(day)]
        self.after = [calendar.add(month.last_day, n) for n in range(1, line.rating_workdays + 1)]
        self.progress_due, self.rating_due = line.progress_due(month), line.rating_due(month)
        self._progress_days = line.progress_workdays
        self._rating_day = Weighted(self.after, [1, 1, 2, 4, 6, *[6] * line.rating_workdays][: line.rating_workdays])

    def entered(self, dice: random.Random, *, not_before: dt.date | None = None) -> dt.datetime:
        """In the last week of the month, in the days after it, or on the last evening."""
        chance = dice.random()
        if chance < 0.35:
            moment = at(dice.choice(self.working[-5:]), dice, first=8, last=17)
        elif chance < 0.9 or self._progress_days < 2:
            moment = at(self.after[dice.randrange(max(1, self._progress_days - 1))], dice)
        else:
            moment = self.progress_due - dt.timedelta(seconds=dice.randrange(4 * 3600))
        if not_before is not None and moment.date() < not_before:
            moment = at(not_before, dice, first=17, last=22)
        return min(moment, self.progress_due)

    def while_running(self, dice: random.Random, today: dt.date) -> dt.datetime | None:
        past = [day for day in self.working if day < today]
        return at(dice.choice(past), dice, first=8, last=17) if past else None

    def rated(self, dice: random.Random, *, after: dt.datetime | None) -> dt.datetime:
        moment = at(self._rating_day.pick(dice), dice)
        if after is not None and moment <= after:
            moment = after + HOUR + dt.timedelta(minutes=dice.randrange(90))
        return min(moment, self.rating_due)

    def happened(self, dice: random.Random) -> dt.date:
        return dice.choice(self.working)
