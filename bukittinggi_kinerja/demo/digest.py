"""The fingerprint of what ``load`` closed: ids, values and times, sorted; the same parameters give the same one.

Left out is what ordinary use changes afterwards: passwords, receipts and notices read, the open months, plans that
still run, a superseded version's state, and every row that came later.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, models, transaction
from django.db.models import Case, CharField, F, Func, QuerySet, Value, When

from appraisal.incentives.models import AccountAlias, EventConflict, ServiceCase, ServiceEvent
from appraisal.models import (
    Assessment,
    Cycle,
    Evidence,
    Feedback,
    Indicator,
    PerformancePlan,
    PeriodTarget,
    ProgressEntry,
    RatingExample,
    Score,
    ScoredIndicator,
    WorkResult,
)
from appraisal.rules.lifecycle import AssessmentState
from bukittinggi_kinerja.common.events import record_event
from bukittinggi_kinerja.common.models import Event
from bukittinggi_kinerja.common.period import start_of_day
from employees.models import PERSONAL, ActingAppointment, Employee, OrgUnit, Position, Posting, RoleAssignment, Spanned, User

from .registers import REGISTERS

ACTION = "demo.loaded"
#: Tables whose later rows are not the demo's: their last id is remembered.
GROWING: tuple[type[models.Model], ...] = (
    *(OrgUnit, Position, Employee, Posting, User, RoleAssignment, ActingAppointment, PerformancePlan, PeriodTarget),
    *(ProgressEntry, Evidence, Assessment, RatingExample, Feedback, ServiceCase, ServiceEvent, AccountAlias, EventConflict),
    *REGISTERS,
)
Rows = QuerySet[Any, Any]


@dataclass(frozen=True)
class Extent:
    """What belongs to the demo: the closed periods, its "today", and the last id of each growing table."""

    closed: list[str]
    today: dt.date
    last: dict[str, int]
    event: int

    def own(self, model: type[models.Model]) -> QuerySet[Any]:
        return model._base_manager.filter(pk__lte=self.last[model._meta.label_lower])  # noqa: SLF001 - all rows, whatever the manager


def remember(*, closed: list[str], today: dt.date, parameters: dict[str, int], now: dt.datetime) -> None:
    """One event row that says what was loaded and how far it reaches."""
    last = {model._meta.label_lower: _last(model) for model in GROWING}
    new = {**parameters, "closed": closed, "today": today, "last": last}
    record_event(action=ACTION, subject=("demo.city", 1), actor=None, now=now, new=new, reason="kota contoh")


def extent() -> Extent | None:
    """None where no demo city was loaded."""
    event = Event.objects.filter(action=ACTION).order_by("id").first()
    if event is None:
        return None
    return Extent(event.new["closed"], dt.date.fromisoformat(event.new["today"]), event.new["last"], event.pk)


@transaction.atomic
def digest(of: Extent) -> str:
    """SHA-256 in hexadecimal."""
    sink = _Sink()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL TIME ZONE 'UTC'; SET LOCAL datestyle = 'ISO, YMD'")
        for rows in (*_people(of), *_plans(of), *_months(of), *_permits(of), *_memory(of)):
            sink.write(f"\n{rows.model._meta.label_lower}\n".encode())
            with suppress(EmptyResultSet):  # no closed month: nothing to write
                sql, params = rows.query.sql_with_params()
                cursor.copy_expert(cursor.mogrify(f"COPY ({sql}) TO STDOUT", params), sink)
    return sink.sha.hexdigest()


class _Sink:
    """A file that only remembers the hash of what was written to it."""

    def __init__(self) -> None:
        self.sha = hashlib.sha256()

    def write(self, data: bytes) -> int:
        self.sha.update(data)
        return len(data)


def _last(model: type[models.Model]) -> int:
    found = model._base_manager.order_by("-pk").values_list("pk", flat=True).first()  # noqa: SLF001
    return int(found or 0)


def _people(of: Extent) -> Iterator[Rows]:
    yield of.own(OrgUnit).order_by("id").values_list("id", "code", "name", "kind", "parent_id", "path", "full_name", "valid")
    yield of.own(Position).order_by("id").values_list("id", "title", "kind", "job_class", "group__code")
    yield of.own(Employee).order_by("id").values_list("id", "nip", "name", "kind", "sex", "birth_date", "grade__code", "status")
    learned = Func(F("known"), function="lower", output_field=models.DateTimeField())
    yield (
        of.own(Posting)
        .annotate(learned=learned)
        .order_by("id")
        .values_list(
            *("id", "employee_id", "unit_id", "position_id", "supervisor_id", "heads_unit", "valid", "learned", "decree", "decided_on")
        )
    )
    yield of.own(User).order_by("id").values_list("id", "username", "employee_id", "is_staff", "date_joined")
    yield of.own(RoleAssignment).order_by("id").values_list("id", "user_id", "role", "unit_id", "valid")
    yield of.own(ActingAppointment).order_by("id").values_list("id", "principal_id", "substitute_id", "kind", "valid", "letter_number")
    for register in REGISTERS:
        columns = ["id", *register.facts, "letter_number", "recorded_at"]
        days = ["valid"] if issubclass(register, Spanned) else []
        whose = ["employee_id"] if register.register in PERSONAL else []
        yield of.own(register).order_by("id").values_list(*columns, *days, *whose)


def _plans(of: Extent) -> Iterator[Rows]:
    """Plans that have ended, in full; of those that run, the targets of the closed periods."""
    plans = of.own(PerformancePlan)
    yield plans.order_by("id").values_list("id", "employee_id", "unit_id", "position_id", "assessor_id", "year")
    ended = plans.filter(valid__endswith__lte=of.today)
    yield ended.order_by("id").values_list("id", "valid", "signed_by_employee_at", "signed_by_assessor_at", "behaviour_expectations")
    kept = {"plan__in": ended.values("id")}
    yield WorkResult.objects.filter(**kept).order_by("id").values_list("id", "plan_id", "kind", "title", "parent_id", "order")
    yield (
        Indicator.objects.filter(**kept)
        .order_by("id")
        .values_list(
            *("id", "work_result_id", "plan_id", "name", "aspect", "unit_name", "form", "direction", "accumulation"),
            *("target", "target_max", "target_date", "statement", "weight", "measure"),
        )
    )
    targets = of.own(PeriodTarget).filter(period__in=of.closed)
    yield targets.order_by("id").values_list("id", "indicator_id", "period", "start", "end", "target", "target_max", "target_date")


def _months(of: Extent) -> Iterator[Rows]:
    cycles = Cycle.objects.filter(period__in=of.closed)
    yield cycles.order_by("id").values_list(
        *("id", "period", "group__code", "policy__code", "start", "end", "progress_due", "rating_due", "published_at")
    )
    entries = of.own(ProgressEntry).filter(target__period__in=of.closed)
    yield entries.order_by("id").values_list(
        *("id", "target_id", "employee_id", "value", "realised_on", "note", "source", "sources", "entered_by", "entered_at")
    )
    evidence = of.own(Evidence).filter(entry__target__period__in=of.closed)
    yield evidence.order_by("id").values_list("id", "entry_id", "kind", "title", "url", "file", "sha256", "size", "uploaded_at")
    feedback = of.own(Feedback).filter(happened_on__lt=_end(cycles, of))
    yield feedback.order_by("id").values_list(
        *("id", "employee_id", "author_id", "source", "behaviour", "tone", "happened_on", "text", "created_at")
    )
    yield from _results(of)


def _results(of: Extent) -> Iterator[Rows]:
    cases = of.own(Assessment).filter(cycle__period__in=of.closed)
    exempt = Case(When(state=AssessmentState.EXEMPT, then=F("state_reason")), default=Value(""), output_field=CharField())
    yield (
        cases.annotate(exempt=exempt)
        .order_by("id")
        .values_list(
            *("id", "cycle_id", "plan_id", "employee_id", "unit_id", "assessor_id", "reviewer_id", "rated_by_id", "version", "replaces_id"),
            *("result_rating", "behaviour_rating", "mark_bp", "mark_ak", "mark_ko", "mark_ha", "mark_lo", "mark_ad", "mark_kl"),
            *("result_reason", "behaviour_reason", "note", "rated_at", "published_at", "exempt"),
        )
    )
    examples = of.own(RatingExample).filter(assessment__in=cases.values("id"))
    yield examples.order_by("id").values_list("id", "assessment_id", "aspect", "text", "feedback_id", "written_at")
    yield (
        ScoredIndicator.objects.filter(assessment__in=cases.values("id"))
        .order_by("assessment_id", "indicator_id")
        .values_list(
            *("assessment_id", "indicator_id", "weight", "form", "direction", "accumulation", "target", "target_max", "target_date"),
            *("period_start", "entry_ids", "realisation", "realised_on", "raw", "achievement"),
        )
    )
    yield (
        Score.objects.filter(assessment__in=cases.values("id"))
        .order_by("assessment_id")
        .values_list(
            *("assessment_id", "policy__code", "result_rating", "behaviour_rating", "marks", "result_score", "behaviour_score"),
            *("result_advice", "behaviour_advice", "predicate", "computed_at"),
        )
    )


def _permits(of: Extent) -> Iterator[Rows]:
    """Files that were finished before the open months; whose account is whose may be settled later."""
    cases = of.own(ServiceCase).filter(finished_at__lt=start_of_day(_end(Cycle.objects.filter(period__in=of.closed), of)))
    yield cases.order_by("id").values_list(
        *("id", "case_id", "service_type__code", "accepted_at", "due_at", "finished_at", "net_working_days", "standard_days"),
        *("on_time", "responsible_account"),
    )
    events = of.own(ServiceEvent).filter(case__in=cases.values("id"))
    yield events.order_by("id").values_list("id", "case_id", "key", "version", "activity", "at", "account", "digest", "recorded_at")
    yield of.own(AccountAlias).order_by("id").values_list("id", "account", "employee_id")
    yield of.own(EventConflict).order_by("id").values_list("id", "key", "case_id", "digest", "noticed_at")


def _memory(of: Extent) -> Iterator[Rows]:
    events = Event.objects.filter(pk__lte=of.event).order_by("id")
    yield events.values_list("id", "at", "actor", "action", "subject_type", "subject_id", "old", "new", "reason")


def _end(cycles: QuerySet[Cycle], of: Extent) -> dt.date:
    """The first day after the closed months."""
    return cycles.aggregate(last=models.Max("end"))["last"] or dt.date(of.today.year, 1, 1)
