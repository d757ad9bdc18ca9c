"""Signs of life of the Celery worker and of beat: keys in Valkey that expire.

`python -m bukittinggi_kinerja.heartbeat worker|beat|web` is the health check of a container: exit 0 when that part lives.
"""

import json
import os
import sys
import urllib.error
import urllib.request
from typing import Any

import redis
from celery import bootsteps
from django.conf import settings

INTERVAL_SECONDS = 10
FRESH_SECONDS = 60
TIMEOUT_SECONDS = 2
PARTS = ("worker", "beat")


def _client() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=TIMEOUT_SECONDS, socket_connect_timeout=TIMEOUT_SECONDS)


def _key(part: str) -> str:
    return f"kinerja:heartbeat:{part}"


def beat_once(part: str) -> None:
    """Leave the sign of life of this part; it fades after FRESH_SECONDS. A broker that is away is not this part's fault."""
    try:
        with _client() as client:
            client.set(_key(part), "1", ex=FRESH_SECONDS)
    except redis.RedisError:
        return


def forget() -> None:
    """Before a start: signs of an earlier run say nothing about this one."""
    with _client() as client:
        client.delete(*map(_key, PARTS))


def parts_alive() -> dict[str, bool]:
    """Whether the broker answers, and which parts were seen within FRESH_SECONDS."""
    try:
        with _client() as client:
            seen = client.mget([_key(part) for part in PARTS])
    except redis.RedisError:
        return {"broker": False, **dict.fromkeys(PARTS, False)}
    return {"broker": True, **{part: value is not None for part, value in zip(PARTS, seen, strict=True)}}


class WorkerHeartbeat(bootsteps.StartStopStep):
    """Runs in the worker's main process, which keeps turning while its children execute tasks."""

    requires = ("celery.worker.consumer.tasks:Tasks",)

    def __init__(self, parent: Any, **options: Any) -> None:
        super().__init__(parent, **options)
        self.timer: Any = None

    def start(self, parent: Any) -> None:
        beat_once("worker")
        self.timer = parent.timer.call_repeatedly(INTERVAL_SECONDS, beat_once, ("worker",), priority=10)

    def stop(self, parent: Any) -> None:
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None

    shutdown = stop


def web_answers() -> bool:
    """True when the web server of this container answers and reaches the database, whatever the other parts do."""
    address = f"http://127.0.0.1:{os.environ.get('PORT', '8000')}/healthz"
    # As the proxy would ask: secure, and under a host name that is allowed.
    host = os.environ.get("ALLOWED_HOSTS", "127.0.0.1").split(",")[0].strip().lstrip(".")
    request = urllib.request.Request(address, headers={"X-Forwarded-Proto": "https", "Host": host})
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            said = json.load(answer)
    except urllib.error.HTTPError as problem:
        said = json.load(problem) if problem.code == 503 else {}
    except (OSError, ValueError):
        said = {}
    return said.get("parts", {}).get("database") == "ok"


def main(part: str) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bukittinggi_kinerja.settings")
    return 0 if (web_answers() if part == "web" else parts_alive()[part]) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
