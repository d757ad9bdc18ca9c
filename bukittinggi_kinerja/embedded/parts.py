"""Web, worker and beat as the supervisor runs them."""

import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from bukittinggi_kinerja.embedded import REPOSITORY, Place
from bukittinggi_kinerja.embedded.processes import signal_group, spawn

# A part that ends at once is started again after growing pauses, so that it does not eat the machine.
LONGEST_PAUSE_SECONDS = 8.0
HEALTHY_AFTER_SECONDS = 20.0
TASK_WORKERS = 2


@dataclass
class Part:
    """One child that is started again when it ends."""

    name: str
    command: list[str]
    environment: Mapping[str, str]
    end_signal: int = signal.SIGTERM
    orphan_signal: int = signal.SIGTERM
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    started: float = field(default=0.0, init=False)
    pause: float = field(default=0.0, init=False)
    ended: float | None = field(default=None, init=False)

    @property
    def code(self) -> int | None:
        return self.process.poll() if self.process else None

    def start(self, place: Place) -> None:
        log = place.logs / f"{self.name}.log"
        self.process = spawn(self.command, log=log, when_parent_ends=self.orphan_signal, environment=self.environment, cwd=REPOSITORY)
        self.started, self.ended = time.monotonic(), None

    def must_restart(self) -> bool:
        """True when the child has ended and its pause is over. What it had started itself is ended first."""
        if self.process is None or self.process.poll() is None:
            return False
        now = time.monotonic()
        if self.ended is None:
            self.ended = now
            lasted = now - self.started
            self.pause = 0.0 if lasted > HEALTHY_AFTER_SECONDS else min(2 * self.pause or 0.5, LONGEST_PAUSE_SECONDS)
            signal_group(self.process, signal.SIGKILL)
        return now - self.ended >= self.pause

    def ask_to_end(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(self.end_signal)

    def end_by(self, deadline: float) -> None:
        """Wait until the deadline, then kill what is left of the child and what it started."""
        if self.process is None:
            return
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(max(deadline - time.monotonic(), 0.05))
        signal_group(self.process, signal.SIGKILL)
        self.process.wait()


def parts(environment: Mapping[str, str]) -> list[Part]:
    """The three parts of a demo machine with two cores."""
    web = [sys.executable, "-m", "gunicorn", "--config", "python:bukittinggi_kinerja.web_server", "bukittinggi_kinerja.wsgi"]
    celery = [sys.executable, "-m", "celery", "-A", "bukittinggi_kinerja"]
    worker = [
        *celery,
        "worker",
        "--queues",
        "default,bulk,reports",
        "--concurrency",
        str(TASK_WORKERS),
        "--loglevel",
        "INFO",
        "--without-gossip",
        "--without-mingle",
    ]
    return [
        Part("web", web, environment),
        # SIGTERM would wait for the running tasks; SIGQUIT gives what does not end soon back to the queue.
        # Without us there is no broker to give it back to: then it ends at once and the sweep takes the work up.
        Part("worker", worker, environment, end_signal=signal.SIGQUIT, orphan_signal=signal.SIGKILL),
        Part("beat", [*celery, "beat", "--loglevel", "INFO", "--pidfile="], environment),
    ]
