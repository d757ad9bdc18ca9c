"""The whole system as one foreground process: `make run`.

Starts the servers, prepares the database, starts web, worker and beat, says when all answers, and restarts what dies.
When it ends, however it ends, everything it started ends too.
"""

import errno
import fcntl
import json
import os
import signal
import socket
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import IO

from bukittinggi_kinerja.common.numbers import whole_number
from bukittinggi_kinerja.embedded import REPOSITORY, Place, data_directory, wanted
from bukittinggi_kinerja.embedded.errors import EmbeddedError
from bukittinggi_kinerja.embedded.parts import parts
from bukittinggi_kinerja.embedded.processes import end, spawn
from bukittinggi_kinerja.embedded.servers import Servers, open_lock, try_lock
from bukittinggi_kinerja.lifeline import end_with_parent

READY_SECONDS = 120
OWNER_WAIT_SECONDS = 60
LOOK_SECONDS = 0.3
STOP_SECONDS = 6.0
RUNNING = "make-run.pid"
#: Each of the four Python processes of a start would compile all our modules anew where the shell forbids to keep them, and
#: the worker would repeat the checks that `prepare` has just made: together a sixth of the work until all answers.
QUICK_START = {"PYTHONDONTWRITEBYTECODE": "", "CELERY_SKIP_CHECKS": "true"}


class Leave(BaseException):
    """Somebody asked us to end."""


def say(text: str) -> None:
    with suppress(OSError):  # the terminal may be gone before we are
        print(text, flush=True)


class Supervisor:
    def __init__(self, place: Place, host: str, port: int) -> None:
        self.place = place
        self.address = f"http://{'127.0.0.1' if host in ('', '0.0.0.0') else host}:{port}"  # noqa: S104
        own = {"KINERJA_DATA": str(place.data), "HOST": host, "PORT": str(port)}
        self.environment: Mapping[str, str] = {**os.environ, **own, **QUICK_START}
        self.servers = Servers(place, wanted())
        self.parts = parts(self.environment)
        self.logins = place.data / "demo-logins.txt"

    def run(self) -> None:
        """Until Leave is raised by a signal. Raises EmbeddedError when the start fails."""
        try:
            say("Menyalakan PostgreSQL dan Valkey ...")
            self.servers.start()
            self._prepare()
            say("Menyalakan web, worker dan beat ...")
            for part in self.parts:
                part.start(self.place)
            self._await_health()
            say(f"Siap: {self.address}")
            self._greet()
            while True:
                self._look_after()
                time.sleep(LOOK_SECONDS)
        finally:
            self._stop()

    def _prepare(self) -> None:
        """Database, catalogues, static files, demo city: one process, for every start of Django takes a second."""
        command = [sys.executable, "manage.py", "prepare", "--demo", "--logins", str(self.logins)]
        process = spawn(command, environment=self.environment, cwd=REPOSITORY)
        try:
            code = process.wait()
        finally:
            end(process, signal.SIGTERM, patience=2)
        if code:
            raise EmbeddedError("Persiapan basis data gagal.")

    def _await_health(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while not self._healthy():
            if time.monotonic() > deadline:
                raise EmbeddedError(f"Belum semua bagian menjawab setelah {READY_SECONDS} detik. Lihat {self.place.logs}.")
            self._look_after()
            time.sleep(LOOK_SECONDS)

    def _healthy(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/healthz", timeout=5) as answer:
                return bool(json.load(answer)["status"] == "ok")
        except (OSError, ValueError, KeyError):
            return False

    def _look_after(self) -> None:
        """Start again what has ended, the servers first: the parts need them."""
        if not self.servers.all_run():
            say("PostgreSQL atau Valkey berhenti; dijalankan lagi.")
            try:
                self.servers.start()
            except EmbeddedError as problem:
                say(str(problem))
        for part in self.parts:
            if part.must_restart():
                say(f"{part.name} berhenti (kode {part.code}); dijalankan lagi.")
                part.start(self.place)

    def _stop(self) -> None:
        deadline = time.monotonic() + STOP_SECONDS
        for part in self.parts:
            part.ask_to_end()
        for part in self.parts:
            part.end_by(deadline)
        self.servers.stop()

    def _greet(self) -> None:
        with suppress(OSError):
            say(self.logins.read_text().rstrip())


def own(place: Place) -> IO[str]:
    """The lock of the one process that runs the servers here. Raises EmbeddedError when another system holds it."""
    lock = open_lock(place, "owner")
    deadline = time.monotonic() + OWNER_WAIT_SECONDS
    waits = False
    while not try_lock(lock, fcntl.LOCK_EX):
        if (place.data / RUNNING).exists():
            raise EmbeddedError(f"Sistem sudah berjalan dengan data di {place.data}.")
        if time.monotonic() > deadline:
            raise EmbeddedError(f"Data di {place.data} masih dipakai perintah manage.py lain.")
        if not waits:
            say("Menunggu perintah manage.py lain selesai ...")
            waits = True
        time.sleep(0.2)
    return lock


def wanted_address() -> tuple[str, int]:
    """HOST and PORT. Raises EmbeddedError when nobody could listen there."""
    host, word = os.environ.get("HOST") or "127.0.0.1", os.environ.get("PORT") or "8000"
    port = whole_number(word) or 0
    if not 0 < port < 65536:
        raise EmbeddedError(f"PORT harus angka 1 sampai 65535, bukan {word}.")
    try:
        with socket.create_server((host, port), reuse_port=False):
            return host, port
    except OSError as problem:
        if problem.errno == errno.EADDRINUSE:
            raise EmbeddedError(f"Port {word} sudah dipakai program lain. Pilih port lain, misalnya: PORT=8001 make run") from problem
        raise EmbeddedError(f"Alamat {host}:{word} tidak dapat dipakai: {problem.strerror}.") from problem


def main() -> int:
    end_with_parent(signal.SIGTERM)  # also when `make` is killed
    for wish in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(wish, _leave)
    place = Place(data_directory())
    try:
        with own(place), marked_as_running(place):
            Supervisor(place, *wanted_address()).run()
    except EmbeddedError as problem:
        say(str(problem))
        return 1
    except Leave:
        say("Selesai.")
    return 0


@contextmanager
def marked_as_running(place: Place) -> Iterator[None]:
    """A file that tells a second `make run` from a command of manage.py which merely holds the servers for a while."""
    mark = place.data / RUNNING
    mark.write_text(str(os.getpid()))
    try:
        yield
    finally:
        mark.unlink(missing_ok=True)


def _leave(_number: int, _frame: object) -> None:
    for wish in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(wish, signal.SIG_IGN)  # we are leaving already
    raise Leave


if __name__ == "__main__":
    sys.exit(main())
