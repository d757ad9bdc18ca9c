"""REST tokens: issued once, stored as a digest, looked up in one query."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from bukittinggi_kinerja.common.errors import NotAllowed, NotVisible, Unacceptable
from bukittinggi_kinerja.common.events import record_event
from bukittinggi_kinerja.common.period import local_date
from employees.models import AccessToken, User
from employees.queries import viewer_of
from employees.rules.scopes import effective, scopes_open_to
from employees.rules.viewing import Scope

PREFIX = "bkt_"
SECRET_BYTES = 32
DEFAULT_DAYS = 90
LONGEST_DAYS = 366


@transaction.atomic
def issue_token(*, user: User, scopes: Iterable[str], days: int, now: dt.datetime, actor: int | None = None) -> tuple[AccessToken, str]:
    """A new token of this user and its secret, which nobody can read again.

    Raises Unacceptable for unknown or no scopes and for days outside 1..366, NotAllowed for a scope beyond the
    user's role and for a disabled account.
    """
    wanted = _known(scopes)
    if not 1 <= days <= LONGEST_DAYS:
        raise Unacceptable(_("Masa berlaku token antara 1 dan {longest} hari.").format(longest=LONGEST_DAYS))
    if not user.is_active or user.only_reads(on=local_date(now)):
        raise NotAllowed(_("Akun {name} tidak aktif.").format(name=user.username))
    beyond = set(wanted) - scopes_open_to(viewer_of(user, on=local_date(now)))
    if beyond:
        text = _("Lingkup {scopes} melebihi peran {name}.")
        raise NotAllowed(text.format(scopes=", ".join(sorted(beyond)), name=user.username))
    secret = PREFIX + secrets.token_urlsafe(SECRET_BYTES)
    token = AccessToken.objects.create(
        user=user, digest=digest_of(secret), scopes=wanted, created_at=now, expires_at=now + dt.timedelta(days=days)
    )
    new = {"user": user.pk, "scopes": wanted, "expires_at": token.expires_at}
    record_event(action="employees.token.issued", subject=token, actor=actor, now=now, new=new)
    return token, secret


@transaction.atomic
def revoke_token(*, token_id: int, actor: int | None, reason: str, now: dt.datetime) -> AccessToken:
    """End a token at once; a token already ended stays as it is. Raises NotVisible."""
    token = AccessToken.objects.select_for_update().filter(pk=token_id).first()
    if token is None:
        raise NotVisible(_("Token ini tidak ada."))
    if token.revoked_at is None:
        token.revoked_at = now
        token.save(update_fields=["revoked_at"])
        record_event(action="employees.token.revoked", subject=token, actor=actor, now=now, new={"revoked_at": now}, reason=reason)
    return token


def own_tokens(*, user_id: int, now: dt.datetime) -> list[AccessToken]:
    """What still opens something in a person's name, the oldest first."""
    return list(AccessToken.objects.usable(now=now).filter(user_id=user_id).order_by("id"))


@transaction.atomic
def revoke_own_token(*, token_id: int, user_id: int, now: dt.datetime) -> AccessToken:
    """A person ends a token of his own; another's is not there. Raises NotVisible."""
    if not AccessToken.objects.filter(pk=token_id, user_id=user_id).exists():
        raise NotVisible(_("Token ini tidak ada."))
    return revoke_token(token_id=token_id, actor=user_id, reason="", now=now)


def digest_of(secret: str) -> str:
    """SHA-256 in hex; the secret is 256 bits of chance, so no slow hash is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def usable_token(secret: str, *, now: dt.datetime) -> AccessToken | None:
    """The live token of an active user, with the user: one query."""
    return AccessToken.objects.usable(now=now).select_related("user").filter(digest=digest_of(secret)).first()


class BearerAuthentication(BaseAuthentication):
    """``Authorization: Bearer TOKEN``. Nothing else signs in to the API, no session either."""

    scheme = "Bearer"

    def authenticate(self, request: Request) -> tuple[User, AccessToken] | None:
        scheme, _blank, secret = request.headers.get("Authorization", "").strip().partition(" ")
        if scheme.lower() != self.scheme.lower():
            return None
        now: dt.datetime = request.now  # type: ignore[attr-defined]
        token = usable_token(secret.strip(), now=now)
        if token is None:
            raise AuthenticationFailed
        viewer = viewer_of(token.user, on=local_date(now))
        # Tokens of who has left are revoked by the beat; until it runs they write nothing.
        token.scopes = list(effective(token.scopes, viewer, only_reads=token.user.only_reads(on=local_date(now))))
        request.viewer = viewer  # type: ignore[attr-defined]
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return self.scheme


def _known(scopes: Iterable[str]) -> list[str]:
    wanted = sorted({scope.strip() for scope in scopes if scope.strip()})
    strange = [scope for scope in wanted if scope not in set(Scope)]
    if strange or not wanted:
        text = _("Lingkup tidak dikenal: {strange}. Pilihan: {known}.")
        raise Unacceptable(text.format(strange=", ".join(strange) or "-", known=", ".join(Scope)))
    return wanted
