"""The status codes of the contract: each refusal has its number, its shape and no more than that."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from bukittinggi_kinerja.common.api.parsers import BoundedJSONParser
from bukittinggi_kinerja.common.api.problems import as_problem
from bukittinggi_kinerja.common.errors import Stale
from bukittinggi_kinerja.common.models import Event
from employees.models import AccessToken, User
from employees.services.tokens import issue_token, revoke_token
from tests.api.conftest import Caller, Callers
from tests.appraisal.month import Month
from tests.people import City

LISTS = ("units/", "employees/", "cycles/", "plans/", "progress/", "assessments/")


@pytest.mark.parametrize("path", ["me/", *LISTS, "assessments/1/", "assessments/1/explanation/"])
def test_without_a_token_nothing_is_told(stranger: Caller, db: None, path: str) -> None:
    answer = stranger.call("GET", path, 401)
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Bearer not-a-token", "bearer \x7f", "Bearer a b"])
def test_a_token_nobody_issued_is_401(db: None, header: str) -> None:
    answer = Caller().call("GET", "me/", 401, authorization=header)
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("header", ["Basic cGVnYXdhaTpyYWhhc2lh", "Token abc", ""])
def test_another_way_of_signing_in_does_not_count(db: None, header: str) -> None:
    Caller().call("GET", "me/", 401, authorization=header)


def test_a_browser_session_is_no_token(city: City) -> None:
    assert city.client("bkpsdm").get("/api/v1/employees/").status_code == 401


def test_expired_revoked_and_disabled_tokens_are_401_at_once(caller: Callers, city: City) -> None:
    expired, revoked, disabled = (caller("pegawai") for _n in range(3))
    first, second, _third = AccessToken.objects.order_by("id")
    AccessToken.objects.filter(pk=first.pk).update(expires_at=timezone.now())
    revoke_token(token_id=second.pk, actor=None, reason="hilang", now=timezone.now())
    expired.get("me/", 401)
    revoked.get("me/", 401)
    disabled.get("me/")
    city.users["pegawai"].is_active = False
    city.users["pegawai"].save()
    disabled.get("me/", 401)


@pytest.mark.parametrize("path", ["employees/", "plans/", "progress/", "assessments/", "assessments/1/explanation/"])
def test_a_scope_that_is_missing_is_403_and_named(caller: Callers, path: str) -> None:
    told = caller("bkpsdm", "read:reports").get(path, 403)
    assert "read:people" in told["detail"]


def test_the_scope_is_tested_before_the_body_is_read(caller: Callers) -> None:
    own = caller("pegawai", "read:reports")
    for body in ({}, b"{not json", b"\xff\xfe"):
        own.call("POST", "progress/", 403, body=body)


def test_a_scope_of_hr_ends_with_the_role(caller: Callers, city: City) -> None:
    hr = caller("bkpsdm", "admin", "read:people")
    assert hr.get("me/")["scopes"] == ["admin", "read:people"]
    city.users["bkpsdm"].roles.all().delete()
    assert hr.get("me/")["scopes"] == ["read:people"]


BAD_QUERIES = [
    ("assessments/?period=2026-13", "period"),
    ("assessments/?period=oktober", "period"),
    ("assessments/?period=", "period"),
    ("assessments/?period=2026-10&period=2026-09", "period"),
    ("assessments/?period=2026-Q5", "period"),
    ("assessments/?period=２０２６", "period"),
    ("assessments/?nonsense=1", "nonsense"),
    ("assessments/?ordering=password", "ordering"),
    ("assessments/?employee__user__password=x", "employee__user__password"),
    ("assessments/?format=csv", "format"),
    ("assessments/?page_size=501", "page_size"),
    ("assessments/?page_size=0", "page_size"),
    ("employees/?page_size=-1", "page_size"),
    ("employees/?page_size=1e2", "page_size"),
    ("employees/?page_size=", "page_size"),
    ("employees/?cursor=", "cursor"),
    ("employees/?cursor=Pjk5OTk5OTk5OTk5OTk5OTk5OTk5", "cursor"),
    ("employees/?cursor=%00", "cursor"),
    ("employees/?unit=%00", "unit"),
    ("employees/?unit=' OR 1=1 --", "unit"),
    ("employees/?nip=199001012012011001", "nip"),
    ("employees/?updated_since=2026-10-01", "updated_since"),
    ("employees/?updated_since=2026-10-01T00:00:00", "updated_since"),
    ("employees/?updated_since=kemarin", "updated_since"),
    ("employees/?updated_since=0001-01-01T00:00:00%2B14:00", "updated_since"),
    ("employees/?status=MATI", "status"),
    ("assessments/?state=terbit", "state"),
    ("assessments/?employee=1;drop", "employee"),
    ("me/?x=1", "x"),
    ("progress/?indicator=-1", "indicator"),
]


@pytest.mark.parametrize(("path", "field"), BAD_QUERIES)
def test_a_query_outside_its_grammar_is_400_and_names_the_field(caller: Callers, path: str, field: str) -> None:
    told = caller("bkpsdm").get(path, 400)
    assert field in told["errors"]
    assert told["errors"][field][0].endswith(".")


@pytest.mark.parametrize("path", ["", "tidak-ada/", "assessments/abc/", "assessments", "me/../admin/", "assessments/1/hapus/", "me/x"])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "OPTIONS"])
def test_an_unknown_path_is_404_in_any_method(stranger: Caller, db: None, path: str, method: str) -> None:
    stranger.call(method, path, 404)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "POST", "OPTIONS", "TRACE"])
@pytest.mark.parametrize("path", ["me/", "units/", "employees/", "cycles/", "plans/", "assessments/", "assessments/1/"])
def test_a_method_that_is_not_offered_is_405(caller: Callers, path: str, method: str) -> None:
    answer = caller("pegawai").call(method, path, 405)
    assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize("path", LISTS)
def test_head_answers_as_get_without_a_body(caller: Callers, path: str) -> None:
    answer = caller("bkpsdm").call("HEAD", path, 200)
    assert answer.content == b""


def test_a_defect_is_500_without_details(caller: Callers, city: City, monkeypatch: pytest.MonkeyPatch, caplog: Any) -> None:
    def broken(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("employees.api.units.OrgUnit.objects.visible_to", broken, raising=False)
    told = caller("pegawai").get("units/", 500)
    assert "secret" not in str(told)
    assert "RuntimeError" in caplog.text


def test_answers_are_never_kept_by_a_cache_and_speak_indonesian(caller: Callers) -> None:
    answer = caller("pegawai").call("GET", "me/", 200)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Language"] == "id"
    assert caller("pegawai").call("GET", "tidak/", 404, accept_language="en").headers["Content-Language"] == "id"
    assert caller("pegawai").call("GET", "me/", 200, accept_language="en-GB").headers["Content-Language"] == "en"


def test_any_accept_header_gets_json(caller: Callers) -> None:
    for accepted in ("text/html", "application/xml", "*/*", "application/json"):
        assert caller("pegawai").call("GET", "me/", 200, accept=accepted).headers["Content-Type"] == "application/json"


def test_two_values_are_shown_where_somebody_saved_in_between() -> None:
    answer = as_problem(Stale("Sudah diubah.", current={"result": 2, "since": dt.date(2026, 10, 1)}, version=7), {})
    assert answer.status_code == 409
    assert (answer.data["version"], answer.data["current"]) == (7, {"result": 2, "since": "2026-10-01"})


@pytest.mark.parametrize("raw", [b"{", b"[" * 100_000, b'{"value": NaN}', b'{"value": Infinity}', b"\xff", b""])
def test_a_body_that_is_no_json_is_400(caller: Callers, raw: bytes) -> None:
    caller("pegawai", "write:progress").call("POST", "progress/", 400, body=raw, idempotency_key="a")


def test_a_body_above_the_limit_is_413(caller: Callers, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    caller("pegawai", "write:progress").call("POST", "progress/", 413, body=b'{"note": "' + b"a" * 200 + b'"}', idempotency_key="a")


def test_decimals_of_a_body_never_pass_through_binary_floats() -> None:
    assert str(BoundedJSONParser().parse(io.BytesIO(b'{"value": 0.1}'))["value"]) == "0.1"


def test_issue_token_prints_the_token_as_its_last_word(city: City) -> None:
    out = io.StringIO()
    call_command("issue_token", "--user", "pegawai", "--scope", "read:people,write:progress", "--scope", "read:reports", stdout=out)
    secret = out.getvalue().split()[-1]
    assert Caller(secret).get("me/")["scopes"] == ["read:people", "read:reports", "write:progress"]
    token = AccessToken.objects.get()
    assert secret not in token.digest
    assert token.expires_at - token.created_at == dt.timedelta(days=90)
    assert Event.objects.filter(action="employees.token.issued").count() == 1


@pytest.mark.parametrize(
    ("words", "status"),
    [
        (["--user", "tidakada", "--scope", "read:people"], 1),
        (["--user", "pegawai", "--scope", "read:semua"], 2),
        (["--user", "pegawai", "--scope", ""], 2),
        (["--user", "pegawai", "--scope", "admin"], 1),
        (["--user", "pengelola", "--scope", "read:people,admin"], 1),
        (["--user", "pegawai", "--scope", "read:people", "--days", "0"], 2),
        (["--user", "pegawai", "--scope", "read:people", "--days", "100000"], 2),
    ],
)
def test_issue_token_tells_a_wrong_call_from_a_refusal(city: City, words: list[str], status: int) -> None:
    with pytest.raises(CommandError) as refusal:
        call_command("issue_token", *words)
    assert refusal.value.returncode == status
    assert not AccessToken.objects.exists()


def test_a_token_of_hr_may_carry_admin(city: City) -> None:
    token, _secret = issue_token(user=city.users["bkpsdm"], scopes=["admin"], days=1, now=timezone.now())
    assert token.scopes == ["admin"]


def test_a_token_costs_four_queries_whoever_holds_it(caller: Callers, month: Month, django_assert_num_queries: Any) -> None:
    for who in ("pegawai", "bkpsdm"):
        someone = caller(who)
        with django_assert_num_queries(4):
            someone.get("me/")


def test_an_account_without_a_person_sees_nobody(city: City, month: Month) -> None:
    account = User.objects.create_user("mesin")
    _token, secret = issue_token(user=account, scopes=["read:people", "read:reports"], days=1, now=timezone.now())
    machine = Caller(secret)
    assert machine.get("me/")["employee"] is None
    for path in ("employees/", "plans/", "progress/", "assessments/", "service-cases/"):
        assert machine.get(path)["results"] == [], path
    machine.get("reports/performance-summary/?period=2026-10", 403)
