"""Getting in by codes: what the answers tell, how often anybody may try, and codes that are nobody's, another's, or spent."""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from employees.models import AccessCode, User
from employees.rules.access import CodePurpose
from employees.services.access_codes import digest_of, hand_code, redeem_code
from employees.services.sign_in_limits import PER_ACCOUNT, PER_ADDRESS
from tests.people import PASSWORD, City, nip_of

pytestmark = pytest.mark.django_db
NEW = "danau-maninjau-88"
WRONG = "AAAA-CCCC-DDDD"


def tried(name: str, code: str, address: str = "10.6.1.1", **sent: Any) -> HttpResponse:
    form = {"username": name, "code": code, "new_password": NEW, "repeated": NEW}
    return Client(REMOTE_ADDR=address).post("/masuk/aktivasi/", form, **sent)


def code_of(city: City, who: str) -> str:
    """A code that the city's HR handed out just now."""
    return hand_code(user_id=city.users[who].pk, viewer=city.viewer("bkpsdm"), now=timezone.now()).code


class CountedHasher(MD5PasswordHasher):
    """Counts how often a password is hashed, which is what takes the time."""

    done = 0

    def encode(self, password: str, salt: str) -> str:
        type(self).done += 1
        return super().encode(password, salt)


def plain(page: HttpResponse, *typed: str) -> str:
    """The page without what was typed and without its token."""
    text = page.content.decode()
    for word in typed:
        text = text.replace(word, "X")
    parts = text.split('name="csrfmiddlewaretoken" value="')
    return "".join([parts[0], *(part.partition('"')[2] for part in parts[1:])])


def test_every_code_that_does_not_open_is_answered_alike_after_the_same_work(city: City, settings: Any) -> None:
    settings.PASSWORD_HASHERS = [f"{__name__}.CountedHasher"]
    used, late, closed, revoked = (code_of(city, who) for who in ("staf1", "staf2", "staf3", "staf4"))
    name = {n: city.users[f"staf{n}"].username for n in range(1, 7)}
    redeem_code(name=name[1], code=used, new_password=NEW, now=timezone.now())
    past = timezone.now() - dt.timedelta(days=2)
    AccessCode.objects.filter(user=city.users["staf2"]).update(created_at=past, expires_at=past + dt.timedelta(days=1))
    User.objects.filter(pk=city.users["staf3"].pk).update(is_active=False)
    code_of(city, "staf4")
    another = code_of(city, "staf5")
    told = []
    for n, (who, code) in enumerate(
        [
            (name[6], WRONG), (nip_of(980), WRONG), ("tidak-ada", WRONG), (name[1], used), (name[2], late), (name[3], closed),
            (name[4], revoked), (name[6], another), ("bkpsdm", WRONG), ("tidak-ada", another),
        ]
    ):  # fmt: skip
        CountedHasher.done = 0
        page = tried(who, code, f"10.6.2.{n}")
        told.append((page.status_code, plain(page, who, code), CountedHasher.done, "sessionid" in page.cookies))
    assert told[0][0] == 200
    assert told[0][2:] == (1, False)
    assert [answer for answer in told if answer != told[0]] == []


def test_a_code_of_one_person_is_worth_nothing_for_another(city: City) -> None:
    code, own = code_of(city, "staf1"), code_of(city, "staf2")
    assert "sessionid" not in tried(city.users["staf2"].username, code).cookies
    assert "sessionid" in tried(city.users["staf2"].username, own).cookies


def test_a_link_or_a_host_of_somebody_else_leads_nowhere(city: City) -> None:
    name, code = city.users["staf1"].username, code_of(city, "staf1")
    assert tried(name, code, HTTP_HOST="jahat.example").status_code == 400
    form = {"username": name, "code": code, "new_password": NEW, "repeated": NEW, "next": "https://jahat.example/"}
    answer = Client().post("/masuk/aktivasi/?next=//jahat.example/", form, HTTP_X_FORWARDED_HOST="jahat.example")
    assert (answer.status_code, answer["Location"]) == (302, "/")


@pytest.mark.parametrize("code", ["", " ", "-", "None", "null", "0", "undefined", "\x00", "----", "０", "!"])
def test_nothing_is_no_code_even_where_a_digest_of_nothing_stands(city: City, code: str) -> None:
    user, now = city.users["staf1"], timezone.now()
    for purpose, digest in ((CodePurpose.ACTIVATION, digest_of(user.pk, "")), (CodePurpose.RESET, "")):
        AccessCode.objects.create(user=user, purpose=purpose, digest=digest, created_at=now, expires_at=now + dt.timedelta(days=1))
    for name in (user.username, "", "None"):
        assert "sessionid" not in tried(name, code).cookies
    assert not User.objects.get(pk=user.pk).has_usable_password()


@pytest.mark.parametrize("left_out", ["username", "code", "new_password", "repeated"])
def test_a_form_without_a_field_opens_nothing(city: City, left_out: str) -> None:
    form = {"username": city.users["staf1"].username, "code": code_of(city, "staf1"), "new_password": NEW, "repeated": NEW}
    del form[left_out]
    page = Client().post("/masuk/aktivasi/", form)
    assert (page.status_code, "sessionid" in page.cookies) == (200, False)
    assert 'id="ringkasan-galat"' in page.content.decode()


def test_codes_are_tried_no_more_often_than_passwords_by_account_and_by_address(city: City) -> None:
    name, code = city.users["staf1"].username, code_of(city, "staf1")
    for n in range(PER_ACCOUNT):
        assert tried(name, WRONG, f"10.6.4.{n}").status_code == 200
    assert tried(name, code, "10.6.5.1").status_code == 429
    unknown = nip_of(981)
    for n in range(PER_ACCOUNT):
        assert tried(unknown, WRONG, f"10.6.6.{n}").status_code == 200
    assert tried(unknown, WRONG, "10.6.7.1").status_code == 429
    for n in range(PER_ADDRESS):
        tried(f"tidak-ada-{n}", WRONG, "10.6.8.1")
    assert tried(city.users["staf2"].username, code_of(city, "staf2"), "10.6.8.1").status_code == 429


def test_neither_names_nor_codes_stand_in_the_log(city: City, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    code, name = code_of(city, "staf1"), city.users["staf1"].username
    tried(name, WRONG)
    tried(name, code)
    lines = "\n".join(record.getMessage() for record in caplog.records if not record.name.startswith("django.db"))
    for secret in (code, WRONG, NEW, name):
        assert secret not in lines


def test_a_slip_is_made_by_post_alone_and_stands_in_no_address(city: City) -> None:
    browser = city.client("pengelola")
    assert browser.get("/akun/slip/", {"unit": city.units["DPMPTSP"].pk}).status_code == 405
    browser.get(f"/akun/{city.users['pegawai'].pk}/", {"aksi": "kode", "diperiksa": "1"})
    assert not AccessCode.objects.exists()


def test_the_second_step_tells_nobody_whether_an_account_has_one(city: City) -> None:
    """Without the right password the answers are those of an account that has none."""
    pages = [
        Client(REMOTE_ADDR=f"10.6.9.{n}").post("/masuk/", {"username": who, "password": "salah"})
        for n, who in enumerate(("bkpsdm", "luar"))
    ]
    assert plain(pages[0], "bkpsdm") == plain(pages[1], "luar")
    assert {Client().get("/masuk/kode/")["Location"], Client().post("/masuk/kode/", {"code": "000000"})["Location"]} == {"/masuk/?next=%2F"}
    assert User.objects.get(username="bkpsdm").check_password(PASSWORD)
