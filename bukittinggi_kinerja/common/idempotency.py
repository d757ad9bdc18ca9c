"""A POST repeated with its key is one act: the answer is kept and given again."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils.translation import gettext as _

from .errors import Refusal, Unacceptable
from .models import IdempotencyKey

KEPT = dt.timedelta(days=30)
LONGEST_KEY = 120
SWEPT_AT_ONCE = 50


class KeyTaken(Refusal):
    """The key already belongs to another body."""

    status = 409
    kind = "kunci"


@dataclass(frozen=True)
class Answer:
    status: int
    body: Any
    repeated: bool = False


def key_of(header: str | None) -> str:
    """The key as sent; raises Unacceptable without one or with one that cannot be stored."""
    key = (header or "").strip()
    if not key or len(key) > LONGEST_KEY or not key.isascii() or not key.isprintable():
        raise Unacceptable(_("Sertakan kepala Idempotency-Key, 1 sampai 120 karakter, satu kunci untuk satu kiriman."))
    return key


def digest_of(action: str, body: Any) -> str:
    """The same for bodies that say the same, whatever the order of their members."""
    text = json.dumps([action, body], cls=DjangoJSONEncoder, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def once(*, owner: int, key: str, digest: str, now: dt.datetime, act: Callable[[], tuple[int, Any]]) -> Answer:
    """Run ``act`` and keep its (status, body), or give the answer kept for this key of this owner.

    One transaction with the act: two requests at once wait for each other, and a refused act leaves no key behind.
    Raises KeyTaken when the key was used with another body within 30 days.
    """
    _sweep(now)
    fresh = IdempotencyKey(owner=owner, key=key, digest=digest, created_at=now)
    IdempotencyKey.objects.bulk_create([fresh], ignore_conflicts=True)
    row = IdempotencyKey.objects.select_for_update().get(owner=owner, key=key)
    if row.created_at <= now - KEPT:
        row.digest, row.status, row.answer, row.created_at = digest, None, None, now
    elif row.digest != digest:
        raise KeyTaken(_("Kunci ini sudah dipakai untuk kiriman lain. Pakai kunci baru."))
    elif row.status is not None:
        return Answer(row.status, _told(row.answer), repeated=True)
    status, body = act()
    # Kept as text: the database would bring the members of an object back in an order of its own.
    row.status, row.answer = status, json.dumps(body, cls=DjangoJSONEncoder)
    row.save()
    return Answer(status, _told(row.answer))


def _told(kept: Any) -> Any:
    """An answer as it was given; those kept before they were text are objects."""
    return json.loads(kept) if isinstance(kept, str) else kept


def _sweep(now: dt.datetime) -> None:
    """Forget a few expired keys; rows another request holds are left to it."""
    expired = IdempotencyKey.objects.filter(created_at__lte=now - KEPT).select_for_update(skip_locked=True)
    IdempotencyKey.objects.filter(pk__in=list(expired.values_list("pk", flat=True)[:SWEPT_AT_ONCE])).delete()
