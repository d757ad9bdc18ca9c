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

from appraisal.models import PerformancePlan, PeriodTarget, ProgressEntry
from appraisal.queries.cycles import held_cycles_of
from appraisal.queries.targets import IN_USE
from appraisal.rules.lifecycle import CycleState
from appraisal.rules.vocabulary import Measure
from bukittinggi_kinerja.common.events import record_event
from bukittinggi_kinerja.common.money import half_up
from bukittinggi_kinerja.common.period import Period

SOURCE = "TERUKUR"
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
    """A closed period whose figure would be another today; only listed, never changed."""

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


@transaction.atomic
def record_measured_progress(*, period: Period, figures: Sequence[MeasuredFigure], now: dt.datetime) -> MeasuredReport:
    """Bring the measured entries of a period in line with ``figures``; a figure that is equal stays untouched.

    Only the persons and measures given are touched: one whose last case was taken away is pushed with value None.
    Where a transfer gives a person two plans in the period, the later plan takes the figure. Closed and published
    cycles are never changed; their differences are in the report. One event row, if anything changed.
    """
    wanted = {(f.employee_id, f.measure.value): f for f in figures}
    states = held_cycles_of(period)
    targets = _targets(period, wanted)
    current = {e.target_id: e for e in ProgressEntry.objects.current().filter(target__in=targets.values(), source=SOURCE)}
    work = _Work()
    for key, target in targets.items():
        state = states.get(target.indicator.plan.position.group_id)
        _compare(wanted[key], target, current.get(target.pk), work, now=now, final=state in _FINAL)
    _apply(work, now)
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


def _compare(
    figure: MeasuredFigure, target: PeriodTarget, old: ProgressEntry | None, work: _Work, *, now: dt.datetime, final: bool
) -> None:
    value = None if figure.value is None else half_up(figure.value, PLACES)
    sources = _plain(figure.sources)
    stored = old.value if old else None
    if value == stored and (old is None or sources == old.sources):
        work.unchanged += 1
        return
    if final:
        if value != stored:
            work.differences.append(Difference(figure.employee_id, figure.measure.value, target.period, stored, value))
        return
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
