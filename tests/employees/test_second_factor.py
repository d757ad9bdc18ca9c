"""The second factor: set up, asked for after the password, lost, and required of roles from a day on."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pyotp
import pytest
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from bukittinggi_kinerja.common.errors import NotNow, TooOften
from bukittinggi_kinerja.common.models import Event
from bukittinggi_kinerja.common.period import local_date
from employees.models import RecoveryCode, RoleAssignment, SecondFactor, User
from employees.rules.access import ResetKind
from employees.rules.otp import STEP_SECONDS, matching_step
from employees.rules.viewing import Role
from employees.services.access_codes import hand_code
from employees.services.access_policy import adopt_access_policy
from employees.services.second_factor import MOST_FAILURES, confirm_factor, drop_factor, passes_second_step, secret_of, start_factor
from employees.services.two_person import confirm_reset, request_reset
from tests.people import ALWAYS, PASSWORD, City

pytestmark = pytest.mark.django_db
NOW = timezone.now()
RECOVERY = re.compile(r"<li>(\w{5}-\w{5})</li>")
#: The published vectors of RFC 6238 (SHA-1), shortened to six digits.
VECTORS = {59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037"}
RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


def app_of(city: City, who: str, *, now: dt.datetime = NOW) -> tuple[pyotp.TOTP, list[str]]:
    """The authenticator of somebody who has set it up, and his recovery codes; the code of the step before was used for it."""
    user = city.users[who].pk
    start_factor(user_id=user, password=PASSWORD, now=now)
    app = pyotp.TOTP(secret_of(user) or "")
    return app, confirm_factor(user_id=user, code=app.at(now - dt.timedelta(seconds=30)), now=now)[1]


def half(name: str, address: str = "10.9.2.1", **fields: str) -> Client:
    browser = Client(REMOTE_ADDR=address)
    browser.answer = browser.post("/masuk/", {"username": name, "password": PASSWORD, **fields})  # type: ignore[attr-defined]
    return browser


def second(browser: Client, code: str) -> HttpResponse:
    return browser.post("/masuk/kode/", {"code": code})


@pytest.mark.parametrize(("at", "code"), VECTORS.items())
def test_codes_are_those_of_the_standard(at: int, code: str) -> None:
    assert matching_step(RFC_SECRET, code, at=at, after=0) == at // STEP_SECONDS


@pytest.mark.parametrize(("late", "accepted"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_clock_may_be_one_step_off(late: int, accepted: bool) -> None:
    at = 1_111_111_111
    code = pyotp.HOTP(RFC_SECRET).at((at + late) // STEP_SECONDS)
    assert (matching_step(RFC_SECRET, code, at=at, after=0) is not None) == accepted


@pytest.mark.parametrize("code", ["", " ", "12345", "1234567", "abcdef", "٠٠٥٩٢٤", "None", "-05924"])
def test_what_is_not_six_digits_is_no_code(code: str) -> None:
    assert matching_step(RFC_SECRET, code, at=1234567890, after=0) is None


def test_setting_up_by_the_screens_shows_the_square_once_and_the_recovery_codes_once(city: City) -> None:
    browser, elsewhere = city.client("bkpsdm"), city.client("bkpsdm")
    assert browser.get("/profil/kode/kotak.svg").status_code == 404
    assert "tidak cocok" in browser.post("/profil/kode/", {"aksi": "mulai", "password": "salah"}).content.decode()
    assert browser.post("/profil/kode/", {"aksi": "mulai", "password": PASSWORD})["Location"] == "/profil/kode/"
    square = browser.get("/profil/kode/kotak.svg")
    assert (square["Content-Type"], square["Cache-Control"]) == ("image/svg+xml", "no-store")
    assert b"<svg" in square.content
    secret = secret_of(city.users["bkpsdm"].pk) or ""
    assert secret in browser.get("/profil/kode/").content.decode().replace(" ", "")
    assert "Kode tidak cocok" in browser.post("/profil/kode/", {"aksi": "pasang", "code": "000000"}).content.decode()
    shown = browser.post("/profil/kode/", {"aksi": "pasang", "code": pyotp.TOTP(secret).now()})
    assert shown["Cache-Control"] == "no-store"
    assert len(RECOVERY.findall(shown.content.decode())) == 10
    assert browser.get("/profil/kode/kotak.svg").status_code == 404
    assert secret not in browser.get("/profil/kode/").content.decode().replace(" ", "")
    assert (browser.get("/profil/").status_code, elsewhere.get("/profil/").status_code) == (200, 302)


def test_the_secret_and_the_recovery_codes_are_not_in_the_database_in_plain(city: City) -> None:
    app, codes = app_of(city, "bkpsdm")
    stored = str([*SecondFactor.objects.values(), *RecoveryCode.objects.values(), *Event.objects.values()])
    assert app.secret not in stored
    assert not [code for code in codes if code in stored or code.replace("-", "") in stored]


def test_after_the_password_there_is_no_session_until_the_code_is_right(city: City) -> None:
    app, _codes = app_of(city, "bkpsdm")
    browser = half("bkpsdm", next="/kendali/")
    assert browser.answer["Location"] == "/masuk/kode/"  # type: ignore[attr-defined]
    assert "sessionid" not in browser.cookies
    assert browser.get("/kendali/").status_code == 302
    assert "sessionid" not in second(browser, "000000").cookies
    answer = second(browser, app.now())
    assert (answer.status_code, answer["Location"], "sessionid" in answer.cookies) == (302, "/kendali/", True)
    assert browser.get("/kendali/").status_code == 200


def test_a_code_opens_once_and_a_recovery_code_too(city: City) -> None:
    app, codes = app_of(city, "bkpsdm")
    code = app.now()
    assert "sessionid" in second(half("bkpsdm"), code).cookies
    assert "sessionid" not in second(half("bkpsdm"), code).cookies
    assert "sessionid" in second(half("bkpsdm"), codes[0].lower()).cookies
    assert "sessionid" not in second(half("bkpsdm"), codes[0]).cookies
    assert "sessionid" in second(half("bkpsdm"), codes[1]).cookies


def test_a_recovery_code_of_one_person_opens_no_other_account(city: City) -> None:
    _app, codes = app_of(city, "bkpsdm")
    app_of(city, "inspektorat")
    assert "sessionid" not in second(half("inspektorat"), codes[0]).cookies


@pytest.mark.parametrize("code", ["", " ", "None", "null", "0", "-", "AAAAA-AAAAA", "\x00", "٠٠٠٠٠٠"])
def test_nothing_is_no_code(city: City, code: str) -> None:
    app_of(city, "bkpsdm")
    assert "sessionid" not in second(half("bkpsdm"), code).cookies


def test_six_wrong_codes_close_the_second_step_for_a_while_whatever_the_address(city: City) -> None:
    app, _codes = app_of(city, "bkpsdm")
    for n in range(MOST_FAILURES):
        assert second(half("bkpsdm", f"10.9.3.{n}"), "000000").status_code == 200
    assert second(half("bkpsdm", "10.9.3.99"), app.now()).status_code == 429
    with pytest.raises(TooOften):
        passes_second_step(user_id=city.users["bkpsdm"].pk, code=app.now(), now=timezone.now())
    later = timezone.now() + dt.timedelta(minutes=16)
    assert passes_second_step(user_id=city.users["bkpsdm"].pk, code=app.at(later), now=later)


@pytest.mark.parametrize("value", ["", "x", "e30:x:y"])
def test_a_forged_half_step_leads_back_to_the_password(city: City, value: str) -> None:
    browser = Client()
    browser.cookies["langkah"] = value
    answer = second(browser, "000000")
    assert (answer.status_code, answer["Location"]) == (302, "/masuk/?next=%2F")


def test_a_half_step_ends_with_the_password_and_the_account(city: City) -> None:
    app, _codes = app_of(city, "bkpsdm")
    browser = half("bkpsdm")
    User.objects.filter(username="bkpsdm").update(session_epoch=99)
    assert second(browser, app.now())["Location"] == "/masuk/?next=%2F"


def test_a_script_that_signs_in_again_sends_both_at_once(city: City) -> None:
    app, _codes = app_of(city, "bkpsdm")
    browser, fetch = Client(), {"X-Requested-With": "fetch"}
    words = {"username": "bkpsdm", "password": PASSWORD}
    assert browser.post("/masuk/", words, headers=fetch).status_code == 400
    assert "sessionid" not in browser.cookies
    assert browser.post("/masuk/", {**words, "kode": app.now()}, headers=fetch).json()["pengguna"] == city.users["bkpsdm"].pk


def test_a_new_password_by_a_code_does_not_go_round_the_second_step(city: City) -> None:
    app, _codes = app_of(city, "pegawai")
    slip = hand_code(user_id=city.users["pegawai"].pk, viewer=city.viewer("pengelola"), now=NOW)
    browser = Client()
    sent = {"username": "pegawai", "code": slip.code, "new_password": "danau-maninjau-88", "repeated": "danau-maninjau-88"}
    assert browser.post("/masuk/aktivasi/", sent)["Location"] == "/masuk/kode/"
    assert "sessionid" not in browser.cookies
    assert "sessionid" in second(browser, app.now()).cookies


def test_a_lost_second_factor_goes_by_two_people_and_ends_the_sessions(city: City) -> None:
    app_of(city, "pegawai")
    browser = city.client_anew("pegawai")
    RoleAssignment.objects.create(user=city.users["atasan"], role=Role.CITY_HR, valid=ALWAYS)
    asked = request_reset(user_id=city.users["pegawai"].pk, kind=ResetKind.FACTOR, reason="Hilang", viewer=city.viewer("bkpsdm"), now=NOW)
    assert confirm_reset(request_id=asked.pk, viewer=city.viewer("atasan"), now=NOW) is None
    assert not SecondFactor.objects.exists()
    assert browser.get("/profil/").status_code == 302
    assert "sessionid" in half("pegawai").cookies
    with pytest.raises(NotNow):
        request_reset(user_id=city.users["luar"].pk, kind=ResetKind.FACTOR, reason="-", viewer=city.viewer("bkpsdm"), now=NOW)


class TestRequired:
    @pytest.fixture(autouse=True)
    def _from_today_on(self, city: City) -> None:
        cache.clear()
        self.adopt(local_date(NOW), ["BKPSDM", "PENGELOLA"])

    def adopt(self, day: dt.date, roles: list[str]) -> None:
        words: dict[str, Any] = {"decree_number": "", "reason": "Uji", "actor": None, "now": NOW}
        adopt_access_policy(slip_days=14, reset_hours=24, factor_roles=roles, valid_from=day, **words)

    def test_who_needs_one_and_has_none_is_led_to_setting_it_up_and_nothing_else_opens(self, city: City) -> None:
        for who in ("bkpsdm", "pengelola"):
            browser = half(who)
            for page in ("/", "/kendali/", "/akun/", "/profil/", "/admin/", "/kinerja/", "/tidak-ada/"):
                answer = browser.get(page)
                assert (answer.status_code, answer["Location"]) == (302, "/profil/kode/"), page
            assert browser.get("/kendali/", headers={"HX-Request": "true"}).status_code == 403
            assert browser.post("/akun/slip/", {"unit": city.units["DPMPTSP"].pk}).status_code == 302
            assert browser.get("/profil/kode/").status_code == 200

    def test_others_and_those_who_have_one_are_not_stopped(self, city: City) -> None:
        for who in ("pegawai", "penilai", "inspektorat", "pimpinan"):
            assert half(who).get("/").status_code == 200
        browser = half("bkpsdm")
        browser.post("/profil/kode/", {"aksi": "mulai", "password": PASSWORD})
        code = pyotp.TOTP(secret_of(city.users["bkpsdm"].pk) or "").now()
        browser.post("/profil/kode/", {"aksi": "pasang", "code": code})
        assert browser.get("/kendali/").status_code == 200

    def test_who_needs_one_cannot_take_it_away(self, city: City) -> None:
        app_of(city, "bkpsdm")
        with pytest.raises(NotNow):
            drop_factor(user_id=city.users["bkpsdm"].pk, viewer=city.viewer("bkpsdm"), password=PASSWORD, now=NOW)

    def test_a_version_of_tomorrow_asks_nothing_today(self, city: City) -> None:
        cache.clear()
        self.adopt(local_date(NOW), [])
        self.adopt(local_date(NOW) + dt.timedelta(days=1), ["BKPSDM"])
        assert half("bkpsdm").get("/kendali/").status_code == 200


def test_without_a_policy_the_demo_logins_enter_by_the_password_alone(city: City) -> None:
    for n, who in enumerate(("bkpsdm", "pengelola", "inspektorat", "pimpinan")):
        assert "sessionid" in half(who, f"10.9.4.{n}").cookies


def test_taking_it_away_by_oneself_needs_the_password(city: City) -> None:
    app_of(city, "pegawai")
    browser = city.client_anew("pegawai")
    browser.post("/profil/kode/", {"aksi": "lepas", "password": "salah"})
    assert SecondFactor.objects.count() == 1
    browser.post("/profil/kode/", {"aksi": "lepas", "password": PASSWORD})
    assert SecondFactor.objects.count() == 0
    assert browser.get("/profil/").status_code == 200


def test_pages_of_offices_ask_once_and_then_remember(city: City) -> None:
    browser = city.client("bkpsdm")
    browser.get("/profil/")
    with connection.execute_wrapper(
        lambda execute, sql, *rest: execute(sql, *rest) if "accesspolicy" not in sql.lower() else pytest.fail(sql)
    ):
        browser.get("/kendali/")
