"""Whether somebody must set up his second factor before anything else opens; remembered for a while, so that a page costs no query."""

from __future__ import annotations

import datetime as dt
import logging

from django.core.cache import cache
from redis import RedisError

from employees.queries import factor_missing
from employees.rules.viewing import Viewer

logger = logging.getLogger(__name__)
SECONDS = 600


def must_set_up(viewer: Viewer) -> bool:
    """His role needs a second factor today and he has none. Signing in and setting up ask the database again."""
    if not viewer.roles:
        return False
    try:
        found = cache.get_or_set(_key(viewer.user_id, viewer.on), lambda: factor_missing(viewer), SECONDS)
    except RedisError:
        logger.exception("whether a second factor is missing is asked of the database: Valkey does not answer")
        return factor_missing(viewer)
    return bool(found)


def ask_anew(*, user_id: int, on: dt.date) -> None:
    """Forget what was remembered."""
    try:
        cache.delete(_key(user_id, on))
    except RedisError:
        logger.exception("what is remembered of a second factor ends by itself: Valkey does not answer")


def _key(user_id: int | None, on: dt.date) -> str:
    return f"faktor:{user_id}:{on}"
