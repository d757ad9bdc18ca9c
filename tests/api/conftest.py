"""Callers of the REST doors: a token for one of the standing people, and the answers checked for their shape."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from employees.services.tokens import issue_token
from tests.appraisal.month import month
from tests.people import City

__all__ = ["month"]

PROBLEM = "application/problem+json"


@dataclass
class Caller:
    """Speaks for one token; ``get`` and ``post`` insist on the status, and on problem+json where it refuses."""

    secret: str = ""

    def call(self, method: str, path: str, status: int, *, body: Any = None, **headers: str) -> HttpResponse:
        sent: dict[str, Any] = {f"HTTP_{name.upper()}": value for name, value in headers.items()}
        if self.secret:
            sent["HTTP_AUTHORIZATION"] = f"Bearer {self.secret}"
        data = body if isinstance(body, (bytes, str)) else json.dumps(body) if body is not None else ""
        answer = Client().generic(method, f"/api/v1/{path}", data, content_type="application/json", **sent)
        assert answer.status_code == status, f"{method} {path}: {answer.status_code}, not {status}: {shown(answer)}"
        if status >= 400:
            assert answer.headers["Content-Type"] == PROBLEM, f"{method} {path}: {answer.headers['Content-Type']}"
            told = json.loads(answer.content)
            assert {"type", "title", "status", "detail"} <= set(told)
            assert told["status"] == status
        return answer

    def get(self, path: str, status: int = 200, **headers: str) -> Any:
        return json.loads(self.call("GET", path, status, **headers).content)

    def post(self, path: str, body: Any, status: int = 200, **headers: str) -> Any:
        return json.loads(self.call("POST", path, status, body=body, **headers).content)

    def every(self, path: str) -> list[dict[str, Any]]:
        """All rows of a list, page by page as a stranger would fetch them."""
        rows: list[dict[str, Any]] = []
        page = self.get(path)
        while True:
            rows += page["results"]
            if page["next"] is None:
                return rows
            page = self.get(page["next"].partition("/api/v1/")[2])


def shown(answer: HttpResponse) -> bytes:
    return b"" if answer.streaming else answer.content[:400]


class Callers:
    def __init__(self, city: City) -> None:
        self.city = city

    def __call__(self, who: str, *scopes: str) -> Caller:
        _token, secret = issue_token(user=self.city.users[who], scopes=scopes or ["read:people"], days=1, now=timezone.now())
        return Caller(secret)


@pytest.fixture
def caller(city: City) -> Callers:
    """``caller("penilai", "read:people")`` speaks for that person with that scope."""
    return Callers(city)


@pytest.fixture
def stranger() -> Caller:
    return Caller()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[dt.datetime], None]:
    """``clock(moment)`` sets the one clock that doors read."""

    def set_to(moment: dt.datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return set_to
