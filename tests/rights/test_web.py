"""Every page for every role, as written in ``web``."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bukittinggi_kinerja import heartbeat

from . import web
from .conftest import address_of, asked, signed_in, taken_back
from .reading import ROLES, Line, lines_of, routes
from .world import World

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("rights-web")]
READING, WRITING = lines_of(web.READING), lines_of(web.WRITING)
#: The one page whose first opening by its owner is kept: the receipt of his result.
RECEIPT = "/kinerja/nilai/<int:assessment_id>/"


@pytest.fixture(autouse=True)
def _all_parts_are_alive() -> Iterator[None]:
    for part in heartbeat.PARTS:
        heartbeat.beat_once(part)
    yield
    heartbeat.forget()


@pytest.mark.parametrize("line", READING, ids=str)
def test_a_page_answers_each_role_as_written_and_changes_nothing(world: World, line: Line) -> None:
    answers, writers = {}, set()
    for role in ROLES:
        answers[role], written, _answer = asked(world, line, role)
        writers |= {role} if written else set()
    assert answers == line.expected
    owner = line.thing.split()[0] if line.route == RECEIPT and line.thing.endswith("terbit") else ""
    assert writers == {owner} & {"pegawai", "luar"}


@pytest.mark.parametrize("line", WRITING, ids=str)
def test_an_act_answers_each_role_as_written(world: World, line: Line) -> None:
    answers, refused = {}, set()
    for role in ROLES:
        answers[role], written, _answer = asked(world, line, role)
        refused |= {role} if written and answers[role] in {401, 403, 404} else set()
    assert answers == line.expected
    assert refused == set(), "whoever is refused has changed nothing"


def accepted() -> dict[str, set[str]]:
    """Methods that the tables know of each route."""
    known: dict[str, set[str]] = {}
    for line in (*READING, *WRITING):
        taken = line.method != "GET" or set(line.answers) - {302, 401, 405}
        known.setdefault(line.route, set()).update({line.method} if taken else ())
    return known


@pytest.mark.parametrize("line", {line.route: line for line in READING}.values(), ids=lambda line: line.route)
def test_a_method_that_a_page_does_not_offer_does_nothing(world: World, line: Line) -> None:
    for method in {"POST", "PUT", "PATCH", "DELETE"} - accepted()[line.route]:
        for role in ("pegawai", "penilai", "bkpsdm", "luar"):
            status, written, _answer = asked(world, Line(method, line.route, line.thing, ()), role)
            assert status in ({403, 404, 405} if line.route != "/healthz" else {200, 405}), f"{method} by {role}: {status}"
            assert written == []


def test_every_page_has_its_line_and_every_line_its_page() -> None:
    pages = {route for route, _view in routes() if not route.startswith(("/api/", "/admin/"))}
    assert pages == {line.route for line in READING}
    assert {line.route for line in WRITING} <= pages


def test_a_part_of_a_page_is_401_to_the_signed_out_and_never_a_form_to_sign_in(world: World) -> None:
    for line in READING:
        if line.expected["anonim"] == 302:
            answer = world.browsers["anonim"].get(address_of(world, line), HTTP_HX_REQUEST="true")
            assert answer.status_code == 401, line.route


def test_the_signed_out_are_led_back_to_where_they_wanted(world: World) -> None:
    for line in READING:
        if line.expected["anonim"] == 302:
            address = address_of(world, line)
            answer = world.browsers["anonim"].get(address)
            assert answer["Location"].startswith("/masuk/?next=%2F"), address


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_no_page_takes_a_sending_that_does_not_come_from_it(world: World, method: str) -> None:
    for role in ("anonim", "penilai"):
        strict = signed_in(world, role, enforce_csrf_checks=True)
        for line in {line.route: line for line in READING}.values():
            with taken_back() as written:
                assert strict.generic(method, address_of(world, line)).status_code == 403, line.route
            assert written == []
