"""The database of a run at little cost: migrated once for all processes, and emptied only where something stands.

Both need servers of our own; on borrowed ones every process migrates for itself and all tables are emptied, as Django does.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack

import psycopg2
import pytest
from django.core.management.commands import flush
from django.db import connection
from django.db.backends.postgresql.operations import DatabaseOperations
from pytest_django.plugin import DjangoDbBlocker

from bukittinggi_kinerja import embedded
from bukittinggi_kinerja.embedded import postgres
from tests.settings import shared, worker

PATTERN = "kinerja_test_pola"
#: What migrations write and no test changes.
STANDING = ("django_migrations", "django_content_type", "auth_permission")
#: Append-only tables refuse TRUNCATE; only the cleaning up after a test with real transactions may lift that.
_GUARDS = """DO $$ DECLARE guard record; BEGIN
    FOR guard IN SELECT tgrelid::regclass AS place, tgname FROM pg_trigger WHERE tgname LIKE '%no_truncate%' LOOP
        EXECUTE format('ALTER TABLE %s {} TRIGGER %I', guard.place, guard.tgname);
    END LOOP;
END $$;"""


def is_ours() -> bool:
    return "postgres" in os.environ["KINERJA_TEST_SERVERS"].split()


def allow_emptying() -> None:
    """The role of the tests may lay triggers and foreign keys to rest; only a superuser can give that."""
    place = embedded.Place(shared)
    lord = psycopg2.connect(host=str(place.sockets), user=postgres.SUPERUSER, dbname="postgres")
    with lord, lord.cursor() as cursor:
        cursor.execute(f"GRANT SET ON PARAMETER session_replication_role TO {embedded.ROLE}")
    lord.close()


@pytest.fixture(scope="session")
def _turn(django_db_modify_db_settings: None, django_db_blocker: DjangoDbBlocker) -> Iterator[ExitStack]:
    """One process after the other makes its database: the first from migrations, the others as its copies."""
    with ExitStack() as turn:
        if worker and is_ours():
            lock = turn.enter_context((shared / "pola.lock").open("a"))
            fcntl.flock(lock, fcntl.LOCK_EX)
            with django_db_blocker.unblock():
                if _pattern_stands():
                    connection.settings_dict["TEST"]["TEMPLATE"] = PATTERN
        yield turn


@pytest.fixture(scope="session")
def django_db_setup(_turn: ExitStack, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The plugin's own, and the pattern for the next process."""
    if worker and is_ours():
        with _turn, django_db_blocker.unblock():
            if not _pattern_stands():
                connection.close()
                with connection._nodb_cursor() as cursor:
                    cursor.execute(f'CREATE DATABASE {PATTERN} TEMPLATE "{connection.settings_dict["NAME"]}"')


def _pattern_stands() -> bool:
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [PATTERN])
        return cursor.fetchone() is not None


@pytest.fixture(scope="session", autouse=True)
def _memory_may_be_emptied_between_tests() -> None:
    """What is the same for every test stays, and with it the work of writing it anew."""
    plain = DatabaseOperations.sql_flush
    again = flush.emit_post_migrate_signal

    def sql_flush(self: DatabaseOperations, style: object, tables: Sequence[str], **options: object) -> list[str]:
        if is_ours():
            rest = ["SET LOCAL session_replication_role = replica"]
            return rest + [f"DELETE FROM {self.quote_name(table)}" for table in _filled(self, tables)]
        statements = plain(self, style, tables, **options)
        return [_GUARDS.format("DISABLE"), *statements, _GUARDS.format("ENABLE")] if statements else []

    def emit(*args: object, **options: object) -> None:
        if not is_ours():
            again(*args, **options)

    DatabaseOperations.sql_flush = sql_flush  # type: ignore[method-assign]
    flush.emit_post_migrate_signal = emit


def _filled(operations: DatabaseOperations, tables: Sequence[str]) -> list[str]:
    names = [table for table in tables if table not in STANDING]
    asked = " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM {operations.quote_name(name)})" for name in names)
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return [name for (name,) in cursor.fetchall()]
