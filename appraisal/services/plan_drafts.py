"""Drafts of many plans at once: rows out of what a file, a template or last year's plan wants. In sets."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from appraisal.models import Indicator, PerformancePlan, PeriodTarget, WorkResult
from appraisal.queries.cycles import held_states_of
from appraisal.queries.plans import stretches_of
from appraisal.queries.yearly import FINAL
from appraisal.rules.drafts import IndicatorDraft, ResultDraft, period_targets, same_words
from appraisal.rules.lifecycle import PlanState
from appraisal.rules.targets import Stretch, Target, periods_in_force
from bukittinggi_kinerja.common.errors import NotNow
from bukittinggi_kinerja.common.period import Period
from employees.models import Posting

FIELDS = (
    "name", "aspect", "unit_name", "form", "direction", "accumulation", "target", "target_max", "target_date", "statement", "weight",
    "measure", "unchecked_from",
)  # fmt: skip


@dataclass
class YearBook:
    """The open periods of each group of staff in a year, and what leaders have signed; each read once."""

    year: int
    _stretches: dict[int, list[Stretch]] = field(default_factory=dict)
    _states: dict[int, dict[str, str]] = field(default_factory=dict)

    @property
    def start(self) -> dt.date:
        return dt.date(self.year, 1, 1)

    @property
    def end(self) -> dt.date:
        return dt.date(self.year + 1, 1, 1)

    def days_of(self, posting: Posting) -> DateRange:
        """The days of the year in which a posting holds."""
        return DateRange(max(posting.valid.lower or self.start, self.start), min(posting.valid.upper or self.end, self.end))

    def open_periods(self, group: int, days: DateRange) -> tuple[Period, ...]:
        """Periods of a draft: those that a cycle has closed counted nothing for it. The cycles are held."""
        if group not in self._stretches:
            self._stretches[group] = stretches_of(group, self.start, self.end)
            self._states[group] = held_states_of(group)
        every = periods_in_force(self._stretches[group], days.lower, days.upper)
        return tuple(p for p in every if self._states[group].get(p.key) not in FINAL)


def signed_results(leaders: Iterable[int], *, start: dt.date, end: dt.date) -> dict[int, dict[str, WorkResult]]:
    """Leader -> his results by their words, of plans of these days that he has signed; by number too ("1" is the first)."""
    plans = PerformancePlan.objects.filter(employee__in=set(leaders), valid__overlap=(start, end))
    signed = plans.exclude(state=PlanState.DRAFT, revision=0)
    found: dict[int, dict[str, WorkResult]] = defaultdict(dict)
    rows = WorkResult.objects.filter(plan__in=signed).select_related("plan").order_by("plan__valid", "plan_id", "order", "id")
    numbers: dict[int, int] = defaultdict(int)
    for row in rows:
        numbers[row.plan.employee_id] += 1
        found[row.plan.employee_id].setdefault(same_words(row.title), row)
        found[row.plan.employee_id].setdefault(str(numbers[row.plan.employee_id]), row)
    return found


def draft_of_post(posting: Posting, *, leader: int | None, book: YearBook, approach: str = "KUANTITATIF") -> PerformancePlan:
    """A draft for the days of a posting in a year, not saved yet."""
    return PerformancePlan(
        employee_id=posting.employee_id,
        unit=posting.unit,
        position=posting.position,
        posting=posting,
        assessor_id=leader,
        year=book.year,
        valid=book.days_of(posting),
        approach=approach,
    )


def save_drafts(plans: Sequence[PerformancePlan]) -> None:
    """Raises NotNow where somebody made a plan of one of these people in the meantime."""
    try:
        with transaction.atomic():
            PerformancePlan.objects.bulk_create(plans)
    except IntegrityError as clash:
        raise NotNow(_("SKP salah satu pegawai ini baru saja dibuat orang lain. Muat ulang, lalu coba lagi.")) from clash


def fill(
    work: Sequence[tuple[PerformancePlan, Sequence[ResultDraft]]], *, leaders: Mapping[int, Mapping[str, WorkResult]], book: YearBook
) -> list[Indicator]:
    """Write results, indicators and targets of saved, empty drafts: three statements for all of them."""
    results: list[WorkResult] = []
    pending: list[tuple[PerformancePlan, WorkResult, Sequence[IndicatorDraft]]] = []
    for plan, drafts in work:
        for order, draft in enumerate(drafts, 1):
            row = result_row(plan, draft, order, leaders)
            results.append(row)
            pending.append((plan, row, draft.indicators))
    WorkResult.objects.bulk_create(results)
    return write_indicators(pending, book)


def result_row(plan: PerformancePlan, draft: ResultDraft, order: int, leaders: Mapping[int, Mapping[str, WorkResult]]) -> WorkResult:
    """A result hangs on the leader's one of the same words; without one the words wait in ``leader_title``."""
    parent = leaders.get(plan.assessor_id or 0, {}).get(same_words(draft.leader_title)) if draft.leader_title else None
    return WorkResult(
        plan=plan,
        kind=draft.kind,
        title=draft.title,
        parent=parent,
        leader_title="" if parent else draft.leader_title,
        share=draft.share,
        order=order,
    )


