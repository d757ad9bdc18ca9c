"""The OpenAPI document: open to all, valid, and it tells of every route, parameter and refusal there is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from jsonschema import Draft202012Validator

from tests.api.conftest import Caller, Callers
from tests.appraisal.month import Month

#: Ours, and nothing the document could say about them.
NOT_DESCRIBED = {"schema/", "docs/", "^.*$"}


@pytest.fixture
def document(db: None) -> dict[str, Any]:
    answer = Client().get("/api/v1/schema/")
    assert answer.headers["Content-Type"] == "application/json"
    told: dict[str, Any] = json.loads(answer.content)
    return told


def routes(patterns: list[Any], prefix: str = "") -> Iterator[str]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield route


def api_routes() -> set[str]:
    found = {route.removeprefix("api/v1/") for route in routes(get_resolver().url_patterns) if route.startswith("api/v1/")}
    return found - NOT_DESCRIBED


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def test_the_document_is_openapi_3_1_and_knows_every_route(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    described = {path.removeprefix("/api/v1/") for path in document["paths"]}
    assert described == {re.sub(r"<int:pk>", "{id}", route) for route in api_routes()}


def test_every_operation_says_what_it_is_who_may_and_how_it_refuses(document: dict[str, Any]) -> None:
    for path, method, operation in operations(document):
        assert operation["summary"], (path, method)
        assert operation["security"][0].keys() == {"token"}, (path, method)
        for status in ("400", "401", "403", "404"):
            content = operation["responses"][status]["content"]
            assert content == {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}, (path, method)
    assert "409" in document["paths"]["/api/v1/progress/"]["post"]["responses"]


def test_every_reference_leads_somewhere_and_every_schema_is_valid(document: dict[str, Any]) -> None:
    known = document["components"]["schemas"]
    references = set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(document)))
    assert references <= set(known)
    for schema in known.values():
        Draft202012Validator.check_schema(schema)


def test_the_document_names_scopes_filters_and_the_key_of_a_post(document: dict[str, Any]) -> None:
    paths = document["paths"]
    assert paths["/api/v1/units/"]["get"]["security"] == [{"token": ["read:people"]}, {"token": ["read:reports"]}]
    assert {p["name"] for p in paths["/api/v1/assessments/"]["get"]["parameters"]} == {
        "period", "unit", "state", "employee", "updated_since", "cursor", "page_size",
    }  # fmt: skip
    [key] = paths["/api/v1/progress/"]["post"]["parameters"]
    assert (key["name"], key["in"], key["required"]) == ("Idempotency-Key", "header", True)
    files = paths["/api/v1/reports/lateness/"]["get"]["responses"]["200"]["content"]
    assert set(files) == {"application/json", "text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


def test_the_document_speaks_no_foreign_words_to_its_readers(document: dict[str, Any]) -> None:
    texts = [operation["summary"] for _path, _method, operation in operations(document)]
    texts += [p.get("description", "") for _path, _method, operation in operations(document) for p in operation.get("parameters", ())]
    assert len([text for text in texts if text]) > 60
    assert not [text for text in texts if re.search(r"\b(the|of|and|error|submit|invalid)\b", text, re.IGNORECASE)]


LISTS = {
    "units/": "read:people",
    "employees/": "read:people",
    "cycles/": "read:people",
    "plans/": "read:people",
    "progress/": "read:people",
    "assessments/": "read:people",
    "me/": "read:people",
    "reports/performance-summary/?period=2026-10": "read:reports",
    "reports/lateness/?period=2026-10": "read:reports",
}


@pytest.mark.parametrize(("path", "scope"), LISTS.items())
def test_answers_have_the_shape_the_document_promises(
    document: dict[str, Any], caller: Callers, month: Month, path: str, scope: str
) -> None:
    month.rate(month.city.people["pegawai"])
    month.publish()
    answer = caller("bkpsdm", scope).get(path)
    assert answer.get("results", answer.get("rows", answer)), "an empty list has every shape"
    described = document["paths"]["/api/v1/" + path.partition("?")[0]]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    whole = described | {"components": document["components"]}
    assert [problem.message for problem in Draft202012Validator(whole).iter_errors(answer)] == []


def test_the_document_is_made_once_and_may_be_kept(db: None, stranger: Caller) -> None:
    first, second = (stranger.call("GET", "schema/", 200) for _n in range(2))
    assert first.headers["ETag"] == second.headers["ETag"]
    assert first.headers["Cache-Control"].startswith("public")
    stranger.call("POST", "schema/", 405)
    stranger.call("DELETE", "docs/", 405)


def test_the_page_explains_every_kind_of_refusal_it_points_to(db: None, stranger: Caller) -> None:
    page = stranger.call("GET", "docs/", 200).content.decode()
    assert '<html lang="id"' in page
    for path in ("me/", "tidak-ada/"):
        kind = stranger.call("GET", path, 401 if path == "me/" else 404).json()["type"]
        assert f'id="{kind.partition("#")[2]}"' in page
    for name in ("performance-summary", "lateness", "service-times"):
        assert re.search(rf"curl[^\n]+/api/v1/reports/{name}/\?period=\d{{4}}-\d{{2}}", page)
    assert not re.search(r"<script(?![^>]*src=)[^>]*>(?!\s*[{\[])|\sstyle=|\son\w+=", page.split("<main", 1)[1])
