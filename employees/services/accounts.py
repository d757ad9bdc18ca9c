"""Accounts and roles. Nobody's password is made here: an account begins without a usable one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from secrets import token_hex

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX, UNUSABLE_PASSWORD_SUFFIX_LENGTH, make_password
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from bukittinggi_kinerja.common.constraints import refused_by_constraint
from bukittinggi_kinerja.common.errors import NotNow, NotVisible, Unacceptable
from bukittinggi_kinerja.common.events import record_event
from bukittinggi_kinerja.common.period import local_date
from employees.models import AccessToken, Employee, OrgUnit, RoleAssignment, User
from employees.queries import privileged_among
from employees.rules.viewing import Role
from employees.services.access_codes import revoke_codes
from employees.services.reference import CITY_HR_GROUP
from employees.services.sessions import end_sessions


@transaction.atomic
def open_account(*, employee_id: int, actor: int | None, now: dt.datetime) -> User:
    """An account whose user name is the NIP. Raises NotVisible, NotNow when there is one, Unacceptable without NIP."""
    person = Employee.objects.filter(pk=employee_id).first()
    if person is None:
        raise NotVisible(_("Pegawai tidak ditemukan."))
    if not person.nip:
        raise Unacceptable(_("Pegawai tanpa NIP tidak mendapat akun otomatis."))
    if User.objects.filter(employee=person).exists():
        raise NotNow(_("Pegawai ini sudah mempunyai akun."))
    with refused_by_constraint(User):
        user = User.objects.create(username=person.nip, employee=person, password=make_password(None))
    record_event(action="employees.account.opened", subject=user, actor=actor, now=now, new={"employee": employee_id})
    return user


def lay_accounts(people: Sequence[Employee]) -> int:
    """Accounts for many new people at once; names already taken are left alone. Records no event.

    Part of a larger service. Returns how many were made.
    """
    names = {person.nip: person for person in people if person.nip}
    taken = set(User.objects.filter(username__in=names).values_list("username", flat=True))
    # As make_password(None), a hundred times as fast: the random end makes no two of them alike.
    fresh = [
        User(username=nip, employee=person, password=UNUSABLE_PASSWORD_PREFIX + token_hex(UNUSABLE_PASSWORD_SUFFIX_LENGTH // 2))
        for nip, person in names.items()
        if nip not in taken
    ]
    User.objects.bulk_create(fresh, batch_size=2000)
    return len(fresh)


@transaction.atomic
def switch_account(*, user_id: int, active: bool, reason: str, actor: int | None, now: dt.datetime) -> User:
    """Open or close an account. Closing ends its sessions and tokens at once, for good.

    Raises NotVisible, and NotNow where nothing would change or somebody closes his own account.
    """
    user = User.objects.select_for_update().filter(pk=user_id).first()
    if user is None:
        raise NotVisible(_("Akun tidak ditemukan."))
    if user.is_active == active:
        raise NotNow(_("Akun ini sudah aktif.") if active else _("Akun ini sudah ditutup."))
    if not active and user.pk == actor:
        raise NotNow(_("Akun sendiri ditutup oleh orang lain."))
    user.is_active = active
    if not active:
        # A new hash makes every session of the account void, also after it is opened again.
        user.set_unusable_password()
        AccessToken.objects.filter(user=user, revoked_at=None).update(revoked_at=now)
        revoke_codes([user.pk], now=now)
    user.save(update_fields=["is_active", "password"])
    record_event(
        action="employees.account.switched",
        subject=user,
        actor=actor,
        now=now,
        old={"active": not active},
        new={"active": active},
        reason=reason,
    )
    return user


@transaction.atomic
def give_role(
    *,
    user_id: int,
    role: Role,
    unit_id: int | None,
    valid_from: dt.date,
    valid_to: dt.date | None,
    reason: str,
    actor: int | None,
    now: dt.datetime,
) -> RoleAssignment:
    """Give a role for the days up to, not including, ``valid_to``; HR of the city also enters the administration.

    Sessions and one-time codes of the account end. An account that had no special role loses its password and tokens too:
    whoever was let in by one person gets in anew by a code that takes two.

    Raises NotVisible, NotNow for a role he gives himself or already has, Unacceptable where a constraint refuses.
    """
    user = User.objects.select_for_update().filter(pk=user_id).first()
    if user is None:
        raise NotVisible(_("Akun tidak ditemukan."))
    if user.pk == actor:
        raise NotNow(_("Peran sendiri diberikan oleh orang lain."))
    if valid_to is not None and valid_to <= valid_from:
        raise Unacceptable(_("Tanggal akhir harus setelah tanggal awal."), errors={"valid_to": [_("Isi tanggal setelah tanggal awal.")]})
    if unit_id is not None and not OrgUnit.objects.filter(pk=unit_id).exists():
        raise Unacceptable(_("Unit tidak ditemukan."), errors={"unit": [_("Pilih unit dari daftar.")]})
    special = bool(privileged_among([user.pk], on=local_date(now)))
    days = DateRange(valid_from, valid_to)
    if RoleAssignment.objects.filter(user=user, role=role, unit_id=unit_id, valid__overlap=days).exists():
        raise NotNow(_("Akun ini sudah mempunyai peran itu pada masa tersebut."))
    with refused_by_constraint(RoleAssignment):
        assignment = RoleAssignment.objects.create(user=user, role=role, unit_id=unit_id, valid=days, reason=reason)
    if role == Role.CITY_HR:
        User.objects.filter(pk=user.pk).update(is_staff=True)
        user.groups.add(Group.objects.get(name=CITY_HR_GROUP))
    _close_earlier_ways(user, special=special, now=now)
    record_event(
        action="employees.role.given",
        subject=assignment,
        actor=actor,
        now=now,
        new={"user": user_id, "role": role.value, "unit": unit_id, "valid_from": valid_from, "valid_to": valid_to},
        reason=reason,
    )
    return assignment


def _close_earlier_ways(user: User, *, special: bool, now: dt.datetime) -> None:
    """What one person handed out must not open an account which from now on takes two."""
    if not special:
        user.set_unusable_password()
        user.save(update_fields=["password"])
        AccessToken.objects.filter(user=user, revoked_at=None).update(revoked_at=now)
    revoke_codes([user.pk], now=now)
    end_sessions([user.pk])


@transaction.atomic
def end_role(*, assignment_id: int, on: dt.date, reason: str, actor: int | None, now: dt.datetime) -> RoleAssignment:
    """Let a role hold up to, not including, ``on``; sessions end. Raises NotVisible, NotNow when it has ended by then."""
    assignment = RoleAssignment.objects.select_for_update().filter(pk=assignment_id).first()
    if assignment is None:
        raise NotVisible(_("Peran tidak ditemukan."))
    old: DateRange = assignment.valid
    if old.isempty or (old.upper is not None and old.upper <= on):
        raise NotNow(_("Peran ini sudah berakhir."))
    first = old.lower if old.lower is None else min(old.lower, on)
    assignment.valid = DateRange(first, on)
    assignment.save(update_fields=["valid"])
    end_sessions([assignment.user_id])
    record_event(
        action="employees.role.ended",
        subject=assignment,
        actor=actor,
        now=now,
        old={"valid_to": old.upper},
        new={"valid_to": on},
        reason=reason,
    )
    return assignment
