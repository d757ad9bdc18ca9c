"""The browser of the journeys: `python -m tests.chromium` makes sure that there is one."""

import os
import shutil
import subprocess
import sys

#: The shell draws the same pages without a desktop's windows and services around them: a fifth of the work for each page.
SHELL = "chromium-headless-shell"
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome")
# One machine, no network of its own, often root: what a browser would do besides showing our pages is off.
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
)  # fmt: skip
# A machine without a network is not kept waiting.
PATIENCE = ("-o", "Acquire::Retries=0", "-o", "Acquire::http::Timeout=10", "-o", "DPkg::Lock::Timeout=60")


def find() -> str | None:
    return next(filter(None, map(shutil.which, NAMES)), None)


def main() -> int:
    if os.environ.get("SKIP_BROWSER") == "1" or shutil.which(SHELL):
        return 0
    if os.geteuid() == 0 and shutil.which("apt-get"):
        _install(SHELL) or find() or _install("chromium")
    if find():
        return 0
    print("Chromium belum ada. Pasang dengan: sudo apt-get install chromium. Tanpa peramban: SKIP_BROWSER=1 make test")
    return 1


def _install(package: str) -> bool:
    """Without a network, or where the system does not know the package, another browser serves."""
    print(f"Memasang {package} ...", flush=True)
    for words in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", package]):
        subprocess.run(["apt-get", *PATIENCE, *words], check=False, env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"})
    return shutil.which(package) is not None


if __name__ == "__main__":
    sys.exit(main())
