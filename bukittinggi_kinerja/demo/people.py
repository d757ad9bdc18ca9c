"""Made-up people for the posts of the tree, with lawful NIP, and how long each sits where."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field

from employees.models import EmploymentKind, PositionKind, Status

from .draws import Weighted, draws
from .names import full_name
from .timeline import Timeline
from .tree import Post, Tree

_KINDS = Weighted(
    [EmploymentKind.PNS, EmploymentKind.PPPK, EmploymentKind.PPPK_PART_TIME, EmploymentKind.CPNS],
    [56, 33, 8, 3],
)
NEWCOMERS = 0.007
LEAVERS = 0.005
MOVERS = 0.016
AWAY = 0.022


@dataclass(slots=True)
class Stint:
    """``start`` up to, not including, ``end`` in one post; ``decided`` is the day of the decree."""

    post: Post
    start: dt.date
    end: dt.date | None
    decided: dt.date
    #: Day the city learned that ``end`` would come; before it the posting was open.
    end_known: dt.date | None = None


@dataclass(slots=True)
class Person:
    id: int
    name: str
    nip: str | None
    kind: EmploymentKind
    woman: bool
    birth: dt.date
    grade: str
    status: Status = Status.ACTIVE
    stints: list[Stint] = field(default_factory=list)
    #: Whole months without duty: first day of the month -> why.
    away: dict[dt.date, str] = field(default_factory=dict)

    def post_on(self, day: dt.date) -> Post | None:
        return next((s.post for s in self.stints if s.start <= day and (s.end is None or day < s.end)), None)


def settle(tree: Tree, line: Timeline, *, seed: int) -> list[Person]:
    """One person a post; the person's id is that of the post."""
    dice, serials = draws(seed, "people"), dict[str, int]()
    people = [_person(post, dice, line, serials) for post in tree.posts]
    movers = [p for p in people if _may_move(p, line)]
    _newcomers(movers, line, draws(seed, "newcomers"))
    _leavers(movers, line, draws(seed, "leavers"))
    _transfers(movers, line, draws(seed, "transfers"))
    _absences(people, line, draws(seed, "absences"))
    return people


def _may_move(person: Person, line: Timeline) -> bool:
    post = person.stints[0].post
    return post.level == "staf" and not post.login and not (post.boss and post.boss.login == "penilai") and bool(line.months)


def _person(post: Post, dice: random.Random, line: Timeline, serials: dict[str, int]) -> Person:
    kind = _kind(post, dice)
    woman = dice.random() < post.women
    oldest, youngest = _ages(post, kind)
    birth = _some_day(dice, line.start.year - oldest, line.start.year - youngest)
    joined = _joined(dice, kind, birth, line)
    start = _month_between(dice, max(joined, line.start.replace(year=line.start.year - 6, day=1)), line.start)
    person = Person(post.id, full_name(dice, woman=woman, degrees=post.degrees), None, kind, woman, birth, _grade(post, kind, birth, line))
    if kind != EmploymentKind.NOT_ASN:
        person.nip = _number(kind, birth, joined, woman, serials)
    person.stints.append(Stint(post, start, None, start - dt.timedelta(days=dice.randint(3, 20))))
    return person


def _kind(post: Post, dice: random.Random) -> EmploymentKind:
    chosen = _KINDS.pick(dice)
    if post.kind == PositionKind.ELECTED:
        return EmploymentKind.NOT_ASN
    if post.level != "staf" or post.login or (chosen in _CONTRACT and not post.contract):
        return EmploymentKind.PNS
    if chosen == EmploymentKind.CPNS and "Ahli Pertama" not in post.title:
        return EmploymentKind.PNS
    return chosen


_CONTRACT = {EmploymentKind.PPPK, EmploymentKind.PPPK_PART_TIME}


def _ages(post: Post, kind: EmploymentKind) -> tuple[int, int]:
    """Oldest and youngest at the start of the timeline."""
    if kind == EmploymentKind.CPNS:
        return 33, 23
    if kind in _CONTRACT:
        return 54, 26
    by_level = {"walikota": (62, 45), "kepala": (57, 46), "ahli": (57, 47), "kabid": (56, 40), "kasi": (56, 36)}
    if post.grades == ("IV/a", "IV/b"):
        return 58, 45
    return by_level.get(post.level, (56, 27))


def _joined(dice: random.Random, kind: EmploymentKind, birth: dt.date, line: Timeline) -> dt.date:
    if kind in _CONTRACT:
        return dt.date(dice.randint(2021, 2024), dice.choice((2, 3, 5, 6)), 1)
    if kind == EmploymentKind.CPNS:
        return _first_of(line.start - dt.timedelta(days=dice.randint(60, 300)))
    latest = min(birth.year + 33, line.start.year - 2)
    return dt.date(dice.randint(min(birth.year + 20, latest), latest), dice.randint(1, 12), 1)


