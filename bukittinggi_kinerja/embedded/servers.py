"""The servers of one data folder, and who may start and use them.

Two lock files decide, both released by the kernel however a process ends:
`owner.lock` is held by the one process that runs the servers, `users.lock` is shared by all that use them.
"""

import fcntl
import subprocess
import sys
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from select import select
from typing import IO

from bukittinggi_kinerja.embedded import REPOSITORY, Place, postgres, valkey
from bukittinggi_kinerja.embedded.errors import EmbeddedError
from bukittinggi_kinerja.embedded.processes import tail

WAIT_SECONDS = 45
KEEPER_LOG = "keeper.log"


@dataclass
class Servers:
    """PostgreSQL and Valkey, or the wanted ones of them, as children of this process."""

    place: Place
    wanted: Collection[str]
    durable: bool = True
    postgres: subprocess.Popen[bytes] | None = field(default=None, init=False)
    valkey: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self) -> None:
        """Start what is wanted and not running."""
        if "postgres" in self.wanted and not _runs(self.postgres):
            postgres.prepare(self.place)
            self.postgres = postgres.start(self.place, durable=self.durable)
        if "valkey" in self.wanted and not _runs(self.valkey):
            self.place.sockets.mkdir(mode=0o700, exist_ok=True)
            self.valkey = valkey.start(self.place, durable=self.durable)

    def stop(self) -> None:
        if self.valkey is not None:
            valkey.stop(self.valkey)
        if self.postgres is not None:
            postgres.stop(self.postgres)

    def all_run(self) -> bool:
        return all(_runs(p) for p in (self.postgres, self.valkey) if p is not None)


def _runs(process: subprocess.Popen[bytes] | None) -> bool:
    return process is not None and process.poll() is None


def answer(place: Place, wanted: Collection[str]) -> bool:
    """True when all wanted servers of this place answer."""
    probes = {"postgres": postgres.answers, "valkey": valkey.answers}
    return all(probes[server](place) for server in wanted)


def open_lock(place: Place, name: str) -> IO[str]:
    place.data.mkdir(parents=True, exist_ok=True)
    return (place.data / f"{name}.lock").open("a")


def try_lock(lock: IO[str], kind: int) -> bool:
    try:
        fcntl.flock(lock, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def in_use(place: Place, wanted: Collection[str], *, durable: bool = True) -> Iterator[None]:
    """Servers that answer, for the time of the block: those that run, else ones that end after their last user.

    Raises EmbeddedError when they cannot be had within WAIT_SECONDS.
    """
    users = open_lock(place, "users")
    fcntl.flock(users, fcntl.LOCK_SH)  # waits while a keeper is just stopping
    keeper = None
    try:
        keeper = _ensure(place, wanted, durable)
        yield
    finally:
        users.close()
        if keeper is not None:
            _await_end(keeper)


def _ensure(place: Place, wanted: Collection[str], durable: bool) -> subprocess.Popen[str] | None:
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        with open_lock(place, "owner") as owner:
            if try_lock(owner, fcntl.LOCK_EX):
                return _start_keeper(place, owner, wanted, durable)
        if answer(place, wanted):  # somebody else runs them
            return None
        time.sleep(0.1)
    raise EmbeddedError(f"Layanan data di {place.data} tidak menjawab. Lihat {place.logs}.")


def _start_keeper(place: Place, owner: IO[str], wanted: Collection[str], durable: bool) -> subprocess.Popen[str]:
    """A process of its own that holds the servers, so that they outlast us while another command still uses them."""
    words = [str(place.data), str(owner.fileno()), "durable" if durable else "forgetful", *wanted]
    place.logs.mkdir(parents=True, exist_ok=True)
    with (place.logs / KEEPER_LOG).open("ab") as log:
        keeper = subprocess.Popen(
            [sys.executable, "-m", "bukittinggi_kinerja.embedded.keeper", *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            pass_fds=[owner.fileno()],
            start_new_session=True,
            cwd=REPOSITORY,
        )
    said = keeper.stdout.readline().strip() if keeper.stdout else ""
    if said == "ready":
        return keeper
    keeper.wait()
    raise EmbeddedError(said or f"Layanan data tidak dapat dijalankan: {tail(place.logs / KEEPER_LOG)}")


def _await_end(keeper: subprocess.Popen[str]) -> None:
    """Wait for the keeper to stop the servers, unless another command still uses them."""
    assert keeper.stdout is not None
    stopping, _, _ = select([keeper.stdout], [], [], 0.5)
    if stopping:
        with suppress(subprocess.TimeoutExpired):
            keeper.wait(15)
    keeper.stdout.close()
