"""Yearly targets and their periods as values: stored, proposed by a revision, and as text in JSON."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from appraisal.models import Cycle, Indicator, PerformancePlan, PeriodTarget
from appraisal.rules.lifecycle import CycleState
from appraisal.rules.targets import Target, TargetBelowClosed, YearlyTarget, spread
from appraisal.rules.vocabulary import Accumulation, TargetForm
from bukittinggi_kinerja.common.period import Period

from .plans import plan_periods

SHAPE = ("form", "accumulation", "target", "target_max", "target_date")
FINAL = frozenset({CycleState.CLOSED.value, CycleState.PUBLISHED.value})


def yearly_of(indicator: Indicator) -> YearlyTarget:
    return YearlyTarget(
        TargetForm(indicator.form),
        Accumulation(indicator.accumulation),
        Target(indicator.target, indicator.target_max, indicator.target_date),
    )


def field_value(name: str, text: Any) -> Any:
    """A field of an indicator out of the text of a proposal."""
    return Indicator._meta.get_field(name).to_python(text)  # type: ignore[union-attr]


def proposed_yearly(indicator: Indicator) -> YearlyTarget:
    """The yearly target as a revision wants it, else as it is."""
    wanted = Indicator(**{name: getattr(indicator, name) for name in SHAPE})
    for name, text in ((indicator.proposal or {}).get("fields") or {}).items():
        if name in SHAPE:
            setattr(wanted, name, field_value(name, text))
    return yearly_of(wanted)


def stored_targets(indicator: Indicator) -> dict[Period, Target]:
    """The rows of an indicator by period."""
    return {Period.parse(r.period): Target(r.target, r.target_max, r.target_date) for r in indicator.period_targets.all()}


def target_text(target: Target) -> list[str | None]:
    return [None if v is None else str(v) for v in (target.value, target.maximum, target.date)]


def target_of_text(texts: Sequence[str | None] | None) -> Target:
    if texts is None:
        return Target()
    value, maximum, date = texts
    return Target(
        None if value is None else Decimal(value),
        None if maximum is None else Decimal(maximum),
        None if date is None else dt.date.fromisoformat(date),
    )


def open_targets(plan: PerformancePlan, indicator: Indicator) -> list[PeriodTarget]:
    """Targets of the open periods as they would be signed: stored, proposed, or spread for a new indicator; not saved."""
    states = dict(Cycle.objects.filter(group_id=plan.position.group_id).values_list("period", "state"))
    every = plan_periods(plan)
    openings = [p for p in every if states.get(p.key) not in FINAL]
    proposal = indicator.proposal or {}
    stored = stored_targets(indicator)
    rows = {p: stored[p] for p in openings if p in stored}
    if "targets" in proposal:
        rows = {p: target_of_text(proposal["targets"].get(p.key)) for p in openings}
    elif proposed_yearly(indicator) != yearly_of(indicator) or "spread" in proposal or len(rows) < len(openings):
        closed = [t for p, t in stored.items() if p not in openings] if plan.revision else []
        try:
            rows = spread(proposed_yearly(indicator), openings, closed=closed)
        except TargetBelowClosed:
            rows = dict.fromkeys(openings, Target())
    return [
        PeriodTarget(indicator=indicator, period=p.key, start=p.start, end=p.end, target=t.value, target_max=t.maximum, target_date=t.date)
        for p, t in rows.items()
    ]
