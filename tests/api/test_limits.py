"""How many heavy answers a token gets in a minute."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from bukittinggi_kinerja.common.period import JAKARTA
from tests.api.conftest import Callers

MOMENT = dt.datetime(2026, 11, 24, 9, 0, 30, tzinfo=JAKARTA)
HEAVY = {"report": "reports/performance-summary/?period=2026-10", "list": "employees/?page_size=1"}


@pytest.mark.parametrize("kind", HEAVY)
def test_one_token_that_asks_without_end_waits_for_the_next_minute(
    caller: Callers, settings: Any, clock: Callable[[dt.datetime], None], kind: str
) -> None:
    settings.API_HEAVY_PER_MINUTE = {"report": 2, "list": 2}
    clock(MOMENT)
    busy, other = (caller("bkpsdm", "read:people", "read:reports") for _n in range(2))
    for _n in range(2):
        busy.get(HEAVY[kind])
    refused = busy.call("GET", HEAVY[kind], 429)
    assert refused.headers["Retry-After"] == "31"
    # Another token, another kind of answer and one's own account are not touched.
    other.get(HEAVY[kind])
    busy.get(HEAVY["list" if kind == "report" else "report"])
    busy.get("me/")
    clock(MOMENT + dt.timedelta(seconds=30))
    busy.get(HEAVY[kind])


def test_who_may_not_ask_at_all_is_told_so_however_often(caller: Callers, settings: Any) -> None:
    settings.API_HEAVY_PER_MINUTE = {"report": 0, "list": 0}
    caller("bkpsdm", "read:people").get(HEAVY["report"], 403)


def test_twenty_answers_a_second_are_an_ordinary_client(settings: Any) -> None:
    assert min(settings.API_HEAVY_PER_MINUTE.values()) > 20 * 60


@pytest.mark.parametrize("kind", HEAVY)
def test_without_valkey_nobody_is_refused(caller: Callers, settings: Any, kind: str) -> None:
    settings.API_HEAVY_PER_MINUTE = {"report": 0, "list": 0}
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "unix:///nowhere/valkey.sock"}}
    caller("bkpsdm", "read:people", "read:reports").get(HEAVY[kind])
