"""Opening a cycle, its deadlines, and its way from state to state."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from appraisal.models import AppraisalPolicy, Cycle
from appraisal.models.policy import governing
from appraisal.rules.deadlines import last_moment
from appraisal.rules.lifecycle import CYCLE_MOVES, CycleState, may_move
from bukittinggi_kinerja.common.calendar import working_calendar
from bukittinggi_kinerja.common.errors import NotNow, Unacceptable
from bukittinggi_kinerja.common.events import record_event
from bukittinggi_kinerja.common.period import Period
from employees.models import StaffGroup

_ORDER = tuple(CycleState)


@transaction.atomic
def open_cycle(*, group: StaffGroup, period: Period, now: dt.datetime) -> Cycle:
    """The cycle of a group and period, made when missing: policy of its first day, deadlines in working days."""
    found = Cycle.objects.filter(group=group, start=period.start).first()
    if found is not None:
        return found
    policy = governing(period.start)
    if policy is None:
        raise Unacceptable("Belum ada aturan penilaian yang berlaku pada awal periode ini.")
    progress_due, rating_due = deadlines(period, policy)
    cycle, created = Cycle.objects.get_or_create(
        group=group,
        start=period.start,
        defaults={
            "period": period.key,
            "kind": period.kind.value,
            "policy": policy,
            "end": period.end,
            "progress_due": progress_due,
            "rating_due": rating_due,
        },
    )
    if created:
        new = {"period": period.key, "group": group.code, "policy": policy.code, "rating_due": rating_due}
        record_event(action="appraisal.cycle.opened", subject=cycle, actor=None, now=now, new=new)
    return cycle


def deadlines(period: Period, policy: AppraisalPolicy) -> tuple[dt.datetime, dt.datetime]:
    """Last admissible moment of progress and of rating: working days after the period's last day."""
    calendar = working_calendar()
    return (
        last_moment(calendar.add(period.last_day, policy.progress_workdays)),
        last_moment(calendar.add(period.last_day, policy.rating_workdays)),
    )


@transaction.atomic
def move_cycle(*, cycle: Cycle, to: CycleState, actor: int | None, now: dt.datetime, reason: str = "") -> bool:
    """Lock, ask the table, move; False when it is already there or further: two beats may call at once."""
    locked = Cycle.objects.select_for_update().get(pk=cycle.pk)
    if _ORDER.index(CycleState(locked.state)) >= _ORDER.index(to):
        return False
    if not may_move(CYCLE_MOVES, CycleState(locked.state), to):
        raise NotNow("Siklus ini tidak dapat berpindah ke keadaan itu.")
    old = locked.state
    locked.state, locked.version = to.value, locked.version + 1
    if to is CycleState.PUBLISHED:
        locked.published_at = now
    locked.save()
    record_event(
        action="appraisal.cycle.moved",
        subject=locked,
        actor=actor,
        now=now,
        old={"state": old},
        new={"state": to.value},
        reason=reason,
    )
    return True
