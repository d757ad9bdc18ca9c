"""Hold the servers for commands of manage.py until the last of them ends.

Started by `servers.in_use` only: `python -m bukittinggi_kinerja.embedded.keeper FOLDER LOCK durable|forgetful SERVER...`.
"""

import fcntl
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path

from bukittinggi_kinerja.embedded import Place
from bukittinggi_kinerja.embedded.errors import EmbeddedError
from bukittinggi_kinerja.embedded.servers import Servers, open_lock


def main() -> int:
    folder, owner_lock, durability, *wanted = sys.argv[1:]
    os.set_inheritable(int(owner_lock), False)  # a server that outlived us must not keep the lock
    place = Place(Path(folder))
    servers = Servers(place, wanted, durable=durability == "durable")
    for wish in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(wish, _leave)
    try:
        servers.start()
        _say("ready")
        with open_lock(place, "users") as users:
            fcntl.flock(users, fcntl.LOCK_EX)  # granted when nobody uses them any more
            _say("stopping")
            servers.stop()
    except EmbeddedError as problem:
        _say(str(problem).replace("\n", " "))
        return 1
    finally:
        servers.stop()
    return 0


def _leave(number: int, _frame: object) -> None:
    raise SystemExit(128 + number)


def _say(word: str) -> None:
    with suppress(BrokenPipeError):  # whoever started us may be gone already
        sys.stdout.write(word + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
