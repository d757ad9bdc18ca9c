"""How the written matrix is read, and which routes there are to be written about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.admindocs.views import simplify_regex
from django.urls import URLPattern, URLResolver, get_resolver

#: The columns of every table, in this order.
ROLES = ("anonim", "pegawai", "penilai", "atasan", "dpmptsp", "pengelola", "bkpsdm", "pimpinan", "inspektorat", "luar")


@dataclass(frozen=True)
class Line:
    """What a method of a route answers to each role, for one object; ``query`` stands after the question mark."""

    method: str
    route: str
    thing: str
    answers: tuple[int, ...]
    query: str = ""

    def __str__(self) -> str:
        return f"{self.method} {self.route}{'?' if self.query else ''}{self.query} {self.thing}".strip()

    @property
    def expected(self) -> dict[str, int]:
        return dict(zip(ROLES, self.answers, strict=True))


def lines_of(table: str) -> list[Line]:
    """Lines of ``METHOD /route/  object  status…``; blank lines, headings and comments are for people."""
    found = []
    for text in table.splitlines():
        if not re.match(r"(GET|POST|PATCH) ", text):
            continue
        *words, answers = re.split(r" {2,}", text.strip())
        method, _blank, address = words[0].partition(" ")
        route, _mark, query = address.strip().partition("?")
        answered = tuple(int(status) for status in answers.split())
        assert len(answered) == len(ROLES), f"one status a role: {text}"
        found.append(Line(method, route, words[1] if len(words) > 1 else "", answered, query))
    return found


def routes() -> Iterator[tuple[str, Any]]:
    """Every address the resolver knows as text, with its view."""
    yield from _below(get_resolver().url_patterns, "/")


def _below(patterns: Iterable[URLPattern | URLResolver], before: str) -> Iterator[tuple[str, Any]]:
    for entry in patterns:
        address = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _below(entry.url_patterns, address)
        else:
            yield written(address), entry.callback


def written(address: str) -> str:
    """As the tables write it: a rest of any kind is ``<rest>``."""
    plain = simplify_regex(address) if "(?P" in address else address
    return plain.replace("^.*$", "<rest>").replace("/^", "/")


def filled(route: str, numbers: dict[str, Any]) -> str:
    """The address with the numbers of an object in place of its names."""
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(numbers[found.group(1)]), route)
