"""How superiors judged: both ratings, the seven values, the examples they wrote, and the feedback before."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field

from appraisal.rules.vocabulary import BehaviourValue, Rating

from .draws import Weighted, draws
from .people import Person
from .phrases import BEHAVIOUR_ABOVE, BEHAVIOUR_BELOW, RESULT_ABOVE, RESULT_BELOW, VALUES

BELOW, MEETS, ABOVE = Rating.BELOW.value, Rating.MEETS.value, Rating.ABOVE.value
AVERAGE, SPREAD = 101.0, 7.2
CODES = tuple(value.value for value in BehaviourValue)
HALO = 0.45
#: How many of the seven bear out an overall mark above or below; three are too few for the advice.
_BORNE_OUT = (3, 4, 4, 4, 5, 5, 6)
_ORDINARY = Weighted([MEETS, ABOVE, BELOW], [0.945, 0.045, 0.01])


@dataclass(frozen=True, slots=True)
class Nature:
    """What a person is like: ``able`` in percent of targets, ``manner`` around 0, ``careless`` as a chance."""

    able: float
    manner: float
    careless: float


@dataclass(frozen=True, slots=True)
class Rater:
    """``lenient`` in points of the result, ``forgets`` = chance to let a deadline pass, ``talks`` = chance of feedback."""

    lenient: float
    forgets: float
    talks: float


@dataclass(slots=True)
class Judgement:
    result: int
    behaviour: int
    values: list[int | None]
    #: Aspect -> text, and the id of the feedback it was taken from.
    examples: dict[str, tuple[str, int | None]] = field(default_factory=dict)


@dataclass(slots=True)
class Word:
    """Feedback of one month: about a value, from whom, in what tone."""

    id: int
    author: int
    source: str
    value: str
    praise: bool
    day: dt.date
    text: str


def nature(person: Person, seed: int) -> Nature:
    dice = draws(seed, "nature", person.id)
    able = dice.gauss(AVERAGE, SPREAD)
    manner = 0.55 * (able - AVERAGE) / SPREAD + dice.gauss(0, 0.85)
    careless = 0.22 if dice.random() < 0.05 else 0.012
    if person.stints[0].post.login:
        able, manner, careless = max(able, 99.0), max(manner, -0.6), 0.0
    return Nature(able, manner, careless)


def rater(person: Person, seed: int) -> Rater:
    dice = draws(seed, "rater", person.id)
    lenient, habit, talks = dice.gauss(0.4, 1.5), dice.random() < 0.05, dice.uniform(0.04, 0.3)
    if person.stints[0].post.login:
        return Rater(lenient, 0.0, 0.35)
    return Rater(lenient, 0.16 if habit else 0.004, talks)


def judge(of: Nature, by: Rater, level: float | None, sealed: bool, words: list[Word], dice: random.Random) -> Judgement:
    """``level`` is about the result score of the month; without ``sealed`` evidence nobody is above expectation."""
    result = _result(level, by, dice)
    if result == ABOVE and not sealed:
        result = MEETS
    behaviour = _behaviour(of, by, result, dice)
    judgement = Judgement(result, behaviour, _values(behaviour, dice))
    _explain(judgement, words, dice)
    return judgement


def _result(level: float | None, by: Rater, dice: random.Random) -> int:
    if level is None:
        return BELOW if dice.random() < 0.12 else MEETS
    seen = level + by.lenient + dice.gauss(0, 1.3)
    if seen >= 107.6:
        return ABOVE
    return MEETS if seen >= 88.0 else BELOW


def _behaviour(of: Nature, by: Rater, result: int, dice: random.Random) -> int:
    """Good results colour what is seen, as they do everywhere."""
    seen = of.manner + by.lenient * 0.12 + (result - MEETS) * HALO + dice.gauss(0, 0.5)
    if seen >= 0.98:
        return ABOVE
    return MEETS if seen >= -2.75 else BELOW


def _values(behaviour: int, dice: random.Random) -> list[int | None]:
    """Seven marks that bear the overall one out, mostly; a mark may be left open."""
    values: list[int | None] = [_ORDINARY.pick(dice) for _code in CODES]
    if behaviour != MEETS:
        for place in dice.sample(range(len(CODES)), dice.choice(_BORNE_OUT)):
            values[place] = behaviour
        values = [MEETS if value == (ABOVE if behaviour == BELOW else BELOW) else value for value in values]
    if dice.random() < 0.02:
        values[dice.randrange(len(CODES))] = None
    return values


def _explain(judgement: Judgement, words: list[Word], dice: random.Random) -> None:
    """An example behind every mark above or below; some are taken from feedback on the same value."""
    examples = judgement.examples
    if judgement.result != MEETS:
        examples["HASIL"] = dice.choice(RESULT_ABOVE if judgement.result == ABOVE else RESULT_BELOW), None
    if judgement.behaviour != MEETS:
        examples["PERILAKU"] = dice.choice(BEHAVIOUR_ABOVE if judgement.behaviour == ABOVE else BEHAVIOUR_BELOW), None
    for code, mark in zip(CODES, judgement.values, strict=True):
        if mark not in (None, MEETS):
            said = next((word for word in words if word.value == code and word.praise == (mark == ABOVE)), None)
            examples[code] = (said.text, said.id) if said else (dice.choice(VALUES[code][mark == BELOW]), None)
