"""Runs the bench on embedded servers of its own and prints the table."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

os.environ["KINERJA_DATA"] = tempfile.mkdtemp(prefix="kinerja-bench-")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bukittinggi_kinerja.settings")
PEOPLE = int(os.environ.get("BENCH_PEOPLE", "100000"))


def main() -> int:
    from bukittinggi_kinerja import embedded
    from bukittinggi_kinerja.embedded.servers import in_use

    place = embedded.Place(embedded.data_directory())
    try:
        with in_use(place, embedded.wanted(), durable=True):
            import django
            from django.core.management import call_command

            django.setup()
            call_command("migrate", verbosity=0)
            from tests.bench.scoring import measure

            for line in measure(people=PEOPLE):
                sys.stdout.write(line + "\n")
    finally:
        shutil.rmtree(Path(os.environ["KINERJA_DATA"]), ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
