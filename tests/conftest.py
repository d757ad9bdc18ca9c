"""Servers and switches of the whole test run; what one app's tests share stands in its own folder."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadGroupScheduling

from bukittinggi_kinerja import embedded
from bukittinggi_kinerja.embedded.servers import in_use
from bukittinggi_kinerja.messages import compile_catalogues
from tests.database import _memory_may_be_emptied_between_tests, _turn, allow_emptying, django_db_setup  # noqa: F401
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
    if "postgres" in servers:
        allow_emptying()


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


#: Folders whose single tests take longest: begun first, so that none of them is left alone at the end of a run.
LONGEST = ("platform", "browser", "demo")


@pytest.hookimpl(trylast=True)  # folders mark their own tests first
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Journeys are left out only when asked; real data only where nobody laid it."""
    items.sort(key=lambda item: item.path.parent.name not in LONGEST)
    without_browser = pytest.mark.skip(reason="SKIP_BROWSER=1")
    without_data = pytest.mark.skip(reason=f"data nyata tidak ada di {REAL_DATA}")
    for item in items:
        if item.get_closest_marker("browser") and os.environ.get("SKIP_BROWSER") == "1":
            item.add_marker(without_browser)
        if item.get_closest_marker("realdata") and not REAL_DATA.is_dir() and not CONTINUOUS_INTEGRATION:
            item.add_marker(without_data)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """One real browser for a process of the run."""
    from playwright.sync_api import sync_playwright  # most processes never open one

    from tests.chromium import FLAGS, find

    # Playwright's loop lives in the thread of the test, where the ORM would otherwise refuse to work.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=list(FLAGS))
        yield browser
        browser.close()


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
