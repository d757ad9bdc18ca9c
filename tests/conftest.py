"""Servers and switches of the whole test run; what one app's tests share stands in its own folder."""

import os
import re
import shutil
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.db.backends.postgresql.operations import DatabaseOperations
from xdist.scheduler import LoadGroupScheduling

from bukittinggi_kinerja import embedded
from bukittinggi_kinerja.embedded.servers import in_use
from bukittinggi_kinerja.messages import compile_catalogues
from tests.people import city  # noqa: F401  the standing people of all tests
from tests.settings import shared

REPOSITORY = Path(__file__).resolve().parent.parent
# Real data sets stand beside the checkout; they are not ours to copy.
REAL_DATA = REPOSITORY.parent / "shared" / "data"
CONTINUOUS_INTEGRATION = os.environ.get("CI", "").lower() in {"1", "true"}

_servers = ExitStack()


def pytest_sessionstart(session: pytest.Session) -> None:
    """The first process starts the servers, before it starts those that share the work."""
    if hasattr(session.config, "workerinput"):
        return
    compile_catalogues(REPOSITORY / "locale")
    servers = os.environ["KINERJA_TEST_SERVERS"].split()
    if servers:
        _servers.enter_context(in_use(embedded.Place(shared), servers, durable=False))


def pytest_unconfigure(config: pytest.Config) -> None:
    if hasattr(config, "workerinput"):
        return
    _servers.close()
    if shared.name.startswith("kinerja-test-"):
        shutil.rmtree(shared, ignore_errors=True)


@cache
def _group_of(path: str) -> str | None:
    """The ``xdist_group`` that a module gives itself."""
    found = re.search(r'xdist_group\("([^"]+)"\)', (REPOSITORY / path).read_text())
    return found[1] if found else None


class ModulesTogether(LoadGroupScheduling):
    """Tests of one group run in one process. The plugin by itself forgets the groups of this pytest, so they are read here."""

    def _split_scope(self, nodeid: str) -> str:
        return _group_of(nodeid.partition("::")[0]) or nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadGroupScheduling | None:
    return ModulesTogether(config, log) if config.getvalue("dist") == "loadgroup" else None


@pytest.hookimpl(trylast=True)  # folders mark their own tests first
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Journeys are left out only when asked; real data only where nobody laid it."""
    without_browser = pytest.mark.skip(reason="SKIP_BROWSER=1")
    without_data = pytest.mark.skip(reason=f"data nyata tidak ada di {REAL_DATA}")
    for item in items:
        if item.get_closest_marker("browser") and os.environ.get("SKIP_BROWSER") == "1":
            item.add_marker(without_browser)
        if item.get_closest_marker("realdata") and not REAL_DATA.is_dir() and not CONTINUOUS_INTEGRATION:
            item.add_marker(without_data)


@pytest.fixture(autouse=True)
def _real_data_is_there(request: pytest.FixtureRequest) -> None:
    if request.node.get_closest_marker("realdata") and not REAL_DATA.is_dir():
        pytest.fail(f"data nyata harus ada di {REAL_DATA}")


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Folder of the real data sets."""
    return REAL_DATA


@pytest.fixture(autouse=True)
def _uploads_apart(tmp_path_factory: pytest.TempPathFactory, settings: object) -> None:
    """Uploaded files of one test are not there for the next."""
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("media")  # type: ignore[attr-defined]


_GUARDS = """DO $$ DECLARE guard record; BEGIN
    FOR guard IN SELECT tgrelid::regclass AS place, tgname FROM pg_trigger WHERE tgname LIKE '%no_truncate%' LOOP
        EXECUTE format('ALTER TABLE %s {} TRIGGER %I', guard.place, guard.tgname);
    END LOOP;
END $$;"""


@pytest.fixture(scope="session", autouse=True)
def _memory_may_be_emptied_between_tests() -> None:
    """Append-only tables refuse TRUNCATE; only the cleaning up after a test with real transactions may lift that."""
    plain = DatabaseOperations.sql_flush

    def sql_flush(self: DatabaseOperations, *args: object, **options: object) -> list[str]:
        statements = plain(self, *args, **options)
        return [_GUARDS.format("DISABLE"), *statements, _GUARDS.format("ENABLE")] if statements else []

    DatabaseOperations.sql_flush = sql_flush  # type: ignore[method-assign]
