"""Taking back an end of service: what it laid down returns, but only where nobody has decided otherwise since."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.contrib.auth.models import Group
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from bukittinggi_kinerja.common.errors import NotNow, NotVisible, Unacceptable
from bukittinggi_kinerja.common.events import record_event
from bukittinggi_kinerja.common.models import Event
from bukittinggi_kinerja.common.period import local_date
from bukittinggi_kinerja.common.texts import clean_line
from employees.models import ActingAppointment, Employee, EndKind, RoleAssignment, ServiceEnd, Status, User
from employees.queries import privileged_among
from employees.queries.handover import GONE
from employees.rules.viewing import Role, Viewer

from .access_codes import revoke_codes
from .acting_notices import tell_revoked
from .postings import one_writer, restore_postings
from .service_end import ONE_DAY, cut_off, require_other_hr
from .sessions import end_sessions

REASON_LENGTH = 300


@dataclass(frozen=True)
class TakenBack:
    """What did not return with the rest.

    ``lapsed`` are roles for which two people are needed by now, ``changed`` those that somebody has changed since.
    """

    ended: ServiceEnd
    lapsed: int = 0
    changed: int = 0
    mandates: int = 0
    stays_closed: bool = False


@transaction.atomic
def take_back_end(*, viewer: Viewer, employee_id: int, reason: str, now: dt.datetime) -> TakenBack:
    """Undo an end of service that was recorded wrongly: posts and people as before, mandates, roles and account where they still may.

    A role returns only while the account has never ceased to take two people: else whoever alone handed out a code meanwhile
    would come by its rights. Tokens, codes and sessions stay ended.
    Raises NotVisible, NotAllowed, NotNow once something was built on it, Unacceptable.
    """
    require_other_hr(viewer, employee_id)
    one_writer()
    why = clean_line(reason, limit=REASON_LENGTH)
    ended = _standing(employee_id, why)
    restore_postings(made=ended.laid["made"], closed=ended.laid["closed"], now=now)
    user = User.objects.select_for_update().filter(employee=employee_id).first()
    lapsed, changed = (0, 0) if user is None else _return_rights(ended, user, on=local_date(now))
    closed = user is not None and _return_account(ended, user, now)
    outcome = TakenBack(ended, lapsed, changed, _return_mandates(ended, now), closed)
    _return_status(ended, now)
    ended.cancelled_at = now
    ended.save(update_fields=["cancelled_at"])
    record_event(
        action="employees.service.end_taken_back",
        subject=("employees.employee", employee_id),
        actor=viewer.user_id,
        now=now,
        old={"kind": ended.kind, "last_day": ended.last_day},
        new={"roles_lapsed": lapsed, "roles_changed": changed, "mandates_left": outcome.mandates, "stays_closed": closed},
        reason=why,
    )
    return outcome


def _standing(employee_id: int, why: str) -> ServiceEnd:
    ended = ServiceEnd.objects.select_for_update().filter(employee_id=employee_id, cancelled_at=None).first()
    if ended is None:
        raise NotVisible(_("Akhir tugas pegawai ini belum dicatat."))
    if not why:
        raise Unacceptable(_("Isi alasan."), errors={"reason": [_("Isi alasan.")]})
    if ended.closed_at is not None and ended.kind != EndKind.DIED:
        raise NotNow(_("Akunnya sudah ditutup, jadi tidak dapat dibatalkan. Catat penempatan baru."))
    return ended


def _return_rights(ended: ServiceEnd, user: User, *, on: dt.date) -> tuple[int, int]:
    """Roles as before, and with that of the city's HR the entry to the administration; how many lapsed, and were changed since."""
    # Asked before anything returns: this very act must not be what makes the account special again.
    guarded = bool(privileged_among([user.pk], on=on))
    lapsed = changed = 0
    hr_back = True
    for pk, lower, upper in ended.laid["roles"]:
        role = RoleAssignment.objects.select_for_update().filter(pk=pk).first()
        before = _range(lower, upper)
        untouched = role is not None and _is_as_laid(role, before, ended.last_day + ONE_DAY)
        if role is not None and untouched and guarded:
            role.valid = before
            role.save(update_fields=["valid"])
            continue
        lapsed, changed = lapsed + untouched, changed + (not untouched)
        hr_back = hr_back and role is not None and role.role != Role.CITY_HR
    if guarded and hr_back and ended.laid.get("staff"):
        User.objects.filter(pk=user.pk).update(is_staff=True)
        user.groups.add(*Group.objects.filter(name__in=ended.laid["groups"]))
    return lapsed, changed


