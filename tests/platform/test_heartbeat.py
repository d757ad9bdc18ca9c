"""Who is seen to live: a worker without beat, a beat without worker, two beats."""

import os
import signal
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import redis
from django.conf import settings
from django.db import connection
from django.test import Client

from bukittinggi_kinerja import heartbeat
from bukittinggi_kinerja.celery import app
from bukittinggi_kinerja.scheduler import LAST_RUNS, SingleScheduler
from tests.platform.processes import python, wait_until

# Beats compete for one lock in one database.
pytestmark = pytest.mark.xdist_group("beat")
CELERY = ("-m", "celery", "-A", "bukittinggi_kinerja")
WORKER = (*CELERY, "worker", "--concurrency", "1", "--without-gossip", "--without-mingle", "--queues", "nobody-sends-here")
BEAT = (*CELERY, "beat", "--pidfile=", "--loglevel", "INFO")


@pytest.fixture
def broker() -> Iterator[redis.Redis]:
    """The Valkey of this test process, empty before and after."""
    client = redis.Redis.from_url(settings.REDIS_URL)
    client.flushdb()
    yield client
    client.flushdb()
    client.close()


def celery(*words: str, **options: object) -> subprocess.Popen[str]:
    variables = {**os.environ, "DJANGO_SETTINGS_MODULE": "bukittinggi_kinerja.settings"}
    return python(*words, env=variables, stderr=subprocess.STDOUT, start_new_session=True, **options)


def kill(process: subprocess.Popen[str]) -> None:
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def parts() -> dict[str, str]:
    answer = Client().get("/healthz")
    said = answer.json()
    assert answer.status_code == (200 if said["status"] == "ok" else 503)
    return dict(said["parts"])


@pytest.mark.django_db
def test_health_says_exactly_what_the_contract_says(broker: redis.Redis) -> None:
    for part in heartbeat.PARTS:
        heartbeat.beat_once(part)
    answer = Client().get("/healthz")
    assert answer.status_code == 200
    assert answer.content == b'{"status":"ok","parts":{"web":"ok","database":"ok","broker":"ok","worker":"ok","beat":"ok"}}'


@pytest.mark.django_db
def test_a_part_that_was_never_seen_is_down_and_so_is_the_whole(broker: redis.Redis) -> None:
    heartbeat.beat_once("worker")
    assert parts() == {"web": "ok", "database": "ok", "broker": "ok", "worker": "ok", "beat": "down"}


@pytest.mark.django_db
def test_a_sign_of_life_fades_within_a_minute(broker: redis.Redis) -> None:
    heartbeat.beat_once("beat")
    assert 0 < int(broker.ttl("kinerja:heartbeat:beat")) <= 60


@pytest.mark.django_db
def test_a_broker_that_is_away_takes_worker_and_beat_out_of_sight(settings: object) -> None:
    settings.REDIS_URL = "unix:///nowhere/valkey.sock?db=0"  # type: ignore[attr-defined]
    assert parts() == {"web": "ok", "database": "ok", "broker": "down", "worker": "down", "beat": "down"}


@pytest.mark.django_db(transaction=True)
def test_a_database_that_is_away_is_said_and_comes_back(broker: redis.Redis) -> None:
    connection.close()
    name, connection.settings_dict["NAME"] = connection.settings_dict["NAME"], "no-such-database"
    try:
        assert parts()["database"] == "down"
    finally:
        connection.close()
        connection.settings_dict["NAME"] = name
    assert parts()["database"] == "ok"


@pytest.mark.django_db
def test_a_real_worker_shows_itself_and_beat_stays_down(broker: redis.Redis) -> None:
    worker = celery(*WORKER, stdout=subprocess.DEVNULL)
    try:
        wait_until(lambda: parts()["worker"] == "ok", 40, "worker seen")
        assert parts()["beat"] == "down"
    finally:
        kill(worker)
    broker.delete("kinerja:heartbeat:worker")  # a minute later
    assert parts()["worker"] == "down"


def test_of_two_beats_one_works_and_the_other_takes_over(broker: redis.Redis, tmp_path: Path) -> None:
    beats = [celery(*BEAT, "--logfile", str(tmp_path / "one"), stdout=subprocess.DEVNULL)]
    try:
        wait_until(lambda: broker.exists("kinerja:heartbeat:beat"), 40, "first beat seen")
        beats.append(celery(*BEAT, "--logfile", str(tmp_path / "two"), stdout=subprocess.DEVNULL))
        wait_until(lambda: (tmp_path / "two").exists() and "beat: Starting" in (tmp_path / "two").read_text(), 40, "second beat started")
        assert parts_without_database()["worker"] == "down"
        kill(beats.pop(0))
        broker.delete("kinerja:heartbeat:beat")
        wait_until(lambda: broker.exists("kinerja:heartbeat:beat"), 20, "the second takes over")
    finally:
        for beat in beats:
            kill(beat)


def parts_without_database() -> dict[str, str]:
    return {part: "ok" if lives else "down" for part, lives in heartbeat.parts_alive().items()}


@pytest.mark.django_db
def test_what_fell_due_while_no_beat_ran_is_sent_once(broker: redis.Redis) -> None:
    broker.hset(LAST_RUNS, "hourly", (app.now() - timedelta(hours=2)).isoformat())
    try:
        for _start in range(2):
            scheduler = SingleScheduler(app=app, lazy=True)
            scheduler.add(name="hourly", task="nobody.knows", schedule=3600.0)
            for _tick in range(3):
                scheduler.tick()
            scheduler.close()
    finally:
        connection.cursor().execute("SELECT pg_advisory_unlock_all()")
    assert broker.llen("default") == 1


def test_the_health_check_of_a_container_tells_the_living_from_the_dead(broker: redis.Redis) -> None:
    heartbeat.beat_once("worker")
    assert heartbeat.main("worker") == 0
    assert heartbeat.main("beat") == 1
