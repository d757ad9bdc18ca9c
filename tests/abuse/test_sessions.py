"""What stays open after an account was closed, a role ended, a password changed, or somebody signed out elsewhere."""

from __future__ import annotations

import copy
import datetime as dt
import json
from collections.abc import Callable

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from appraisal.models import Assessment
from appraisal.services.cases import ensure_assessments
from bukittinggi_kinerja.common.models import Event
from bukittinggi_kinerja.common.period import JAKARTA
from employees.models import AccessToken, RoleAssignment, User
from employees.rules.viewing import Role, Scope
from employees.services.accounts import end_role, give_role, switch_account
from employees.services.postings import post_employee
from employees.services.tokens import issue_token
from employees.services.transfers import DecreeFacts, TransferRow, transfer_by_decree
from tests.people import FIRST_DAY, PASSWORD, City
from tests.teams import open_team

pytestmark = pytest.mark.django_db
TODAY = dt.datetime.now(JAKARTA).date()


def token_of(city: City, who: str, *scopes: str) -> str:
    return issue_token(user=city.users[who], scopes=scopes or ["read:people"], days=1, now=timezone.now())[1]


def asked(path: str, secret: str) -> HttpResponse:
    return Client().get(f"/api/v1/{path}", HTTP_AUTHORIZATION=f"Bearer {secret}")


def test_a_closed_account_has_neither_session_nor_token_from_the_next_call_on(city: City) -> None:
    browser, secret = city.client("bkpsdm"), token_of(city, "bkpsdm")
    assert (browser.get("/admin/").status_code, browser.get("/kendali/").status_code) == (200, 200)
    assert asked("me/", secret).status_code == 200
    switch_account(user_id=city.users["bkpsdm"].pk, active=False, reason="Pindah", actor=None, now=timezone.now())
    assert [browser.get(page).status_code for page in ("/", "/kendali/", "/profil/")] == [302] * 3
    assert browser.get("/admin/", follow=True).redirect_chain[-1][0].startswith("/masuk/")
    assert asked("me/", secret).status_code == 401
    switch_account(user_id=city.users["bkpsdm"].pk, active=True, reason="Kembali", actor=None, now=timezone.now())
    assert (browser.get("/kendali/").status_code, asked("me/", secret).status_code) == (302, 401)


@pytest.mark.parametrize(
    ("who", "page"), [("pengelola", "/kendali/"), ("bkpsdm", "/kendali/"), ("inspektorat", "/kendali/"), ("pimpinan", "")]
)
def test_a_role_that_ends_today_opens_nothing_today_by_session_or_token(city: City, who: str, page: str) -> None:
    browser, secret = city.client(who), token_of(city, who)
    outsider = city.people["luar"] if who != "pengelola" else city.people["staf5"]
    seen = f"employees/{outsider.pk}/"
    before = (browser.get(page).status_code if page else None, asked(seen, secret).status_code)
    assert before == ({"pimpinan": None}.get(who, 200), 404 if who == "pimpinan" else 200)
    role = RoleAssignment.objects.get(user=city.users[who])
    end_role(assignment_id=role.pk, on=TODAY, reason="Berakhir", actor=None, now=timezone.now())
    assert browser.get(page or "/kendali/").status_code == 302, "the session ends with the role"
    assert city.client_anew(who).get(page or "/kendali/").status_code == 403
    assert asked(seen, secret).status_code == 404
    assert asked("reports/performance-summary/?period=2026-09", token_of(city, who)).status_code == 403


def test_a_scope_of_the_token_ends_with_the_role_that_gave_it(city: City) -> None:
    secret = token_of(city, "bkpsdm", "admin", "read:people")
    assert "admin" in json.loads(asked("me/", secret).content)["scopes"]
    RoleAssignment.objects.filter(user=city.users["bkpsdm"]).update(valid=DateRange(FIRST_DAY, TODAY))
    assert "admin" not in json.loads(asked("me/", secret).content)["scopes"]


