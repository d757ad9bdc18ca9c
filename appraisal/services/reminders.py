"""Reminding late raters: one act of an office, one notice a person and day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from appraisal.models import Cycle
from appraisal.policies import may_remind_raters
from appraisal.queries.control import PENDING, in_reach
from appraisal.rules.lifecycle import CycleState
from bukittinggi_kinerja.common.errors import NotAllowed, NotNow, NotVisible
from bukittinggi_kinerja.common.events import record_event
from bukittinggi_kinerja.common.notices import notify
from bukittinggi_kinerja.common.period import local_date
from employees.models import User
from employees.rules.viewing import Viewer


@dataclass(frozen=True)
class ReminderReport:
    """``sent`` new notices; ``already`` were reminded today; ``unreachable`` have no account."""

    sent: int
    already: int
    unreachable: int


@transaction.atomic
def remind_raters(*, viewer: Viewer, period: str, agency: str = "", now: dt.datetime) -> ReminderReport:
    """Remind every rater who has not finished his people of a period, of one OPD or of all in the viewer's reach.

    Raises NotAllowed for others than HR, NotVisible for a period without cycles, NotNow while it still runs.
    """
    if not may_remind_raters(viewer):
        raise NotAllowed(_("Pengingat dikirim oleh BKPSDM atau pengelola."))
    cycles = list(Cycle.objects.filter(period=period))
    if not cycles:
        raise NotVisible(_("Periode ini tidak ada."))
    if all(cycle.state == CycleState.RUNNING for cycle in cycles):
        raise NotNow(_("Periode ini masih berjalan. Pengingat penilaian dikirim setelah periode berakhir."))
    late = in_reach(viewer, period, agency=agency).filter(PENDING, assessor__isnull=False)
    raters = set(late.order_by().values_list("assessor", flat=True).distinct())
    accounts = list(User.objects.filter(employee__in=raters, is_active=True).values_list("id", flat=True))
    event = record_event(
        action="appraisal.raters.reminded",
        subject=("appraisal.cycle", period),
        actor=viewer.user_id,
        now=now,
        new={"period": period, "agency": agency, "raters": len(raters)},
    )
    sent = notify(
        recipients=accounts,
        kind="rating_reminder",
        data={"period": period, "due": max(cycle.rating_due for cycle in cycles).isoformat()},
        link=f"/tim/?periode={period}",
        once=f"rating_reminder:{period}:{local_date(now).isoformat()}",
        event=event,
        now=now,
    )
    return ReminderReport(sent=sent, already=len(accounts) - sent, unreachable=len(raters) - len(accounts))
