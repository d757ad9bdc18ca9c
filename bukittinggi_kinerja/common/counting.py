"""Counting in Valkey how often something was tried: exact under any number of callers at once, and forgotten by itself."""

from __future__ import annotations

from django.core.cache import cache


def one_more(key: str, *, window_seconds: int) -> int:
    """The count of this window, with this try; the window begins with its first try. Raises RedisError while Valkey is away."""
    if cache.add(key, 1, window_seconds):
        return 1
    try:
        return int(cache.incr(key))
    except ValueError:  # it ended between the two
        return 1
