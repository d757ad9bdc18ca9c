"""Every route of the API for every role, as written in ``rest``."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from employees.services.tokens import issue_token
from tests.appraisal.month import IN_WINDOW

from . import rest
from .conftest import address_of, asked, taken_back
from .reading import ROLES, Line, lines_of, routes
from .world import World

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("rights-rest")]
READING, WRITING, MARKS = lines_of(rest.READING), lines_of(rest.WRITING), lines_of(rest.MARKS)
ROUTES = list({line.route: line for line in READING}.values())


@pytest.mark.parametrize("line", READING, ids=str)
def test_a_route_answers_each_role_as_written_and_changes_nothing(world: World, line: Line) -> None:
    answers = {}
    for role in ROLES:
        answers[role], written, _answer = asked(world, line, role)
        assert written == [], role
    assert answers == line.expected


@pytest.mark.parametrize("line", WRITING, ids=str)
def test_a_posting_answers_each_role_as_written(world: World, line: Line) -> None:
    answers, refused = {}, set()
    for role in ROLES:
        answers[role], written, _answer = asked(world, line, role)
        refused |= {role} if written and answers[role] >= 400 else set()
    assert answers == line.expected
    assert refused == set(), "whoever is refused has changed nothing"


@pytest.mark.parametrize("line", MARKS, ids=str)
def test_marks_are_told_as_written(world: World, line: Line) -> None:
    told = {}
    for role in ROLES:
        status, _written, answer = asked(world, line, role)
        told[role] = int(status == 200 and json.loads(answer.content)["result_rating"] is not None)
    assert told == line.expected


@pytest.mark.parametrize("line", ROUTES, ids=lambda line: line.route)
def test_a_token_without_a_scope_and_a_session_without_a_token_open_nothing(world: World, line: Line) -> None:
    address = address_of(world, line)
    open_door = rest.WITHOUT_SCOPE.get(line.route)
    with taken_back():
        bare = issue_token(user=world.city.users["bkpsdm"], scopes=["write:events"], days=1, now=IN_WINDOW)[1]
        refused = 405 if line.route == "/api/v1/service-cases/events/" else 403
        assert Client().get(address, HTTP_AUTHORIZATION=f"Bearer {bare}").status_code == (open_door or refused)
        by_session = 401 if open_door is None or line.route == "/api/v1/me/" else open_door
        assert world.browsers["bkpsdm"].get(address).status_code == by_session


@pytest.mark.parametrize("line", ROUTES, ids=lambda line: line.route)
def test_a_method_that_a_route_does_not_offer_does_nothing(world: World, line: Line) -> None:
    taken = {one.method for one in WRITING if one.route == line.route}
    for method in {"POST", "PUT", "PATCH", "DELETE"} - taken:
        status, written, answer = asked(world, Line(method, line.route, line.thing, ()), "bkpsdm")
        assert status == (404 if line.route == "/api/v1/<rest>" else 405), method
        assert answer["Content-Type"] == "application/problem+json"
        assert written == []


def test_every_route_has_its_line_and_every_line_its_route() -> None:
    known = {route for route, _view in routes() if route.startswith("/api/")}
    assert known == {line.route for line in READING}
    assert {line.route for line in (*WRITING, *MARKS)} <= known
