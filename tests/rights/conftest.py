"""One city for all lines of a module; every call is taken back, so that lines and roles do not meet."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

from tests.appraisal.month import IN_WINDOW

from .reading import Line, filled
from .world import World, body_of, build_world

#: What a session leaves behind is no change of anybody's record.
OF_SESSIONS = ("django_session", "django_content_type")
CHANGES = ("INSERT", "UPDATE", "DELETE", "MERGE", "COPY", "TRUNCATE")


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """The clock stands in the window in which October is rated."""
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), transaction.atomic():
        patch.setattr(timezone, "now", lambda: IN_WINDOW)
        yield build_world()
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _files_are_there(request: pytest.FixtureRequest, settings: Any) -> None:
    if "world" in request.fixturenames:
        request.getfixturevalue("world").lay_files(settings.MEDIA_ROOT)


@contextmanager
def taken_back() -> Iterator[list[str]]:
    """Whatever is written inside did not happen; the statements that wrote, and were not undone by the call itself, are listed."""
    written: list[str] = []
    marks: dict[str, int] = {}

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        words = sql.split()
        if words[0] == "SAVEPOINT":
            marks[words[1]] = len(written)
        elif words[:2] == ["ROLLBACK", "TO"]:
            del written[marks[words[-1]] :]
        elif words[0].upper() in CHANGES and not any(table in sql for table in OF_SESSIONS):
            written.append(sql)
        return execute(sql, params, many, context)

    with transaction.atomic():
        with connection.execute_wrapper(watch):
            yield written
        transaction.set_rollback(True)


def address_of(world: World, line: Line) -> str:
    numbers = {"period": "2026-10", **world.things.get(line.thing, {})}
    return filled(line.route, numbers) + (f"?{line.query}" if line.query else "")


def signed_in(world: World, role: str, **options: Any) -> Client:
    """A browser with the session of the role, and none that another call has ended."""
    browser = Client(**options)
    browser.cookies = copy.deepcopy(world.browsers[role].cookies)
    return browser


def asked(world: World, line: Line, role: str) -> tuple[int, list[str], Any]:
    """Status, statements that wrote, and the answer of one call by one role."""
    sent: dict[str, Any] = {}
    browser = signed_in(world, role)
    body: Any = body_of(world, line.route, line.thing) if line.method != "GET" else None
    if line.route.startswith("/api/"):
        browser = Client()
        sent["HTTP_IDEMPOTENCY_KEY"] = "kunci-satu"
        if role in world.tokens:
            sent["HTTP_AUTHORIZATION"] = f"Bearer {world.tokens[role]}"
    if body is not None and (line.route.startswith("/api/") or line.method == "PATCH"):
        sent |= {"data": json.dumps(body, default=str), "content_type": "application/json"}
    elif body is not None:
        sent["data"] = body
    with taken_back() as written:
        answer = getattr(browser, line.method.lower())(address_of(world, line), **sent)
        if answer.streaming:
            b"".join(answer.streaming_content)
    return answer.status_code, written, answer
