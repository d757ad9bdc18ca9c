"""The scoring rule, once, as query expressions: the same text serves one person and a country.

Names an expression reads are columns or annotations of the queryset it is put on: ``form direction target
target_max target_date period_start realisation realised_on`` for one indicator, ``weight achievement`` for a score.
Percentages; exact numeric arithmetic; every division happens once and is rounded half-up once.
Source: docs/rules/penilaian.md (PermenPANRB 6/2022 for the quadrant; the advice is the city's policy).
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import reduce
from operator import add
from typing import Any

from django.db.models import (
    Case,
    DecimalField,
    Expression,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    Q,
    Sum,
    Value,
    When,
)
from django.db.models.expressions import BaseExpression, Col
from django.db.models.functions import Cast, Coalesce, Greatest, Least, NullIf, Round

from .rules.lifecycle import AssessmentState
from .rules.vocabulary import QUADRANT, Accumulation, Direction, Rating, TargetForm

#: The raw achievement keeps 12 decimals: more than enough that rounding to 2 never meets a false tie.
RAW_PLACES = 12
REALISATION_PLACES = 4
HUNDREDTHS = 2

_NUMERIC = DecimalField(max_digits=40, decimal_places=RAW_PLACES)
_HUNDRED = Value(Decimal("100.000000000000000000000000"), output_field=DecimalField(max_digits=40, decimal_places=24))
_ZERO = Value(Decimal(0), output_field=_NUMERIC)
_FULL = Value(Decimal(100), output_field=_NUMERIC)

Name = str | Expression | F


class DaysBetween(Func):
    """Calendar days from the second date to the first; PostgreSQL counts dates in whole days."""

    template = "(%(expressions)s)"
    arg_joiner = " - "
    output_field = IntegerField()


class OfRow(ExpressionWrapper):
    """A value of the row itself. Its columns, those of its conditions too, belong to GROUP BY, so the primary key alone groups."""

    def get_group_by_cols(self) -> list[Any]:
        if self.contains_aggregate:
            return super().get_group_by_cols()
        parts = [part for part in self.flatten() if isinstance(part, Col) or not isinstance(part, BaseExpression)]
        return [col for part in parts for col in ([part] if isinstance(part, Col) else part.get_group_by_cols())]


def realisation(*, total: Name, mean: Name, last: Name) -> Case:
    """Sum, mean or last of a period's entries, half-up at 4 decimals; no entry = null."""
    return Case(
        When(accumulation=Accumulation.SUM, then=total),
        When(accumulation=Accumulation.MEAN, then=Round(mean, precision=REALISATION_PLACES)),
        When(accumulation=Accumulation.LAST, then=last),
        output_field=DecimalField(max_digits=18, decimal_places=REALISATION_PLACES),
    )


def raw_achievement() -> Case:
    """Achievement in percent before the limits, half-up at 12 decimals; null where it cannot be judged.

    Nothing is divided by a target of zero; a statement without a date and a missing realisation give null.
    """
    dated = Q(form=TargetForm.DATE) | Q(form=TargetForm.STATEMENT, target_date__isnull=False)
    return Case(
        When(dated & Q(realised_on__isnull=False), then=_by_date()),
        When(form=TargetForm.SINGLE, target__gt=0, realisation__isnull=False, then=_rounded(_by_bounds("target", "target"))),
        When(form=TargetForm.RANGE, target_max__gt=0, realisation__isnull=False, then=_rounded(_by_bounds("target", "target_max"))),
        output_field=_NUMERIC,
    )


def _by_bounds(low: str, high: str) -> Case:
    """A single value is a range of one point; inside the range is 100 %."""
    below = Case(When(direction=Direction.DOWN, then=_fewer(low)), default=_share("realisation", low), output_field=_NUMERIC)
    above = Case(
        When(direction=Direction.UP, then=_share("realisation", high)),
        When(direction=Direction.EXACT, then=_share(high, "realisation")),
        default=Greatest(_fewer(high), _ZERO),
        output_field=_NUMERIC,
    )
    return Case(When(realisation__lt=F(low), then=below), When(realisation__gt=F(high), then=above), default=_FULL, output_field=_NUMERIC)


def _share(part: str, whole: str) -> Expression:
    return _HUNDRED * F(part) / NullIf(F(whole), _ZERO)


def _fewer(target: str) -> Expression:
    """(2 x target - realisation) / target, in percent: for "lower is better"."""
    return _HUNDRED * (Value(2) * F(target) - F("realisation")) / NullIf(F(target), _ZERO)


