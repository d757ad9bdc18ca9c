"""Make `.venv` from the pinned requirements: `python3 bukittinggi_kinerja/embedded/environment.py [dev]`.

Run by path with the machine's own Python, before anything is installed: standard library only. A stamp with the hash of
the requirements decides whether there is anything to do.
"""

import fcntl
import hashlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
PIP = [str(PYTHON), "-m", "pip", "install", "--require-hashes", "--only-binary=:all:", "--no-input", "--disable-pip-version-check", "-qq"]


def main() -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 - this is where an older Python is told so
        sys.exit(f"Perlu Python 3.11 atau lebih baru; ini {sys.version.split()[0]}. Contoh: make PYTHON=python3.11 run")
    lists = ["requirements.txt", *(["requirements-dev.txt"] if "dev" in sys.argv[1:] else [])]
    # Two `make` in one checkout: the second waits for the first.
    folder = os.open(ROOT, os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)
    if not _works():
        _make()
    stamp = VENV / f".{lists[-1]}.sha256"
    wanted = hashlib.sha256(b"".join((ROOT / name).read_bytes() for name in lists)).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    print("Menyiapkan .venv dari daftar paket yang terkunci (sekali saja, sekitar satu menit) ...", flush=True)
    words = [word for name in lists for word in ("-r", str(ROOT / name))]
    if subprocess.run([*PIP, *words], check=False).returncode:
        sys.exit("Paket tidak dapat dipasang. Periksa sambungan ke registri paket, lalu ulangi.")
    stamp.write_text(wanted)


def _works() -> bool:
    try:
        return subprocess.run([str(PYTHON), "-m", "pip", "--version"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _make() -> None:
    if subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], check=False).returncode:
        sys.exit("Modul venv tidak ada. Pada Debian: apt-get install python3-venv")


if __name__ == "__main__":
    main()