def _grade(post: Post, kind: EmploymentKind, birth: dt.date, line: Timeline) -> str:
    if kind == EmploymentKind.NOT_ASN:
        return ""
    if kind in _CONTRACT:
        return post.contract
    if kind == EmploymentKind.CPNS:
        return post.grades[0]
    age = line.start.year - birth.year
    return post.grades[min(len(post.grades) - 1, max(0, (age - 28) * len(post.grades) // 30))]


def _number(kind: EmploymentKind, birth: dt.date, joined: dt.date, woman: bool, serials: dict[str, int]) -> str:
    middle = f"{joined:%Y}21" if kind in _CONTRACT else f"{joined:%Y%m}"
    stem = f"{birth:%Y%m%d}{middle}{2 if woman else 1}"
    serials[stem] = serials.get(stem, 0) + 1
    return f"{stem}{serials[stem]:03}"


def _some(people: list[Person], rate: float, dice: random.Random, *, of: int) -> list[Person]:
    """A share of the city, at least one, in the order of the city."""
    count = min(len(people), max(1, round(rate * of)))
    return sorted(dice.sample(people, count), key=lambda person: person.id)


def _newcomers(people: list[Person], line: Timeline, dice: random.Random) -> None:
    """Some posts are filled only in the course of the months."""
    fresh = [p for p in people if p.kind in (EmploymentKind.CPNS, EmploymentKind.PPPK)]
    if len(line.months) < 2:
        return
    for person in _some(fresh, NEWCOMERS, dice, of=len(people)):
        start = dice.choice(line.months[1:]).start
        person.stints[0].start, person.stints[0].decided = start, start - dt.timedelta(days=dice.randint(8, 25))


def _leavers(people: list[Person], line: Timeline, dice: random.Random) -> None:
    """Some retire at the end of a month; their last whole month is appraised."""
    months = line.closed[1:]
    old = [p for p in people if p.kind == EmploymentKind.PNS and line.start.year - p.birth.year > 48]
    for person in _some(old, LEAVERS, dice, of=len(people)) if months else []:
        stint = person.stints[0]
        stint.end = dice.choice(months).end
        stint.end_known = stint.end - dt.timedelta(days=dice.randint(40, 60))
        person.status = Status.RETIRED


def _transfers(people: list[Person], line: Timeline, dice: random.Random) -> None:
    """Two colleagues of one kind of post exchange chairs, so that every team keeps its size."""
    wanted, waiting = max(1, round(MOVERS * len(people) / 2)), dict[str, Person]()
    free = [p for p in people if not p.stints[0].end and p.stints[0].start < line.start]
    dice.shuffle(free)
    for person in free if line.closed else []:
        other = waiting.pop(person.stints[0].post.title, None)
        if other is None or other.stints[0].post.unit is person.stints[0].post.unit:
            waiting[person.stints[0].post.title] = person
        elif wanted:
            wanted -= 1
            _exchange(person, other, _moving_day(line, dice), dice)


def _moving_day(line: Timeline, dice: random.Random) -> dt.date:
    month = dice.choice(line.closed[1:] or line.closed)
    return month.start + dt.timedelta(days=dice.choice((0, 0, 4, 10, 14, 19)))


def _exchange(one: Person, other: Person, day: dt.date, dice: random.Random) -> None:
    """The decree usually comes before the day; now and then the city learns of it afterwards."""
    known = day + dt.timedelta(days=dice.choice((-12, -9, -7, -7, -5, -3, 4)))
    posts = one.stints[0].post, other.stints[0].post
    for person, post in ((one, posts[1]), (other, posts[0])):
        person.stints[0].end, person.stints[0].end_known = day, known
        person.stints.append(Stint(post, day, None, known))


def _absences(people: list[Person], line: Timeline, dice: random.Random) -> None:
    """Whole months without duty: maternity, long leave, study; at least one of them a superior's."""
    present = [p for p in people if _may_be_away(p)]
    leaders = [p for p in present if p.stints[0].post.level == "kasi"]
    chosen = {p.id: p for p in (*_some(leaders, 0, dice, of=0), *_some(present, AWAY, dice, of=len(people)))}
    for person in chosen.values():
        young_mother = person.woman and line.start.year - person.birth.year < 42
        length, why, status = (3, "Cuti melahirkan", Status.LEAVE) if young_mother else dice.choice(_REASONS)
        first = dice.randrange(len(line.months))
        months = line.months[first : first + length]
        person.away = {month.start: why for month in months if month.start >= person.stints[0].start}
        if line.running.start in person.away:
            person.status = status


def _may_be_away(person: Person) -> bool:
    post = person.stints[0].post
    settled = len(person.stints) == 1 and person.stints[0].end is None
    return settled and not post.login and post.level in ("staf", "kasi", "kabid")


_REASONS = (
    (1, "Cuti besar", Status.LEAVE),
    (2, "Cuti sakit", Status.LEAVE),
    (2, "Cuti besar", Status.LEAVE),
    (12, "Tugas belajar", Status.STUDY),
)


def _some_day(dice: random.Random, first_year: int, last_year: int) -> dt.date:
    return dt.date(first_year, 1, 1) + dt.timedelta(days=dice.randrange((last_year - first_year + 1) * 365))


def _first_of(day: dt.date) -> dt.date:
    return day.replace(day=1)


def _month_between(dice: random.Random, first: dt.date, last: dt.date) -> dt.date:
    """First day of some month from ``first`` on that lies before ``last``, else ``last``."""
    months = (last.year - first.year) * 12 + last.month - first.month
    if months <= 0:
        return last
    years, month = divmod(first.month - 1 + dice.randrange(months), 12)
    return dt.date(first.year + years, month + 1, 1)
