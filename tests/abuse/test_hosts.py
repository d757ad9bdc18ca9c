"""Links and sign-ins that would lead to a host of somebody else."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.people import PASSWORD, City

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("host", ["jahat.example", "localhost.jahat.example", "testserver@jahat.example", "testserver:80:80", "", "a b"])
def test_a_foreign_host_is_answered_by_no_page(city: City, host: str) -> None:
    for method, page in (("GET", "/masuk/"), ("POST", "/masuk/"), ("GET", "/api/v1/schema/"), ("GET", "/kinerja/")):
        body = {"username": "pegawai", "password": PASSWORD} if method == "POST" else {}
        answer = getattr(Client(), method.lower())(page, body, HTTP_HOST=host)
        assert answer.status_code == 400, page
        assert "sessionid" not in answer.cookies


@pytest.mark.parametrize(
    "evil",
    [
        "https://jahat.example/",
        "//jahat.example/",
        "/\\jahat.example",
        "javascript:alert(1)",
        "http:///jahat.example",
        "\thttps://jahat.example",
    ],
)
def test_no_door_leads_on_to_another_host(city: City, evil: str) -> None:
    signed = city.client("pegawai")
    led = [
        Client().post("/masuk/", {"username": "pegawai", "password": PASSWORD, "next": evil}),
        signed.get("/masuk/", {"next": evil}),
        signed.post("/setelan/", {"tema": "gelap", "next": evil}),
        city.client("penilai").get("/admin/login/", {"next": evil}),
        Client().get("/admin/login/", {"next": evil}),
    ]
    places = [answer["Location"] for answer in led if answer.status_code == 302]
    assert len(places) == 4
    assert [place for place in places if "jahat" in place or not place.startswith("/") or place.startswith("//")] == []
