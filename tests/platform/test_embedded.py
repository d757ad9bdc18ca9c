"""PostgreSQL and Valkey out of wheels: started, shared, killed and started again."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from bukittinggi_kinerja.embedded import Place, urls
from bukittinggi_kinerja.embedded.errors import EmbeddedError
from bukittinggi_kinerja.embedded.postgres import program
from bukittinggi_kinerja.embedded.servers import Servers, in_use
from tests.platform.processes import REPOSITORY, all_gone, below, environment, first, python, wait_until

BOTH = ("postgres", "valkey")
COMMAND = """
    import sys
    from pathlib import Path
    from bukittinggi_kinerja.embedded import Place
    from bukittinggi_kinerja.embedded.servers import in_use
    with in_use(Place(Path(sys.argv[1])), ("postgres", "valkey")):
        print("up", flush=True)
        sys.stdin.readline()
"""


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    place = Place(tmp_path / "data")
    yield place
    shutil.rmtree(place.sockets, ignore_errors=True)


def ask(place: Place, question: str, *, commit: bool = False) -> list[tuple[object, ...]]:
    connection = psycopg2.connect(place.database_url)
    try:
        with connection.cursor() as cursor:
            cursor.execute(question)
            rows = cursor.fetchall() if cursor.description else []
        if commit:
            connection.commit()
        return rows
    finally:
        connection.close()


def user_of(place: Place) -> subprocess.Popen[str]:
    """A command that uses the servers until it is told to end."""
    words = ["-c", textwrap.dedent(COMMAND), str(place.data)]
    process = python(*words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment())
    assert process.stdout is not None
    assert process.stdout.readline() == "up\n"
    return process


def finish(process: subprocess.Popen[str]) -> None:
    process.communicate("\n", timeout=30)


def test_addresses_follow_from_the_folder_without_starting_or_connecting_anything() -> None:
    words = "import sys; from bukittinggi_kinerja import embedded; print(embedded.urls('/nowhere/data'), {'bukittinggi_kinerja.settings', 'psycopg2'} & set(sys.modules))"
    said = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, cwd=REPOSITORY, check=True).stdout
    assert said.strip() == f"{urls('/nowhere/data')} set()"
    assert not Path("/nowhere").exists()


def test_a_long_project_path_still_fits_into_a_socket_address(tmp_path: Path) -> None:
    deep = Place(tmp_path / ("sangat-panjang-" * 20))
    assert len(str(deep.sockets / ".s.PGSQL.5432.lock")) < 100


def test_the_database_is_ours_but_we_are_not_its_superuser(place: Place) -> None:
    with in_use(place, BOTH, durable=False):
        owner = "SELECT current_user, rolsuper, pg_catalog.upper('é') FROM pg_roles WHERE rolname = current_user"
        assert ask(place, owner) == [("kinerja", False, "É")]
        assert ask(place, "SHOW listen_addresses") == [("",)]
    assert oct(place.data.stat().st_mode & 0o777) in {"0o700", "0o711"}
    assert oct(place.sockets.stat().st_mode & 0o777) == "0o700"


def refuses(place: Place) -> bool:
    try:
        ask(place, "SELECT 1")
    except psycopg2.OperationalError:
        return True
    return False


def test_rows_outlive_a_stop_and_the_servers_end_with_their_last_user(place: Place) -> None:
    one = user_of(place)
    ask(place, "CREATE TABLE kept AS SELECT 42 AS n", commit=True)
    two = user_of(place)
    finish(one)
    assert ask(place, "SELECT n FROM kept") == [(42,)], "the second user lost its servers when the first ended"
    finish(two)
    wait_until(lambda: not place.valkey_socket.exists(), 10, "Valkey gone")
    wait_until(lambda: refuses(place), 10, "PostgreSQL gone")
    with in_use(place, BOTH):
        assert ask(place, "SELECT n FROM kept") == [(42,)]


def test_two_commands_that_start_at_once_share_the_servers(place: Place) -> None:
    words = ["-c", textwrap.dedent(COMMAND), str(place.data)]
    pair = [python(*words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()) for _ in range(2)]
    for process in pair:
        assert process.stdout is not None
        assert process.stdout.readline() == "up\n", process.communicate()[1]
    for process in pair:
        finish(process)
        assert process.returncode == 0


def test_a_killed_command_takes_its_servers_with_it(place: Place) -> None:
    command = user_of(place)
    servers = list(below(command.pid))
    assert len(servers) > 3
    command.kill()
    command.communicate()
    wait_until(all_gone(servers), 10, "servers of a killed command gone")


def test_a_killed_postmaster_comes_back_with_every_committed_row(place: Place) -> None:
    servers = Servers(place, ["postgres"])
    try:
        servers.start()
        ask(place, "CREATE TABLE kept AS SELECT generate_series(1, 20000) AS n", commit=True)
        assert servers.postgres is not None
        servers.postgres.kill()
        servers.postgres.wait()
        assert not servers.all_run()
        servers.start()
        assert ask(place, "SELECT count(*) FROM kept") == [(20000,)]
    finally:
        servers.stop()


def test_a_lock_file_that_names_a_stranger_is_forgotten(place: Place) -> None:
    with in_use(place, ["postgres"], durable=False):
        lock = (place.postgres / "postmaster.pid").read_text()
    # As after a loss of power: the number in the file belongs to somebody else today.
    stale = "\n".join([str(os.getpid()), *lock.splitlines()[1:]])
    (place.postgres / "postmaster.pid").write_text(stale + "\n")
    with in_use(place, ["postgres"], durable=False):
        assert ask(place, "SELECT 1") == [(1,)]


def test_a_socket_folder_that_others_may_read_is_refused(place: Place) -> None:
    place.sockets.mkdir(mode=0o755)
    place.sockets.chmod(0o755)
    with pytest.raises(EmbeddedError, match=str(place.sockets)), in_use(place, ["postgres"]):
        pass


def nobody_can_run_it() -> bool:
    """Root alone leaves its rights, and only where others may read the wheel."""
    if os.geteuid() != 0:
        return False
    try:
        return subprocess.run([program("postgres"), "--version"], user="nobody", capture_output=True, cwd="/", check=False).returncode == 0
    except PermissionError:
        return False


@pytest.mark.skipif(not nobody_can_run_it(), reason="nobody cannot run the programs of the wheel here")
def test_root_without_user_namespaces_runs_postgresql_as_nobody(tmp_path: Path) -> None:
    folder = Path("/tmp") / f"kinerja-nobody-{os.getpid()}"  # the folders of a test are closed to nobody
    (tmp_path / "unshare").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "unshare").chmod(0o755)
    words = ["-c", textwrap.dedent(COMMAND), str(folder)]
    try:
        path = f"{tmp_path}:{os.environ['PATH']}"
        process = python(*words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment(PATH=path))
        assert process.stdout is not None
        assert process.stdout.readline() == "up\n"
        number = first(below(process.pid), r"postgres.* -D ")
        assert Path(f"/proc/{number}").stat().st_uid == pwd.getpwnam("nobody").pw_uid
        finish(process)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(Place(folder).sockets, ignore_errors=True)


def test_manage_py_starts_the_servers_for_one_command(tmp_path: Path) -> None:
    words = "from django.db import connection; print('answer', connection.cursor().execute('SELECT 1') or 1)"
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "-v0", "-c", words],
        capture_output=True, text=True, cwd=REPOSITORY, env=environment(KINERJA_DATA=str(tmp_path / "data")), check=False,
    )  # fmt: skip
    assert done.stdout.strip() == "answer 1", done.stderr
    with pytest.raises(psycopg2.OperationalError):
        ask(Place(tmp_path / "data"), "SELECT 1")


def test_a_command_that_only_reads_code_starts_nothing(tmp_path: Path) -> None:
    data = tmp_path / "data"
    for words in (["check"], ["migrate", "--help"]):
        subprocess.run(
            [sys.executable, "manage.py", *words], cwd=REPOSITORY, env=environment(KINERJA_DATA=str(data)), capture_output=True, check=True
        )
    assert not data.exists()


def test_the_signal_that_ends_a_keeper_ends_its_servers(place: Place) -> None:
    command = user_of(place)
    servers = below(command.pid)
    os.kill(first(servers, r"embedded\.keeper"), signal.SIGTERM)
    wait_until(all_gone(servers), 10, "servers of a keeper that was told to end")
    finish(command)
