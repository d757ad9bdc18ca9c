"""What may stand behind the question mark, in a path, in a cookie, in the name of the host."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from bukittinggi_kinerja.common.api.pagination import LARGEST_PAGE
from employees.models import Employee
from tests.architecture.code import modules
from tests.rights import rest
from tests.rights.conftest import address_of, signed_in
from tests.rights.reading import Line, lines_of, routes
from tests.rights.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("abuse-addresses")]

UNSTORABLE = ("\x00", "a\x00b", "a" * 300)
ODD = (
    *UNSTORABLE, "9" * 40, "-1", "0", "1e9", "NaN", "٣", "'", "' OR 1=1 --", '"; DROP TABLE employees_employee; --', "%", "_", "\\", "(a+)+$",
    "{0.__class__}", "%(x)s", "{{ 7|add:7 }}", "<script>alert(1)</script>", "../../../etc/passwd", "\u202e2026", "2026-13", "9999", "\r\nX-Jahat: 1",
)  # fmt: skip
#: Pages that read something behind the question mark; the names are compared with the source below.
READ_BY_PAGES = {
    ("penilai", "/tim/"): ("periode", "urut", "aspek"),
    ("penilai", "/tim/periksa/"): ("periode",),
    ("bkpsdm", "/kendali/"): ("periode", "opd", "halaman"),
    ("bkpsdm", "/kendali/daftar/"): ("periode", "tahap", "keadaan", "opd", "penilai", "berkas", "halaman"),
    ("bkpsdm", "/kendali/batas/"): ("periode", "opd"),
    ("bkpsdm", "/kendali/cetak/"): ("periode", "tahap", "opd"),
    ("bkpsdm", "/pekerjaan/"): ("halaman",),
    ("bkpsdm", "/kendali/selisih/"): ("periode", "daftar", "berkas", "halaman"),
    ("bkpsdm", "/skp/siapkan/"): ("tahun", "unit", "halaman"),
    ("bkpsdm", "/skp/templat/"): ("halaman",),
    ("bkpsdm", "/skp/matriks/"): ("tahun",),
    ("pengelola", "/kinerja/formulir/"): ("periode", "halaman"),
    ("bkpsdm", "/impor/"): ("halaman",),
    ("bkpsdm", "/kendali/susulan/"): ("sebab", "unit", "pegawai", "berkas", "halaman"),
    ("bkpsdm", "/kendali/susulan/aturan/"): ("unit", "pegawai", "berkas", "halaman"),
    ("bkpsdm", "/akun/daftar/"): ("unit", "keadaan", "halaman"),
    ("bkpsdm", "/pegawai/"): ("unit", "halaman"),
    ("dpmptsp", "/izin/"): ("keadaan", "halaman"),
    ("pegawai", "/kinerja/umpan-balik/"): ("dari", "halaman"),
    ("bkpsdm", "/pensiun/"): ("bulan",),
    ("bkpsdm", "/serah-terima/"): ("pegawai",),
    ("pengelola", "/laporan-data/"): ("keadaan", "halaman"),
    ("bkpsdm", "/admin/employees/posting/tempatkan/"): ("laporan",),
    ("anonim", "/masuk/"): ("next",),
}
#: Names that lists of other systems listen to, and ways into other tables.
UNKNOWN = (
    "ordering", "order_by", "sort", "q", "search", "fields", "expand", "ids", "limit", "offset", "page", "format", "id__gt", "pk__in",
    "employee__user__password__startswith", "user__password", "employee__birth_date__gte", "unit__path__regex", "score__gt", "name__regex",
)  # fmt: skip
OF_API = {line.route: line for line in lines_of(rest.READING) if line.route not in rest.WITHOUT_SCOPE and "events" not in line.route}


def called(world: World, line: Line, **query: str) -> HttpResponse:
    first = dict(part.split("=") for part in line.query.split("&") if part)
    address = address_of(world, line).partition("?")[0]
    return Client().get(address, {**first, **query}, HTTP_AUTHORIZATION=f"Bearer {world.tokens['bkpsdm']}")


def declared(route: str) -> list[str]:
    view: Any = dict(routes())[route]
    return [parameter.name for parameter in view.cls.parameters] + list(view.cls.other_parameters)


@pytest.mark.parametrize("line", OF_API.values(), ids=lambda line: line.route)
def test_no_value_behind_a_question_mark_breaks_a_route(world: World, line: Line) -> None:
    names = declared(line.route)
    assert called(world, line).status_code == 200
    for name in names:
        for value in ODD:
            answer = called(world, line, **{name: value})
            assert answer.status_code in ({400} if value in UNSTORABLE else {200, 400}), (name, value[:20])


@pytest.mark.parametrize("line", OF_API.values(), ids=lambda line: line.route)
def test_a_name_nobody_declared_is_refused_and_never_a_way_into_other_tables(world: World, line: Line) -> None:
    for name in set(UNKNOWN) - set(declared(line.route)):
        answer = called(world, line, **{name: "1"})
        assert answer.status_code == 400, name
        assert name in json.loads(answer.content)["errors"]


def test_some_lists_were_asked_for_filters() -> None:
    assert sum(len(declared(route)) for route in OF_API) > 40
    assert {"page_size", "cursor", "period", "unit", "employee"} <= {name for route in OF_API for name in declared(route)}


@pytest.mark.parametrize("size", ["10000", str(LARGEST_PAGE + 1), "-1", "0", "", "1.5", "1e3", "9" * 40, "abc"])
def test_a_page_is_no_larger_than_the_largest_and_no_smaller_than_one(world: World, size: str) -> None:
    lists = [line for route, line in OF_API.items() if "page_size" in declared(route)]
    assert len(lists) >= 7
    for line in lists:
        assert called(world, line, page_size=size).status_code == 400, line.route


def test_a_large_table_is_never_told_in_one_answer(world: World) -> None:
    people = OF_API["/api/v1/employees/"]
    assert len(json.loads(called(world, people, page_size="2").content)["results"]) == 2
    assert Employee.objects.count() > 2
    assert len(json.loads(called(world, people, page_size=str(LARGEST_PAGE)).content)["results"]) <= LARGEST_PAGE


@pytest.mark.parametrize("place", [">999999999999999999", "<1", ">0", ">-1", ">9" + "9" * 30, "> 1", ">1;--", "1", "=1", ">1\n"])
def test_a_cursor_of_ones_own_making_leads_to_an_empty_page_or_a_sentence(world: World, place: str) -> None:
    cursor = base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")
    answer = called(world, OF_API["/api/v1/employees/"], cursor=cursor)
    assert answer.status_code == (200 if re.fullmatch(r"[<>][0-9]{1,18}", place) else 400)
    if place == ">999999999999999999":
        assert json.loads(answer.content)["results"] == []


def pages() -> Iterator[tuple[str, str, str]]:
    for (who, page), names in READ_BY_PAGES.items():
        for name in names:
            yield who, page, name


@pytest.mark.parametrize(("who", "page", "name"), pages())
def test_no_value_behind_a_question_mark_breaks_a_page(world: World, who: str, page: str, name: str) -> None:
    browser = signed_in(world, who)
    assert browser.get(page).status_code == 200
    for value in ODD:
        answer = browser.get(page, {name: value})
        assert answer.status_code in {200, 302, 400, 404}, value[:20]
        assert "X-Jahat" not in answer.headers
        if not answer.streaming:
            assert b"<script>alert" not in answer.content


def test_every_name_that_a_page_reads_behind_a_question_mark_is_tried() -> None:
    reads = re.compile(r"request\.GET(?:\.get(?:list)?\(|\[)\"(\w+)\"")
    found = {name for module in modules() for name in reads.findall(module.path.read_text())}
    tried = {name for names in READ_BY_PAGES.values() for name in names}
    assert found - tried == set()
    assert len(found) >= 8


@pytest.mark.parametrize("period", ["%00", "a" * 300, "2026-13", "2026-10'", "..", "%252e%252e", "2026-10%0d%0aX:1", "<b>"])
def test_no_period_in_a_path_breaks_its_page(world: World, period: str) -> None:
    indicator = world.things["pegawai"]["indicator_id"]
    browser = signed_in(world, "pegawai")
    assert browser.get(f"/kinerja/realisasi/{indicator}/2026-10/").status_code == 200
    assert browser.get(f"/kinerja/realisasi/{indicator}/{period}/").status_code in {400, 404}


@pytest.mark.parametrize("number", ["0", "9" * 19, "9" * 40, "-1", "1e3", "٣", "%00", "1'", "1.0", "0x1"])
def test_no_number_in_a_path_breaks_its_page(world: World, number: str) -> None:
    for who, page in (("pegawai", "/kinerja/nilai/"), ("penilai", "/tim/nilai/"), ("bkpsdm", "/kinerja/bukti/"), ("dpmptsp", "/izin/")):
        assert signed_in(world, who).get(f"{page}{number}/").status_code == 404, page
    for name in ("employees", "plans", "assessments", "service-cases"):
        headers = {"HTTP_AUTHORIZATION": f"Bearer {world.tokens['bkpsdm']}"}
        assert Client().get(f"/api/v1/{name}/{number}/", **headers).status_code == 404, name


@pytest.mark.parametrize("name", ["bahasa", "tema", "bersama", "sessionid", "csrftoken"])
def test_no_cookie_breaks_a_page_or_writes_into_it(world: World, name: str) -> None:
    for value in ("xx", '"><script>alert(1)</script>', "a" * 3000, "../../etc", "%00"):
        browser = Client()
        browser.cookies[name] = value
        answer = browser.get("/masuk/")
        assert answer.status_code == 200
        assert b"<script>alert" not in answer.content


def test_what_a_proxy_header_says_of_the_host_stands_in_no_link(world: World) -> None:
    headers = {
        "HTTP_AUTHORIZATION": f"Bearer {world.tokens['bkpsdm']}",
        "HTTP_X_FORWARDED_HOST": "jahat.example",
        "HTTP_FORWARDED": "host=jahat.example",
    }
    answer = Client().get("/api/v1/employees/", {"page_size": 1}, **headers)
    assert json.loads(answer.content)["next"].startswith("http://testserver/")
    led = Client().get("/kinerja/", HTTP_X_FORWARDED_HOST="jahat.example")
    assert led["Location"].startswith("/masuk/")
