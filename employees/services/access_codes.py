"""One-time codes: handed out on paper or face to face, redeemed once for a password of one's own choice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from bukittinggi_kinerja.common.errors import NotAllowed, NotNow, NotVisible, Unacceptable
from bukittinggi_kinerja.common.events import record_event
from bukittinggi_kinerja.common.models import Event
from bukittinggi_kinerja.common.notices import notify
from bukittinggi_kinerja.common.period import local_date
from employees.models import AccessCode, AccessPolicy, AccessToken, OrgUnit, User
from employees.policies import account_paths, may_hand_code_alone, may_manage_account
from employees.queries import accounts_awaiting, privileged_among
from employees.rules.access import CodePurpose, in_groups, new_code, plain_code
from employees.rules.viewing import Viewer
from employees.services.sessions import end_sessions
from employees.services.sign_in import account_named

MOST_SLIPS = 1000


@dataclass(frozen=True)
class Slip:
    """A code in the only moment in which it can be read."""

    user_id: int
    username: str
    name: str
    unit: str
    code: str
    expires_at: dt.datetime
    purpose: CodePurpose


@dataclass(frozen=True)
class SlipRun:
    """Slips of one unit; ``skipped`` are accounts of special roles, which need two people."""

    unit: OrgUnit
    slips: tuple[Slip, ...]
    skipped: int


def policy_on(day: dt.date) -> AccessPolicy:
    """The access policy in force. Raises NotNow where none was adopted for the day."""
    found: AccessPolicy | None = AccessPolicy.objects.in_force(on=day).first()
    if found is None:
        raise NotNow(_("Belum ada aturan akses yang berlaku hari ini. Hubungi BKPSDM."))
    return found


@transaction.atomic
def issue_slips(*, unit_id: int, viewer: Viewer, now: dt.datetime) -> SlipRun:
    """Activation codes for everybody in the unit and below whose account was never entered; earlier open codes end.

    Raises NotVisible for a unit outside the viewer's reach, NotNow when nobody is waiting or there are too many for one print.
    """
    unit = OrgUnit.objects.filter(pk=unit_id).first()
    if unit is None or not unit.path.startswith(account_paths(viewer) or ("\0",)):
        raise NotVisible(_("Unit ini tidak ada, atau bukan bagian Anda."))
    waiting = accounts_awaiting((unit.path,), on=viewer.on)
    special = privileged_among([account.user_id for account in waiting], on=viewer.on)
    chosen = [account for account in waiting if account.user_id not in special]
    if not chosen:
        raise NotNow(_("Semua akun di unit ini sudah aktif, atau diaktifkan oleh dua petugas BKPSDM."))
    if len(chosen) > MOST_SLIPS:
        raise NotNow(_("Unit ini terlalu besar untuk sekali cetak. Pilih bagian di bawahnya."))
    # In the order of their ids, so that two prints of overlapping units wait for each other instead of both failing.
    locked = {
        user.pk: user for user in User.objects.select_for_update(of=("self",)).filter(pk__in=[a.user_id for a in chosen]).order_by("pk")
    }
    # Again behind the lock: a role may have been given meanwhile.
    special |= privileged_among(list(locked), on=viewer.on)
    chosen = [one for one in chosen if one.user_id not in special and not locked[one.user_id].has_usable_password()]
    codes = _lay([locked[account.user_id] for account in chosen], CodePurpose.ACTIVATION, viewer=viewer, now=now)
    slips = tuple(
        Slip(a.user_id, a.username, a.name, a.unit, in_groups(codes[a.user_id][0]), codes[a.user_id][1], CodePurpose.ACTIVATION)
        for a in chosen
    )
    new = {"accounts": [slip.user_id for slip in slips], "skipped": len(special)}
    record_event(action="employees.access.slips", subject=unit, actor=viewer.user_id, now=now, new=new)
    return SlipRun(unit=unit, slips=slips, skipped=len(special))


@transaction.atomic
def hand_code(*, user_id: int, viewer: Viewer, now: dt.datetime) -> Slip:
    """A code for one person who stands before the viewer: to activate, or to choose a new password.

    The old password and the sessions hold until the code is redeemed, so that nobody is locked out by a code he never got.
    Raises NotVisible outside the viewer's reach, NotNow for the own or a closed account, NotAllowed for an account of a
    special role: that takes two people.
    """
    user = User.objects.select_for_update(of=("self",)).select_related("employee").filter(pk=user_id).first()
    if user is None or not may_manage_account(viewer, user):
        raise NotVisible(_("Akun ini tidak ada, atau bukan bagian Anda."))
    if user.pk == viewer.user_id:
        raise NotNow(_("Kode untuk akun sendiri dibuat oleh orang lain."))
    if not user.is_active:
        raise NotNow(_("Akun ini ditutup. Kode tidak dapat dibuat."))
    if not may_hand_code_alone(viewer, user):
        raise NotAllowed(_("Akun dengan peran khusus diatur ulang oleh dua petugas BKPSDM."))
    slip = make_code(user, viewer=viewer, now=now)
    event = record_event(action="employees.access.handed", subject=user, actor=viewer.user_id, now=now, new={"purpose": slip.purpose.value})
    _tell(user, kind="access_code_made", event=event, now=now)
    return slip


def make_code(user: User, *, viewer: Viewer, now: dt.datetime) -> Slip:
    """The code for a locked account. Part of a larger service, which decides who may and records it."""
    purpose = CodePurpose.RESET if user.has_usable_password() else CodePurpose.ACTIVATION
    code, expires_at = _lay([user], purpose, viewer=viewer, now=now)[user.pk]
    return Slip(user.pk, user.username, user.get_full_name(), "", in_groups(code), expires_at, purpose)


def _lay(users: Collection[User], purpose: CodePurpose, *, viewer: Viewer, now: dt.datetime) -> dict[int, tuple[str, dt.datetime]]:
    """New codes in the place of every open one of these accounts: account -> code and end."""
    policy = policy_on(local_date(now))
    length = dt.timedelta(days=policy.slip_days) if purpose == CodePurpose.ACTIVATION else dt.timedelta(hours=policy.reset_hours)
    revoke_codes([user.pk for user in users], now=now)
    codes = {user.pk: new_code() for user in users}
    AccessCode.objects.bulk_create(
        AccessCode(
            user_id=pk,
            purpose=purpose,
            digest=digest_of(pk, code),
            created_at=now,
            created_by_id=viewer.user_id,
            expires_at=now + length,
        )
        for pk, code in codes.items()
    )
    return {pk: (code, now + length) for pk, code in codes.items()}


def revoke_codes(user_ids: Collection[int], *, now: dt.datetime) -> int:
    """Every open code of these accounts ends. Part of a larger service."""
    return AccessCode.objects.open().filter(user_id__in=user_ids).update(revoked_at=now)


def digest_of(user_id: int, code: str) -> str:
    """Keyed, and bound to the account: a code of one person is none of another's, and a copy of the table yields none."""
    return salted_hmac("access-code", f"{user_id}:{code}", algorithm="sha256").hexdigest()


