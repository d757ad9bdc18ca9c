"""Figures typed for somebody without a phone: marked, told to the owner, and open to his dispute for some days."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from appraisal.models import AppraisalPolicy, ProgressEntry
from appraisal.policies import may_enter_progress
from appraisal.rules.vocabulary import Origin
from bukittinggi_kinerja.common.calendar import working_calendar
from bukittinggi_kinerja.common.errors import NotAllowed, NotNow, NotVisible, Unacceptable
from bukittinggi_kinerja.common.events import record_event
from bukittinggi_kinerja.common.models import Event
from bukittinggi_kinerja.common.notices import notify
from bukittinggi_kinerja.common.period import local_date
from bukittinggi_kinerja.common.texts import clean_line
from bukittinggi_kinerja.common.workdays import OutsideCalendar
from employees.queries.desks import accounts_of, told_for
from employees.rules.viewing import Viewer

REASON_LENGTH = 300
LINK = "/kinerja/realisasi/{}/{}/"


def last_day_to_dispute(policy: AppraisalPolicy, now: dt.datetime) -> dt.date:
    """The policy's working days after today; where no calendar is loaded, as many days twice over."""
    today = local_date(now)
    try:
        return working_calendar().add(today, policy.dispute_workdays)
    except OutsideCalendar:
        return today + dt.timedelta(days=2 * policy.dispute_workdays)


def tell_owner(entry: ProgressEntry, *, event: Event, now: dt.datetime) -> None:
    """The owner learns what was typed for him, and until when he may dispute it."""
    target = entry.target
    notify(
        recipients=accounts_of([entry.employee_id]),
        kind="progress_entered_for_you",
        data={"period": target.period, "until": entry.dispute_until},
        link=LINK.format(target.indicator_id, target.period),
        once=f"progress_entered_for_you:{entry.pk}",
        event=event,
        now=now,
    )


@transaction.atomic
def dispute_progress(*, viewer: Viewer, entry_id: int, reason: str, now: dt.datetime) -> ProgressEntry:
    """The owner says that a figure typed for him is wrong: it is marked, its typist and the rater are told, it stays as it is.

    Raises NotVisible, NotAllowed for others, NotNow for other figures or after the days of the policy, Unacceptable without reason.
    """
    entries = ProgressEntry.objects.visible_to(viewer).select_for_update(of=("self",)).select_related("target__indicator__plan")
    entry = entries.filter(pk=entry_id).first()
    if entry is None:
        raise NotVisible(_("Realisasi ini tidak ada, atau bukan untuk Anda."))
    if not may_enter_progress(viewer, entry.employee_id):
        raise NotAllowed(_("Isian dipersoalkan oleh pegawainya sendiri."))
    _require_disputable(entry, now)
    why = clean_line(reason, limit=REASON_LENGTH)
    if not why:
        raise Unacceptable(_("Belum tersimpan."), errors={"reason": [_("Tulis apa yang tidak sesuai.")]})
    entry.disputed_at, entry.dispute_reason = now, why
    entry.save(update_fields=["disputed_at", "dispute_reason", "updated_at"])
    event = record_event(
        action="appraisal.progress.disputed", subject=entry, actor=viewer.user_id, now=now, new={"target": entry.target_id}, reason=why
    )
    plan = entry.target.indicator.plan
    raters = told_for([plan.assessor_id], on=local_date(now)) - {entry.employee_id}
    told = {*accounts_of(raters), *([entry.entered_by] if entry.entered_by else [])}
    notify(
        recipients=told,
        kind="progress_disputed",
        data={"period": entry.target.period},
        link=LINK.format(entry.target.indicator_id, entry.target.period),
        once=f"progress_disputed:{entry.pk}",
        event=event,
        now=now,
    )
    return entry


def _require_disputable(entry: ProgressEntry, now: dt.datetime) -> None:
    if entry.source != Origin.PAPER or entry.withdrawn_at is not None:
        raise NotNow(_("Hanya isian pengelola yang masih berlaku yang dapat dipersoalkan."))
    if entry.disputed_at is not None:
        raise NotNow(_("Isian ini sudah Anda persoalkan."))
    if entry.dispute_until is not None and local_date(now) > entry.dispute_until:
        raise NotNow(_("Batas untuk mempersoalkan isian ini sudah lewat."))
