"""An outage of the service: entered once, it moves every deadline that it touched."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils.translation import gettext as _

from appraisal.models import Cycle, DeadlineChange, ServiceOutage
from appraisal.policies import may_move_deadlines
from appraisal.queries.deadlines import deadline_policy
from appraisal.rules.deadlines import Outage, OutageRule, Scope, What, moved_by_outage
from bukittinggi_kinerja.common.calendar import working_calendar
from bukittinggi_kinerja.common.errors import NotAllowed, NotNow, Refusal, Unacceptable
from bukittinggi_kinerja.common.events import record_event
from bukittinggi_kinerja.common.period import JAKARTA, local_date
from bukittinggi_kinerja.common.texts import clean_line
from bukittinggi_kinerja.common.workdays import OutsideCalendar
from employees.rules.viewing import Viewer

from .deadline_changes import LETTER_LENGTH, REASON_LENGTH, BeingComputed, Order, Outcome, adopt, preview

LONGEST = dt.timedelta(days=31)
LOOK_BACK = dt.timedelta(days=120)


@dataclass(frozen=True)
class Touched:
    """One deadline an outage moves, and what that does."""

    order: Order
    old_due: dt.datetime
    outcome: Outcome


@dataclass(frozen=True)
class OutageReport:
    """``refused`` are periods whose results are out: their way is a new version."""

    touched: tuple[Touched, ...]
    refused: tuple[tuple[str, str], ...]
    outage: ServiceOutage | None = None

    @property
    def people(self) -> int:
        return max((one.outcome.people for one in self.touched), default=0)


def preview_outage(*, viewer: Viewer, start: dt.datetime, end: dt.datetime, reason: str, letter: str, now: dt.datetime) -> OutageReport:
    """What entering it would do; nothing is written."""
    words = _checked(viewer, start, end, reason, letter)
    _refuse_counted(start, end)
    touched, refused = [], []
    for order, due in _orders(start, end, *words, now=now):
        try:
            touched.append(Touched(order, due, preview(viewer=viewer, order=order, now=now)))
        except Unacceptable:
            continue  # an older decision reaches as far
        except BeingComputed:
            raise
        except NotNow as refusal:
            refused.append((order.period, str(refusal)))
    return OutageReport(tuple(touched), tuple(refused))


@transaction.atomic
def record_outage(*, viewer: Viewer, start: dt.datetime, end: dt.datetime, reason: str, letter: str, now: dt.datetime) -> OutageReport:
    """Write the outage and move every deadline it touched; what an older decision already gave stays as it is.

    Raises NotAllowed, NotNow while results that it would move are computed, and Unacceptable with sentences per field: also where one of these hours has moved deadlines before.
    """
    words = _checked(viewer, start, end, reason, letter)
    _one_at_a_time()
    _refuse_counted(start, end)
    outage = ServiceOutage.objects.create(
        start=start, end=end, reason=words[0], letter=words[1], decided_by_id=viewer.user_id or 0, decided_at=now
    )
    touched, refused = [], []
    for order, due in _orders(start, end, *words, now=now, outage=outage):
        try:
            with transaction.atomic():
                touched.append(Touched(order, due, adopt(viewer=viewer, order=order, now=now)))
        except BeingComputed:
            raise  # half of it would be entered, and the rest refused as entered already
        except Refusal as refusal:
            if isinstance(refusal, NotNow):
                refused.append((order.period, str(refusal)))
    new = {"start": start, "end": end, "letter": outage.letter, "moved": len(touched)}
    record_event(action="appraisal.outage.recorded", subject=outage, actor=viewer.user_id, now=now, new=new, reason=outage.reason)
    return OutageReport(tuple(touched), tuple(refused), outage)


def _checked(viewer: Viewer, start: dt.datetime, end: dt.datetime, reason: str, letter: str) -> tuple[str, str]:
    if not may_move_deadlines(viewer):
        raise NotAllowed(_("Batas waktu dipindahkan oleh BKPSDM."))
    why, paper = clean_line(reason, limit=REASON_LENGTH), clean_line(letter, limit=LETTER_LENGTH)
    problems: dict[str, list[object]] = {}
    if not why:
        problems["reason"] = [_("Isi yang terganggu.")]
    if not paper:
        problems["letter"] = [_("Isi nomor surat, atau tulis menyusul.")]
    if end <= start:
        problems["end"] = [_("Gangguan selesai setelah mulai. Periksa tanggal dan jamnya.")]
    elif end - start > LONGEST:
        problems["end"] = [_("Gangguan paling lama 31 hari. Periksa tanggalnya.")]
    if problems:
        raise Unacceptable(_("Gangguan belum tercatat. Periksa isian yang ditandai."), errors=problems)
    return why, paper


def _one_at_a_time() -> None:
    """Until the end of the transaction nobody else enters an outage: of two who enter the same one, the second finds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('appraisal.outages'))")