def test_a_rater_who_is_transferred_loses_his_former_team_in_the_open_session(city: City) -> None:
    cycle = open_team(city)
    browser, secret, former = city.client("penilai"), token_of(city, "penilai"), city.staff[4]
    case = Assessment.objects.get(employee=former)
    sent = {"assessment": case.pk, "changes": {"ak": 3}, "revision": case.revision}
    assert asked(f"employees/{former.pk}/", secret).status_code == 200
    post_employee(
        employee_id=former.pk, unit_id=city.units["DINKES.YAN"].pk, position_id=city.position("Pengelola Perizinan", "PELAKSANA").pk,
        supervisor_id=city.people["kadinkes"].pk, heads_unit=False, valid_from=cycle.start, valid_to=None, decided_on=None, decree="",
        reason="Mutasi", actor=None, now=timezone.now(),
    )  # fmt: skip
    ensure_assessments(cycle=cycle, now=timezone.now())
    assert asked(f"employees/{former.pk}/", secret).status_code == 404
    answer = browser.patch("/tim/nilai/", json.dumps(sent), content_type="application/json")
    assert answer.status_code in {403, 404}
    assert Assessment.objects.get(pk=case.pk).mark_ak is None
    assert browser.get(f"/tim/umpan-balik/{former.pk}/").status_code == 404


def test_changing_the_password_ends_the_other_sessions_and_every_token(city: City) -> None:
    here, elsewhere, secret = city.client("bkpsdm"), city.client("bkpsdm"), token_of(city, "bkpsdm")
    new = "danau-maninjau-88"
    here.post("/profil/", {"old_password": PASSWORD, "new_password": new, "repeated": new})
    assert [browser.get("/kendali/").status_code for browser in (here, elsewhere)] == [200, 302]
    assert asked("me/", secret).status_code == 401


def test_the_admin_has_no_second_way_to_change_a_password_that_would_keep_tokens(city: City) -> None:
    secret, new = token_of(city, "bkpsdm"), "danau-maninjau-88"
    form = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    answer = city.client("bkpsdm").post("/admin/password_change/", form)
    assert answer["Location"] == "/profil/"
    city.users["bkpsdm"].refresh_from_db()
    assert city.users["bkpsdm"].check_password(PASSWORD)
    assert asked("me/", secret).status_code == 200
    assert not Event.objects.filter(action="employees.account.password").exists()


def test_a_role_that_is_given_ends_the_sessions_of_before(city: City) -> None:
    browser, secret = city.client("luar"), token_of(city, "luar")
    words = {"role": Role.AUDITOR, "unit_id": None, "valid_from": TODAY, "valid_to": None, "reason": "SK", "actor": None}
    give_role(user_id=city.users["luar"].pk, now=timezone.now(), **words)
    assert browser.get("/profil/").status_code == 302
    assert city.client_anew("luar").get("/kendali/").status_code == 200
    assert asked("me/", secret).status_code == 401, "a token of before the role ends with it"


def post_alone(city: City, who: str) -> None:
    post_employee(
        employee_id=city.people[who].pk, unit_id=city.units["DINKES.YAN"].pk, position_id=city.position("Pengelola Perizinan", "PELAKSANA").pk,
        supervisor_id=city.people["kadinkes"].pk, heads_unit=False, valid_from=TODAY, valid_to=None, decided_on=None, decree="",
        reason="Mutasi", actor=None, now=timezone.now(),
    )  # fmt: skip


def post_by_decree(city: City, who: str) -> None:
    row = TransferRow(line=2, nip=city.people[who].nip, unit="DINKES.YAN", title="Pengelola Perizinan", kind="PELAKSANA")
    decree = DecreeFacts(on=TODAY, number="821/7", decided_on=None, reason="Mutasi")
    transfer_by_decree(rows=[row], decree=decree, apply=True, actor=None, now=timezone.now())


