"""The cycle across apps: feed measured progress, open, close; scoring and publishing follow as jobs.

What beat does every ten minutes and ``run_cycle`` by hand; twice is the same as once.
"""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet

from appraisal.incentives.services.measuring import feed_measured
from appraisal.models import Cycle
from appraisal.rules.lifecycle import OPEN_CYCLES, CycleState
from appraisal.services.cases import ensure_assessments
from appraisal.services.cycles import move_cycle, open_cycle
from appraisal.services.deadline_changes import follow_changes
from appraisal.services.publishing import close_cycle, close_extended, cycles_with_overdue_cases, unfinished_jobs, work_on
from bukittinggi_kinerja.common.models import Job
from bukittinggi_kinerja.common.period import Period, PeriodKind, local_date, start_of_day
from employees.models import AppraisalRegime, Regime

KINDS = (PeriodKind.MONTH, PeriodKind.QUARTER)


def run_cycle(*, period: Period, as_of: dt.datetime) -> list[Job]:
    """Bring the cycles of a period to where ``as_of`` wants them; the scoring jobs that must now be worked on."""
    if local_date(as_of) < period.start:
        return []
    jobs = []
    for cycle in _cycles_of(period, as_of):
        if cycle.state in OPEN_CYCLES:
            jobs += _keep_going(cycle, period, as_of)
    return jobs + close_overdue(as_of=as_of)


def close_overdue(*, as_of: dt.datetime) -> list[Job]:
    """Close what outlasted its published cycle by a deadline of its own, whatever its period."""
    found = (close_extended(cycle=cycle, now=as_of) for cycle in cycles_with_overdue_cases(now=as_of))
    return [job for job in found if job is not None]


def has_rule(period: Period) -> bool:
    """Whether some group is appraised here in periods of this length when it begins."""
    return _regimes(period).exists()


def _regimes(period: Period) -> QuerySet[AppraisalRegime]:
    return AppraisalRegime.objects.in_force(on=period.start).filter(regime=Regime.LOCAL, cycle_kind=period.kind.value)


def _cycles_of(period: Period, as_of: dt.datetime) -> list[Cycle]:
    regimes = _regimes(period).select_related("group").order_by("group_id")
    return [open_cycle(group=regime.group, period=period, now=as_of) for regime in regimes]


def _keep_going(cycle: Cycle, period: Period, as_of: dt.datetime) -> list[Job]:
    ensure_assessments(cycle=cycle, now=as_of)
    follow_changes(cycle=cycle)
    feed_measured(period=period, now=as_of)
    if as_of < start_of_day(period.end):
        return []
    move_cycle(cycle=cycle, to=CycleState.RATING, actor=None, now=as_of)
    if as_of <= cycle.rating_due:
        return []
    job = close_cycle(cycle=cycle, now=as_of)
    return [job] if job is not None else []


def due_periods(*, as_of: dt.datetime) -> list[Period]:
    """Periods beat looks at: the current ones and every one with an unfinished cycle."""
    today = local_date(as_of)
    open_keys = Cycle.objects.filter(state__in=OPEN_CYCLES).values_list("period", flat=True)
    keys = {*open_keys, *(Period.containing(today, kind).key for kind in KINDS)}
    return [Period.parse(key) for key in sorted(keys)]


def work_once(*, now: dt.datetime) -> int:
    """Do what is free of every unfinished job in this process; the number of jobs still unfinished."""
    for job in unfinished_jobs().order_by("id"):
        work_on(job, now=now)
    return unfinished_jobs().count()
