"""Real processes below a test, and what is left of them."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent.parent
OURS = ("DATABASE_URL", "REDIS_URL", "DJANGO_SETTINGS_MODULE", "KINERJA_DATA")


def environment(**more: str) -> dict[str, str]:
    """The machine's environment without what the test run set for itself."""
    return {**{name: value for name, value in os.environ.items() if name not in OURS}, **more}


def table() -> list[tuple[int, int, str]]:
    """Number, parent and command line of every process that is not merely waiting to be buried."""
    listed = subprocess.run(["ps", "-ww", "-eo", "pid,ppid,stat,args"], capture_output=True, text=True, check=True).stdout
    rows = [line.split(None, 3) for line in listed.splitlines()[1:]]
    return [(int(pid), int(parent), words) for pid, parent, state, words in rows if not state.startswith("Z")]


def below(root: int) -> dict[int, str]:
    """All descendants of a process with their command lines."""
    rows, family, found = table(), {root}, {}
    for _ in range(10):
        for pid, parent, words in rows:
            if parent in family and pid not in family:
                family.add(pid)
                found[pid] = words
    return found


def first(family: dict[int, str], pattern: str) -> int:
    """Number of the oldest process whose command line matches."""
    return min(pid for pid, words in family.items() if re.search(pattern, words))


def wait_until(seen: Callable[[], object], seconds: float, what: str) -> float:
    """Seconds until `seen` said yes; fails the test when it did not in time."""
    started = time.monotonic()
    while not seen():
        assert time.monotonic() - started < seconds, f"not within {seconds:.0f} s: {what}"
        time.sleep(0.1)
    return time.monotonic() - started


def all_gone(pids: object) -> Callable[[], bool]:
    numbers = set(pids)  # type: ignore[call-overload]
    return lambda: not numbers & {pid for pid, _, _ in table()}


def python(*words: str, **options: object) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, *words], cwd=REPOSITORY, text=True, **options)  # type: ignore[call-overload]