def _is_as_laid(role: RoleAssignment, before: DateRange, on: dt.date) -> bool:
    """Still cut as the end of service cut it, and no other row gives the same role for those days."""
    wanted = cut_off(before, on)
    as_cut = role.valid.isempty if wanted.lower == wanted.upper else _same(role.valid, wanted)
    again = RoleAssignment.objects.filter(user=role.user_id, role=role.role, unit=role.unit_id, valid__overlap=before).exclude(pk=role.pk)
    return bool(as_cut) and not again.exists()


def _return_account(ended: ServiceEnd, user: User, now: dt.datetime) -> bool:
    """It writes again, and is open if this act closed it; whether it stays closed because somebody else has closed it."""
    User.objects.filter(pk=user.pk, read_only_from=ended.last_day + ONE_DAY).update(read_only_from=None)
    revoke_codes([user.pk], now=now)
    end_sessions([user.pk])
    if ended.closed_at is None or user.is_active or not ended.laid["active"]:
        return not user.is_active
    subject = {"subject_type": user._meta.label_lower, "subject_id": str(user.pk)}
    if Event.objects.filter(action="employees.account.switched", at__gte=ended.recorded_at, **subject).exists():
        return True
    User.objects.filter(pk=user.pk).update(is_active=True)
    return False


def _return_mandates(ended: ServiceEnd, now: dt.datetime) -> int:
    """Mandates as before where both sides serve and nobody else was appointed; how many stay ended."""
    laid = ActingAppointment.objects.select_for_update(of=("self",)).select_related("principal", "substitute")
    for mandate in laid.filter(pk=ended.laid.get("mandate"), revoked_at=None):
        mandate.revoked_at = now
        mandate.save(update_fields=["revoked_at"])
        tell_revoked(mandate, event=None, now=now)
    left = 0
    for pk, lower, upper in ended.laid["mandates"]:
        mandate = ActingAppointment.objects.select_for_update().get(pk=pk)
        before = _range(lower, upper)
        if _may_return(mandate, before, ended):
            mandate.valid, mandate.revoked_at = before, None
            mandate.save(update_fields=["valid", "revoked_at"])
        else:
            left += 1
    return left


def _may_return(mandate: ActingAppointment, before: DateRange, ended: ServiceEnd) -> bool:
    on = ended.last_day + ONE_DAY
    if before.lower >= on:
        as_laid = mandate.revoked_at == ended.recorded_at and _same(mandate.valid, before)
    else:
        as_laid = mandate.revoked_at is None and _same(mandate.valid, DateRange(before.lower, on))
    other = mandate.substitute_id if mandate.principal_id == ended.employee_id else mandate.principal_id
    left = (
        Employee.objects.filter(pk=other, status__in=GONE).exists() or ServiceEnd.objects.filter(employee=other, cancelled_at=None).exists()
    )
    taken = ActingAppointment.objects.filter(principal=mandate.principal_id, valid__overlap=before, revoked_at=None).exclude(pk=mandate.pk)
    return as_laid and not left and not taken.exists()


def _return_status(ended: ServiceEnd, now: dt.datetime) -> None:
    """As before, unless somebody has given another one since."""
    laid = Status.RETIRED if ended.kind == EndKind.RETIRED else Status.INACTIVE
    if ended.in_effect_at is not None:
        Employee.objects.filter(pk=ended.employee_id, status=laid).update(status=ended.laid["status"])
    Employee.objects.filter(pk=ended.employee_id).update(updated_at=now)


def _same(days: DateRange, others: DateRange) -> bool:
    """By their days: how an open side is written differs between the database and here."""
    return not days.isempty and (days.lower, days.upper) == (others.lower, others.upper)


def _range(lower: str, upper: str) -> DateRange:
    return DateRange(*(None if part == "None" else dt.date.fromisoformat(part) for part in (lower, upper)))
