"""Codes of an authenticator app (RFC 6238): six digits of thirty seconds, one step of drift, none of them twice. Pure."""

from __future__ import annotations

import hmac

import pyotp

STEP_SECONDS = 30
DRIFT = 1
DIGITS = 6


def new_secret() -> str:
    """160 bits in base 32, as the apps read them."""
    return pyotp.random_base32()


def matching_step(secret: str, code: str, *, at: int, after: int) -> int | None:
    """The time step whose code this is, later than ``after``; None where none within the drift is.

    ``at`` is the moment in seconds of the epoch.
    """
    if len(code) != DIGITS or not (code.isascii() and code.isdigit()):
        return None
    now, found, otp = at // STEP_SECONDS, None, pyotp.HOTP(secret)
    for step in range(now - DRIFT, now + DRIFT + 1):
        if hmac.compare_digest(otp.at(step), code) and step > after:
            found = step
    return found


def address_for_app(secret: str, *, account: str, issuer: str) -> str:
    """What the square holds."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=issuer)
