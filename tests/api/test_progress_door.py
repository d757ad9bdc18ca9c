"""progress/: one act by its key, however often it is sent; the rights and times of the service hold here too."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from appraisal.models import Evidence, Indicator, ProgressEntry
from bukittinggi_kinerja.common.idempotency import KEPT, digest_of, once
from bukittinggi_kinerja.common.models import Event, IdempotencyKey
from tests.api.conftest import Callers
from tests.appraisal.month import AFTER_DEADLINE, IN_OCTOBER, Month

Clock = Callable[[dt.datetime], None]


@pytest.fixture
def october(month: Month, clock: Clock) -> Month:
    clock(IN_OCTOBER)
    return month


def body_for(month: Month, who: str = "pegawai", **values: Any) -> dict[str, Any]:
    indicator = Indicator.objects.get(plan__employee=month.city.people[who], name="Berkas selesai")
    return {"indicator": indicator.pk, "period": "2026-10", "value": "12.5", "note": "Rekap", "links": [], **values}


def test_progress_is_recorded_once_for_the_same_key_and_body(caller: Callers, october: Month) -> None:
    writer = caller("pegawai", "write:progress", "read:people")
    body = body_for(october, links=["https://arsip.bukittinggikota.go.id/rekap-4"])
    before = ProgressEntry.objects.count()
    answer = writer.call("POST", "progress/", 201, body=body, idempotency_key="kirim-1")
    again = writer.call("POST", "progress/", 201, body=dict(reversed(body.items())), idempotency_key="kirim-1")
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.content == answer.content
    first = answer.json()
    assert ProgressEntry.objects.count() == before + 1
    assert Event.objects.filter(action="appraisal.progress.recorded").count() == 1
    assert (first["value"], first["period"], first["note"], first["source"]) == ("12.5", "2026-10", "Rekap", "MANUAL")
    assert [row["url"] for row in first["evidence"]] == ["https://arsip.bukittinggikota.go.id/rekap-4"]
    assert writer.get(f"progress/{first['id']}/") == first


def test_recording_progress_is_no_list_and_spends_none_of_its_limit(caller: Callers, october: Month, settings: Any) -> None:
    settings.API_HEAVY_PER_MINUTE = {"report": 1, "list": 1}
    writer = caller("pegawai", "write:progress", "read:people")
    for key in ("satu", "dua", "tiga"):
        writer.post("progress/", body_for(october, value=str(len(key))), 201, idempotency_key=key)
    writer.get("progress/")
    assert "Retry-After" in writer.call("GET", "progress/", 429).headers


def test_the_same_key_with_another_body_is_409(caller: Callers, october: Month) -> None:
    writer = caller("pegawai", "write:progress")
    writer.post("progress/", body_for(october), 201, idempotency_key="k")
    writer.post("progress/", body_for(october, value="13"), 409, idempotency_key="k")
    # Even one that could not be taken.
    writer.post("progress/", {"x": 1}, 409, idempotency_key="k")


def test_a_key_belongs_to_its_owner_alone(caller: Callers, october: Month) -> None:
    caller("pegawai", "write:progress").post("progress/", body_for(october), 201, idempotency_key="k")
    other = next(key for key, person in october.city.people.items() if person == october.city.staff[1])
    caller(other, "write:progress").post("progress/", body_for(october, other), 201, idempotency_key="k")


@pytest.mark.parametrize("key", [None, "", " ", "a" * 121, "kunci-é"])
def test_without_a_key_that_can_be_kept_nothing_is_written(caller: Callers, october: Month, key: str | None) -> None:
    headers = {} if key is None else {"idempotency_key": key}
    caller("pegawai", "write:progress").post("progress/", body_for(october), 400, **headers)
    assert not IdempotencyKey.objects.exists()


def test_a_refused_act_leaves_no_key_behind(caller: Callers, october: Month) -> None:
    writer = caller("pegawai", "write:progress")
    writer.post("progress/", body_for(october, value="-1"), 400, idempotency_key="k")
    writer.post("progress/", body_for(october, value="1"), 201, idempotency_key="k")


def test_after_thirty_days_a_key_is_free_again(caller: Callers, october: Month) -> None:
    writer = caller("pegawai", "write:progress")
    writer.post("progress/", body_for(october), 201, idempotency_key="k")
    IdempotencyKey.objects.update(created_at=IN_OCTOBER - KEPT + dt.timedelta(seconds=1))
    writer.post("progress/", body_for(october, value="2"), 409, idempotency_key="k")
    IdempotencyKey.objects.update(created_at=IN_OCTOBER - KEPT)
    writer.post("progress/", body_for(october, value="2"), 201, idempotency_key="k")


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"indicator": None}, "indicator"),
        ({"indicator": "satu"}, "indicator"),
        ({"indicator": 10**30}, "indicator"),
        ({"period": "2026-13"}, "period"),
        ({"period": "2026-11-01"}, "period"),
        ({"period": "2025-10"}, "period"),
        ({"value": "banyak"}, "value"),
        ({"value": "NaN"}, "value"),
        ({"value": "1e3"}, "value"),
        ({"value": "1E+30"}, "value"),
        ({"value": "0.00001"}, "value"),
        ({"value": True}, "value"),
        ({"value": "-1"}, "value"),
        ({"value": None}, "value"),
        ({"note": "a\x00b"}, "note"),
        ({"note": ["x"]}, "note"),
        ({"links": "https://x.go.id"}, "links"),
        ({"links": ["javascript:alert(1)"]}, "links"),
        ({"links": ["https://x.go.id"] * 11}, "links"),
        ({"employee": 1}, "employee"),
        ({"source": "TERUKUR"}, "source"),
        ({"entered_by": 1}, "entered_by"),
        ({"state": "TERBIT"}, "state"),
    ],
)
def test_a_body_that_cannot_be_taken_is_400_and_names_the_field(
    caller: Callers, october: Month, values: dict[str, Any], field: str
) -> None:
    before = ProgressEntry.objects.count()
    told = caller("pegawai", "write:progress").post("progress/", body_for(october, **values), 400, idempotency_key="k")
    assert any(name.split(".")[0] == field for name in told["errors"]), told
    assert ProgressEntry.objects.count() == before


@pytest.mark.parametrize("body", ['{"\\ud800": 1}', '{"note": "\\udfff"}', '{"links": ["\\ud83d"]}', '{"x":' + "[" * 300_000])
def test_a_body_that_nobody_could_store_or_say_again_is_400(caller: Callers, october: Month, body: str) -> None:
    caller("pegawai", "write:progress").call("POST", "progress/", 400, body=body, idempotency_key="k")


def test_a_character_in_two_escapes_is_one_character(caller: Callers, october: Month) -> None:
    body = json.dumps(body_for(october, note="Rekap 😀"))
    assert "\\ud83d" in body
    answer = caller("pegawai", "write:progress").call("POST", "progress/", 201, body=body, idempotency_key="k")
    assert answer.json()["note"] == "Rekap 😀"


def test_the_indicator_of_a_stranger_is_not_there(caller: Callers, october: Month) -> None:
    caller("luar", "write:progress").post("progress/", body_for(october), 404, idempotency_key="k")
    caller("pegawai", "write:progress").post("progress/", body_for(october, indicator=10**12), 404, idempotency_key="k")


def test_a_rater_sees_the_indicator_but_may_not_fill_it(caller: Callers, october: Month) -> None:
    caller("penilai", "write:progress").post("progress/", body_for(october), 403, idempotency_key="k")


def test_after_the_deadline_progress_is_409(caller: Callers, month: Month, clock: Clock) -> None:
    clock(AFTER_DEADLINE)
    caller("pegawai", "write:progress").post("progress/", body_for(month), 409, idempotency_key="k")


def test_withdrawn_rows_are_told_to_those_who_follow_changes(caller: Callers, month: Month) -> None:
    reader = caller("pegawai")
    rows = reader.every("progress/?period=2026-10")
    ProgressEntry.objects.filter(pk=rows[0]["id"]).update(withdrawn_at=IN_OCTOBER)
    assert {row["id"] for row in reader.every("progress/")} == {row["id"] for row in rows[1:]}
    told = {row["id"]: row["withdrawn_at"] for row in reader.every("progress/?updated_since=2020-01-01T00:00:00Z")}
    assert told[rows[0]["id"]] == IN_OCTOBER.isoformat()


def test_sensitive_evidence_never_leaves_by_this_door(caller: Callers, month: Month) -> None:
    entry = ProgressEntry.objects.filter(employee=month.city.people["pegawai"]).first()
    for sensitive in (True, False):
        Evidence.objects.create(
            entry=entry, kind="TAUTAN", title="surat dokter" if sensitive else "rekap", url="https://x.go.id", sensitive=sensitive,
            uploaded_at=IN_OCTOBER,
        )  # fmt: skip
    for who in ("pegawai", "penilai", "bkpsdm"):
        row = caller(who).get(f"progress/{entry.pk}/")
        assert [proof["title"] for proof in row["evidence"]] == ["rekap"]


@pytest.mark.django_db(transaction=True)
def test_two_requests_at_once_with_one_key_are_one_act() -> None:
    done: list[int] = []

    def act() -> tuple[int, Any]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.3)")
        done.append(1)
        return 201, {"n": len(done)}

    def request(_number: int) -> Any:
        try:
            return once(owner=1, key="k", digest=digest_of("x", {}), now=IN_OCTOBER, act=act)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(request, range(4)))
    assert done == [1]
    assert {(answer.status, answer.body["n"]) for answer in answers} == {(201, 1)}
    assert sorted(answer.repeated for answer in answers) == [False, True, True, True]