def write_indicators(
    pending: Iterable[tuple[PerformancePlan, WorkResult, Sequence[IndicatorDraft]]],
    book: YearBook,
    *,
    kept: Mapping[tuple[int, str], Indicator] | None = None,
) -> list[Indicator]:
    """New indicators with their targets. ``kept`` (result, words of the name) are set anew here, and saved by the caller."""
    indicators: list[Indicator] = []
    wanted: list[tuple[PerformancePlan, Indicator, IndicatorDraft]] = []
    order: dict[int, int] = defaultdict(int)
    for plan, row, drafts in pending:
        for draft in drafts:
            order[plan.pk] += 1
            one = (kept or {}).get((row.pk, same_words(draft.name))) or Indicator(plan=plan, work_result=row)
            for name in FIELDS:
                setattr(one, name, getattr(draft, name))
            one.order = order[plan.pk]
            indicators.append(one)
            wanted.append((plan, one, draft))
    Indicator.objects.bulk_create([one for one in indicators if one.pk is None])
    PeriodTarget.objects.bulk_create(
        target
        for plan, one, draft in wanted
        for target in _target_rows(one, period_targets(draft, book.open_periods(plan.position.group_id, plan.valid)))
    )
    return indicators


def _target_rows(indicator: Indicator, targets: Mapping[Period, Target]) -> Iterable[PeriodTarget]:
    for period, target in targets.items():
        yield PeriodTarget(
            indicator=indicator, period=period.key, start=period.start, end=period.end,
            target=target.value, target_max=target.maximum, target_date=target.date,
        )  # fmt: skip


def drafts_in(plans: Iterable[PerformancePlan], *, with_targets: bool = True) -> dict[int, list[ResultDraft]]:
    """Plan -> its results as drafts, without indicators that ended; what an indicator is told to become counts as agreed or not yet.

    Three queries for all plans. Results whose indicators have all ended are left out.
    """
    ids = [plan.pk for plan in plans]
    targets: dict[int, dict[str, Target]] = defaultdict(dict)
    if with_targets:
        rows = PeriodTarget.objects.filter(indicator__plan__in=ids, indicator__retired_on=None)
        for indicator, period, value, maximum, date in rows.values_list("indicator_id", "period", "target", "target_max", "target_date"):
            targets[indicator][period] = Target(value, maximum, date)
    indicators: dict[int, list[IndicatorDraft]] = defaultdict(list)
    ended: set[int] = set()
    for one in Indicator.objects.filter(plan__in=ids).order_by("order", "id"):
        if one.retired_on is not None:
            ended.add(one.work_result_id)
            continue
        kept = {name: getattr(one, name) for name in FIELDS}
        indicators[one.work_result_id].append(IndicatorDraft(**kept, targets=targets.get(one.pk, {})))
    found: dict[int, list[ResultDraft]] = {pk: [] for pk in ids}
    for row in WorkResult.objects.filter(plan__in=ids).select_related("parent").order_by("plan_id", "order", "id"):
        if row.pk in ended and row.pk not in indicators:
            continue
        named = row.parent.title if row.parent else row.leader_title
        found[row.plan_id].append(ResultDraft(row.title, row.kind, named, row.share, tuple(indicators[row.pk])))
    return found
