"""How often anybody may try a password: for one account from anywhere, and from one address for any account.

Counted in Valkey and before the password is looked at, so that a hundred tries at once count as a hundred. The pair of account and
address is counted a third time, in the database, by django-axes; both ask here by which name a try counts. Nothing that was typed is
kept: an account counts by its number, whatever spelling of it was used, and any other text by its digest.
"""

from __future__ import annotations

import ipaddress
import logging
from collections.abc import Mapping

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from redis import RedisError

from bukittinggi_kinerja.common.counting import one_more
from bukittinggi_kinerja.common.errors import TooOften
from employees.services.sign_in import account_named, plain_digits

logger = logging.getLogger(__name__)

WINDOW_SECONDS = 15 * 60
PER_ACCOUNT = 30
# An office shares one address.
PER_ADDRESS = 100
NETWORK_OF_ONE_SITE = 64
TOO_OFTEN = _("Terlalu banyak percobaan masuk. Coba lagi sesudah 15 menit, atau temui pengelola kepegawaian.")


def count_try(*, name: str, address: str | None) -> None:
    """Count one try for the account called ``name`` and for ``address``. Raises TooOften within 15 minutes of the first of too many.

    While Valkey is away nothing is counted here; the count of the pair stands in the database.
    """
    try:
        counts = [(one_more(key, window_seconds=WINDOW_SECONDS), limit) for key, limit in _limits(name, address)]
    except RedisError:
        logger.exception("tries to sign in are not counted: Valkey does not answer")
        return
    if any(count > limit for count, limit in counts):
        raise TooOften(TOO_OFTEN)


def forgive_tries(*, name: str, address: str | None) -> None:
    """The password was right: the account starts anew, and the address gets this one try back."""
    (account, _most), *addresses = _limits(name, address)
    try:
        cache.delete(account)
        for key, _most in addresses:
            cache.decr(key)
    except (RedisError, ValueError):
        return


def counted_name(_request: HttpRequest | None, credentials: Mapping[str, str] | None) -> str:
    """By what a try counts: the number of the account, or a digest of the text that names none."""
    text = str((credentials or {}).get("username") or "")
    account = account_named(text) if text else None
    return f"akun:{account.pk}" if account else salted_hmac("sign-in", plain_digits(text).casefold()).hexdigest()


def counted_address(request: HttpRequest) -> str | None:
    """Where a try comes from. Behind proxies: what the outermost of ours saw; None where it says nothing that can be read."""
    text = request.META.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXIES:
        hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        text = hops[-settings.TRUSTED_PROXIES].strip() if len(hops) >= settings.TRUSTED_PROXIES else ""
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return None


def _limits(name: str, address: str | None) -> list[tuple[str, int]]:
    limits = [(f"masuk:{counted_name(None, {'username': name})}", PER_ACCOUNT)]
    if address is not None:
        limits.append((f"masuk:dari:{_site(address)}", PER_ADDRESS))
    return limits


def _site(address: str) -> str:
    """A subscriber of IPv6 has more addresses than anybody can count; his network is one."""
    if ipaddress.ip_address(address).version == 4:
        return address
    return str(ipaddress.ip_network((address, NETWORK_OF_ONE_SITE), strict=False))
