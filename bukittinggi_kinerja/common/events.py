"""Writing the memory: one call per service."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import models

from .models import Event


def record_event(
    *,
    action: str,
    subject: models.Model | tuple[str, object],
    actor: int | None,
    now: dt.datetime,
    old: Mapping[str, Any] | None = None,
    new: Mapping[str, Any] | None = None,
    reason: str = "",
) -> Event:
    """Append one event row inside the caller's transaction.

    ``action`` is dotted, e.g. ``appraisal.assessment.rated``; ``actor`` is a user id, None for the system.
    """
    kind, identity = subject if isinstance(subject, tuple) else (subject._meta.label_lower, subject.pk)
    return Event.objects.create(
        at=now,
        actor=actor,
        action=action,
        subject_type=kind,
        subject_id=str(identity),
        old=_plain(old or {}),
        new=_plain(new or {}),
        reason=reason,
    )


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _scalar(value) for key, value in values.items()}


def _scalar(value: Any) -> Any:
    if isinstance(value, (dt.date, dt.datetime)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, Mapping):
        return _plain(value)
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_scalar(item) for item in value]
    return value if value is None or isinstance(value, (bool, int, str)) else str(value)
