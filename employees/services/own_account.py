"""What people change on their own account: language, theme, password."""

from __future__ import annotations

import datetime as dt

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from bukittinggi_kinerja.common.errors import Unacceptable
from bukittinggi_kinerja.common.events import record_event
from employees.models import AccessToken, User
from employees.services.access_codes import revoke_codes


@transaction.atomic
def set_preferences(*, user_id: int, language: str | None, theme: str | None, now: dt.datetime) -> User:
    """Language ``id`` or ``en``, theme ``terang``, ``gelap`` or empty (as the device wishes); None keeps what is.

    Raises Unacceptable for any other word.
    """
    user = User.objects.select_for_update(of=("self",)).get(pk=user_id)
    if language not in {None, "id", "en"} or theme not in {None, "", "terang", "gelap"}:
        raise Unacceptable(_("Pilihan ini tidak ada."))
    old = {"language": user.language, "theme": user.theme}
    user.language = user.language if language is None else language
    user.theme = user.theme if theme is None else theme
    new = {"language": user.language, "theme": user.theme}
    if new != old:
        user.save(update_fields=["language", "theme"])
        record_event(action="employees.account.preferences", subject=user, actor=user_id, now=now, old=old, new=new)
    return user


@transaction.atomic
def change_password(*, user_id: int, old_password: str, new_password: str, now: dt.datetime) -> User:
    """Replace the password and revoke the account's access tokens.

    Raises Unacceptable with the sentences per field: ``old_password`` or ``new_password``.
    """
    user = User.objects.select_for_update(of=("self",)).get(pk=user_id)
    if not user.check_password(old_password):
        raise Unacceptable(_("Kata sandi belum diganti."), errors={"old_password": [_("Kata sandi sekarang tidak cocok.")]})
    try:
        validate_password(new_password, user)
    except ValidationError as refused:
        raise Unacceptable(_("Kata sandi belum diganti."), errors={"new_password": refused.messages}) from refused
    user.set_password(new_password)
    user.save(update_fields=["password"])
    revoke_codes([user.pk], now=now)
    revoked = AccessToken.objects.filter(user=user).usable(now=now).update(revoked_at=now)
    record_event(action="employees.account.password", subject=user, actor=user_id, now=now, new={"tokens_revoked": revoked})
    return user
