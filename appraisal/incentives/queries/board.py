"""The service board: open cases by state, the most urgent first, and those just finished."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Case, Count, DateTimeField, F, Q, When, Window
from django.db.models.functions import RowNumber

from appraisal.incentives.models import ServiceCase
from appraisal.incentives.models.cases import CaseState, ServiceCaseQuerySet
from bukittinggi_kinerja.common.calendar import working_calendar
from bukittinggi_kinerja.common.period import local_date
from bukittinggi_kinerja.common.workdays import OutsideCalendar, WorkingCalendar
from employees.rules.viewing import Viewer

from .cases import names_seen_by

OPEN = (CaseState.RECEIVED, CaseState.IN_PROGRESS, CaseState.PAUSED)
FINISHED = (CaseState.ISSUED, CaseState.REFUSED, CaseState.WITHDRAWN)


@dataclass(frozen=True)
class Card:
    """One case on the board. ``days_left`` are working days until the due day, negative when it has passed;

    ``paused_days`` working days since the clock stands. None is unknown. ``responsible`` is empty where nobody is known
    or the viewer may not see who.
    """

    id: int
    case_id: str
    source: str
    service_type: str
    state: str
    responsible: str
    accepted_at: dt.datetime
    due_at: dt.datetime | None
    finished_at: dt.datetime | None
    paused_since: dt.datetime | None
    standard_days: int | None
    net_days: int | None
    on_time: bool | None
    late: bool
    days_left: int | None
    paused_days: int | None


@dataclass(frozen=True)
class Column:
    """All cases of one state: how many, how many of them late, and the first of them."""

    state: str
    total: int
    late: int
    cards: Sequence[Card]


def board(
    viewer: Viewer,
    *,
    now: dt.datetime,
    finished_since: dt.datetime,
    states: Sequence[str] = (*OPEN, *FINISHED),
    first: int = 0,
    limit: int = 50,
) -> list[Column]:
    """Columns in the order of ``states``, each with its cards ``first`` to ``first + limit``; a fixed number of statements."""
    cases = ServiceCase.objects.visible_to(viewer).filter(Q(finished_at=None) | Q(finished_at__gte=finished_since), state__in=states)
    late = Q(finished_at=None, due_at__lt=now) | Q(finished_at__isnull=False, on_time=False)
    counts = {state: (total, behind) for state, total, behind in _counts(cases, late)}
    cards: dict[str, list[Card]] = {}
    for card in _cards(viewer, _placed(cases, first, limit), now):
        cards.setdefault(card.state, []).append(card)
    return [Column(state, *counts.get(state, (0, 0)), cards.get(state, [])) for state in states]


def _counts(cases: ServiceCaseQuerySet, late: Q) -> Iterable[tuple[str, int, int]]:
    return cases.order_by().values_list("state").annotate(total=Count("id"), behind=Count("id", filter=late))


def _placed(cases: ServiceCaseQuerySet, first: int, limit: int) -> ServiceCaseQuerySet:
    """Cases by their place within its state: the nearest due date first, a standing clock by how long, finished ones by the latest."""
    since = Case(When(state=CaseState.PAUSED, then=F("paused_since")), default=F("due_at"), output_field=DateTimeField())
    order = [F("finished_at").desc(nulls_last=True), since.asc(nulls_last=True), F("accepted_at").asc(), F("id").asc()]
    place = Window(RowNumber(), partition_by=F("state"), order_by=order)
    shown = Q(place__gt=first, place__lte=first + limit)
    return cases.alias(place=place).filter(shown).order_by("state", place)


def _cards(viewer: Viewer, cases: ServiceCaseQuerySet, now: dt.datetime) -> list[Card]:
    rows = list(cases.select_related("service_type", "source"))
    names = names_seen_by(viewer, {row.responsible_id for row in rows})
    calendar = working_calendar()
    return [_card(row, names.get(row.responsible_id, ""), calendar, now) for row in rows]


def card_of(viewer: Viewer, case: ServiceCase, *, now: dt.datetime) -> Card:
    """The card of one case, for its own page."""
    return _card(case, names_seen_by(viewer, {case.responsible_id}).get(case.responsible_id, ""), working_calendar(), now)


def _card(case: ServiceCase, responsible: str, calendar: WorkingCalendar, now: dt.datetime) -> Card:
    still_open = case.finished_at is None
    return Card(
        id=case.pk,
        case_id=case.case_id,
        source=case.source.code,
        service_type=case.service_type.name,
        state=case.state,
        responsible=responsible,
        accepted_at=case.accepted_at,
        due_at=case.due_at,
        finished_at=case.finished_at,
        paused_since=case.paused_since,
        standard_days=case.standard_days,
        net_days=case.net_working_days,
        on_time=case.on_time,
        late=case.due_at is not None and case.due_at < now if still_open else case.on_time is False,
        days_left=days_left(calendar, now, case.due_at) if still_open else None,
        paused_days=_between(calendar, case.paused_since, now),
    )


def days_left(calendar: WorkingCalendar, now: dt.datetime, due_at: dt.datetime | None) -> int | None:
    """Working days from today to the due day; 0 on the day itself, negative afterwards."""
    if due_at is None:
        return None
    ahead, behind = _between(calendar, now, due_at), _between(calendar, due_at, now)
    return None if ahead is None or behind is None else ahead - behind


def _between(calendar: WorkingCalendar, start: dt.datetime | None, end: dt.datetime) -> int | None:
    if start is None:
        return None
    try:
        return calendar.between(local_date(start), local_date(end))
    except OutsideCalendar:
        return None
