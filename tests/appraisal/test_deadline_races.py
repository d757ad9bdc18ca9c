"""Extending while the cycle closes, and one outage entered by two: two real connections, one answer."""

from __future__ import annotations

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from appraisal.models import Assessment, Cycle, ServiceOutage
from appraisal.rules.deadlines import Scope, What
from appraisal.rules.lifecycle import CycleState
from appraisal.services.cycles import move_cycle
from appraisal.services.deadline_changes import Order, adopt
from appraisal.services.outages import record_outage
from appraisal.services.publishing import close_cycle
from bukittinggi_kinerja.common.errors import NotNow, Unacceptable
from bukittinggi_kinerja.common.period import JAKARTA
from tests.appraisal.month import Month

pytestmark = pytest.mark.django_db(transaction=True)
JUST_AFTER = dt.datetime(2026, 11, 7, 0, 0, 5, tzinfo=JAKARTA)


def extend(month: Month) -> object:
    order = Order("2026-10", What.RATING, Scope.CITY, dt.date(2026, 11, 10), "Pusat data padam", "menyusul")
    return adopt(viewer=month.city.viewer("bkpsdm"), order=order, now=JUST_AFTER)


def test_a_closing_that_waited_for_an_extension_closes_nothing(month: Month) -> None:
    move_cycle(cycle=month.cycle, to=CycleState.RATING, actor=None, now=JUST_AFTER)
    held, go = threading.Event(), threading.Event()

    def extending() -> None:
        with transaction.atomic():
            extend(month)
            held.set()
            assert go.wait(20)
        connection.close()

    def closing() -> object:
        assert held.wait(20)
        try:
            return close_cycle(cycle=month.cycle, now=JUST_AFTER)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.submit(extending), pool.submit(closing)
        assert held.wait(20)
        assert not second.done()
        go.set()
        first.result(20)
        assert second.result(20) is None
    assert Cycle.objects.get(pk=month.cycle.pk).state == "PENILAIAN"
    assert not Assessment.objects.filter(state="BELUM_DINILAI").exists()


def test_an_extension_that_waited_for_a_closing_is_told_so(month: Month) -> None:
    move_cycle(cycle=month.cycle, to=CycleState.RATING, actor=None, now=JUST_AFTER)
    held, go = threading.Event(), threading.Event()

    def closing() -> None:
        with transaction.atomic():
            assert close_cycle(cycle=month.cycle, now=JUST_AFTER) is not None
            held.set()
            assert go.wait(20)
        connection.close()

    def extending() -> None:
        assert held.wait(20)
        try:
            extend(month)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.submit(closing), pool.submit(extending)
        assert held.wait(20)
        go.set()
        first.result(20)
        with pytest.raises(NotNow, match="sedang dihitung"):
            second.result(20)


def test_of_two_who_enter_one_outage_the_second_is_told_and_moves_nothing(month: Month) -> None:
    held, go = threading.Event(), threading.Event()
    evening = dt.datetime(2026, 11, 6, 18, 0, tzinfo=JAKARTA)
    viewer = month.city.viewer("bkpsdm")

    def enter() -> None:
        words = {"start": evening, "end": evening + dt.timedelta(hours=5), "reason": "Pusat data padam", "letter": "menyusul"}
        record_outage(viewer=viewer, now=JUST_AFTER, **words)

    def first() -> None:
        with transaction.atomic():
            enter()
            held.set()
            assert go.wait(20)
        connection.close()

    def second() -> None:
        assert held.wait(20)
        try:
            enter()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        one, other = pool.submit(first), pool.submit(second)
        assert held.wait(20)
        with pytest.raises(TimeoutError):
            other.result(1)
        go.set()
        one.result(20)
        with pytest.raises(Unacceptable):
            other.result(20)
    assert ServiceOutage.objects.count() == 1
    assert Cycle.objects.get(pk=month.cycle.pk).rating_due.astimezone(JAKARTA).date() == dt.date(2026, 11, 9)
