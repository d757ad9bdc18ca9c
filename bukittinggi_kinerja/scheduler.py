"""Beat that runs once however often it is started, remembers its last runs, and shows that it lives."""

import logging
from contextlib import suppress
from datetime import datetime
from typing import Any

import redis
from celery.beat import ScheduleEntry, Scheduler
from django.conf import settings
from django.db import Error, connection

from bukittinggi_kinerja.heartbeat import INTERVAL_SECONDS, beat_once

logger = logging.getLogger(__name__)

# Any number that no other lock uses: "beat" in ASCII.
LEADER_LOCK = 0x62656174
LAST_RUNS = "kinerja:beat:last_runs"


class SingleScheduler(Scheduler):
    """The beat that holds the database's advisory lock works; the others wait until its connection ends.

    Last runs stand in Valkey, so that what fell due while no beat ran is sent once at its return, on whatever machine.
    """

    leads = False

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """Send what is due. Seconds until the next look, never more than INTERVAL_SECONDS."""
        if not self._still_leads():
            return INTERVAL_SECONDS
        beat_once("beat")
        return min(super().tick(*args, **kwargs), INTERVAL_SECONDS)

    def apply_entry(self, entry: ScheduleEntry, producer: Any = None) -> None:
        super().apply_entry(entry, producer=producer)
        with suppress(redis.RedisError), _client() as client:
            client.hset(LAST_RUNS, entry.name, self.app.now().isoformat())

    def _still_leads(self) -> bool:
        try:
            if not self.leads:
                self.leads = _take_lock()
                if self.leads:
                    logger.info("this beat leads")
                    self._recall()
            else:
                _ask("SELECT 1")  # the lock lives as long as the connection
        except (Error, redis.RedisError):
            logger.warning("beat lost the database or the broker and waits")
            connection.close()
            self.leads = False
        return self.leads

    def _recall(self) -> None:
        with _client() as client:
            last_runs = client.hgetall(LAST_RUNS)
        for name, entry in self.schedule.items():
            if when := last_runs.get(name.encode()):
                entry.last_run_at = datetime.fromisoformat(when.decode()).astimezone(self.app.timezone)
        self._heap = None  # built anew from the entries at the next tick


def _client() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=5)


def _take_lock() -> bool:
    return bool(_ask("SELECT pg_try_advisory_lock(%s)", LEADER_LOCK))


def _ask(question: str, *values: int) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        return cursor.fetchone()[0]