@transaction.atomic
def redeem_code(*, name: str, code: str, new_password: str, now: dt.datetime) -> User:
    """Set the password of the account called ``name`` by its one-time code; sessions, tokens and other codes end.

    Unknown name, wrong, used, revoked or outdated code, another person's code and a closed account raise one and the same
    Unacceptable, after one hash of a password as on success. A weak password is refused without using up the code.
    """
    _require_strong(new_password, None)
    named = account_named(name) if name.strip() else None
    user = User.objects.select_for_update(of=("self",)).select_related("employee").filter(pk=named.pk if named else 0).first()
    plain = plain_code(code)
    found = (
        AccessCode.objects.usable(now=now).filter(user_id=user.pk if user else 0, digest=digest_of(user.pk if user else 0, plain)).first()
    )
    if user is None or found is None or not plain or not user.is_active:
        make_password(new_password)
        raise Unacceptable(
            _("Nama atau NIP dan kode tidak cocok, atau kode sudah dipakai atau habis masanya. Minta kode baru kepada pengelola.")
        )
    _require_strong(new_password, user)
    user.set_password(new_password)
    user.save(update_fields=["password"])
    end_sessions([user.pk])
    found.used_at = now
    found.save(update_fields=["used_at"])
    revoke_codes([user.pk], now=now)
    tokens = AccessToken.objects.filter(user=user, revoked_at=None).update(revoked_at=now)
    new = {"purpose": found.purpose, "code": found.pk, "tokens_revoked": tokens}
    event = record_event(action="employees.access.redeemed", subject=user, actor=user.pk, now=now, new=new)
    _tell(user, kind="access_code_used", event=event, now=now)
    return User.objects.select_related("employee").get(pk=user.pk)


def _require_strong(password: str, user: User | None) -> None:
    try:
        validate_password(password, user)
    except ValidationError as refused:
        raise Unacceptable(_("Kata sandi belum dapat dipakai."), errors={"new_password": refused.messages}) from refused


def _tell(user: User, *, kind: str, event: Event, now: dt.datetime) -> None:
    notify(recipients=[user.pk], kind=kind, data={"at": now}, link="/profil/", once=f"access:{event.pk}", event=event, now=now)
