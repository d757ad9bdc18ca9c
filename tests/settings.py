"""Settings of the test run: its own embedded servers in a folder that is thrown away, or those of DATABASE_URL and REDIS_URL.

The first process of the run chooses the folder; the processes that share the work inherit it and keep apart by name.
"""

import os
import tempfile
from pathlib import Path

from bukittinggi_kinerja import embedded

SHARED_DATA = "KINERJA_TEST_DATA"
worker = os.environ.get("PYTEST_XDIST_WORKER", "")

if not os.environ.get(SHARED_DATA):
    os.environ[SHARED_DATA] = tempfile.mkdtemp(prefix="kinerja-test-")
# Asked once: below, the addresses are filled in for everybody.
os.environ.setdefault("KINERJA_TEST_SERVERS", " ".join(embedded.wanted()))
shared = Path(os.environ[SHARED_DATA]).resolve()
database_url, redis_url = embedded.urls(shared)
os.environ.setdefault("DATABASE_URL", database_url)
# Database 0 is for real processes that a test starts; each process of the run has one of its own.
base_redis_url = os.environ.setdefault("KINERJA_TEST_REDIS_URL", os.environ.get("REDIS_URL") or redis_url)
number = int(worker.removeprefix("gw") or 0) + 1
os.environ["REDIS_URL"] = base_redis_url.replace("db=0", f"db={number}")
os.environ["KINERJA_DATA"] = str(shared / (worker or "alone"))

from bukittinggi_kinerja.settings import *  # noqa: E402, F403

# The real hash is slow on purpose; the tests sign in often.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

# What is counted in Valkey by the number of an account must not meet the same numbers of an earlier run.
CACHES["default"]["KEY_PREFIX"] = f"{shared.name}:{worker}"  # noqa: F405
