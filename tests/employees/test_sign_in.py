"""Signing in and out through the web."""

from __future__ import annotations

import pytest
from django.test import Client

from bukittinggi_kinerja.common.models import Event
from employees.models import AccessToken, User
from tests.people import PASSWORD, City


def sign_in(browser: Client, name: str, password: str = PASSWORD, **fields: str) -> object:
    return browser.post("/masuk/", {"username": name, "password": password, **fields})


def test_the_session_cookie_comes_only_with_a_good_pair(city: City) -> None:
    browser = Client()
    browser.get("/masuk/")
    assert "sessionid" not in browser.cookies
    sign_in(browser, "pegawai", "salah")
    assert "sessionid" not in browser.cookies
    answer = sign_in(browser, "pegawai")
    assert answer.headers["Location"] == "/"  # type: ignore[attr-defined]
    assert "sessionid" in browser.cookies


def test_a_nip_signs_in_as_well_as_a_name_with_blanks_or_without(city: City) -> None:
    nip = city.people["pegawai"].nip or ""
    for name in (nip, f"{nip[:8]} {nip[8:14]} {nip[14]} {nip[15:]}", "PEGAWAI"):
        browser = Client()
        sign_in(browser, name)
        assert "sessionid" in browser.cookies, name


def test_unknown_name_and_wrong_password_are_answered_with_one_sentence(city: City) -> None:
    pages = [sign_in(Client(), name, "salah").content.decode() for name in ("pegawai", "tidak-ada")]  # type: ignore[attr-defined]
    for page in pages:
        assert "Nama pengguna atau kata sandi tidak cocok." in page
        assert "<title>Galat: " in page


def test_a_switched_off_account_does_not_enter(city: City) -> None:
    User.objects.filter(username="pegawai").update(is_active=False)
    browser = Client()
    sign_in(browser, "pegawai")
    assert "sessionid" not in browser.cookies


@pytest.mark.parametrize("evil", ["https://jahat.example/", "//jahat.example/", "javascript:alert(1)", "/\\jahat.example"])
def test_signing_in_never_leads_to_another_host(city: City, evil: str) -> None:
    assert sign_in(Client(), "pegawai", next=evil).headers["Location"] == "/"  # type: ignore[attr-defined]


def test_signing_in_leads_back_to_the_page_that_was_asked_for(city: City) -> None:
    browser = Client()
    asked = browser.get("/kinerja/?periode=2026-10")
    assert (asked.status_code, asked.headers["Location"]) == (302, "/masuk/?next=%2Fkinerja%2F%3Fperiode%3D2026-10")
    assert sign_in(browser, "pegawai", next="/kinerja/?periode=2026-10").headers["Location"] == "/kinerja/?periode=2026-10"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "headers", [{"HX-Request": "true"}, {"X-Requested-With": "fetch"}, {"Accept": "application/json"}], ids=["htmx", "fetch", "json"]
)
def test_a_fragment_answers_401_and_no_form(db: None, headers: dict[str, str]) -> None:
    answer = Client().get("/kinerja/", headers=headers)
    assert answer.status_code == 401
    assert b"<form" not in answer.content


def test_ten_wrong_passwords_lock_the_pair_and_not_the_person_elsewhere(city: City) -> None:
    browser = Client(REMOTE_ADDR="10.0.0.9")
    for _n in range(10):
        last = sign_in(browser, "pegawai", "salah")
    assert last.status_code == 429  # type: ignore[attr-defined]
    assert "Akun terkunci sementara" in last.content.decode()  # type: ignore[attr-defined]
    sign_in(browser, "pegawai")
    assert "sessionid" not in browser.cookies
    elsewhere = Client(REMOTE_ADDR="10.0.0.10")
    sign_in(elsewhere, "pegawai")
    assert "sessionid" in elsewhere.cookies


def test_signing_out_is_a_post_and_ends_the_session(city: City) -> None:
    browser = city.client("pegawai")
    assert browser.get("/keluar/").status_code == 405
    assert browser.post("/keluar/").headers["Location"] == "/masuk/"
    assert browser.get("/kinerja/").status_code == 302


