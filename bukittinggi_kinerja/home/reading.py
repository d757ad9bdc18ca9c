"""What home shows: a few numbers of every app, in a fixed number of queries."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Count, Max, Min, Q

from appraisal.incentives.models import ServiceCase
from appraisal.models import Assessment
from appraisal.queries.deadlines import STILL_OPEN, due_progress, due_rating
from appraisal.rules.lifecycle import AssessmentState, CycleState
from appraisal.rules.vocabulary import Predicate
from bukittinggi_kinerja.common.models import Seal
from bukittinggi_kinerja.common.money import half_up
from bukittinggi_kinerja.common.period import Period, PeriodKind, start_of_day
from employees.rules.viewing import Viewer

#: Below this many people a share says nothing (ux.md: a note when n < 30).
ENOUGH = 30
GOOD_OR_BETTER = (Predicate.GOOD.value, Predicate.VERY_GOOD.value)
LOOK_BACK = dt.timedelta(days=130)


@dataclass(frozen=True)
class CycleWatch:
    """One open period as HR watches it: cases of the viewer's people, and the raters who still owe some."""

    period: str
    state: str
    progress_due: dt.datetime
    rating_due: dt.datetime
    total: int
    finished: int
    raters_waiting: int

    def overdue(self, now: dt.datetime) -> bool:
        return now > self.rating_due and self.finished < self.total


def open_cycles(viewer: Viewer) -> list[CycleWatch]:
    """One query; by unit tree for a pengelola, the whole city for BKPSDM and the auditor."""
    rows = (
        Assessment.objects.current()
        .visible_to(viewer)
        .filter(STILL_OPEN)
        .exclude(state=AssessmentState.EXEMPT)
        .values("cycle__period")
        .annotate(
            stage=Max("cycle__state"),
            progress=Min(due_progress()),
            due=Min(due_rating()),
            total=Count("id"),
            finished=Count("id", filter=Q(state=AssessmentState.RATED)),
            waiting=Count("assessor", distinct=True, filter=Q(state=AssessmentState.DRAFT)),
        )
        .order_by("due")
    )
    return [CycleWatch(r["cycle__period"], r["stage"], r["progress"], r["due"], r["total"], r["finished"], r["waiting"]) for r in rows]


@dataclass(frozen=True)
class Overdue:
    """A closed period with people nobody rated in time, and how many raters that concerns."""

    period: str
    people: int
    raters: int


def unrated(viewer: Viewer) -> list[Overdue]:
    """Closed periods of late in which the viewer's people were left unrated, the latest first; one query."""
    rows = (
        Assessment.objects.current()
        .visible_to(viewer)
        .filter(state=AssessmentState.NOT_RATED, cycle__start__gt=viewer.on - LOOK_BACK)
        .values("cycle__period")
        .annotate(people=Count("id"), raters=Count("assessor", distinct=True))
        .order_by("-cycle__period")
    )
    return [Overdue(row["cycle__period"], row["people"], row["raters"]) for row in rows]


@dataclass
class Month:
    """Published results of one month: people by predicate."""

    period: str
    counts: dict[int, int] = field(default_factory=dict)
    not_rated: int = 0

    @property
    def n(self) -> int:
        return sum(self.counts.values())

    @property
    def enough(self) -> bool:
        return self.n >= ENOUGH

    @property
    def good(self) -> int:
        """People with predicate Baik or better."""
        return sum(self.counts.get(p, 0) for p in GOOD_OR_BETTER)

    @property
    def good_share(self) -> Decimal:
        """Percent with predicate Baik or better, one decimal."""
        return half_up(Decimal(100 * self.good) / self.n, 1) if self.n else Decimal(0)

    @property
    def rows(self) -> list[tuple[int, int, Decimal]]:
        """Predicate, people, percent with one decimal, the best first."""
        return [
            (p.value, self.counts.get(p.value, 0), half_up(Decimal(100 * self.counts.get(p.value, 0)) / max(self.n, 1), 1))
            for p in reversed(Predicate)
        ]


def published_months(*, on: dt.date) -> list[Month]:
    """The city's published months of late, the latest first; one query, no names."""
    rows = (
        Assessment.objects.current()
        .filter(cycle__state=CycleState.PUBLISHED, cycle__start__gt=on - LOOK_BACK, cycle__kind=PeriodKind.MONTH.value)
        .filter(state__in=[AssessmentState.PUBLISHED, AssessmentState.NOT_RATED])
        .values("cycle__period", "state", "score_row__predicate")
        .annotate(people=Count("id"))
        .order_by("-cycle__period")
    )
    months: dict[str, Month] = {}
    for row in rows:
        month = months.setdefault(row["cycle__period"], Month(row["cycle__period"]))
        if row["state"] == AssessmentState.NOT_RATED or row["score_row__predicate"] is None:
            month.not_rated += row["people"]
        else:
            month.counts[row["score_row__predicate"]] = row["people"]
    return list(months.values())


@dataclass(frozen=True)
class ServiceMonth:
    """Permits finished in one month: how many, how many within their standard."""

    period: str
    n: int
    on_time: int

    @property
    def enough(self) -> bool:
        return self.n >= ENOUGH

    @property
    def share(self) -> Decimal:
        return half_up(Decimal(100 * self.on_time) / self.n, 1) if self.n else Decimal(0)


def service_months(*, on: dt.date) -> list[ServiceMonth]:
    """The two months before the running one, the latest first, in one query."""
    last = Period.containing(on, PeriodKind.MONTH).previous()
    months = [last, last.previous()]
    counted: dict[str, Count] = {}
    for n, month in enumerate(months):
        within = Q(finished_at__gte=start_of_day(month.start), finished_at__lt=start_of_day(month.end), on_time__isnull=False)
        counted |= {f"n{n}": Count("id", filter=within), f"on_time{n}": Count("id", filter=within & Q(on_time=True))}
    found = ServiceCase.objects.aggregate(**counted)
    return [ServiceMonth(month.key, found[f"n{n}"], found[f"on_time{n}"]) for n, month in enumerate(months)]


def last_seal() -> Seal | None:
    """The head of the chain, without the digests it covers."""
    return Seal.objects.only("digest", "at").order_by("-id").first()
