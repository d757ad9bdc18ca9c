"""What a person sees of his own performance: open periods with live figures, published results, what waits for him.

Marks and predicates appear only once they are published; before, a person sees his targets and his own figures.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.db.models import Count, Max, Min, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from appraisal.models import Assessment, Cycle, Evidence, Feedback, Indicator, PerformancePlan, PeriodTarget, ProgressEntry
from appraisal.rules.lifecycle import AssessmentState, CycleState, PlanState
from bukittinggi_kinerja.common.errors import NotVisible
from employees.models import Employee, User
from employees.rules.viewing import Viewer

from .deadlines import STILL_OPEN, due_rating, is_still_open
from .decisions import number_of
from .late import TAKES_LATE
from .team import Figure, figures_of

#: Two years of months, so that a January still shows the whole year before.
HISTORY = 24


@dataclass
class OwnPeriod:
    """One open period of one plan; ``figures`` are live, in the order of the plan."""

    case: Assessment
    figures: list[Figure] = field(default_factory=list)

    @property
    def cycle(self) -> Cycle:
        return self.case.cycle

    @property
    def exempt(self) -> bool:
        return self.case.state == AssessmentState.EXEMPT

    def takes_progress(self, now: dt.datetime) -> bool:
        return now <= self.progress_due and not self.exempt

    @property
    def progress_due(self) -> dt.datetime:
        return self.case.progress_due

    @property
    def rating_due(self) -> dt.datetime:
        return self.case.rating_due

    @property
    def waiting(self) -> list[Figure]:
        """Indicators without any figure yet that the person fills in himself."""
        return [figure for figure in self.figures if not figure.is_filled and not figure.is_measured]


@dataclass
class OwnPage:
    """``periods`` the earliest deadline first, ``results`` the latest first."""

    periods: list[OwnPeriod]
    results: list[Assessment]

    @property
    def last_result(self) -> Assessment | None:
        return next((case for case in self.results if case.state == AssessmentState.PUBLISHED), None)

    @property
    def unplanned(self) -> list[Assessment]:
        """Open cases that no agreed plan stands behind."""
        return [period.case for period in self.periods if period.case.plan_id is None and not period.exempt]

    def tasks(self, now: dt.datetime) -> list[OwnPeriod]:
        """Periods in which the person still has figures to enter."""
        return [period for period in self.periods if period.takes_progress(now) and period.waiting]


def own_page(viewer: Viewer, *, figures: bool = True) -> OwnPage:
    """Own cases in three queries, in one without the figures; nobody else's, whatever the viewer's roles."""
    if viewer.employee_id is None:
        return OwnPage(periods=[], results=[])
    cases = list(
        Assessment.objects.current()
        .filter(employee_id=viewer.employee_id)
        .select_related("cycle__policy", "plan", "unit", "assessor", "score_row")
        .order_by("-stretch_start", "-id")[: HISTORY + 2]
    )
    open_cases = sorted((case for case in cases if is_still_open(case)), key=lambda case: (case.stretch_start, case.id))
    periods = [OwnPeriod(case=case) for case in open_cases]
    if figures and periods:
        _add_figures(periods)
    return OwnPage(periods=periods, results=[case for case in cases if not is_still_open(case)])


def _add_figures(periods: list[OwnPeriod]) -> None:
    """Open periods of one person follow one policy but for the month of a change; then each asks by its own."""
    policies = {period.cycle.policy_id: period.cycle.policy for period in periods}
    for policy_id, policy in policies.items():
        group = [period for period in periods if period.cycle.policy_id == policy_id]
        facts = figures_of([period.case.id for period in group], policy=policy)
        for period in group:
            period.figures = facts[period.case.id]


@dataclass(frozen=True)
class Counts:
    """What waits beside the figures: feedback not opened yet, plans of others to agree to."""

    feedback: int = 0
    plans: int = 0


def counts_of(viewer: Viewer) -> Counts:
    """Both counts in one query."""
    if viewer.employee_id is None:
        return Counts()
    notes = Feedback.objects.standing().filter(employee_id=viewer.employee_id, seen_at=None)
    plans = PerformancePlan.objects.filter(state=PlanState.SUBMITTED, assessor_id__in=viewer.principals).exclude(
        employee_id=viewer.employee_id
    )
    row = Employee.objects.filter(pk=viewer.employee_id).values_list(number_of(notes), number_of(plans)).first()
    return Counts(*row) if row else Counts()


@dataclass(frozen=True)
class Waiting:
    """One period of those the viewer rates: open cases, how many of them finished, until when.

    ``late`` are those that closed unrated, whom he may rate late as their rater or as his superior.
    """

    period: str
    rating_due: dt.datetime
    state: str
    total: int
    finished: int
    late: int = 0

    @property
    def left(self) -> int:
        return self.total - self.finished

    @property
    def is_rating(self) -> bool:
        """The period is over and somebody's rating is still open: in the window, or longer by a deadline of his own."""
        return self.total > 0 and self.state != CycleState.RUNNING


