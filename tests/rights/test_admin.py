"""Every page of the admin for every role, as written in ``admin``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from employees.models import RoleAssignment
from tests.people import FIRST_DAY

from . import admin
from .conftest import address_of, asked, signed_in, taken_back
from .reading import ROLES, Line, filled, lines_of, routes
from .world import World

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("rights-admin")]
HR = "bkpsdm"
OTHERS = [role for role in ROLES if role not in {HR, "anonim"}]
PAGES = {"list": "", "add": "add/", "change": "<path:object_id>/change/", "history": "<path:object_id>/history/"} | {
    "delete": "<path:object_id>/delete/"
}
#: The old address of a row leads on to its page.
SHORT = "<path:object_id>/"
FRAME = lines_of(admin.FRAME)


def rows(table: str) -> Iterator[list[str]]:
    for line in table.strip().splitlines()[1:]:
        yield line.split()


def pages_of(label: str) -> dict[str, str]:
    app, model = label.split(".")
    return {name: f"/admin/{app}/{model}/{rest}" for name, rest in PAGES.items()} | {"short": f"/admin/{app}/{model}/{SHORT}"}


MODELS = {label: dict(zip(PAGES, map(int, answers), strict=True)) for label, *answers in rows(admin.MODELS)}
TOOLS = {route: int(answer) for route, answer in rows(admin.TOOLS)}


def at(world: World, label: str, route: str) -> str:
    """The address of a page, for the oldest row of its model."""
    return filled(route, dict.fromkeys(re.findall(r"<\w+:(\w+)>", route), world.row_of(label).pk))


def led_to_signing_in(world: World, address: str) -> bool:
    """Whether one who is signed out is led to signing in and back to this address, in one step."""
    answer = world.browsers["anonim"].get(address)
    return (answer.status_code, answer.headers.get("Location")) == (302, f"/masuk/?{urlencode({'next': address})}")


def label_of(route: str) -> str:
    _blank, _admin, app, model, *_rest = route.split("/")
    return f"{app}.{model}"


@pytest.mark.parametrize("label", MODELS)
def test_the_pages_of_a_model_answer_hr_as_written_and_others_not_at_all(world: World, label: str) -> None:
    pages = pages_of(label)
    with taken_back() as written:
        found = {name: world.browsers[HR].get(at(world, label, pages[name])).status_code for name in PAGES}
        others = {world.browsers[role].get(at(world, label, route)).status_code for route in pages.values() for role in OTHERS}
        onward = world.browsers[HR].get(at(world, label, pages["short"]))
        signed_out = {led_to_signing_in(world, at(world, label, route)) for route in pages.values()}
    assert found == MODELS[label]
    assert others == {403}
    assert signed_out == {True}
    assert onward["Location"] == at(world, label, pages["change"])
    assert written == []


@pytest.mark.parametrize("route", TOOLS)
def test_a_page_before_a_service_answers_hr_as_written_and_others_not_at_all(world: World, route: str) -> None:
    address = at(world, label_of(route), route)
    with taken_back() as written:
        assert world.browsers[HR].get(address).status_code == TOOLS[route]
        assert {world.browsers[role].get(address).status_code for role in OTHERS} == {403}
        assert led_to_signing_in(world, address)
    assert written == []


@pytest.mark.parametrize("line", FRAME, ids=str)
def test_the_frame_answers_each_role_as_written(world: World, line: Line) -> None:
    answers = {}
    for role in ROLES:
        answers[role], written, _answer = asked(world, line, role)
        assert written == [], role
    assert answers == line.expected
    if "login" not in line.route:
        assert led_to_signing_in(world, address_of(world, line))
    assert asked(world, line, "anonim")[2]["Location"].startswith("/masuk/?next=%2Fadmin%2F")


def test_a_part_of_a_page_of_the_admin_answers_one_who_is_signed_out_with_401(world: World) -> None:
    assert world.browsers["anonim"].get("/admin/", headers={"HX-Request": "true"}).status_code == 401


def test_who_follows_an_old_link_to_the_door_of_the_admin_arrives_where_it_led(world: World) -> None:
    hr = world.browsers[HR]
    assert hr.get("/admin/login/")["Location"] == "/admin/"
    assert hr.get("/admin/login/", {"next": "/admin/employees/"})["Location"] == "/admin/employees/"
    assert hr.get("/admin/login/", {"next": "//jahat.example/admin/"})["Location"] == "/admin/"


def every_page(world: World) -> Iterator[str]:
    for label in MODELS:
        yield from (at(world, label, route) for name, route in pages_of(label).items() if name != "short")
    yield from (at(world, label_of(route), route) for route in TOOLS)


def test_a_role_that_has_ended_opens_no_page_though_the_account_still_carries_every_right(world: World) -> None:
    with taken_back():
        ended = DateRange(FIRST_DAY, FIRST_DAY.replace(month=2))
        RoleAssignment.objects.filter(user=world.city.users[HR]).update(valid=ended)
        answers = {page: world.browsers[HR].get(page).status_code for page in every_page(world)}
    assert len(answers) > 150
    assert {page: status for page, status in answers.items() if status not in {403, 404}} == {}


def test_an_empty_sending_changes_nothing_on_any_page(world: World) -> None:
    pages = list(every_page(world))
    assert len(pages) > 150
    for page in pages:
        with taken_back() as written:
            assert world.browsers[HR].post(page, {}).status_code in {200, 302, 403, 405}, page
        assert written == [], page


def test_nobody_else_sends_anything_to_any_page(world: World) -> None:
    pages = list(every_page(world))
    assert len(pages) > 150
    for page in pages:
        with taken_back() as written:
            found = {world.browsers[role].post(page, {"post": "yes", "reason": "x"}).status_code for role in ("inspektorat", "pengelola")}
        assert (found, written) == ({403}, []), page


def test_every_page_of_the_admin_has_its_line_and_every_line_its_page() -> None:
    known = {route for route, _view in routes() if route.startswith("/admin/")}
    written = {route for label in MODELS for route in pages_of(label).values()} | set(TOOLS) | {line.route for line in FRAME}
    assert known == written


def test_no_page_takes_a_sending_that_does_not_come_from_it(world: World) -> None:
    strict = signed_in(world, HR, enforce_csrf_checks=True)
    for page in [*every_page(world), *(address_of(world, line) for line in FRAME)]:
        with taken_back() as written:
            assert strict.post(page, {"post": "yes"}).status_code == 403, page
        assert written == []
