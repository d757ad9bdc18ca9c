"""What was achieved in a month: a figure for each indicator, around what the person is able to do."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass

from appraisal.rules.targets import Target
from appraisal.rules.vocabulary import Accumulation, Direction, TargetForm
from bukittinggi_kinerja.common.period import Period

from .goals import Goal

#: Percentages and days move less than counts do.
DAMPED = 0.4
BEST = 120.0


@dataclass(slots=True)
class Figure:
    """``value`` as written in a form; ``level`` is about what the rule will make of it, to draw marks by."""

    value: str | None
    on: dt.date | None
    level: float | None


def realise(goal: Goal, target: Target, month: Period, able: float, dice: random.Random) -> Figure | None:
    """``able`` is the level, in percent of the target, that the person reaches on average; None = nothing to report."""
    able = dice.gauss(able, 5)
    if goal.aim.form == TargetForm.STATEMENT:
        return Figure(None, None, None)
    if goal.aim.form == TargetForm.DATE:
        return _dated(goal, month, able)
    if target.value is None:
        return None
    if target.maximum is not None:
        return _within(float(target.value), float(target.maximum), able, dice)
    if goal.aim.accumulation == Accumulation.SUM:
        return _counted(float(target.value), able)
    return _levelled(goal, float(target.value), able)


def _counted(target: float, able: float) -> Figure:
    value = max(0, round(target * able / 100))
    return Figure(str(value), None, value / target * 100 if target else None)


def _levelled(goal: Goal, target: float, able: float) -> Figure:
    level = 100 + (able - 100) * DAMPED
    if goal.aim.direction == Direction.DOWN:
        value = max(0.0, round(target * (2 - able / 100), 1))
        return Figure(f"{value:.1f}", None, (2 * target - value) / target * 100)
    value = round(target * level / 100, 1)
    if goal.aim.unit_name == "%":
        value = min(value, 100.0)
    return Figure(f"{value:.1f}", None, value / target * 100)


def _within(low: float, high: float, able: float, dice: random.Random) -> Figure:
    value = round(dice.gauss((low + high) / 2 + (able - 100) * 0.08, (high - low) / 2.6), 1)
    value = min(max(value, 0.0), 100.0)
    level = value / low * 100 if value < low else 100.0
    return Figure(f"{value:.1f}", None, level)


def _dated(goal: Goal, month: Period, able: float) -> Figure | None:
    """Done once, early or late; reported in the month in which it was done."""
    day = goal.yearly.date
    if day is None or goal.done is None or goal.done not in month:
        return None
    late = (goal.done - day).days
    return Figure(None, goal.done, 100.0 if late <= 0 else max(0.0, 100.0 - 2 * late))


def finishing_day(goal: Goal, able: float, dice: random.Random) -> dt.date | None:
    """When something with a date was really done; now and then never."""
    if goal.yearly.date is None or dice.random() < 0.03:
        return None
    return goal.yearly.date + dt.timedelta(days=round(max(-20, min(40, dice.gauss((98 - able) * 0.9, 6)))))