def test_a_script_signs_in_again_and_learns_who_it_is(city: City) -> None:
    answer = Client().post("/masuk/", {"username": "pegawai", "password": PASSWORD}, headers={"X-Requested-With": "fetch"})
    assert answer.json()["pengguna"] == city.users["pegawai"].pk
    wrong = Client().post("/masuk/", {"username": "pegawai", "password": "x"}, headers={"X-Requested-With": "fetch"})
    assert (wrong.status_code, "detail" in wrong.json()) == (400, True)


def test_language_and_theme_stay_with_the_account(city: City) -> None:
    browser = city.client("pegawai")
    browser.post("/setelan/", {"bahasa": "en", "tema": "gelap", "next": "/profil/"})
    page = browser.get("/profil/").content.decode()
    assert '<html lang="en" data-tema="gelap">' in page
    user = User.objects.get(username="pegawai")
    assert (user.language, user.theme) == ("en", "gelap")
    assert Event.objects.filter(action="employees.account.preferences", actor=user.pk).count() == 1


def test_language_of_the_page_of_signing_in_is_kept_on_the_device(db: None) -> None:
    browser = Client()
    browser.post("/setelan/", {"bahasa": "en"})
    assert '<html lang="en">' in browser.get("/masuk/").content.decode()
    assert browser.post("/setelan/", {"bahasa": "xx"}).status_code == 400


class TestPassword:
    new = "danau-maninjau-88"

    def change(self, browser: Client, **fields: str) -> object:
        given = {"old_password": PASSWORD, "new_password": self.new, "repeated": self.new} | fields
        return browser.post("/profil/", given)

    def test_changing_it_ends_other_sessions_and_tokens_and_keeps_this_one(self, city: City) -> None:
        here, elsewhere = city.client("pegawai"), city.client("pegawai")
        user = city.users["pegawai"]
        AccessToken.objects.create(
            user=user, digest="0" * 64, scopes=["read:people"], created_at=user.date_joined, expires_at=user.date_joined.replace(year=2999)
        )
        assert self.change(here).status_code == 302  # type: ignore[attr-defined]
        assert here.get("/profil/").status_code == 200
        assert elsewhere.get("/profil/").status_code == 302
        assert AccessToken.objects.filter(revoked_at=None).count() == 0
        browser = Client()
        sign_in(browser, "pegawai", self.new)
        assert "sessionid" in browser.cookies

    @pytest.mark.parametrize(
        ("fields", "sentence"),
        [
            ({"old_password": "salah"}, "Kata sandi sekarang tidak cocok."),
            ({"repeated": "lain"}, "Kata sandi baru dan ulangannya belum sama."),
            ({"new_password": "", "repeated": ""}, "Isi kata sandi baru."),
            ({"new_password": "12345678", "repeated": "12345678"}, "Kata sandi"),
        ],
    )
    def test_a_refused_change_says_what_to_do(self, city: City, fields: dict[str, str], sentence: str) -> None:
        page = self.change(city.client("pegawai"), **fields).content.decode()  # type: ignore[attr-defined]
        assert sentence in page
        assert 'id="ringkasan-galat"' in page
        assert User.objects.get(username="pegawai").check_password(PASSWORD)


def test_the_admin_has_no_door_of_its_own(city: City) -> None:
    anonymous = Client().get("/admin/", follow=True)
    assert anonymous.redirect_chain[-1][0] == "/masuk/?next=%2Fadmin%2F"
    assert city.client("bkpsdm").get("/admin/").status_code == 200


@pytest.mark.parametrize("login", ["pegawai", "penilai", "pengelola", "pimpinan", "luar"])
def test_the_admin_refuses_others_with_a_page_and_no_form_to_try_again(city: City, login: str) -> None:
    answer = city.client(login).get("/admin/", follow=True)
    assert answer.status_code == 403
    assert b'type="password"' not in answer.content.split(b'<dialog id="sesi"')[0]
