"""Rows of period targets: spread out of the yearly target, edited by hand, changed only where a period is open."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from appraisal.models import Indicator, PerformancePlan, PeriodTarget
from appraisal.queries.cycles import held_states_of
from appraisal.queries.plans import plan_periods
from appraisal.queries.yearly import FINAL, stored_targets, yearly_of
from appraisal.rules.targets import Target, TargetBelowClosed, YearlyTarget, spread, sums_back
from appraisal.rules.vocabulary import TargetForm
from bukittinggi_kinerja.common.errors import NotNow, Unacceptable
from bukittinggi_kinerja.common.period import Period


@dataclass(frozen=True)
class PlanPeriods:
    """Periods whose targets may still change, and those that are closed and stay as they counted.

    A plan that was never agreed counted nowhere, so it has no closed periods: it begins with the first open one.
    """

    open: tuple[Period, ...]
    closed: tuple[Period, ...]


def periods_held(plan: PerformancePlan) -> PlanPeriods:
    """The plan's periods; their cycles keep their state until the transaction ends."""
    states = held_states_of(plan.position.group_id)
    every = plan_periods(plan)
    closed = tuple(p for p in every if states.get(p.key) in FINAL)
    return PlanPeriods(tuple(p for p in every if p not in closed), closed if plan.revision else ())


def respread(indicator: Indicator, periods: PlanPeriods) -> None:
    """Spread the yearly target anew over the open periods, less what closed periods hold."""
    stored = stored_targets(indicator)
    closed = [stored[p] for p in periods.closed if p in stored]
    try:
        shares = spread(yearly_of(indicator), periods.open, closed=closed)
    except TargetBelowClosed as short:
        sentence = _("Target tahunan lebih kecil daripada target periode yang sudah ditutup.")
        raise Unacceptable(_("Target belum tersimpan."), errors={"target": [sentence]}) from short
    write_targets(indicator, shares, keep=periods.closed)


def check_sum(yearly: YearlyTarget, targets: Mapping[Period, Target]) -> None:
    if not sums_back(yearly, targets):
        sentence = _("Jumlah target periode harus sama dengan target tahunan.")
        raise Unacceptable(_("Target periode belum tersimpan."), errors={"targets": [sentence]})


def write_targets(indicator: Indicator, targets: Mapping[Period, Target], *, keep: Iterable[Period] = ()) -> None:
    """Bring the rows in line with ``targets``; rows of other periods go, but for ``keep`` and those with progress."""
    stored = {Period.parse(row.period): row for row in indicator.period_targets.all()}
    changed, added = [], []
    for period, target in targets.items():
        row = stored.get(period)
        if row is None:
            row = PeriodTarget(indicator=indicator, period=period.key, start=period.start, end=period.end)
            added.append(row)
        elif Target(row.target, row.target_max, row.target_date) != target:
            changed.append(row)
        row.target, row.target_max, row.target_date = target.value, target.maximum, target.date
    PeriodTarget.objects.bulk_update(changed, ["target", "target_max", "target_date"])
    PeriodTarget.objects.bulk_create(added)
    needless = [row.pk for period, row in stored.items() if period not in targets and period not in set(keep)]
    PeriodTarget.objects.filter(pk__in=needless, entries=None).delete()


def edited(
    yearly: YearlyTarget, given: Mapping[str, Target], stored: Mapping[Period, Target], periods: PlanPeriods
) -> dict[Period, Target]:
    """The rows of the open periods after an edit by hand; refuses closed and foreign periods, and a wrong sum."""
    open_keys = {p.key: p for p in periods.open}
    foreign = sorted(set(given) - set(open_keys))
    if foreign:
        raise NotNow(_("Target periode %(periode)s tidak dapat diubah lagi.") % {"periode": ", ".join(foreign)})
    rows = {p: given.get(p.key, stored.get(p, Target())) for p in periods.open}
    if any(not _fits(yearly.form, target) for target in rows.values()):
        sentence = _("Isi target setiap periode sesuai bentuknya, tidak kurang dari nol.")
        raise Unacceptable(_("Target periode belum tersimpan."), errors={"targets": [sentence]})
    check_sum(yearly, {**{p: stored[p] for p in periods.closed if p in stored}, **rows})
    return rows


def _fits(form: TargetForm, target: Target) -> bool:
    if form == TargetForm.SINGLE:
        return target.value is not None and target.value >= 0 and target.maximum is None
    if form == TargetForm.RANGE:
        return target.value is not None and target.maximum is not None and 0 <= target.value <= target.maximum
    if form == TargetForm.DATE:
        return target.date is not None
    return True