def _by_date() -> Case:
    """On or before the date 100; late by k of N planned days 100 - k/N x 100, not below 0."""
    late = Cast(DaysBetween(F("realised_on"), F("target_date")), _NUMERIC)
    planned = DaysBetween(F("target_date"), F("period_start"))
    share = _HUNDRED * late / Cast(NullIf(planned, Value(0)), _NUMERIC)
    return Case(
        When(realised_on__lte=F("target_date"), then=_FULL),
        When(target_date__lte=F("period_start"), then=_ZERO),
        default=_rounded(Greatest(_FULL - share, _ZERO)),
        output_field=_NUMERIC,
    )


def _rounded(value: Expression) -> Round:
    return Round(value, precision=RAW_PLACES, output_field=_NUMERIC)


def limited(raw: str, *, cap: Decimal) -> Case:
    """The raw figure within 0..cap; null stays null."""
    return Case(When(Q(**{f"{raw}__isnull": False}), then=Least(Greatest(F(raw), _ZERO), Value(cap))), output_field=_NUMERIC)


def achievement(raw: str, *, cap: Decimal) -> Round:
    """c: the limited figure, half-up at 2 decimals."""
    return Round(limited(raw, cap=cap), precision=HUNDREDTHS, output_field=DecimalField(max_digits=9, decimal_places=HUNDREDTHS))


def result_score(*, weight: str, achieved: str) -> Round:
    """H: weighted mean of the achievements that exist, half-up at 2 decimals; none = null."""
    judged = Q(**{f"{achieved}__isnull": False})
    parts = Sum(F(weight) * F(achieved), filter=judged, output_field=_NUMERIC)
    weights = Sum(F(weight), filter=judged, output_field=_NUMERIC)
    return Round(parts / NullIf(weights, _ZERO), precision=HUNDREDTHS, output_field=DecimalField(max_digits=9, decimal_places=HUNDREDTHS))


def behaviour_score(marks: Sequence[str]) -> OfRow:
    """P: mean of the marks that exist (1..3), half-up at 2 decimals; none = null."""
    total = reduce(add, (Coalesce(F(m), Value(0)) for m in marks))
    mean = Cast(total, _NUMERIC) / NullIf(Cast(marks_given(marks), _NUMERIC), _ZERO)
    return OfRow(Round(mean, precision=HUNDREDTHS), output_field=DecimalField(max_digits=9, decimal_places=HUNDREDTHS))


def marks_given(marks: Sequence[str]) -> OfRow:
    return OfRow(Func(*(F(m) for m in marks), function="num_nonnulls"), output_field=IntegerField())


def all_marks(marks: Sequence[str]) -> OfRow:
    """The marks as one array in the given order, null where none was given."""
    array = Func(*(F(m) for m in marks), function="ARRAY", template="%(function)s[%(expressions)s]")
    return OfRow(array, output_field=IntegerField())


def advice(score: str, *, above: Decimal, meets: Decimal, enough: Q | None = None) -> OfRow:
    """The labelled suggestion for a rating; null without a score or where too little was judged."""
    enough = Q() if enough is None else enough
    # No score is at or above nothing, so only the last band asks whether there is one: every name costs its whole computation.
    band = Case(
        When(Q(**{f"{score}__gte": above}) & enough, then=Value(Rating.ABOVE.value)),
        When(Q(**{f"{score}__gte": meets}) & enough, then=Value(Rating.MEETS.value)),
        When(Q(**{f"{score}__isnull": False}) & enough, then=Value(Rating.BELOW.value)),
    )
    return OfRow(band, output_field=IntegerField())


def lapsed(case: str = "") -> Q:
    """Closed without a rating, or was until a late one took its place; ``case`` is the way to the assessment."""
    superseded = Q(**{f"{case}state": AssessmentState.SUPERSEDED.value, f"{case}published_at__isnull": True})
    return Q(**{f"{case}state": AssessmentState.NOT_RATED.value}) | superseded


def predicate(result: str, behaviour: str, *, unrated: Q) -> OfRow:
    """The quadrant over two ratings that an official finished; null when either is absent or the case closed unrated."""
    cells: list[When] = [When(unrated, then=None)]
    cells += [When(Q(**{result: r.value, behaviour: b.value}), then=Value(cell.value)) for (r, b), cell in QUADRANT.items()]
    return OfRow(Case(*cells), output_field=IntegerField())
