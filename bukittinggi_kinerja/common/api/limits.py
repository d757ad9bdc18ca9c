"""How many heavy answers one token gets in a minute: reports in every form, and lists, which are also the search."""

from __future__ import annotations

import logging
from typing import Any

from django.conf import settings
from redis import RedisError
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from bukittinggi_kinerja.common.counting import one_more

logger = logging.getLogger(__name__)
MINUTE = 60
READS = frozenset({"GET", "HEAD"})


class HeavyLimit(BaseThrottle):
    """Counts reads by token and by ``heavy`` of the view, in whole minutes of the clock; a write is no list.

    While Valkey is away nobody is refused.
    """

    remaining = 0.0

    def allow_request(self, request: Request, view: Any) -> bool:
        moment = request.now.timestamp()  # type: ignore[attr-defined]
        token = getattr(request.auth, "digest", None)
        if token is None or request.method not in READS:
            return True
        key = f"batas:{view.heavy}:{token[:32]}:{int(moment) // MINUTE}"
        try:
            count = one_more(key, window_seconds=2 * MINUTE)
        except RedisError:
            logger.exception("heavy answers are not counted: Valkey does not answer")
            return True
        self.remaining = MINUTE - moment % MINUTE
        return count <= settings.API_HEAVY_PER_MINUTE[view.heavy]

    def wait(self) -> float:
        return self.remaining
