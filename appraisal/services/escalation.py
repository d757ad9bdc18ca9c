"""Telling the superior of a late rater, or who acts for him: one act of an office, one notice a person and day, with the names."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from appraisal.models import Cycle
from appraisal.policies import may_remind_raters
from appraisal.queries.control import in_reach, rateable
from appraisal.queries.late import TAKES_LATE
from bukittinggi_kinerja.common.errors import NotAllowed, NotVisible
from bukittinggi_kinerja.common.events import record_event
from bukittinggi_kinerja.common.notices import notify
from bukittinggi_kinerja.common.period import local_date
from employees.queries.desks import desks_of, people_by_account
from employees.rules.viewing import Viewer

#: Names told in one notice; the rest is a number, and stands in the control room.
NAMED = 8


@dataclass(frozen=True)
class EscalationReport:
    """``sent`` superiors told; ``already`` heard of it today; ``unreachable`` have no account; ``raters`` without a superior."""

    sent: int
    already: int
    unreachable: int
    without: int


@transaction.atomic
def escalate_raters(*, viewer: Viewer, period: str, agency: str = "", rater: int | None = None, now: dt.datetime) -> EscalationReport:
    """Tell the superiors which of their raters have not finished: of one rater, of an OPD, or of all in reach.

    Only ratings somebody can still do something about, as with reminders. Raises NotAllowed and NotVisible.
    """
    if not may_remind_raters(viewer):
        raise NotAllowed(_("Pengingat dikirim oleh BKPSDM atau pengelola."))
    if not Cycle.objects.filter(period=period).exists():
        raise NotVisible(_("Periode ini tidak ada."))
    cases = in_reach(viewer, period, agency=agency, rater=rater).filter(rateable(now) | TAKES_LATE, assessor__isnull=False)
    rows = (
        cases.order_by().values("reviewer", "assessor__name").annotate(n=Count("employee", distinct=True)).order_by("-n", "assessor__name")
    )
    lists: dict[int | None, list[tuple[str, int]]] = defaultdict(list)
    for row in rows:
        lists[row["reviewer"]].append((row["assessor__name"], row["n"]))
    without = len(lists.pop(None, []))
    told = _told(lists, on=local_date(now))
    accounts = people_by_account(told)
    new = {"period": period, "agency": agency, "rater": rater, "superiors": len(lists)}
    event = record_event(action="appraisal.raters.escalated", subject=("appraisal.cycle", period), actor=viewer.user_id, now=now, new=new)
    sent = 0
    for account, person in accounts.items():
        names = told[person]
        sent += notify(
            recipients=[account],
            kind="raters_escalated",
            data={
                "period": period,
                "raters": len(names),
                "people": sum(n for _name, n in names),
                "names": [{"name": name, "n": n} for name, n in names[:NAMED]],
            },
            link=f"/tim/?periode={period}",
            once=f"raters_escalated:{period}:{local_date(now).isoformat()}",
            event=event,
            now=now,
        )
    return EscalationReport(sent, len(accounts) - sent, len(told) - len(accounts), without)


def _told(lists: Mapping[int | None, list[tuple[str, int]]], *, on: dt.date) -> dict[int, list[tuple[str, int]]]:
    """By person who hears of it: the superior, and who acts in his place on the day; the longest lists of names first."""
    desks = desks_of([superior for superior in lists if superior is not None], on=on)
    found: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for superior, names in lists.items():
        for person in desks.at(superior) if superior is not None else ():
            found[person] += names
    return {person: sorted(names, key=lambda pair: (-pair[1], pair[0])) for person, names in found.items()}
