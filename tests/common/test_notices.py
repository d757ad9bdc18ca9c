"""Notices in the application."""

import datetime as dt

import pytest

from bukittinggi_kinerja.common.models import Notice
from bukittinggi_kinerja.common.notices import mark_read, notify, withdraw_notice

NOW = dt.datetime(2026, 11, 24, 3, 0, tzinfo=dt.UTC)
pytestmark = pytest.mark.django_db


def tell(*people: int, once: str = "cycle:1", kind: str = "cycle_closing") -> int:
    return notify(recipients=people, kind=kind, data={"period": "2026-10", "days": 2}, link="/kinerja/", once=once, event=None, now=NOW)


def test_the_same_occasion_reaches_a_person_once() -> None:
    assert tell(7, 8, 7) == 2
    assert tell(7, 8, 9) == 1
    assert Notice.objects.count() == 3
    assert Notice.objects.get(recipient=9).data == {"period": "2026-10", "days": 2}


def test_nobody_to_tell_is_no_statement(django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        assert tell() == 0


def test_three_thousand_people_are_told_by_one_statement(django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        assert tell(*range(1, 3001)) == 3000


def test_an_occasion_with_a_long_name_is_still_told_once() -> None:
    assert tell(7, once="x" * 400) == 1
    assert tell(7, once="x" * 400) == 0


def test_only_the_own_unread_notices_are_marked_read() -> None:
    tell(7, 8)
    tell(7, once="cycle:2")
    first = Notice.objects.filter(recipient=7).earliest("id")
    assert mark_read(recipient=7, now=NOW, notice_ids=[first.pk, Notice.objects.get(recipient=8).pk]) == 1
    assert mark_read(recipient=7, now=NOW) == 1
    assert [n.recipient for n in Notice.objects.unread_by(8)] == [8]


def test_an_occasion_that_is_done_is_taken_back_from_those_who_have_not_read_it() -> None:
    tell(7, 8)
    mark_read(recipient=7, now=NOW)
    assert withdraw_notice(once="cycle:1", recipients=[7, 8], now=NOW) == 1
    assert not Notice.objects.unread_by(8).exists()
