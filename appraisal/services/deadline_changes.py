"""Moving a deadline: extending, reopening, revoking. What the check page shows is worked out by what then writes it.

Decision 0023: a decision for the city moves the cycle's own dates; one for a unit or person moves the dates of its
cases, and these alone stay open when the cycle closes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from appraisal.models import Assessment, Cycle, DeadlineChange, ServiceOutage
from appraisal.policies import may_move_deadlines
from appraisal.queries.deadlines import STILL_OPEN, due_progress, due_rating, earliest_dues, in_scope, latest_dues
from appraisal.rules.deadlines import Kind, Scope, What, following_rating, last_moment
from appraisal.rules.lifecycle import OPEN_CYCLES, OPEN_RATINGS, AssessmentState, CycleState
from bukittinggi_kinerja.common.calendar import working_calendar
from bukittinggi_kinerja.common.errors import NotAllowed, NotNow, NotVisible, Unacceptable
from bukittinggi_kinerja.common.events import record_event
from bukittinggi_kinerja.common.period import local_date
from bukittinggi_kinerja.common.texts import clean_line
from bukittinggi_kinerja.common.workdays import OutsideCalendar
from employees.models import Employee, OrgUnit
from employees.rules.viewing import Viewer

from .publishing import unfinished_jobs
from .reopened_cases import reopen_cases, tell_moved

REASON_LENGTH, LETTER_LENGTH = 300, 120
_OWN = {What.PROGRESS: "own_progress_due", What.RATING: "own_rating_due"}


class BeingComputed(NotNow):
    """Results of the period are being computed; in some minutes the same order can be given again."""


@dataclass(frozen=True)
class Order:
    """What BKPSDM asks for; ``kind`` follows from the dates unless an outage stands behind it."""

    period: str
    what: What
    scope: Scope
    day: dt.date
    reason: str
    letter: str
    unit_id: int | None = None
    employee_id: int | None = None
    outage: ServiceOutage | None = None


@dataclass(frozen=True)
class Step:
    """One deadline that moves: the latest it was in the scope, and what it becomes."""

    what: What
    old_due: dt.datetime
    new_due: dt.datetime
    follows: bool


@dataclass(frozen=True)
class Outcome:
    """What an order does, before or after it was adopted. People, not cases."""

    kind: Kind
    steps: tuple[Step, ...]
    people: int
    reopened: int
    published: int
    unit: OrgUnit | None = None
    employee: Employee | None = None
    changes: tuple[DeadlineChange, ...] = field(default=())


def preview(*, viewer: Viewer, order: Order, now: dt.datetime) -> Outcome:
    """What ``adopt`` would do, and its refusals; nothing is written."""
    return _work_out(viewer, order, list(Cycle.objects.filter(period=order.period).order_by("id")), now)


@transaction.atomic
def adopt(*, viewer: Viewer, order: Order, now: dt.datetime) -> Outcome:
    """Move the deadline, what follows it, and open again what closed unrated.

    The cycles are locked first: a closing that runs meanwhile is waited for, or waits and meets the new date.
    Raises NotAllowed, NotVisible, NotNow and Unacceptable with sentences per field.
    """
    cycles = list(Cycle.objects.select_for_update().filter(period=order.period).order_by("id"))
    outcome = _work_out(viewer, order, cycles, now)
    written: list[DeadlineChange] = []
    for step in outcome.steps:
        written.append(_row(order, outcome, step, viewer, now, follows=written[0] if written else None))
    _apply(written, cycles, now)
    record_event(
        action="appraisal.deadline.moved",
        subject=written[0],
        actor=viewer.user_id,
        now=now,
        old={step.what.value: step.old_due for step in outcome.steps},
        new={**{step.what.value: step.new_due for step in outcome.steps}, "kind": outcome.kind.value, "scope": order.scope.value}
        | {"unit": order.unit_id, "employee": order.employee_id, "people": outcome.people, "reopened": outcome.reopened},
        reason=f"{written[0].reason} ({written[0].letter})",
    )
    for change in written:
        tell_moved(change, now=now)
    return replace(outcome, changes=tuple(written))


@transaction.atomic
def revoke(*, viewer: Viewer, change_id: int, reason: str, now: dt.datetime) -> DeadlineChange:
    """End a change with today, and what followed it; a date that has passed stays what it was."""
    if not may_move_deadlines(viewer):
        raise NotAllowed(_("Batas waktu dipindahkan oleh BKPSDM."))
    period = DeadlineChange.objects.filter(pk=change_id).values_list("period", flat=True).first()
    cycles = list(Cycle.objects.select_for_update().filter(period=period).order_by("id"))
    change = DeadlineChange.objects.select_for_update(of=("self",)).select_related("unit").filter(pk=change_id).first()
    if change is None:
        raise NotVisible(_("Perubahan batas waktu ini tidak ada."))
    if change.follows_id is not None:
        raise NotNow(_("Batas ini mengikuti perubahan lain. Cabut perubahan yang diikutinya."))
    if change.revoked_at is not None or change.until < now:
        raise NotNow(_("Perubahan ini sudah berakhir, jadi tidak dapat dicabut."))
    _require_rest(cycles)
    why = clean_line(reason, limit=REASON_LENGTH)
    if not why:
        raise Unacceptable(_("Isi alasan pencabutan."), errors={"reason": [_("Isi alasan pencabutan.")]})
    for row in (change, *change.followers.select_related("unit")):
        row.until = min(row.until, last_moment(local_date(now)))
        row.revoked_at, row.revoked_by_id, row.revoked_reason = now, viewer.user_id, why
        row.save()
    _again(change, cycles)
    record_event(
        action="appraisal.deadline.revoked", subject=change, actor=viewer.user_id, now=now, new={"until": change.until}, reason=why
    )
    return change


def follow_changes(*, cycle: Cycle) -> int:
    """Give cases that came or moved into a scope its dates; how many changed. Nothing to do costs one query."""
    moved = 0
    rows = DeadlineChange.objects.filter(period=cycle.period).exclude(scope=Scope.CITY.value)
    for change in rows.select_related("unit").order_by("until", "id"):
        moved += _lengthen(Assessment.objects.current().filter(in_scope(change), cycle=cycle), change)
    return moved


def _work_out(viewer: Viewer, order: Order, cycles: Sequence[Cycle], now: dt.datetime) -> Outcome:
    if not may_move_deadlines(viewer):
        raise NotAllowed(_("Batas waktu dipindahkan oleh BKPSDM."))
    if not cycles:
        raise NotVisible(_("Periode ini tidak ada."))
    probe, new_due = _checked(order, now)
    cases = _cases_of(probe, cycles)
    open_cases = cases.filter(STILL_OPEN)
    unrated = cases.filter(state=AssessmentState.NOT_RATED.value, cycle__state=CycleState.PUBLISHED.value)
    _require_movable(cycles, cases, open_cases, unrated)
    dues = latest_dues(open_cases | unrated)
    steps = _steps(order.what, new_due, dues, earliest_dues(open_cases | unrated))
    rating_only = order.what is What.RATING
    shorter = open_cases.annotate(due=due_rating() if rating_only else due_progress()).filter(due__lt=new_due)
    reopened = unrated.values("employee").distinct().count()
    people = shorter.values("employee").distinct().count() + reopened
    if not people:
        sentence = _("Batas yang berlaku sudah sama atau lebih lama.")
        raise Unacceptable(sentence, errors={"day": [sentence]})
    old = dues["rating"] if rating_only else dues["progress"]
    kind = Kind.OUTAGE if order.outage else Kind.REOPENING if old < now else Kind.EXTENSION
    published = cases.filter(state=AssessmentState.PUBLISHED.value).values("employee").distinct().count()
    return Outcome(kind, steps, people, reopened, published, probe.unit, probe.employee)


def _steps(what: What, new_due: dt.datetime, latest: Mapping[str, dt.datetime], earliest: Mapping[str, dt.datetime]) -> tuple[Step, ...]:
    """What moves, from the latest date of the scope; whether rating follows is asked of who closes first, or figures would outlive it."""
    if what is What.RATING:
        return (Step(what, latest["rating"], new_due, follows=False),)
    first = Step(what, latest["progress"], new_due, follows=False)
    later = following_rating(
        progress_due=earliest["progress"], new_progress_due=new_due, rating_due=earliest["rating"], calendar=working_calendar()
    )
    return (first,) if later is None else (first, Step(What.RATING, earliest["rating"], later, follows=True))


def _checked(order: Order, now: dt.datetime) -> tuple[DeadlineChange, dt.datetime]:
    """A row that names the scope, and the new deadline. All sentences at once."""
    problems: dict[str, list[object]] = {}
    if not clean_line(order.reason, limit=REASON_LENGTH):
        problems["reason"] = [_("Isi alasan.")]
    if not clean_line(order.letter, limit=LETTER_LENGTH):
        problems["letter"] = [_("Isi nomor surat, atau tulis menyusul.")]
    unit = OrgUnit.objects.filter(pk=order.unit_id or 0).first() if order.scope is Scope.UNIT else None
    employee = Employee.objects.filter(pk=order.employee_id or 0).first() if order.scope is Scope.PERSON else None
    if order.scope is Scope.UNIT and unit is None:
        problems["unit"] = [_("Pilih unit.")]
    if order.scope is Scope.PERSON and employee is None:
        problems["employee"] = [_("Pilih pegawai.")]
    new_due = last_moment(order.day)
    try:
        if not working_calendar().is_working(order.day):
            problems["day"] = [_("Batas baru jatuh pada hari libur. Pilih hari kerja.")]
    except OutsideCalendar:
        problems["day"] = [_("Kalender tanggal ini belum dimuat. Pilih tanggal yang lebih dekat.")]
    if new_due <= now:
        problems["day"] = [_("Batas baru sudah lewat. Pilih hari ini atau sesudahnya.")]
    if problems:
        raise Unacceptable(_("Batas waktu belum berubah. Periksa isian yang ditandai."), errors=problems)
    return DeadlineChange(scope=order.scope.value, unit=unit, employee=employee), new_due


def _require_movable(
    cycles: Sequence[Cycle], cases: QuerySet[Assessment], open_cases: QuerySet[Assessment], unrated: QuerySet[Assessment]
) -> None:
    _require_rest(cycles)
    if open_cases.exists() or unrated.exists():
        return
    if cases.filter(state=AssessmentState.PUBLISHED.value).exists():
        raise NotNow(
            _("Hasil periode ini sudah terbit. Pejabat penilai atau atasannya memperbaikinya dengan versi baru dari halaman penilaian.")
        )
    raise Unacceptable(
        _("Tidak ada penilaian terbuka dalam cakupan ini."), errors={"scope": [_("Tidak ada penilaian terbuka dalam cakupan ini.")]}
    )


def _require_rest(cycles: Sequence[Cycle]) -> None:
    """No results are being computed: the chunks of a closing find their cases by the deadline that let them close."""
    closing = unfinished_jobs().filter(detail__cycle__in=[cycle.pk for cycle in cycles])
    if any(cycle.state == CycleState.CLOSED for cycle in cycles) or closing.exists():
        raise BeingComputed(_("Hasil periode ini sedang dihitung. Coba lagi beberapa menit lagi."))


def _cases_of(change: DeadlineChange, cycles: Sequence[Cycle]) -> QuerySet[Assessment]:
    within = Assessment.objects.current().filter(in_scope(change), cycle__in=[cycle.pk for cycle in cycles])
    return within.exclude(state=AssessmentState.EXEMPT.value)


def _row(order: Order, outcome: Outcome, step: Step, viewer: Viewer, now: dt.datetime, *, follows: DeadlineChange | None) -> DeadlineChange:
    return DeadlineChange.objects.create(
        period=order.period,
        what=step.what.value,
        scope=order.scope.value,
        unit=outcome.unit,
        employee=outcome.employee,
        kind=outcome.kind.value,
        new_due=step.new_due,
        until=step.new_due,
        reason=clean_line(order.reason, limit=REASON_LENGTH),
        letter=clean_line(order.letter, limit=LETTER_LENGTH),
        outage=order.outage,
        follows=follows,
        decided_by_id=viewer.user_id or 0,
        decided_at=now,
    )


def _apply(changes: Sequence[DeadlineChange], cycles: Sequence[Cycle], now: dt.datetime) -> None:
    """Rating before progress: of a cycle the one never ends before the other."""
    for change in reversed(changes):
        cases = _cases_of(change, cycles)
        if change.scope == Scope.CITY:
            for cycle in cycles:
                if cycle.state in OPEN_CYCLES:
                    _move_cycle_due(cycle, change)
            _lengthen(cases.filter(STILL_OPEN).exclude(cycle__state__in=OPEN_CYCLES), change)
        else:
            _lengthen(Assessment.objects.current().filter(STILL_OPEN, in_scope(change), cycle__in=cycles), change)
    dues = {_OWN[What(change.what)]: change.until for change in changes}
    # Of what closed unrated only the rating can be open again; its figures may come as long as progress is.
    dues.setdefault("own_rating_due", dues.get("own_progress_due", changes[0].until))
    closed = _cases_of(changes[0], cycles).filter(state=AssessmentState.NOT_RATED.value, cycle__state=CycleState.PUBLISHED.value)
    reopen_cases(closed, dues=dues, reason=changes[0].reason, now=now)


def _move_cycle_due(cycle: Cycle, change: DeadlineChange) -> None:
    name = "progress_due" if change.what == What.PROGRESS else "rating_due"
    if getattr(cycle, name) >= change.until:
        return
    if getattr(cycle, f"opened_{name}") is None:
        setattr(cycle, f"opened_{name}", getattr(cycle, name))
    setattr(cycle, name, change.until)
    cycle.version += 1
    cycle.save()


def _lengthen(cases: QuerySet[Assessment], change: DeadlineChange) -> int:
    """The later date stays, whatever the order of the decisions."""
    own = _OWN[What(change.what)]
    shorter = Q(**{f"{own}__isnull": True}) | Q(**{f"{own}__lt": change.until})
    return Assessment.objects.filter(pk__in=cases.filter(shorter).values("pk")).update(**{own: change.until})


def _again(change: DeadlineChange, cycles: Sequence[Cycle]) -> None:
    """The dates of a scope anew from every decision that speaks of it."""
    rows = list(DeadlineChange.objects.filter(period=change.period).select_related("unit").order_by("until", "id"))
    for cycle in cycles:
        if change.scope == Scope.CITY and cycle.state in OPEN_CYCLES:
            for what, name in ((What.PROGRESS, "progress_due"), (What.RATING, "rating_due")):
                dates = [row.until for row in rows if row.scope == Scope.CITY and row.what == what]
                opened = getattr(cycle, f"opened_{name}")
                setattr(cycle, name, max([opened, *dates]) if opened else getattr(cycle, name))
            cycle.rating_due = max(cycle.rating_due, cycle.progress_due)
            cycle.version += 1
            cycle.save()
    touched = list(
        Assessment.objects.current()
        .filter(in_scope(change), state__in=OPEN_RATINGS, cycle__in=cycles)
        .exclude(own_progress_due=None, own_rating_due=None)
        .values_list("pk", flat=True)
    )
    cases = Assessment.objects.filter(pk__in=touched)
    cases.filter(cycle__state__in=OPEN_CYCLES).update(own_progress_due=None, own_rating_due=None)
    # What outlasted its cycle has no other date: it keeps the day of the revocation.
    cases.exclude(cycle__state__in=OPEN_CYCLES).update(own_progress_due=None, own_rating_due=change.until)
    for row in rows:
        if row.scope != Scope.CITY or row.pk == change.pk:
            _lengthen(cases.filter(in_scope(row)), row)
        else:
            # Of a closed cycle the decision for the city stands on its cases alone.
            _lengthen(cases.filter(in_scope(row)).exclude(cycle__state__in=OPEN_CYCLES), row)
