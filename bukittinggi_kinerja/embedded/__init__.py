"""PostgreSQL and Valkey out of Python wheels, for one machine without database servers.

Everything here follows from one folder, KINERJA_DATA. This module only computes names: it starts nothing and imports
neither Django nor the wheels, so that settings may ask it. Production sets DATABASE_URL and REDIS_URL and never gets here.
"""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

REPOSITORY = Path(__file__).resolve().parent.parent.parent
DATABASE = "kinerja"
# Owner of the database, not superuser: what the application may do here, it may do on an ordinary server.
ROLE = "kinerja"


@dataclass(frozen=True)
class Place:
    """Where the embedded servers of one data folder keep their files and sockets."""

    data: Path

    @property
    def sockets(self) -> Path:
        """Short on purpose: a socket path may have 107 bytes, a project folder is often longer."""
        owner_and_folder = f"{os.getuid()}:{self.data}"
        return Path("/tmp") / f"kinerja-{hashlib.sha256(owner_and_folder.encode()).hexdigest()[:16]}"

    @property
    def postgres(self) -> Path:
        return self.data / "pg"

    @property
    def valkey(self) -> Path:
        return self.data / "valkey"

    @property
    def valkey_socket(self) -> Path:
        return self.sockets / "valkey.sock"

    @property
    def logs(self) -> Path:
        return self.data / "logs"

    @property
    def database_url(self) -> str:
        return f"postgresql://{ROLE}@{quote(str(self.sockets), safe='')}/{DATABASE}"

    @property
    def redis_url(self) -> str:
        return f"unix://{self.valkey_socket}?db=0"


def data_directory() -> Path:
    """KINERJA_DATA, by default `.data`; a relative one starts at the project's root, whatever the working folder."""
    return (REPOSITORY / (os.environ.get("KINERJA_DATA") or ".data")).resolve()


def urls(data_dir: Path | str) -> tuple[str, str]:
    """Address of the embedded database and of Valkey of this data folder.

    The database address is libpq's form with the socket folder, percent-encoded, in the place of the host.
    """
    place = Place(Path(data_dir).resolve())
    return place.database_url, place.redis_url


def wanted() -> frozenset[str]:
    """Which servers no ordinary one replaces, of `postgres` and `valkey`; production embeds none."""
    if os.environ.get("DJANGO_ENV") == "production":
        return frozenset()
    ordinary = {"postgres": "DATABASE_URL", "valkey": "REDIS_URL"}
    return frozenset(server for server, variable in ordinary.items() if not os.environ.get(variable))
