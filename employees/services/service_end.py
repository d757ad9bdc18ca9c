"""The end of somebody's service: posts, people, mandates, roles and account in one act. ``service_return`` takes it back."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q
from django.utils.translation import gettext as _

from bukittinggi_kinerja.common.constraints import refused_by_constraint
from bukittinggi_kinerja.common.errors import NotAllowed, NotNow, NotVisible, Unacceptable
from bukittinggi_kinerja.common.events import record_event
from bukittinggi_kinerja.common.models import Event
from bukittinggi_kinerja.common.period import local_date
from employees.models import (
    AccessToken,
    ActingAppointment,
    ActingKind,
    Employee,
    EndKind,
    MovePolicy,
    Posting,
    RoleAssignment,
    ServiceEnd,
    Status,
    User,
)
from employees.policies import may_administer
from employees.queries import supervisor_on
from employees.queries.handover import GONE
from employees.rules.viewing import Viewer

from .access_codes import revoke_codes
from .acting_notices import tell_appointed
from .postings import NewPosting, end_postings, lay_postings, one_writer
from .sessions import end_sessions

ONE_DAY = dt.timedelta(days=1)
READING_DAYS = 90


@dataclass(frozen=True)
class Leaving:
    """What the form of an end of service says."""

    kind: str
    last_day: dt.date
    reason: str
    decree: str = ""
    decided_on: dt.date | None = None
    successor_id: int | None = None
    payee_name: str = ""
    payee_relation: str = ""

    @property
    def first_day_out(self) -> dt.date:
        return self.last_day + ONE_DAY


@transaction.atomic
def end_service(*, viewer: Viewer, employee_id: int, leaving: Leaving, now: dt.datetime) -> ServiceEnd:
    """Close his posts, hand his people and his rating work to a successor (his superior by default), end mandates and roles.

    The account reads on for the days of the policy, or closes at once after a death. What lies in the future takes effect
    on its day. Raises NotVisible, NotAllowed, NotNow where one is recorded already, Unacceptable with sentences per field.
    """
    require_other_hr(viewer, employee_id)
    one_writer()
    person = _serving(employee_id)
    _hold_the_form(person, leaving)
    successor = _successor(person, leaving)
    policy = MovePolicy.objects.in_force(on=leaving.last_day).first()
    reads_until = leaving.last_day + dt.timedelta(days=policy.reading_days if policy else READING_DAYS)
    ended = ServiceEnd(
        employee=person,
        kind=leaving.kind,
        last_day=leaving.last_day,
        decree=leaving.decree,
        decided_on=leaving.decided_on,
        reason=leaving.reason,
        successor=successor,
        reads_until=None if leaving.kind == EndKind.DIED else reads_until,
        payee_name=leaving.payee_name.strip(),
        payee_relation=leaving.payee_relation.strip(),
        recorded_by=viewer.user_id,
        recorded_at=now,
    )
    closed, made = _hand_over_people(ended, now)
    mandates = _hand_over_mandates(ended, reads_until, viewer.user_id)
    was = {"status": person.status, "active": User.objects.filter(employee=person, is_active=True).exists()}
    ended.laid = {"closed": closed, "made": made, **was, **mandates, **_end_roles(ended)}
    with refused_by_constraint(ServiceEnd):
        ended.save()
    User.objects.filter(employee=person).update(read_only_from=leaving.first_day_out)
    event = record_event(
        action="employees.service.ended",
        subject=("employees.employee", person.pk),
        actor=viewer.user_id,
        now=now,
        new={"kind": leaving.kind, "last_day": leaving.last_day, "decree": leaving.decree, "successor": ended.successor_id,
             "people": len(made)},
        reason=leaving.reason,
    )  # fmt: skip
    _tell_mandates(ended, event, now)
    if leaving.last_day < local_date(now):
        _take_effect(ended, now)
    return ended


def require_other_hr(viewer: Viewer, employee_id: int) -> None:
    """Of the city's HR, and not whose service it is: what ends or comes back are rights. Raises NotAllowed."""
    if not may_administer(viewer):
        raise NotAllowed(_("Akhir tugas dicatat oleh BKPSDM."))
    if viewer.employee_id == employee_id:
        raise NotAllowed(_("Akhir tugas sendiri dicatat dan dibatalkan oleh petugas BKPSDM yang lain."))


def cut_off(days: DateRange, on: dt.date) -> DateRange:
    """Days of a role up to, not including, ``on``; none where they begin later."""
    return DateRange(days.lower if days.lower is None else min(days.lower, on), on)


