"""Notices in the application: rows that point at an event, made in sets and never twice."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection

from .models import Event, Notice

_ONCE_LENGTH = 130

_INSERT = """
    INSERT INTO common_notice (recipient, kind, data, link, once, event_id, created_at)
    SELECT person, %(kind)s, %(data)s::jsonb, %(link)s, %(once)s || ':' || person, %(event)s, %(now)s
    FROM unnest(%(people)s::bigint[]) AS person
    ON CONFLICT (once) DO NOTHING
"""


def notify(
    *,
    recipients: Iterable[int],
    kind: str,
    data: Mapping[str, Any],
    link: str,
    once: str,
    event: Event | None,
    now: dt.datetime,
) -> int:
    """One notice for each recipient (user ids), inside the caller's transaction; the number of new ones.

    ``once`` names the occasion: the same occasion reaches a person once, however often it is told. ``kind`` selects
    the sentence and ``data`` fills its named places; neither carries a score.
    """
    people = sorted(set(recipients))
    if not people:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            _INSERT,
            {
                "kind": kind,
                "data": json.dumps(dict(data), cls=DjangoJSONEncoder),
                "link": link,
                "once": _occasion(once),
                "event": event.pk if event else None,
                "now": now,
                "people": people,
            },
        )
        return int(cursor.rowcount)


def mark_read(*, recipient: int, now: dt.datetime, notice_ids: Sequence[int] | None = None) -> int:
    """Mark a person's own unread notices as read, all or those named; how many were."""
    unread = Notice.objects.unread_by(recipient)
    if notice_ids is not None:
        unread = unread.filter(pk__in=notice_ids)
    return unread.update(read_at=now)


def unread(*, recipient: int, limit: int) -> list[Notice]:
    """A person's unread notices, the latest first."""
    return list(Notice.objects.unread_by(recipient).order_by("-id")[:limit])


def withdraw_notice(*, once: str, recipients: Iterable[int], now: dt.datetime) -> int:
    """Take back an occasion that is done, so that nobody is reminded of it; how many notices were open."""
    keys = [f"{_occasion(once)}:{person}" for person in set(recipients)]
    return Notice.objects.filter(once__in=keys, read_at=None, withdrawn_at=None).update(withdrawn_at=now)


def withdraw_kinds(*, kinds: Iterable[str], data: Mapping[str, Any], recipients: Iterable[int], now: dt.datetime) -> int:
    """Take back notices of these kinds whose data hold ``data``, on whatever day they were sent; how many were open."""
    found = Notice.objects.filter(recipient__in=set(recipients), kind__in=list(kinds), data__contains=dict(data))
    return found.filter(read_at=None, withdrawn_at=None).update(withdrawn_at=now)


def _occasion(once: str) -> str:
    return once if len(once) <= _ONCE_LENGTH else hashlib.sha256(once.encode()).hexdigest()
