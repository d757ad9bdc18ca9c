"""The control room: how far a period is, by step and OPD, and who is late, with every number a list.

City HR sees the whole city, pengelola the units given to him. The number of queries never grows with people.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import connection
from django.db.models import Case, CharField, Count, Exists, F, Func, Min, Q, QuerySet, Value, When

from appraisal.models import Assessment, Cycle
from appraisal.rules.lifecycle import AssessmentState, CycleState
from bukittinggi_kinerja.common.period import Period
from employees.models import OrgUnit
from employees.queries import agency_heirs
from employees.rules.viewing import Viewer

from .deadlines import settled
from .late import TAKES_LATE
from .stretches import NOT_HERE
from .targets import left_empty

RECENT = 6
#: Not finished by the rater: still a draft, or closed without a rating.
PENDING = Q(state__in=[AssessmentState.DRAFT.value, AssessmentState.NOT_RATED.value])
RATED = Q(state__in=[AssessmentState.RATED.value, AssessmentState.PUBLISHED.value])
TO_RATE = ~Q(state=AssessmentState.EXEMPT.value)


def rateable(now: dt.datetime) -> Q:
    """Drafts that their rater may still finish."""
    in_cycle = Q(cycle__state=CycleState.RATING.value, cycle__rating_due__gte=now)
    longer = Q(own_rating_due__gte=now) & ~Q(cycle__state=CycleState.RUNNING.value)
    return Q(state=AssessmentState.DRAFT.value) & (in_cycle | longer)


class Step(StrEnum):
    PLAN = "skp"
    PROGRESS = "realisasi"
    RATING = "nilai"
    RECEIPT = "terima"


#: Who counts in a step, and who has done it.
OF_STEP: dict[Step, tuple[Q, Q]] = {
    Step.PLAN: (TO_RATE, Q(plan__isnull=False)),
    Step.PROGRESS: (TO_RATE & Q(plan__isnull=False), Q(silent=False)),
    Step.RATING: (TO_RATE, RATED),
    Step.RECEIPT: (Q(state=AssessmentState.PUBLISHED.value), Q(received_at__isnull=False)),
}


@dataclass(frozen=True)
class StepCount:
    step: Step
    done: int
    total: int

    @property
    def left(self) -> int:
        return self.total - self.done


@dataclass(frozen=True)
class Owed:
    """People without a rating and their raters: all, those past their deadline, and the raters who can act now."""

    pending: int
    raters: int
    late_people: int
    late_raters: int
    able: int
    #: Unrated people without a rater.
    orphans: int


@dataclass(frozen=True)
class AgencyRow:
    """One OPD: its steps, and what its raters still owe."""

    code: str
    name: str
    steps: tuple[StepCount, ...]
    owed: Owed

    @property
    def pending(self) -> int:
        return self.owed.pending

    @property
    def raters(self) -> int:
        return self.owed.raters

    def of(self, step: Step) -> StepCount:
        return next(count for count in self.steps if count.step == step)


@dataclass(frozen=True)
class PeriodChoice:
    """A period with the state of its least advanced cycle and its last rating deadline."""

    key: str
    state: CycleState
    progress_due: dt.datetime
    rating_due: dt.datetime
    moved: bool = False

    @property
    def is_closed(self) -> bool:
        return self.state in {CycleState.CLOSED, CycleState.PUBLISHED}

    def is_overdue(self, now: dt.datetime) -> bool:
        return now > self.rating_due or self.is_closed


@dataclass(frozen=True)
class ControlRoom:
    period: PeriodChoice
    periods: list[PeriodChoice]
    steps: tuple[StepCount, ...]
    agencies: list[AgencyRow]
    owed: Owed
    #: Codes of OPD that were renamed or merged, and how they are called now.
    heirs: Mapping[str, str]
    #: Whether some decision moved a deadline of these people.
    moved: bool
    #: People who are not judged: on leave, on study leave.
    exempt: int

    @property
    def pending(self) -> int:
        return self.owed.pending

    @property
    def raters(self) -> int:
        return self.owed.raters


def recent_periods() -> list[PeriodChoice]:
    """The latest periods that have cycles, the newest first; one query."""
    order = list(CycleState)
    found: dict[str, PeriodChoice] = {}
    for cycle in Cycle.objects.order_by("-start", "-end", "id")[: RECENT * 8]:
        known = found.get(cycle.period)
        state = CycleState(cycle.state)
        found[cycle.period] = PeriodChoice(
            key=cycle.period,
            state=min(state, known.state, key=order.index) if known else state,
            progress_due=max(cycle.progress_due, known.progress_due) if known else cycle.progress_due,
            rating_due=max(cycle.rating_due, known.rating_due) if known else cycle.rating_due,
            moved=bool(cycle.opened_progress_due or cycle.opened_rating_due) or (known is not None and known.moved),
        )
    return list(found.values())[:RECENT]


def chosen_period(periods: list[PeriodChoice], key: str) -> PeriodChoice | None:
    """The period asked for; else the one in rating, else the latest that has ended, else the newest."""
    if key:
        return next((choice for choice in periods if choice.key == Period.parse(key).key), None)
    rating = [choice for choice in periods if choice.state == CycleState.RATING]
    ended = [choice for choice in periods if choice.state in {CycleState.CLOSED, CycleState.PUBLISHED}]
    return next(iter(rating[::-1] or ended or periods), None)


def control_room(viewer: Viewer, *, period: PeriodChoice, periods: list[PeriodChoice], now: dt.datetime) -> ControlRoom:
    """Counts of people in the viewer's reach, by OPD and over all; three queries.

    A person is counted once, however many posts he held in the period: as left when one of his cases is.
    """
    heirs = agency_heirs(on=viewer.on)
    cases: Any = in_reach(viewer, period.key, heirs=heirs)
    over_all, rows = _counted(cases, _people(now))
    names = dict(OrgUnit.objects.filter(code__in=[row["agency"] for row in rows]).values_list("code", "name"))
    agencies = [AgencyRow(code=row["agency"], name=names.get(row["agency"], ""), steps=_steps(row), owed=_owed(row)) for row in rows]
    return ControlRoom(
        period=period,
        periods=periods,
        steps=_steps(over_all),
        agencies=sorted(agencies, key=lambda row: (-row.owed.late_people, -row.pending, row.name)),
        owed=_owed(over_all),
        heirs=heirs,
        moved=period.moved or over_all["moved"] > 0,
        exempt=over_all["exempt"],
    )


def _counted(cases: Any, wanted: dict[str, Count]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Over all, and by OPD, in one statement: whoever stands in two OPD is counted in both, and once over all."""
    sql, params = cases.order_by().values("agency").annotate(**wanted).query.sql_with_params()
    head, _by, agency = sql.rpartition(" GROUP BY ")
    with connection.cursor() as cursor:
        cursor.execute(f"{head} GROUP BY GROUPING SETS (({agency}), ())", params)
        names = [column.name for column in cursor.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return next(row for row in rows if row["agency"] is None), [row for row in rows if row["agency"] is not None]


def overdue(now: dt.datetime) -> Q:
    """Closed without a rating, or a draft with no deadline ahead: neither the cycle's nor one of its own."""
    passed = Q(state=AssessmentState.DRAFT.value, cycle__rating_due__lt=now) & settled(now)
    return Q(state=AssessmentState.NOT_RATED.value) | passed


def _people(now: dt.datetime) -> dict[str, Count]:
    def people(condition: Q) -> Count:
        return Count("employee", distinct=True, filter=condition)

    def raters(condition: Q) -> Count:
        return Count("assessor", distinct=True, filter=condition)

    late = overdue(now)
    found = {"pending": people(PENDING), "raters": raters(PENDING), "late_people": people(late), "late_raters": raters(late)}
    found["moved"] = Count("id", filter=Q(own_rating_due__isnull=False) | Q(own_progress_due__isnull=False))
    found["orphans"] = people(PENDING & Q(assessor__isnull=True))
    found["exempt"] = people(Q(state=AssessmentState.EXEMPT.value, state_reason__in=NOT_HERE))
    found["able"] = raters(rateable(now) | TAKES_LATE)
    for step, (counted, done) in OF_STEP.items():
        found[f"{step.value}_total"] = people(counted)
        found[f"{step.value}_left"] = people(counted & ~done)
    return found


def _owed(row: Mapping[str, int]) -> Owed:
    return Owed(**{name: row[name] for name in Owed.__dataclass_fields__})


def _steps(row: Mapping[str, int]) -> tuple[StepCount, ...]:
    counted = ((step, row[f"{step.value}_total"], row[f"{step.value}_left"]) for step in Step)
    return tuple(StepCount(step, total - left, total) for step, total, left in counted)


def in_reach(
    viewer: Viewer, period: str, *, agency: str = "", rater: int | None = None, heirs: Mapping[str, str] | None = None
) -> QuerySet[Assessment]:
    """Current cases of a period that this office watches over, with ``agency`` and ``silent`` as annotations.

    ``agency`` is the OPD that answers today: cases of one that was renamed or merged stand with its successor.
    ``silent``: at least one target waits for its owner's figure.
    """
    cases = Assessment.objects.current().filter(cycle__period=period)
    if not viewer.sees_all_people:
        within = Q(pk__in=[])
        for path in viewer.unit_paths if viewer.is_unit_hr else ():
            within |= Q(unit__path__startswith=path)
        cases = cases.filter(within)
    now_called = agency_heirs(on=viewer.on) if heirs is None else heirs
    cases = cases.annotate(agency=_agency(now_called), silent=Exists(left_empty()))
    if agency:
        cases = cases.filter(agency=now_called.get(agency, agency))
    return cases.filter(assessor_id=rater) if rater is not None else cases


def _agency(now_called: Mapping[str, str]) -> Any:
    stood: Any = Func(F("unit__path"), Value("/"), Value(2), function="split_part", output_field=CharField())
    if not now_called:
        return stood
    renamed = (When(unit__path__contains=f"/{old}/", then=Value(new)) for old, new in sorted(now_called.items()))
    return Case(*renamed, default=stood, output_field=CharField())


def late_raters(
    viewer: Viewer, period: str, *, agency: str = "", heirs: Mapping[str, str] | None = None
) -> QuerySet[Assessment, dict[str, Any]]:
    """Raters with unfinished people, the most first: ``assessor assessor__name agency pending total``."""
    rows: Any = (
        in_reach(viewer, period, agency=agency, heirs=heirs)
        .filter(TO_RATE)
        .values("assessor", "assessor__name")
        .annotate(agency=Min("agency"), pending=Count("employee", distinct=True, filter=PENDING), total=Count("employee", distinct=True))
        .filter(pending__gt=0)
        .order_by("-pending", "assessor__name", "assessor")
    )
    found: QuerySet[Assessment, dict[str, Any]] = rows
    return found


def people_of_step(
    viewer: Viewer, period: str, *, step: Step, done: bool, agency: str = "", rater: int | None = None
) -> QuerySet[Assessment]:
    """The people behind one number of the control room, by unit and name; of each the first case that stands for it."""
    counted, finished = OF_STEP[step]
    cases = in_reach(viewer, period, agency=agency, rater=rater).filter(counted)
    left = cases.exclude(finished)
    chosen = cases.filter(finished).exclude(employee__in=left.values("employee")) if done else left
    firsts = chosen.order_by().values("employee").annotate(first=Min("pk")).values("first")
    people = Assessment.objects.filter(pk__in=firsts).select_related("employee", "unit", "assessor", "cycle")
    return people.order_by("unit__path", "employee__name", "id")


def agency_name(code: str) -> str:
    """Name of an OPD by its code, empty where there is none."""
    return OrgUnit.objects.filter(code=code).values_list("name", flat=True).first() or ""
