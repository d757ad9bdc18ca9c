"""The speed table is made: how fast it is, only `make bench` says."""

from __future__ import annotations

import subprocess
import sys

from tests.platform.processes import REPOSITORY, environment


def test_the_speed_table_names_both_statements() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "tests.bench"],
        cwd=REPOSITORY,
        env=environment(BENCH_PEOPLE="40"),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    assert ran.stdout.startswith("Orang: 39, indikator: 117")
    assert ran.stdout.count("rasio aturan / SQL polos") == 2
