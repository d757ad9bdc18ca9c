"""Letting the months pass: rows by COPY, then the services that close, score and publish, as beat would have done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Case, CharField, F, Value, When
from django.db.models.functions import Mod

from appraisal.incentives.models import AccountAlias, EventSource, ServiceStandard
from appraisal.incentives.services.intake import LogRow, take_events
from appraisal.incentives.services.measuring import feed_measured
from appraisal.models import Assessment, Cycle, Evidence, Feedback, ProgressEntry, RatingExample
from appraisal.rules.lifecycle import AssessmentState, CycleState
from appraisal.services.assessment_form import RatingSheet
from appraisal.services.cycles import move_cycle, open_cycle
from appraisal.services.late_rating import rate_late
from appraisal.services.publishing import close_cycle, work_on
from bukittinggi_kinerja.common.models import Event, Notice
from bukittinggi_kinerja.common.period import Period, local_date, start_of_day
from employees.models import AppraisalRegime, OrgUnit, Regime, StaffGroup, User
from employees.queries import viewer_of

from . import rows
from .judging import MEETS
from .months import CASE, ENTRY, EVIDENCE, EXAMPLE, FEEDBACK, Life, MonthRows
from .people import Person
from .permits import Desk
from .phrases import DEPART_BEHAVIOUR, DEPART_RESULT
from .timeline import Timeline
from .writing import continue_ids, copy_rows

#: Beat looks every ten minutes: the first look after the deadline closes.
AFTER_DEADLINE = dt.timedelta(minutes=10)
RATED_LATE_A_MONTH = 3
DESK_OWNER = "DPMPTSP"
NOTICE_READ = dt.timedelta(days=2)
LATE_REASON = "Penilai bertugas di luar kota sampai batas waktu lewat."


def local_groups(line: Timeline) -> list[StaffGroup]:
    """Groups that are appraised here from the first month on."""
    ruled = AppraisalRegime.objects.in_force(on=line.start).filter(regime=Regime.LOCAL)
    return list(StaffGroup.objects.filter(pk__in=ruled.values("group")).order_by("id"))


def open_desk(line: Timeline, people: Sequence[Person], *, seed: int) -> Desk:
    """The source of permit events and whose account is whose."""
    standards = dict(ServiceStandard.objects.adopted().values_list("service_type__code", "workdays"))
    desk = Desk(line, people, standards, seed=seed)
    mapping, owner = desk.mapping, OrgUnit.objects.get(code=DESK_OWNER)
    source = EventSource.objects.create(code=mapping.source, mapping=mapping.as_stored(), credit=mapping.credit, owner=owner)
    AccountAlias.objects.bulk_create(
        AccountAlias(source=source, account=a.name, employee_id=a.employee, valid=DateRange(line.start, None), reason="Daftar akun DPMPTSP")
        for a in desk.accounts
    )
    return desk


class Passage:
    """One month after the other, in the order in which the city lived them."""

    def __init__(self, line: Timeline, life: Life, desk: Desk, groups: list[StaffGroup]) -> None:
        self.line, self.life, self.desk, self.groups = line, life, desk, groups

    def month(self, month: Period, *, analyse: Callable[[], None]) -> None:
        """``analyse`` is called when the rows are there and the services have not begun."""
        opened = start_of_day(month.start)
        cycles = {group.code: open_cycle(group=group, period=month, now=opened) for group in self.groups}
        lived = self.life.month(month, {code: cycle.pk for code, cycle in cycles.items()})
        _copy_progress(lived)
        copy_rows(Event, rows.EVENT, rows.plan_events(self.life.plans, start=month.start, end=month.end, before=self.line.moment))
        continue_ids(ProgressEntry, Feedback)
        analyse()
        ended = start_of_day(month.end)
        self._deliver(month, min(ended, self.line.moment))
        feed_measured(period=month, now=min(ended, self.line.moment))
        # Raters judge when the figures of the month are there.
        _copy_ratings(lived)
        continue_ids(Assessment)
        if month != self.line.running:
            for cycle in cycles.values():
                move_cycle(cycle=cycle, to=CycleState.RATING, actor=None, now=ended)
            copy_rows(Event, rows.EVENT, rows.rating_events(lived.finished))
        if month in self.line.closed:
            for cycle in cycles.values():
                _close(cycle)
                self._rate_late(cycle)
        self._follow_ids()

    def _deliver(self, month: Period, now: dt.datetime) -> None:
        log = [LogRow(line=n, content=row) for n, row in enumerate(self.desk.delivery(month), 2)]
        take_events(mapping=self.desk.mapping, rows=log, actor=None, now=now)

    def _rate_late(self, cycle: Cycle) -> None:
        """Some of the missed ratings are made up for by the superior of the rater, a few days later, with the reason."""
        missed = Assessment.objects.current().filter(cycle=cycle, state=AssessmentState.NOT_RATED, reviewer__isnull=False)
        missed = missed.filter(score_row__result_advice=MEETS)
        for number, case in enumerate(missed.order_by("id")[:RATED_LATE_A_MONTH], 1):
            now = cycle.rating_due + dt.timedelta(days=number, hours=10)
            user = User.objects.get(employee=case.reviewer_id)
            if now < self.line.moment:
                marks: dict[str, int | None] = {"result": MEETS, "behaviour": MEETS}
                rate_late(
                    viewer=viewer_of(user, on=local_date(now)),
                    assessment_id=case.pk,
                    sheet=RatingSheet(changes=marks, examples={}, reasons={}, note=None),
                    reason=LATE_REASON,
                    now=now,
                )

    def _follow_ids(self) -> None:
        """The services have numbered rows too."""
        self.life.ids.entry = _last_id(ProgressEntry)
        self.life.ids.case = _last_id(Assessment)
        self.life.ids.feedback = _last_id(Feedback)


def _copy_progress(lived: MonthRows) -> None:
    copy_rows(ProgressEntry, ENTRY, lived.entries)
    copy_rows(Evidence, EVIDENCE, lived.evidence)
    copy_rows(Feedback, FEEDBACK, lived.feedback)


def _copy_ratings(lived: MonthRows) -> None:
    copy_rows(Assessment, CASE, lived.cases)
    copy_rows(RatingExample, EXAMPLE, lived.examples)


def _close(cycle: Cycle) -> None:
    """Close, score, let the raters give their reasons where they departed from the advice, publish."""
    moment = cycle.rating_due + AFTER_DEADLINE
    job = close_cycle(cycle=cycle, now=moment)
    publishing = work_on(job, now=moment) if job else None
    _give_reasons(cycle)
    if publishing:
        work_on(publishing, now=moment)


def _give_reasons(cycle: Cycle) -> None:
    """Whoever departs from the advice says why; the advice is known only now that the rule has spoken."""
    for rating, advice, reason, texts in (
        ("result_rating", "score_row__result_advice", "result_reason", DEPART_RESULT),
        ("behaviour_rating", "score_row__behaviour_advice", "behaviour_reason", DEPART_BEHAVIOUR),
    ):
        departed = Assessment.objects.filter(cycle=cycle, state=AssessmentState.RATED, **{f"{advice}__isnull": False})
        ids = departed.exclude(**{rating: F(advice)}).values("id")
        Assessment.objects.filter(id__in=ids).annotate(turn=Mod("id", len(texts))).update(**{reason: _by_turns(texts)})


def _by_turns(texts: Sequence[str]) -> Case:
    return Case(
        *(When(turn=number, then=Value(text)) for number, text in enumerate(texts)), default=Value(texts[0]), output_field=CharField()
    )


def settle_times(line: Timeline) -> None:
    """Old notices are read. When a row was written, the database alone says."""
    if len(line.closed) > 1:
        Notice.objects.filter(created_at__lte=line.rating_due(line.closed[-2]) + AFTER_DEADLINE).update(
            read_at=F("created_at") + NOTICE_READ
        )


def _last_id(model: Any) -> int:
    return model.objects.order_by("-id").values_list("id", flat=True).first() or 0
