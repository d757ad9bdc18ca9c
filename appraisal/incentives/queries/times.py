"""Service times of a period: the figures of the report, the board and the public page, in one place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import Coalesce, TruncDate

from appraisal.incentives.models import ServiceCase, ServiceEvent
from appraisal.incentives.models.cases import CaseState, ServiceCaseQuerySet
from appraisal.incentives.rules.measures import MEDIAN, P90, quantile
from bukittinggi_kinerja.common.money import share
from bukittinggi_kinerja.common.period import JAKARTA, Period, start_of_day
from employees.models import OrgUnit, Posting


@dataclass
class ServiceTimes:
    """Of one service type, or of all together (``code`` None).

    ``finished`` were issued in the period; ``unknown`` of them cannot be judged, as no standard or calendar is known.
    ``share`` is the percentage on time of those that can; ``median`` and ``p90`` are net working days, linear between
    neighbours, 2 decimals half-up. ``open`` were accepted before the period's end and not finished by then.
    """

    code: str | None
    name: str
    on_time: int = 0
    late: int = 0
    unknown: int = 0
    refused: int = 0
    withdrawn: int = 0
    open: int = 0
    days: Counter[int] = field(default_factory=Counter)

    @property
    def finished(self) -> int:
        return self.on_time + self.late + self.unknown

    @property
    def share(self) -> Decimal | None:
        return share(self.on_time, self.on_time + self.late)

    @property
    def median(self) -> Decimal | None:
        return quantile(self.days, MEDIAN)

    @property
    def p90(self) -> Decimal | None:
        return quantile(self.days, P90)

    def count_finished(self, state: str, days: int | None, on_time: bool | None, cases: int) -> None:
        if state == CaseState.REFUSED:
            self.refused += cases
        elif state == CaseState.WITHDRAWN:
            self.withdrawn += cases
        else:
            self.on_time += cases if on_time else 0
            self.late += cases if on_time is False else 0
            self.unknown += cases if on_time is None else 0
            if days is not None:
                self.days[days] += cases


@dataclass(frozen=True)
class ServiceTimesReport:
    rows: list[ServiceTimes]
    total: ServiceTimes


def service_times(*, period: Period, unit: OrgUnit | None = None, paths: Sequence[str] = ()) -> ServiceTimesReport:
    """Rows by service type and the total over all cases; two statements that return counts, however many the cases.

    ``unit``, or the subtrees of ``paths``, count the cases of those who were posted in it or below on the day the case
    ended (open ones: on the period's last day).
    """
    start, end = start_of_day(period.start), start_of_day(period.end)
    finished = ServiceCase.objects.filter(finished_at__gte=start, finished_at__lt=end)
    unfinished = ServiceCase.objects.filter(Q(finished_at=None) | Q(finished_at__gte=end), accepted_at__lt=end)
    under = [unit.path] if unit is not None else list(paths)
    if under:
        finished, unfinished = of_units(finished, under, period), of_units(unfinished, under, period)
    kind = ("service_type__code", "service_type__name")
    rows: dict[str, ServiceTimes] = {}
    total = ServiceTimes(None, "")
    for code, name, state, days, on_time, cases in _counted(finished, *kind, "state", "net_working_days", "on_time"):
        for row in (rows.setdefault(code, ServiceTimes(code, name)), total):
            row.count_finished(state, days, on_time, cases)
    for code, name, cases in _counted(unfinished, *kind):
        for row in (rows.setdefault(code, ServiceTimes(code, name)), total):
            row.open += cases
    return ServiceTimesReport([rows[code] for code in sorted(rows)], total)


def _counted(cases: ServiceCaseQuerySet, *by: str) -> Iterable[tuple[Any, ...]]:
    return cases.order_by().values_list(*by).annotate(cases=Count("id"))


def of_units(cases: ServiceCaseQuerySet, paths: Sequence[str], period: Period) -> ServiceCaseQuerySet:
    """Cases answered for by people of these units or below; where each step counts, those with a step of such a person."""
    day = TruncDate(Coalesce("finished_at", start_of_day(period.last_day)), tzinfo=JAKARTA)
    posted = Posting.objects.known().under(paths)
    responsible = posted.filter(employee_id=OuterRef("responsible_id"), valid__contains=OuterRef("counted_on"))
    officer = posted.filter(employee_id=OuterRef("officer_id"), valid__contains=OuterRef(OuterRef("counted_on")))
    steps = ServiceEvent.objects.current().filter(Exists(officer), case_id=OuterRef("id"), cancelled=False)
    return cases.annotate(counted_on=day).filter(
        Q(Exists(responsible), source__credit="responsible") | Q(Exists(steps), source__credit="step")
    )