def _refuse_counted(start: dt.datetime, end: dt.datetime) -> None:
    """Hours that moved deadlines already would move them again. What moved nothing, or was revoked, may be entered anew."""
    standing = DeadlineChange.objects.filter(outage__start__lt=end, outage__end__gt=start, revoked_at=None)
    row = standing.order_by("outage__start", "id").select_related("outage").first()
    if row is None or row.outage is None:
        return
    first, last = (f"{moment.astimezone(JAKARTA):%d-%m-%Y %H.%M}" for moment in (row.outage.start, row.outage.end))
    sentence = _("Gangguan %(mulai)s sampai %(selesai)s sudah tercatat dan batasnya sudah dipindah. Isi jam di luarnya, atau cabut dahulu.")
    raise Unacceptable(
        _("Gangguan belum tercatat. Periksa isian yang ditandai."), errors={"end": [sentence % {"mulai": first, "selesai": last}]}
    )


def _orders(
    start: dt.datetime, end: dt.datetime, why: str, letter: str, *, now: dt.datetime, outage: ServiceOutage | None = None
) -> Iterator[tuple[Order, dt.datetime]]:
    """Every deadline the outage moved into the future, progress before rating; of the city first, then of units and people."""
    rule, window = deadline_policy(local_date(start)).outage_rule, Outage(start, end)
    for period, what, scope, unit, employee, due in list(_deadlines(start, end)):
        new = _new_due(due, window, rule)
        if new is not None and new > now:
            day = local_date(new)
            yield Order(period, what, scope, day, why, letter, unit_id=unit, employee_id=employee, outage=outage), due


def _deadlines(start: dt.datetime, end: dt.datetime) -> Iterator[tuple[str, What, Scope, int | None, int | None, dt.datetime]]:
    around = (start - LOOK_BACK, end + LOOK_BACK)
    cycles = list(Cycle.objects.filter(rating_due__range=around).order_by("start", "id"))
    for period in dict.fromkeys(cycle.period for cycle in cycles):
        mine = [cycle for cycle in cycles if cycle.period == period]
        yield period, What.PROGRESS, Scope.CITY, None, None, max(cycle.progress_due for cycle in mine)
        yield period, What.RATING, Scope.CITY, None, None, max(cycle.rating_due for cycle in mine)
    own = DeadlineChange.objects.filter(until__range=around, revoked_at=None).exclude(scope=Scope.CITY.value)
    for row in own.order_by("id"):
        yield row.period, What(row.what), Scope(row.scope), row.unit_id, row.employee_id, row.until


def _new_due(due: dt.datetime, outage: Outage, rule: OutageRule) -> dt.datetime | None:
    try:
        return moved_by_outage(due, outage, working_calendar(), rule)
    except OutsideCalendar as unknown:
        sentence = _("Kalender tanggal ini belum dimuat. Pilih tanggal yang lebih dekat.")
        raise Unacceptable(sentence, errors={"end": [sentence]}) from unknown