def _serving(employee_id: int) -> Employee:
    person = Employee.objects.select_for_update(no_key=True).filter(pk=employee_id).first()
    if person is None:
        raise NotVisible(_("Pegawai tidak ditemukan."))
    if ServiceEnd.objects.filter(employee=person, cancelled_at=None).exists():
        raise NotNow(_("Akhir tugas pegawai ini sudah dicatat."))
    return person


def _hold_the_form(person: Employee, leaving: Leaving) -> None:
    problems: dict[str, list[str]] = {}
    if leaving.kind not in EndKind.values:
        problems["kind"] = [_("Pilih jenis akhir tugas.")]
    if not leaving.reason.strip():
        problems["reason"] = [_("Isi alasan.")]
    first = min((row.valid.lower for row in Posting.objects.known().filter(employee=person) if row.valid.lower), default=None)
    if first is not None and leaving.last_day < first:
        problems["last_day"] = [_("Hari terakhir bertugas sebelum penempatannya yang pertama. Periksa tahunnya.")]
    if leaving.kind != EndKind.DIED and (leaving.payee_name.strip() or leaving.payee_relation.strip()):
        problems["payee_name"] = [_("Ahli waris diisi hanya bila pegawai meninggal.")]
    if problems:
        raise Unacceptable(_("Akhir tugas belum tersimpan. Periksa isian yang ditandai."), errors=problems)


def _successor(person: Employee, leaving: Leaving) -> Employee | None:
    """Who takes his people and his work: the one named, else his superior; somebody must, where he leads people."""
    chosen = leaving.successor_id or supervisor_on(person.pk, on=leaving.last_day)
    found = Employee.objects.filter(pk=chosen).first() if chosen else None
    out = Q(valid__endswith=None) | Q(valid__endswith__gt=leaving.first_day_out)
    if found is not None and (found.pk == person.pk or found.status in GONE):
        raise Unacceptable(_("Penerima tugas tidak bertugas."), errors={"successor": [_("Pilih pegawai lain yang bertugas.")]})
    if found is not None and ServiceEnd.objects.filter(employee=found, cancelled_at=None).exists():
        sentence = _("Akhir tugas penerima tugas ini juga sudah dicatat. Pilih pegawai lain.")
        raise Unacceptable(sentence, errors={"successor": [sentence]})
    if found is None and Posting.objects.known().filter(out, supervisor=person).exists():
        raise Unacceptable(_("Pegawai ini mempunyai bawahan."), errors={"successor": [_("Pilih penerima tugasnya.")]})
    return found


def _hand_over_people(ended: ServiceEnd, now: dt.datetime) -> tuple[list[int], list[int]]:
    """Ids of the postings that were closed, and of those that stand instead."""
    on, person = ended.last_day + ONE_DAY, ended.employee_id
    above = supervisor_on(person, on=ended.last_day)
    closed, rest = end_postings(person, on=on, now=now)
    led = Posting.objects.known().filter(Q(valid__endswith=None) | Q(valid__endswith__gt=on), supervisor_id=person).order_by("valid")
    made = [row.pk for row in rest]
    rounds: list[dict[int, Posting]] = []
    for row in led:
        place = next((turn for turn in rounds if row.employee_id not in turn), None)
        if place is None:
            place = {}
            rounds.append(place)
        place[row.employee_id] = row
    for turn in rounds:
        wanted = [_under(row, on, ended, above) for row in turn.values()]
        people = list(turn)
        before = set(Posting.objects.known().filter(employee_id__in=people).values_list("pk", flat=True))
        lay_postings(wanted, now=now)
        after = set(Posting.objects.known().filter(employee_id__in=people).values_list("pk", flat=True))
        closed += sorted(before - after)
        made += sorted(after - before)
    kept = set(made)
    return [pk for pk in closed if pk not in kept], list(Posting.objects.known().filter(pk__in=made).values_list("pk", flat=True))


def _under(row: Posting, on: dt.date, ended: ServiceEnd, above: int | None) -> NewPosting:
    """The same post under the successor; the successor himself stands under the superior of who leaves."""
    taker = ended.successor_id if row.employee_id != ended.successor_id else above
    return NewPosting(
        employee_id=row.employee_id,
        unit_id=row.unit_id,
        position_id=row.position_id,
        supervisor_id=taker,
        heads_unit=row.heads_unit,
        valid_from=max(row.valid.lower or on, on),
        valid_to=row.valid.upper,
        decree=ended.decree,
        reason=_("Atasan berakhir tugas"),
    )


