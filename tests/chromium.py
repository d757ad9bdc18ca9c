"""The browser of the journeys: `python -m tests.chromium` makes sure that there is one."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome")
# One machine, no network of its own, often root: what a browser would do besides showing our pages is off.
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
)  # fmt: skip


def find() -> str | None:
    return next(filter(None, map(shutil.which, NAMES)), None)


def main() -> int:
    if os.environ.get("SKIP_BROWSER") == "1" or find():
        return 0
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("Memasang Chromium ...", flush=True)
        subprocess.run(["apt-get", "update", "-qq"], check=False)
        subprocess.run(["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"], check=False)
    if find():
        return 0
    print("Chromium belum ada. Pasang dengan: sudo apt-get install chromium. Tanpa peramban: SKIP_BROWSER=1 make test")
    return 1


if __name__ == "__main__":
    sys.exit(main())
