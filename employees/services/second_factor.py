"""The second factor: an authenticator app after the password, recovery codes for the day it is lost.

The secret is encrypted by a key that follows from SECRET_KEY, so that a copy of the database opens nothing. Guesses are
counted in the row itself: six digits would not withstand a night without Valkey.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from bukittinggi_kinerja.common.errors import NotNow, TooOften, Unacceptable
from bukittinggi_kinerja.common.events import record_event
from employees.models import RecoveryCode, SecondFactor, User
from employees.queries import factor_required
from employees.rules.access import RECOVERY_CODES, RECOVERY_LENGTH, in_groups, new_code, plain_code
from employees.rules.otp import DIGITS, matching_step, new_secret
from employees.rules.viewing import Viewer
from employees.services.sessions import end_sessions

MOST_FAILURES = 6
FAILURE_WINDOW = dt.timedelta(minutes=15)


@transaction.atomic
def start_factor(*, user_id: int, password: str, now: dt.datetime) -> SecondFactor:
    """A new secret that waits for its first code; one that was never confirmed is replaced.

    Raises Unacceptable for a wrong password, NotNow where a confirmed one exists.
    """
    user = User.objects.select_for_update(of=("self",)).get(pk=user_id)
    _require_password(user, password)
    factor = SecondFactor.objects.filter(user=user).first()
    if factor is not None and factor.confirmed_at is not None:
        raise NotNow(_("Kode verifikasi sudah terpasang."))
    values: dict[str, Any] = {
        "secret": _locker().encrypt(new_secret().encode()).decode(),
        "started_at": now,
        "last_step": 0,
        "failures": 0,
        "failing_since": None,
    }
    return SecondFactor.objects.update_or_create(user=user, defaults=values)[0]


@transaction.atomic
def confirm_factor(*, user_id: int, code: str, now: dt.datetime) -> tuple[User, list[str]]:
    """The app shows the right code: from now on it is asked for. Returns the recovery codes, which nobody can read again.

    Other sessions end. Raises NotNow where nothing was started or all is done, Unacceptable for a wrong code, TooOften.
    """
    user = User.objects.select_for_update(of=("self",)).get(pk=user_id)
    factor = SecondFactor.objects.filter(user=user).first()
    if factor is None or factor.confirmed_at is not None:
        raise NotNow(_("Mulai pemasangan kode verifikasi dari awal."))
    step = _step_of(factor, code, now=now)
    if step is None:
        raise Unacceptable(_("Kode belum cocok."), errors={"code": [_("Kode tidak cocok. Tulis kode yang sedang tampil di aplikasi.")]})
    factor.last_step, factor.confirmed_at, factor.failures, factor.failing_since = step, now, 0, None
    factor.save()
    codes = _lay_recovery(factor)
    end_sessions([user.pk])
    record_event(action="employees.factor.confirmed", subject=user, actor=user_id, now=now)
    user.refresh_from_db()
    return user, codes


@transaction.atomic
def renew_recovery(*, user_id: int, password: str, now: dt.datetime) -> list[str]:
    """New recovery codes in the place of the old ones. Raises Unacceptable for a wrong password, NotNow without a factor."""
    user = User.objects.select_for_update(of=("self",)).get(pk=user_id)
    _require_password(user, password)
    factor = _confirmed(user)
    codes = _lay_recovery(factor)
    record_event(action="employees.factor.recovery", subject=user, actor=user_id, now=now)
    return codes


@transaction.atomic
def drop_factor(*, user_id: int, viewer: Viewer, password: str, now: dt.datetime) -> User:
    """Take the own second factor away; other sessions end. Raises NotNow while his role needs one, Unacceptable for a wrong password."""
    user = User.objects.select_for_update(of=("self",)).get(pk=user_id)
    _require_password(user, password)
    if factor_required(viewer):
        raise NotNow(_("Peran Anda wajib memakai kode verifikasi."))
    _confirmed(user).delete()
    end_sessions([user.pk])
    record_event(action="employees.factor.dropped", subject=user, actor=user.pk, now=now)
    user.refresh_from_db()
    return user


def passes_second_step(*, user_id: int, code: str, now: dt.datetime) -> bool:
    """Whether this code of the app, or this recovery code, opens the account now; either counts once.

    Raises TooOften after six wrong ones within a quarter of an hour, whoever tried them.
    """
    with transaction.atomic():
        factor = SecondFactor.objects.select_for_update().filter(user_id=user_id).exclude(confirmed_at=None).first()
        if factor is None:
            return False
        locked = factor.failing_since is not None and factor.failing_since > now - FAILURE_WINDOW and factor.failures >= MOST_FAILURES
        passed = not locked and _take(factor, code, now=now)
        if not passed and not locked:
            _count_failure(factor, now=now)
    # Outside of the transaction: what was counted stays counted.
    if locked:
        raise TooOften(_("Terlalu banyak kode yang salah. Coba lagi sesudah 15 menit."))
    return passed


def secret_of(user_id: int) -> str | None:
    """The secret that waits for its first code, to be shown to its owner; never one that is in use."""
    factor = SecondFactor.objects.filter(user_id=user_id, confirmed_at=None).first()
    return _opened(factor) if factor is not None else None


def has_factor(user_id: int) -> bool:
    return SecondFactor.objects.filter(user_id=user_id).exclude(confirmed_at=None).exists()


def _take(factor: SecondFactor, code: str, *, now: dt.datetime) -> bool:
    plain = "".join(code.split())
    if len(plain) == DIGITS and plain.isdigit():
        step = _step_of(factor, plain, now=now)
        if step is None:
            return False
        factor.last_step, factor.failures, factor.failing_since = step, 0, None
        factor.save(update_fields=["last_step", "failures", "failing_since"])
        return True
    plain = plain_code(code)
    if len(plain) != RECOVERY_LENGTH:
        return False
    used = RecoveryCode.objects.filter(factor=factor, used_at=None, digest=_digest(factor, plain)).update(used_at=now)
    if used:
        SecondFactor.objects.filter(pk=factor.pk).update(failures=0, failing_since=None)
        record_event(action="employees.factor.recovered", subject=("employees.user", factor.user_id), actor=factor.user_id, now=now)
    return bool(used)


def _count_failure(factor: SecondFactor, *, now: dt.datetime) -> None:
    if factor.failing_since is None or factor.failing_since <= now - FAILURE_WINDOW:
        factor.failing_since, factor.failures = now, 0
    factor.failures += 1
    factor.save(update_fields=["failures", "failing_since"])


def _step_of(factor: SecondFactor, code: str, *, now: dt.datetime) -> int | None:
    return matching_step(_opened(factor), "".join(code.split()), at=int(now.timestamp()), after=factor.last_step)


def _lay_recovery(factor: SecondFactor) -> list[str]:
    codes = [new_code(RECOVERY_LENGTH) for _n in range(RECOVERY_CODES)]
    RecoveryCode.objects.filter(factor=factor).delete()
    RecoveryCode.objects.bulk_create(RecoveryCode(factor=factor, digest=_digest(factor, code)) for code in codes)
    return [in_groups(code, RECOVERY_LENGTH // 2) for code in codes]


def _digest(factor: SecondFactor, code: str) -> str:
    return salted_hmac("recovery-code", f"{factor.user_id}:{code}", algorithm="sha256").hexdigest()


def _confirmed(user: User) -> SecondFactor:
    factor = SecondFactor.objects.filter(user=user).exclude(confirmed_at=None).first()
    if factor is None:
        raise NotNow(_("Kode verifikasi belum terpasang."))
    return factor


def _require_password(user: User, password: str) -> None:
    if not user.check_password(password):
        raise Unacceptable(_("Kata sandi tidak cocok."), errors={"password": [_("Kata sandi sekarang tidak cocok.")]})


def _opened(factor: SecondFactor) -> str:
    try:
        return _locker().decrypt(factor.secret.encode()).decode()
    except InvalidToken as changed:
        raise NotNow(_("Kode verifikasi tidak dapat dibaca lagi. Minta BKPSDM mengatur ulang.")) from changed


def _locker() -> MultiFernet:
    """The present key encrypts; former ones still open."""
    secrets: list[str] = [str(settings.SECRET_KEY), *map(str, settings.SECRET_KEY_FALLBACKS)]
    keys = [hashlib.sha256(b"second-factor:" + secret.encode()).digest() for secret in secrets]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(key)) for key in keys])