def teams_waiting(viewer: Viewer) -> list[Waiting]:
    """Periods in which somebody waits for the viewer, the earliest deadline first; one query whatever the size of the team."""
    own = Q(assessor_id__in=viewer.principals) & STILL_OPEN & ~Q(state=AssessmentState.EXEMPT)
    chain = Q(assessor_id__in=viewer.principals) | Q(reviewer_id__in=viewer.principals)
    late = chain & TAKES_LATE
    rows = (
        Assessment.objects.current()
        .filter(own | late)
        .exclude(employee_id__in=[viewer.employee_id])
        .values("cycle__period", "cycle__state")
        .annotate(
            due=Min(due_rating(), filter=~Q(state=AssessmentState.RATED.value)),
            last=Max(due_rating()),
            total=Count("id", filter=own),
            finished=Count("id", filter=own & Q(state=AssessmentState.RATED)),
            late=Count("id", filter=late),
        )
        .order_by("due", "cycle__period")
    )
    return [Waiting(r["cycle__period"], r["due"] or r["last"], r["cycle__state"], r["total"], r["finished"], r["late"]) for r in rows]


@dataclass
class IndicatorMonth:
    """One indicator in one period: target, cycle, entries (the latest first), as far as the viewer sees them."""

    target: PeriodTarget
    cycle: Cycle | None
    entries: list[ProgressEntry]
    case: Assessment | None = None

    def progress_due(self) -> dt.datetime | None:
        """The owner's deadline; without a case that of the cycle."""
        if self.case is not None:
            return self.case.progress_due
        return self.cycle.progress_due if self.cycle else None

    def takes_figures(self, now: dt.datetime) -> bool:
        due = self.progress_due()
        if due is None or now > due or self.cycle is None:
            return False
        return self.cycle.published_at is None or (self.case is not None and is_still_open(self.case))

    @property
    def indicator(self) -> Indicator:
        return self.target.indicator

    @property
    def owner_id(self) -> int:
        return self.target.indicator.plan.employee_id


def indicator_month(viewer: Viewer, *, indicator_id: int, period: str) -> IndicatorMonth:
    """Raises NotVisible when there is none for these eyes."""
    visible = PerformancePlan.objects.visible_to(viewer).values("id")
    target = (
        PeriodTarget.objects.filter(indicator_id=indicator_id, period=period, indicator__plan__in=visible)
        .select_related("indicator__plan__employee", "indicator__plan__position", "indicator__plan__unit", "indicator__work_result")
        .first()
    )
    if target is None:
        raise NotVisible(_("Indikator ini tidak ada, atau bukan untuk Anda."))
    plan = target.indicator.plan
    cycle = Cycle.objects.select_related("policy").filter(group_id=plan.position.group_id, period=period).first()
    case = Assessment.objects.current().select_related("cycle", "unit").filter(cycle=cycle, plan=plan).first() if cycle else None
    return IndicatorMonth(target=target, cycle=cycle, entries=_entries_of(viewer, target), case=case)


def own_entry(viewer: Viewer, entry_id: int) -> ProgressEntry:
    """An entry with its indicator and evidence; raises NotVisible."""
    entry = _with_evidence(viewer, ProgressEntry.objects.visible_to(viewer)).filter(pk=entry_id).first()
    if entry is None:
        raise NotVisible(_("Realisasi ini tidak ada, atau bukan untuk Anda."))
    return entry


def _entries_of(viewer: Viewer, target: PeriodTarget) -> list[ProgressEntry]:
    return list(_with_evidence(viewer, target.entries.current()).order_by("-entered_at", "-id"))


def _with_evidence(viewer: Viewer, entries: QuerySet[ProgressEntry]) -> QuerySet[ProgressEntry]:
    """``typist`` is the name of whoever typed the figure."""
    seen = Prefetch("evidence", queryset=Evidence.objects.visible_to(viewer).order_by("id"))
    typist = User.objects.filter(pk=OuterRef("entered_by")).values("employee__name")
    return entries.annotate(typist=Subquery(typist)).select_related("target__indicator__plan").prefetch_related(seen)
