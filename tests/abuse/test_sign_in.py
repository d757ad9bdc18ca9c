"""Trying passwords: how often, from where, and what the answers tell about who has an account."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.hashers import MD5PasswordHasher
from django.http import HttpResponse
from django.test import Client, RequestFactory

from employees.models import User
from employees.services.sign_in_limits import PER_ACCOUNT, PER_ADDRESS, WINDOW_SECONDS, counted_address
from tests.people import PASSWORD, City, nip_of

pytestmark = pytest.mark.django_db
#: Numbers of nobody, one for each test that tries them often.
UNKNOWN, UNKNOWN_LOCKED, UNKNOWN_LOGGED = nip_of(990), nip_of(991), nip_of(992)


def tried(name: str, address: str, password: str = "salah") -> HttpResponse:
    return Client(REMOTE_ADDR=address).post("/masuk/", {"username": name, "password": password})


def addresses(third: int) -> list[str]:
    """As many as one account may be tried from, none of them used by another test."""
    return [f"10.7.{third}.{n}" for n in range(PER_ACCOUNT)]


def refused_by_account(name: str, third: int) -> HttpResponse:
    """The answer after the last try that counts, from yet another address and with the right password."""
    answers = {tried(name, address).status_code for address in addresses(third)}
    assert answers == {200}
    return tried(name, f"10.8.{third}.1", PASSWORD)


def test_an_account_is_locked_after_thirty_tries_from_as_many_addresses(city: City) -> None:
    answer = refused_by_account("pegawai", 1)
    assert answer.status_code == 429
    assert answer["Retry-After"] == str(WINDOW_SECONDS)
    assert "sessionid" not in answer.cookies
    assert "Terlalu banyak percobaan masuk." in answer.content.decode()
    assert tried("penilai", "10.8.1.1", PASSWORD).status_code == 302, "another account is not locked"


def test_every_spelling_of_a_name_counts_for_the_same_account(city: City) -> None:
    nip = city.people["pegawai"].nip or ""
    spellings = ["pegawai", "PEGAWAI", " Pegawai ", nip, f"'{nip}", f"{nip[:8]} {nip[8:]}"]
    for n, address in enumerate(addresses(2)):
        assert tried(spellings[n % len(spellings)], address).status_code == 200
    assert tried("pegawai", "10.8.2.1", PASSWORD).status_code == 429


def test_ten_spellings_from_one_address_are_one_pair(city: City) -> None:
    nip = city.people["pegawai"].nip or ""
    answers = [tried(f"{nip[:n]} {nip[n:]}", "10.7.3.1").status_code for n in range(1, 11)]
    assert answers == [200] * 9 + [429]


def test_one_address_that_tries_many_accounts_is_locked(city: City) -> None:
    tries = [tried(f"tidak-ada-{n}", "10.7.4.1").status_code for n in range(PER_ADDRESS)]
    assert set(tries) == {200}
    assert tried("pegawai", "10.7.4.1", PASSWORD).status_code == 429
    assert tried("pegawai", "10.7.4.2", PASSWORD).status_code == 302


def test_a_network_of_ipv6_is_one_address(city: City) -> None:
    for n in range(PER_ADDRESS):
        tried(f"tidak-ada-{n}", f"2001:db8:7:5::{n:x}")
    assert tried("pegawai", "2001:db8:7:5:ffff::1", PASSWORD).status_code == 429
    assert tried("pegawai", "2001:db8:7:6::1", PASSWORD).status_code == 302


def test_a_good_password_takes_the_count_of_the_account_back(city: City) -> None:
    for address in addresses(6)[:-1]:
        tried("pegawai", address)
    assert tried("pegawai", "10.8.6.1", PASSWORD).status_code == 302
    assert refused_by_account("pegawai", 7).status_code == 429


def test_a_script_hears_the_sentence_as_json(city: City) -> None:
    refused_by_account("pegawai", 8)
    answer = Client(REMOTE_ADDR="10.8.8.2").post(
        "/masuk/", {"username": "pegawai", "password": PASSWORD}, headers={"X-Requested-With": "fetch"}
    )
    assert (answer.status_code, answer.json()["detail"].split(".")[0]) == (429, "Terlalu banyak percobaan masuk")


def test_without_valkey_people_sign_in_and_the_pair_is_still_counted(city: City, settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}
    assert tried("pegawai", "10.7.9.1", PASSWORD).status_code == 302
    assert "tries to sign in are not counted" in caplog.text
    answers = [tried("penilai", "10.7.9.2").status_code for _n in range(10)]
    assert answers[-1] == 429


def test_the_own_password_is_guessed_no_more_often_at_the_profile(city: City) -> None:
    browser = city.client("pegawai")
    form = {"old_password": "salah", "new_password": "danau-maninjau-88", "repeated": "danau-maninjau-88"}
    answers = {browser.post("/profil/", form, REMOTE_ADDR=address).status_code for address in addresses(10)}
    assert answers == {200}
    assert browser.post("/profil/", {**form, "old_password": PASSWORD}, REMOTE_ADDR="10.8.10.1").status_code == 429
    assert User.objects.get(username="pegawai").check_password(PASSWORD)


@pytest.mark.parametrize(
    ("proxies", "forwarded", "counted"),
    [
        (0, "", "192.0.2.9"),
        (0, "198.51.100.7", "192.0.2.9"),
        (1, "198.51.100.7", "198.51.100.7"),
        (1, "203.0.113.66, 198.51.100.7", "198.51.100.7"),
        (2, "203.0.113.66, 198.51.100.7, 10.0.0.2", "198.51.100.7"),
        (1, "", None),
        (1, "bukan-alamat", None),
        (2, "198.51.100.7", None),
    ],
)
def test_an_address_is_what_our_own_proxy_saw_and_not_what_the_caller_wrote(
    settings: Any, proxies: int, forwarded: str, counted: str | None
) -> None:
    settings.TRUSTED_PROXIES = proxies
    more = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    assert counted_address(RequestFactory().post("/masuk/", REMOTE_ADDR="192.0.2.9", **more)) == counted


def test_behind_a_proxy_that_names_nobody_the_city_is_not_locked_out_together(city: City, settings: Any) -> None:
    settings.TRUSTED_PROXIES = 1
    for n in range(PER_ADDRESS + 1):
        tried(f"tidak-ada-{n}", "10.7.11.1")
    assert tried("pegawai", "10.7.11.1", PASSWORD).status_code == 302


class CountedHasher(MD5PasswordHasher):
    """Counts how often a password is hashed, which is what takes the time."""

    done = 0

    def encode(self, password: str, salt: str) -> str:
        type(self).done += 1
        return super().encode(password, salt)


def test_known_unknown_closed_and_unused_accounts_are_told_apart_by_neither_text_nor_work(city: City, settings: Any) -> None:
    settings.PASSWORD_HASHERS = [f"{__name__}.CountedHasher"]
    User.objects.filter(username="luar").update(is_active=False)
    unused = city.people["staf3"].nip or ""
    known = city.people["penilai"].nip or ""
    told = []
    for name in (known, unused, UNKNOWN, city.people["luar"].nip or "", "tidak-ada"):
        CountedHasher.done = 0
        page = Client(REMOTE_ADDR="10.7.12.1").post("/masuk/", {"username": name, "password": "salah"})
        told.append((page.status_code, page.content.decode().replace(name, "NAMA"), CountedHasher.done))
    (status, text, hashed), *others = ((status, _without_token(text), hashed) for status, text, hashed in told)
    assert (status, hashed) == (200, 1)
    assert [other for other in others if other != (status, text, hashed)] == []


def _without_token(text: str) -> str:
    head, _mark, rest = text.partition('name="csrfmiddlewaretoken" value="')
    while rest:
        tail, _mark, rest = rest.partition('"')[2].partition('name="csrfmiddlewaretoken" value="')
        head += tail
    return head


def test_known_and_unknown_names_are_locked_after_the_same_number_of_tries(city: City) -> None:
    known, unknown = (refused_by_account(name, 13 + n) for n, name in enumerate((city.people["penilai"].nip or "", UNKNOWN_LOCKED)))
    assert known.status_code == unknown.status_code == 429
    assert _without_token(known.content.decode()) == _without_token(unknown.content.decode())


def test_refused_sign_ins_leave_neither_name_nor_number_nor_password_behind(city: City, caplog: pytest.LogCaptureFixture) -> None:
    nip, address = city.people["pegawai"].nip or "", "10.7.15.1"
    caplog.set_level(logging.DEBUG)
    for logger in ("axes", "axes.handlers.database", "django.request"):
        caplog.set_level(logging.DEBUG, logger=logger)
    for name in (nip, UNKNOWN_LOGGED, "kata-sandi-di-tempat-nama"):
        for _n in range(11):
            tried(name, address, "sandi-yang-salah")
    lines = "\n".join(record.getMessage() for record in caplog.records if not record.name.startswith("django.db"))
    kept = "\n".join(str(sorted(row.items())) for row in AccessAttempt.objects.values())
    assert "axes" in {record.name.split(".")[0] for record in caplog.records}, "the log lines were looked at"
    assert AccessAttempt.objects.count() == 3
    for secret in (nip, UNKNOWN_LOGGED, "kata-sandi-di-tempat-nama", "sandi-yang-salah"):
        assert secret not in lines
        assert secret not in kept
    assert address not in lines