def _hand_over_mandates(ended: ServiceEnd, until: dt.date, actor: int | None) -> dict[str, object]:
    """End what he stands in for and who stands in for him; the successor may finish his ratings and plans."""
    on = ended.last_day + ONE_DAY
    person = ended.employee_id
    running = ActingAppointment.objects.filter(
        Q(principal=person) | Q(substitute=person), valid__overlap=DateRange(on, None), revoked_at=None
    )
    cut = []
    for mandate in running:
        cut.append([mandate.pk, str(mandate.valid.lower), str(mandate.valid.upper)])
        if mandate.valid.lower >= on:
            mandate.revoked_at = ended.recorded_at
        else:
            mandate.valid = DateRange(mandate.valid.lower, on)
        mandate.save(update_fields=["valid", "revoked_at"])
    if ended.successor is None:
        return {"mandates": cut}
    made = ActingAppointment.objects.create(
        principal_id=person,
        substitute=ended.successor,
        kind=ActingKind.PLT,
        valid=DateRange(on, max(until, on) + ONE_DAY),
        letter_number=ended.decree,
        letter_due=None if ended.decree else on + dt.timedelta(days=7),
        reason=_("Menyelesaikan penilaian pejabat yang berakhir tugas"),
        appointed_by=actor,
    )
    return {"mandates": cut, "mandate": made.pk}


def _tell_mandates(ended: ServiceEnd, event: Event, now: dt.datetime) -> None:
    for mandate in ActingAppointment.objects.filter(pk=ended.laid.get("mandate")).select_related("principal", "substitute"):
        tell_appointed(mandate, event=event, now=now)


def _end_roles(ended: ServiceEnd) -> dict[str, object]:
    on = ended.last_day + ONE_DAY
    cut = []
    for role in RoleAssignment.objects.filter(user__employee=ended.employee_id, valid__overlap=DateRange(on, None)):
        cut.append([role.pk, str(role.valid.lower), str(role.valid.upper)])
        role.valid = cut_off(role.valid, on)
        role.save(update_fields=["valid"])
    return {"roles": cut}


def _take_effect(ended: ServiceEnd, now: dt.datetime) -> None:
    """What a day brings that no row with days can bring: status, tokens, sessions, entry to the administration."""
    status = Status.RETIRED if ended.kind == EndKind.RETIRED else Status.INACTIVE
    Employee.objects.filter(pk=ended.employee_id).update(status=status, updated_at=now)
    user = User.objects.filter(employee=ended.employee_id).first()
    if user is not None:
        AccessToken.objects.filter(user=user, revoked_at=None).update(revoked_at=now)
        revoke_codes([user.pk], now=now)
        ended.laid |= {"staff": user.is_staff, "groups": sorted(user.groups.values_list("name", flat=True))}
        user.is_staff = False
        user.groups.clear()
        if ended.kind == EndKind.DIED:
            user.is_active = False
            user.set_unusable_password()
            ended.closed_at = now
        user.save(update_fields=["is_staff", "is_active", "password"])
        end_sessions([user.pk])
    ended.in_effect_at = now
    ended.save(update_fields=["in_effect_at", "closed_at", "laid"])


def bring_ends_up_to_date(*, now: dt.datetime) -> int:
    """Let ends whose day has come take effect, and close accounts that have read long enough; how many were touched."""
    today = local_date(now)
    open_ends = ServiceEnd.objects.filter(cancelled_at=None)
    due = open_ends.filter(in_effect_at=None, last_day__lt=today)
    lapsed = open_ends.filter(in_effect_at__isnull=False, closed_at=None, reads_until__lt=today)
    done = 0
    for pk in [*due.values_list("pk", flat=True), *lapsed.values_list("pk", flat=True)]:
        with transaction.atomic():
            ended = ServiceEnd.objects.select_for_update().get(pk=pk)
            if ended.cancelled_at is not None:
                continue  # taken back while this waited for it
            if ended.in_effect_at is None:
                _take_effect(ended, now)
            elif ended.closed_at is None:
                _close_account(ended, now)
            done += 1
    return done


def _close_account(ended: ServiceEnd, now: dt.datetime) -> None:
    user = User.objects.filter(employee=ended.employee_id).first()
    if user is not None:
        user.is_active = False
        user.set_unusable_password()
        user.save(update_fields=["is_active", "password"])
        revoke_codes([user.pk], now=now)
        record_event(action="employees.account.lapsed", subject=user, actor=None, now=now, new={"active": False})
    ended.closed_at = now
    ended.save(update_fields=["closed_at"])
