"""What lines of the log, addresses, pages of a defect and answers of machines tell about people; and what the server asks of others."""

from __future__ import annotations

import logging
import os
import re
import stat
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings as configured
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client

from appraisal.web import own
from bukittinggi_kinerja import web_server
from employees.models import Employee
from tests.architecture.code import calls, dotted, imports, modules
from tests.people import PASSWORD
from tests.rights import rest, web
from tests.rights.conftest import address_of, signed_in
from tests.rights.reading import ROLES, lines_of, routes
from tests.rights.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("abuse-traces")]

NIP = re.compile(r"(?<!\d)(?:19|20)\d{16}(?!\d)")
LINK = re.compile(r"""(?:href|action|src|hx-\w+|data-[\w-]+)=["']([^"']*)["']""")
#: Modules that open a connection to somebody: the own health check, and the servers that come with the package.
CALLERS = {"bukittinggi_kinerja/heartbeat.py", "bukittinggi_kinerja/embedded/run.py", "bukittinggi_kinerja/embedded/servers.py"}


def names_of_people() -> set[str]:
    return set(Employee.objects.values_list("name", flat=True)) | {nip for nip in Employee.objects.values_list("nip", flat=True) if nip}


def links(world: World) -> Iterator[tuple[str, str]]:
    for line in lines_of(web.READING):
        for role in ROLES:
            answer = signed_in(world, role).get(address_of(world, line))
            if answer.status_code == 200 and not answer.streaming:
                yield from ((line.route, link) for link in LINK.findall(answer.content.decode(errors="replace")))


def test_no_link_of_any_page_carries_a_number_or_a_name_of_a_person(world: World) -> None:
    names, found = names_of_people(), list(links(world))
    assert len(found) > 1000
    assert [(route, link) for route, link in found if NIP.search(link)] == []
    assert [(route, link) for route, link in found if any(name in link.replace("+", " ").replace("%20", " ") for name in names)] == []


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO)
    return caplog


def test_walking_through_the_whole_site_leaves_no_person_in_the_log(world: World, lines: pytest.LogCaptureFixture) -> None:
    names, asked = names_of_people(), 0
    for table in (web.READING, rest.READING):
        for line in lines_of(table):
            for role in ROLES:
                token = {"HTTP_AUTHORIZATION": f"Bearer {world.tokens[role]}"} if role in world.tokens and table is rest.READING else {}
                signed_in(world, role).get(address_of(world, line), **token)
                asked += 1
    assert asked > 500
    assert any(record.name == "django.request" for record in lines.records), "refusals did leave a line"
    said = [record.getMessage() for record in lines.records]
    secrets = [*world.tokens.values(), PASSWORD]
    assert [text for text in said if NIP.search(text) or any(name in text for name in names) or any(word in text for word in secrets)] == []


def test_what_is_searched_for_or_typed_does_not_reach_the_log(world: World, lines: pytest.LogCaptureFixture) -> None:
    person = world.city.people["luar"]
    assert person.nip
    hr = signed_in(world, "bkpsdm")
    hr.get("/admin/employees/employee/", {"q": person.nip})
    hr.get("/kinerja/tidak-ada/", {"nip": person.nip})
    hr.get("/tim/", {"periode": person.nip})
    hr.post("/kendali/ingatkan/", {"periode": person.nip})
    Client().get("/api/v1/employees/", {"nip": person.nip}, HTTP_AUTHORIZATION=f"Bearer {world.tokens['bkpsdm']}")
    Client().get("/api/v1/me/", HTTP_AUTHORIZATION="Bearer bkt_rahasia-sekali")
    said = "\n".join(record.getMessage() for record in lines.records)
    assert "Not Found: /kinerja/tidak-ada/" in said
    assert person.nip not in said
    assert "rahasia-sekali" not in said


def broken(*_words: Any, **_more: Any) -> None:
    sandi, nip = "kata-sandi-di-dalam-kerangka", "198609262015051001"
    raise RuntimeError(f"rusak {len(sandi)} {len(nip)}")


def test_a_page_of_a_defect_tells_nothing_of_the_inside(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    assert configured.DEBUG is False
    monkeypatch.setattr(own, "render", broken)
    browser = signed_in(world, "pegawai")
    browser.raise_request_exception = False
    answer = browser.get("/kinerja/")
    assert answer.status_code == 500
    text = answer.content.decode()
    for inside in ("Traceback", "RuntimeError", "rusak", "kerangka", "/appraisal/", "SELECT", configured.SECRET_KEY):
        assert inside not in text


def test_the_web_server_writes_no_line_for_each_address() -> None:
    """Addresses carry what was searched for; gunicorn keeps quiet about them unless it is told to speak."""
    assert not hasattr(web_server, "accesslog")
    assert configured.LOGGING["root"]["level"] in {"WARNING", os.environ.get("LOG_LEVEL")}


def test_nobody_is_asked_for_anything_on_behalf_of_a_caller() -> None:
    """Links of evidence are kept, never fetched: no address that somebody typed is ever opened by the server."""
    clients = {"urllib.request", "http.client", "requests", "httpx", "socket", "ftplib", "smtplib", "aiohttp", "urllib3", "telnetlib"}
    found = {
        str(module)
        for module in modules()
        for _line, name in imports(module)
        if any(name == one or name.startswith(f"{one}.") for one in clients)
    }
    assert found <= CALLERS
    assert "bukittinggi_kinerja/heartbeat.py" in found


def test_no_text_is_ever_a_program() -> None:
    """Formulas of scores are expressions in code; there is no field for one, and nothing that would run a text."""
    names = {"eval", "exec", "compile", "__import__"}
    found = [f"{module}:{call.lineno}" for module in modules() for call in calls(module) if dotted(call.func) in names]
    assert found == []
    dangerous = ("pickle", "marshal", "shelve", "yaml", "django.template.Template", "jinja2")
    assert [f"{m}:{line} {name}" for m in modules() for line, name in imports(m) if name.startswith(dangerous)] == []


def test_an_uploaded_file_is_for_the_account_of_the_server_alone(settings: Any) -> None:
    name = default_storage.save("bukti/rekap.pdf", ContentFile(b"%PDF-1.4"))
    assert stat.S_IMODE(os.stat(default_storage.path(name)).st_mode) == 0o600
    assert not hasattr(settings, "MEDIA_URL") or settings.MEDIA_URL in {"", "/"}
    assert [route for route, _view in routes() if "media" in route] == []
