"""Start a child that cannot outlive us, and end it."""

import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import Any

from bukittinggi_kinerja.lifeline import end_with_parent


def spawn(
    command: Sequence[str],
    *,
    log: Path | None = None,
    when_parent_ends: int = signal.SIGTERM,
    environment: Mapping[str, str] | None = None,
    **options: Any,
) -> subprocess.Popen[bytes]:
    """Start a child in a process group of its own, its output appended to `log` or, without one, left where ours goes.

    The group keeps a Ctrl-C of the terminal away: whoever started the child ends it in the right order.
    Call it from the main thread only: the kernel counts the end of the starting *thread* as the end of the parent.
    """
    if log is not None:
        log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") if log is not None else nullcontext() as output:
        return subprocess.Popen(
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT if output is not None else None,
            env=dict(environment) if environment is not None else None,
            process_group=0,
            preexec_fn=_tied_to_parent(when_parent_ends),  # noqa: PLW1509 - whoever starts servers has one thread
            **options,
        )


def _tied_to_parent(signal_number: int) -> Callable[[], None]:
    parent = os.getpid()

    def tie() -> None:
        end_with_parent(signal_number)
        if os.getppid() != parent:  # the parent ended before the kernel knew
            os._exit(1)

    return tie


def signal_group(process: subprocess.Popen[bytes], signal_number: int) -> None:
    """Signal the child and what it started, also when the child itself is gone already."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal_number)


def end(process: subprocess.Popen[bytes], signal_number: int, patience: float) -> None:
    """Signal the child, wait `patience` seconds, then kill what is left of its group."""
    if process.poll() is None:
        with suppress(ProcessLookupError):
            process.send_signal(signal_number)
        with suppress(subprocess.TimeoutExpired):
            process.wait(patience)
    signal_group(process, signal.SIGKILL)
    process.wait()


def tail(log: Path, lines: int = 5) -> str:
    """Last lines of a log, for a message."""
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return ""