@pytest.mark.parametrize("move", [post_alone, post_by_decree])
def test_a_move_of_one_or_of_many_takes_its_rights_away_in_the_open_session(city: City, move: Callable[[City, str], None]) -> None:
    """A session holds no right, so none has to end; who goes on working is not thrown out."""
    rater, holder = city.client("penilai"), city.client("pengelola")
    person = f"/pegawai/{city.people['staf4'].pk}/"
    assert (rater.get(person).status_code, holder.get(person).status_code) == (200, 200)
    kept = dict(rater.session)
    for who in ("staf4", "pengelola"):
        move(city, who)
    assert (rater.get(person).status_code, rater.get("/profil/").status_code) == (404, 200)
    assert (holder.get(person).status_code, holder.get("/profil/").status_code) == (404, 200)
    assert city.client("kadinkes").get(person).status_code == 200
    assert set(kept) <= {"_auth_user_id", "_auth_user_backend", "_auth_user_hash", "berakhir"}, "what a session keeps is no right"


def test_a_token_of_who_left_yesterday_reads_and_writes_nothing(city: City) -> None:
    """Until the beat has revoked it."""
    every = [scope.value for scope in Scope]
    secret = token_of(city, "bkpsdm", *every)
    assert set(json.loads(asked("me/", secret).content)["scopes"]) == set(every)
    User.objects.filter(pk=city.users["bkpsdm"].pk).update(read_only_from=TODAY + dt.timedelta(days=1))
    assert set(json.loads(asked("me/", secret).content)["scopes"]) == set(every)
    User.objects.filter(pk=city.users["bkpsdm"].pk).update(read_only_from=TODAY)
    assert json.loads(asked("me/", secret).content)["scopes"] == ["read:people", "read:reports"]
    for path in ("progress/", "service-cases/events/"):
        answer = Client().post(
            f"/api/v1/{path}", "{}", content_type="application/json", HTTP_AUTHORIZATION=f"Bearer {secret}", HTTP_IDEMPOTENCY_KEY="k"
        )
        assert answer.status_code == 403, path


def test_signing_out_everywhere_ends_every_session_and_only_the_own(city: City) -> None:
    here, elsewhere, other = city.client("pegawai"), city.client("pegawai"), city.client("luar")
    assert here.post("/profil/keluar-semua/")["Location"] == "/masuk/"
    assert [browser.get("/profil/").status_code for browser in (here, elsewhere, other)] == [302, 302, 200]
    assert Event.objects.filter(action="employees.account.signed_out", actor=city.users["pegawai"].pk).count() == 1


def test_a_token_is_revoked_by_its_owner_alone(city: City) -> None:
    secret = token_of(city, "pegawai")
    token = AccessToken.objects.get()
    assert city.client("luar").post(f"/profil/token/{token.pk}/").status_code == 404
    assert asked("me/", secret).status_code == 200
    assert city.client("pegawai").post(f"/profil/token/{token.pk}/").status_code == 302
    assert asked("me/", secret).status_code == 401


def test_a_copied_cookie_is_worthless_after_signing_out(city: City) -> None:
    browser, thief = city.client("pegawai"), Client()
    thief.cookies = copy.deepcopy(browser.cookies)
    assert thief.get("/kinerja/").status_code == 200
    browser.post("/keluar/")
    assert thief.get("/kinerja/").status_code == 302


def test_a_session_that_was_there_before_signing_in_does_not_become_the_persons(city: City) -> None:
    browser = city.client("luar")
    planted = browser.cookies["sessionid"].value
    browser.post("/masuk/", {"username": "pegawai", "password": PASSWORD})
    assert browser.cookies["sessionid"].value != planted


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Bearer None", "Bearer null", "Bearer 0", "Bearer \t", "bearer bkt_", "Token "]
)
def test_an_empty_token_is_nobodys(city: City, header: str) -> None:
    AccessToken.objects.create(
        user=city.users["bkpsdm"],
        digest="",
        scopes=["read:people"],
        created_at=timezone.now(),
        expires_at=timezone.now().replace(year=2999),
    )
    assert Client().get("/api/v1/me/", HTTP_AUTHORIZATION=header).status_code == 401


@pytest.mark.parametrize("password", ["", " ", "None", "!", "\x00"])
def test_an_account_without_a_password_is_not_entered_with_none(city: City, password: str) -> None:
    browser = Client()
    nip = city.people["staf7"].nip or ""
    assert not city.users["staf7"].has_usable_password()
    for name in (nip, ""):
        assert browser.post("/masuk/", {"username": name, "password": password}).status_code == 200
        assert "sessionid" not in browser.cookies
