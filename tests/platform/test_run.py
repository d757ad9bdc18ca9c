"""The whole system below one process: it answers, heals, ends, and leaves nobody behind."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bukittinggi_kinerja.embedded import Place
from tests.platform.processes import REPOSITORY, all_gone, below, environment, first, python, wait_until

# One system for the whole module, so one process of the run takes all of it.
pytestmark = pytest.mark.xdist_group("system")
RUN = ("-m", "bukittinggi_kinerja.embedded.run")
PARTS = {
    "web": "gunicorn",
    "worker": r"celery.* worker",
    "beat": r"celery.* beat",
    "PostgreSQL": r"postgres.* -D ",
    "Valkey": "valkey-server",
}


@dataclass
class System:
    """A running `make run`, without a demo city: only its processes matter here."""

    data: Path
    port: int
    process: subprocess.Popen[str] | None = None

    def variables(self) -> dict[str, str]:
        return environment(KINERJA_DATA=str(self.data), PORT=str(self.port), DEMO_EMPLOYEES="0")

    @property
    def said(self) -> Path:
        return self.data.with_name("said")

    def start(self) -> float:
        """Seconds until it said that everything answers."""
        with self.said.open("w") as out:
            self.process = python(*RUN, env=self.variables(), stdout=out, stderr=subprocess.STDOUT, start_new_session=True)
        return wait_until(self._ready, 120, f"ready; it said: {self.said.read_text()}")

    def _ready(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.said.read_text()
        return f"Siap: http://127.0.0.1:{self.port}" in self.said.read_text()

    def family(self) -> dict[int, str]:
        assert self.process is not None
        return below(self.process.pid)

    def health(self) -> tuple[int, dict[str, object]]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as refused:
            return refused.code, json.load(refused)
        except OSError:
            return 0, {}


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    system = System(tmp_path_factory.mktemp("system") / "data", free_port())
    system.start()
    yield system
    if system.process is not None and system.process.poll() is None:
        system.process.terminate()
        system.process.wait(15)
    sockets = Place(system.data).sockets
    if sockets.is_dir():
        sockets.rmdir()


def test_every_part_answers_and_descends_from_the_one_process(system: System) -> None:
    parts = {"web": "ok", "database": "ok", "broker": "ok", "worker": "ok", "beat": "ok"}
    assert system.health() == (200, {"status": "ok", "parts": parts})
    for name, pattern in PARTS.items():
        assert first(system.family(), pattern), name


@pytest.mark.parametrize("part", ["web", "worker", "beat"])
def test_no_part_does_again_what_the_start_has_done(system: System, part: str) -> None:
    """Where the shell forbids to keep compiled modules, every part would compile all of them."""
    words = Path(f"/proc/{first(system.family(), PARTS[part])}/environ").read_bytes().split(b"\0")
    assert b"PYTHONDONTWRITEBYTECODE=" in words
    assert b"CELERY_SKIP_CHECKS=true" in words


@pytest.mark.parametrize("part", PARTS)
def test_a_killed_part_is_replaced_within_ten_seconds(system: System, part: str) -> None:
    victim = first(system.family(), PARTS[part])
    os.kill(victim, signal.SIGKILL)
    wait_until(lambda: victim not in system.family(), 5, f"{part} gone")
    wait_until(lambda: any_like(system.family(), PARTS[part]), 10, f"{part} started again")
    wait_until(lambda: system.health()[0] == 200, 20, f"all well after {part}")


def any_like(family: dict[int, str], pattern: str) -> bool:
    try:
        return bool(first(family, pattern))
    except ValueError:
        return False


def test_a_second_system_on_the_same_data_is_refused_in_one_line(system: System) -> None:
    variables = {**system.variables(), "PORT": str(free_port())}
    done = subprocess.run([sys.executable, *RUN], cwd=REPOSITORY, env=variables, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (1, f"Sistem sudah berjalan dengan data di {system.data}.\n")


def test_a_port_in_use_is_said_in_one_line(system: System, tmp_path: Path) -> None:
    variables = {**system.variables(), "KINERJA_DATA": str(tmp_path)}
    done = subprocess.run([sys.executable, *RUN], cwd=REPOSITORY, env=variables, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert done.stdout.startswith(f"Port {system.port} sudah dipakai program lain.")
    assert done.stdout.count("\n") == 1


def test_manage_py_uses_the_servers_that_run(system: System) -> None:
    words = "from django.db import connection as c; k = c.cursor(); k.execute('SELECT pg_postmaster_start_time()'); print(k.fetchone()[0])"
    before = system.family()
    said = [
        subprocess.run([sys.executable, "manage.py", "shell", "-v0", "-c", words], cwd=REPOSITORY, env=system.variables(), capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    ]  # fmt: skip
    assert said[0] == said[1]
    assert first(before, PARTS["PostgreSQL"]) in system.family()


def test_sigterm_ends_everything_within_ten_seconds_and_shuts_the_database_down_properly(system: System) -> None:
    assert system.process is not None
    family = system.family()
    system.process.terminate()
    started = time.monotonic()
    assert system.process.wait(10) == 0
    wait_until(all_gone(family), 10 - (time.monotonic() - started), "all gone")
    log = (system.data / "logs" / "postgres.log").read_text()
    assert "database system is shut down" in log.splitlines()[-1]


def test_the_second_start_is_quick_and_a_killed_parent_takes_everything_with_it(system: System) -> None:
    seconds = system.start()
    family = system.family()
    assert system.process is not None
    system.process.kill()
    system.process.wait()
    wait_until(all_gone(family), 10, "children of a killed parent gone")
    # Fifteen seconds on a quiet machine; here other tests run on the other core.
    assert seconds < 30
