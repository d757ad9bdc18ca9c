"""Ending sessions: each carries the epoch of its account, and a new epoch ends them all at their next call.

A session says who asks, never what he may: rights are read from posts, mandates and roles at every call. So no move ends one,
be it of one person, of a list or of a unit; what it takes away is gone at the next call.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.db.models import F

from bukittinggi_kinerja.common.events import record_event
from employees.models import User


def end_sessions(user_ids: Iterable[int]) -> int:
    """Every session of these accounts ends. Part of a larger service: records no event. Returns how many accounts there were."""
    return User.objects.filter(pk__in=set(user_ids)).update(session_epoch=F("session_epoch") + 1)


@transaction.atomic
def sign_out_everywhere(*, user_id: int, now: dt.datetime) -> None:
    """A person ends every session of his own account, the one he asks from included."""
    end_sessions([user_id])
    record_event(action="employees.account.signed_out", subject=("employees.user", user_id), actor=user_id, now=now)
