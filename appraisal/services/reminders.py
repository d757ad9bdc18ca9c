"""Reminding late raters: one act of an office, one notice a person and day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from appraisal.models import Cycle
from appraisal.policies import may_remind_raters
from appraisal.queries.control import in_reach, rateable
from appraisal.queries.late import TAKES_LATE
from appraisal.rules.lifecycle import CycleState
from bukittinggi_kinerja.common.errors import NotAllowed, NotNow, NotVisible
from bukittinggi_kinerja.common.events import record_event
from bukittinggi_kinerja.common.notices import notify
from bukittinggi_kinerja.common.period import local_date
from employees.queries.desks import desks_of, people_by_account
from employees.rules.viewing import Viewer


@dataclass(frozen=True)
class ReminderReport:
    """``sent`` new notices; ``already`` were reminded today; ``unreachable`` have no account."""

    sent: int
    already: int
    unreachable: int


@transaction.atomic
def remind_raters(*, viewer: Viewer, period: str, agency: str = "", now: dt.datetime) -> ReminderReport:
    """Remind every rater who can still do something about his people of a period, of one OPD or of all in reach.

    Who holds a rater's mandate today is reminded with him, and instead of him while he is away.

    While the window is open that is rating; once it is published it is rating late. From the deadline to the publishing
    nobody can do anything, and nobody is reminded.

    Raises NotAllowed for others than HR, NotVisible for a period without cycles, NotNow while it still runs.
    """
    if not may_remind_raters(viewer):
        raise NotAllowed(_("Pengingat dikirim oleh BKPSDM atau pengelola."))
    cycles = list(Cycle.objects.filter(period=period))
    if not cycles:
        raise NotVisible(_("Periode ini tidak ada."))
    if all(cycle.state == CycleState.RUNNING for cycle in cycles):
        raise NotNow(_("Periode ini masih berjalan. Pengingat penilaian dikirim setelah periode berakhir."))
    reach = in_reach(viewer, period, agency=agency).filter(assessor__isnull=False).order_by()
    open_now = set(reach.filter(rateable(now)).values_list("assessor", flat=True).distinct())
    lapsed = set(reach.filter(TAKES_LATE).values_list("assessor", flat=True).distinct())
    desks = desks_of(open_now | lapsed, on=local_date(now))
    open_now, lapsed = desks.all_at(open_now), desks.all_at(lapsed)
    raters = open_now | lapsed
    accounts = people_by_account(raters)
    event = record_event(
        action="appraisal.raters.reminded",
        subject=("appraisal.cycle", period),
        actor=viewer.user_id,
        now=now,
        new={"period": period, "agency": agency, "raters": len(raters)},
    )
    sent = 0
    # Whoever still has open ratings is reminded of those; the same page names the ones that closed unrated.
    for kind, people in (("rating_reminder", open_now), ("late_rating_reminder", lapsed - open_now)):
        sent += notify(
            recipients=[account for account, person in accounts.items() if person in people],
            kind=kind,
            data={"period": period, "due": max(cycle.rating_due for cycle in cycles).isoformat()},
            link=f"/tim/?periode={period}",
            once=f"rating_reminder:{period}:{local_date(now).isoformat()}",
            event=event,
            now=now,
        )
    return ReminderReport(sent=sent, already=len(accounts) - sent, unreachable=len(raters) - len(accounts))
