"""Measured figures, pushed by the app that owns the source rows; never typed, never guessed."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils.translation import gettext as _

from appraisal.models import Assessment, PerformancePlan, PeriodTarget, ProgressEntry
from appraisal.queries.cycles import HeldCycle, held_cycles_of
from appraisal.queries.targets import IN_USE
from appraisal.rules.lifecycle import CycleState
from appraisal.rules.vocabulary import Measure, Origin
from bukittinggi_kinerja.common.events import record_event
from bukittinggi_kinerja.common.money import half_up
from bukittinggi_kinerja.common.period import Period

from .reopening import finished_ratings, reopen_ratings

SOURCE = Origin.MEASURED.value
PLACES = 4
_FINAL = frozenset({CycleState.CLOSED.value, CycleState.PUBLISHED.value})


@dataclass(frozen=True)
class MeasuredFigure:
    """One figure of a person in a period; ``value`` None = nothing to measure, which is not zero.

    ``sources`` are the frozen rows behind it: [{"ref", "label", "value", …}].
    """

    employee_id: int
    measure: Measure
    value: Decimal | None
    sources: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Difference:
    """A figure that would be another today in a period that is closed or a rating that stands; only listed, never changed."""

    employee_id: int
    measure: str
    period: str
    stored: Decimal | None
    found: Decimal | None


@dataclass(frozen=True)
class MeasuredReport:
    created: int = 0
    replaced: int = 0
    withdrawn: int = 0
    unchanged: int = 0
    without_target: int = 0
    differences: tuple[Difference, ...] = ()

    @property
    def changed(self) -> int:
        return self.created + self.replaced + self.withdrawn


@dataclass
class _Work:
    new: list[ProgressEntry] = field(default_factory=list)
    ended: list[ProgressEntry] = field(default_factory=list)
    unchanged: int = 0
    differences: list[Difference] = field(default_factory=list)
    #: Finished ratings whose figure is another now, by id.
    overtaken: dict[int, Assessment] = field(default_factory=dict)


@transaction.atomic
def record_measured_progress(*, period: Period, figures: Sequence[MeasuredFigure], now: dt.datetime) -> MeasuredReport:
    """Bring the measured entries of a period in line with ``figures``; a figure that is equal stays untouched.

    Only the persons and measures given are touched: one whose last case was taken away is pushed with value None.
    Where a transfer gives a person two plans in the period, the later plan takes the figure. Closed and published
    cycles are never changed; their differences are in the report. One event row, if anything changed.

    Another value under a finished rating opens the rating again, as long as its rater can still act; after his deadline
    the rating stands on what he saw, and the difference is listed.
    """
    wanted = {(f.employee_id, f.measure.value): f for f in figures}
    cycles = held_cycles_of(period)
    targets = _targets(period, wanted)
    current = {e.target_id: e for e in ProgressEntry.objects.current().filter(target__in=targets.values(), source=SOURCE)}
    moved = {t.indicator.plan_id for key, t in targets.items() if _rounded(wanted[key]) != _stored(current.get(t.pk))}
    rated = finished_ratings(cycle_ids=[cycle.id for cycle in cycles.values() if cycle.state not in _FINAL], plan_ids=moved)
    work = _Work()
    for key, target in targets.items():
        plan = target.indicator.plan
        case = rated.get(plan.pk)
        final = _is_final(cycles.get(plan.position.group_id), case, now)
        if _compare(wanted[key], target, current.get(target.pk), work, now=now, final=final) and case is not None:
            work.overtaken[case.pk] = case
    _apply(work, now)
    reopen_ratings(cases=work.overtaken.values(), period=period.key, now=now)
    report = _report(work, without_target=len(wanted) - len(targets))
    if report.changed:
        record_event(
            action="appraisal.progress.measured",
            subject=("appraisal.period", period.key),
            actor=None,
            now=now,
            new={"created": report.created, "replaced": report.replaced, "withdrawn": report.withdrawn, "unchanged": report.unchanged},
        )
    return report


def _targets(period: Period, wanted: Mapping[tuple[int, str], MeasuredFigure]) -> dict[tuple[int, str], PeriodTarget]:
    """The target each figure goes to, locked; found by one query."""
    rows = (
        PeriodTarget.objects.select_for_update(of=("self",))
        .select_related("indicator__plan__position")
        .filter(
            IN_USE,
            period=period.key,
            indicator__measure__in={measure for _employee, measure in wanted},
            indicator__plan__employee_id__in={employee for employee, _measure in wanted},
            indicator__plan__in=PerformancePlan.objects.agreed().values("id"),
        )
        .order_by("indicator__plan__valid", "id")
    )
    found = {(row.indicator.plan.employee_id, row.indicator.measure): row for row in rows}
    return {key: row for key, row in found.items() if key in wanted}


def _is_final(cycle: HeldCycle | None, rated: Assessment | None, now: dt.datetime) -> bool:
    """Nothing changes in a closed cycle, nor under a rating whose rater could no longer look again."""
    if cycle is None:
        return False
    return cycle.state in _FINAL or (rated is not None and now > max(cycle.rating_due, rated.own_rating_due or cycle.rating_due))


def _rounded(figure: MeasuredFigure) -> Decimal | None:
    return None if figure.value is None else half_up(figure.value, PLACES)


def _stored(entry: ProgressEntry | None) -> Decimal | None:
    return entry.value if entry else None


def _compare(
    figure: MeasuredFigure, target: PeriodTarget, old: ProgressEntry | None, work: _Work, *, now: dt.datetime, final: bool
) -> bool:
    """Note what must be written; whether another value will stand."""
    value, stored = _rounded(figure), _stored(old)
    sources = _plain(figure.sources)
    if value == stored and (old is None or sources == old.sources):
        work.unchanged += 1
        return False
    if final:
        if value != stored:
            work.differences.append(Difference(figure.employee_id, figure.measure.value, target.period, stored, value))
        return False
    if old is not None:
        work.ended.append(old)
    if value is not None:
        work.new.append(
            ProgressEntry(
                target=target,
                employee_id=figure.employee_id,
                value=value,
                source=SOURCE,
                sources=sources,
                entered_at=now,
                replaces=old,
            )
        )
    return value != stored


def _apply(work: _Work, now: dt.datetime) -> None:
    """Old rows end before new ones begin: one measured figure stands at a time."""
    if work.ended:
        ended = ProgressEntry.objects.filter(pk__in=[entry.pk for entry in work.ended])
        ended.update(withdrawn_at=now, withdrawal_reason=_("Angka terukur dihitung ulang."), updated_at=now)
    ProgressEntry.objects.bulk_create(work.new)


def _report(work: _Work, *, without_target: int) -> MeasuredReport:
    replaced = sum(entry.replaces_id is not None for entry in work.new)
    return MeasuredReport(
        created=len(work.new) - replaced,
        replaced=replaced,
        withdrawn=len(work.ended) - replaced,
        unchanged=work.unchanged,
        without_target=without_target,
        differences=tuple(work.differences),
    )


def _plain(sources: Iterable[Mapping[str, Any]]) -> list[Any]:
    """As the database will give it back, so that equal is equal."""
    plain: list[Any] = json.loads(json.dumps(list(sources), cls=DjangoJSONEncoder))
    return plain
