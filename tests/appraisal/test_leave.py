"""Leave in the register: whoever was away all through a period needs no rating, and nobody is late by it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pgtrigger
import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from appraisal.models import Assessment, DepthPolicy
from appraisal.queries.control import in_reach
from appraisal.queries.late_changes import late_rows
from appraisal.queries.leave import leave_rule
from appraisal.rules.late_changes import Act, Kind
from appraisal.rules.leave import ON_LEAVE, leaves_nothing
from appraisal.rules.lifecycle import CycleState
from appraisal.services.cases import ensure_assessments
from appraisal.services.cycles import move_cycle
from appraisal.services.daily_reminders import send_daily_reminders
from appraisal.services.publishing import work_on
from appraisal.services.recomputation import Choice, approve_proposal, propose_postings
from bukittinggi_kinerja.common.models import Notice
from bukittinggi_kinerja.common.period import JAKARTA
from employees.models import Employee, Leave, RoleAssignment
from employees.rules.spans import Span
from employees.rules.viewing import Role
from tests.people import ALWAYS

from .month import AFTER_DEADLINE, IN_OCTOBER, IN_WINDOW, Month

FIRST, END = dt.date(2026, 10, 1), dt.date(2026, 11, 1)
LATER = dt.datetime(2026, 11, 20, 9, 0, tzinfo=JAKARTA)
DAY = dt.timedelta(days=1)


def leave(person: Employee, first: dt.date = FIRST, end: dt.date = END, *, kind: str = "MELAHIRKAN", at: dt.datetime = IN_OCTOBER) -> Leave:
    return Leave.objects.create(employee=person, kind=kind, valid=DateRange(first, end), letter_number="850/1", recorded_at=at)


def follow(month: Month) -> None:
    ensure_assessments(cycle=month.cycle, now=IN_OCTOBER)
    assert ensure_assessments(cycle=month.cycle, now=IN_OCTOBER) == 0


def state(month: Month, person: Employee) -> tuple[str, str]:
    case = month.case(person)
    return case.state, case.state_reason


def rule(month: Month, **words: Any) -> None:
    with pgtrigger.ignore("appraisal.DepthPolicy:adopted_keeps_its_numbers"):
        DepthPolicy.objects.update(**words)


@pytest.fixture
def person(month: Month) -> Employee:
    return month.city.staff[4]


def test_who_is_on_leave_all_month_is_not_judged_and_the_kind_of_leave_stays_closed(month: Month, person: Employee) -> None:
    leave(person)
    follow(month)
    assert state(month, person) == ("TIDAK_DINILAI", ON_LEAVE)
    for who, page in (("penilai", "/tim/?periode=2026-10"), ("staf4", "/kinerja/")):
        text = month.city.client(who).get(page).content.decode()
        assert "lahirkan" not in text.lower()
    assert "Tidak dinilai: Cuti sepanjang periode" in month.city.client("penilai").get("/tim/?periode=2026-10").content.decode()


def test_a_new_month_begins_with_who_is_away_exempt(month: Month, person: Employee) -> None:
    leave(person)
    Assessment.objects.filter(cycle=month.cycle).delete()
    follow(month)
    assert state(month, person) == ("TIDAK_DINILAI", ON_LEAVE)
    assert Assessment.objects.filter(cycle=month.cycle, state="TIDAK_DINILAI").count() == 1


@pytest.mark.parametrize(
    ("first", "end", "exempt"),
    [
        (FIRST, dt.date(2026, 10, 31), True),  # Saturday the 31st is no working day
        (FIRST, dt.date(2026, 10, 30), False),  # Friday the 30th is one
        (dt.date(2026, 10, 2), END, False),
        (dt.date(2026, 9, 1), dt.date(2026, 12, 1), True),
    ],
)
def test_one_working_day_at_work_is_judged(month: Month, person: Employee, first: dt.date, end: dt.date, exempt: bool) -> None:
    leave(person, first, end)
    follow(month)
    assert (state(month, person)[0] == "TIDAK_DINILAI") is exempt


def test_two_leaves_that_follow_each_other_count_together(month: Month, person: Employee) -> None:
    leave(person, FIRST, dt.date(2026, 10, 12))
    leave(person, dt.date(2026, 10, 12), END, kind="TAHUNAN")
    follow(month)
    assert state(month, person)[0] == "TIDAK_DINILAI"


def test_the_policy_says_which_leave_and_how_many_days(month: Month, person: Employee) -> None:
    other = month.city.staff[5]
    leave(person, kind="TAHUNAN")
    leave(other, FIRST, dt.date(2026, 10, 24))
    rule(month, leave_kinds=["MELAHIRKAN", "BESAR"], least_workdays=6)
    follow(month)
    assert (state(month, person)[0], state(month, other)[0]) == ("DRAF", "TIDAK_DINILAI")
    rule(month, leave_kinds=["MELAHIRKAN", "BESAR"], least_workdays=5)
    follow(month)
    assert state(month, other)[0] == "DRAF"
    rule(month, leave_kinds=[])
    follow(month)
    assert state(month, other)[0] == "DRAF"


def test_who_comes_back_early_is_judged_after_all(month: Month, person: Employee) -> None:
    row = leave(person)
    follow(month)
    Leave.objects.filter(pk=row.pk).update(valid=DateRange(FIRST, dt.date(2026, 10, 20)))
    follow(month)
    assert state(month, person) == ("DRAF", "")


def test_a_rating_that_was_finished_before_the_leave_was_known_stays(month: Month, person: Employee) -> None:
    month.rate(person)
    leave(person)
    follow(month)
    assert (state(month, person)[0], month.case(person).rated_by) == ("DINILAI", month.city.people["penilai"])


def test_who_is_on_leave_is_in_no_list_of_what_is_left_to_do(month: Month, person: Employee) -> None:
    leave(person)
    follow(month)
    for other in month.city.staff:
        if other != person:
            month.rate(other)
    move_cycle(cycle=month.cycle, to=CycleState.RATING, actor=None, now=IN_WINDOW)
    send_daily_reminders(now=IN_WINDOW)
    assert not Notice.objects.filter(kind="daily_reminder", recipient__in=[month.city.users["penilai"].pk, month.city.users["staf4"].pk])
    month.publish()
    assert state(month, person) == ("TIDAK_DINILAI", ON_LEAVE)
    room = month.city.client("bkpsdm").get("/kendali/?periode=2026-10").content.decode()
    assert "1 pegawai tidak dinilai: cuti atau tugas belajar" in room
    pending = in_reach(month.city.viewer("bkpsdm"), "2026-10").filter(state="BELUM_DINILAI", assessor=month.city.people["penilai"])
    assert not pending.exists()
    assert not Notice.objects.filter(kind="not_rated", recipient=month.city.users["penilai"].pk).exists()
    assert "Cuti sepanjang periode" in month.city.client("staf4").get("/kinerja/").content.decode()


class TestKnownAfterClosing:
    """A closed month follows nothing: what is known late is listed, and two people decide."""

    def test_an_unrated_case_may_be_exempted_by_two(self, month: Month, person: Employee) -> None:
        month.publish()
        leave(person, at=LATER)
        follow_closed = ensure_assessments(cycle=month.cycle, now=LATER)
        assert (follow_closed, state(month, person)[0]) == (0, "BELUM_DINILAI")
        [row] = late_rows(people={person.pk})
        assert (row.change.kinds, row.change.act, row.decree.number) == ((Kind.LEAVE,), Act.EXEMPT, "")
        hr = month.city.viewer("bkpsdm", on=LATER.date())
        proposal = propose_postings(viewer=hr, choice=Choice(employee_id=person.pk), reason="Cuti menyusul", now=LATER)
        RoleAssignment.objects.filter(user=month.city.users["inspektorat"]).delete()
        RoleAssignment.objects.create(user=month.city.users["inspektorat"], role=Role.CITY_HR, valid=ALWAYS)
        second = month.city.viewer("inspektorat", on=LATER.date())
        work_on(approve_proposal(viewer=second, proposal_id=proposal.pk, now=LATER), now=LATER)
        assert state(month, person) == ("TIDAK_DINILAI", "Cuti menyusul")
        assert late_rows(people={person.pk}) == []

    def test_a_result_and_who_lawfully_rated_stay_and_the_list_says_so(self, month: Month, person: Employee) -> None:
        month.rate(person)
        month.publish()
        leave(person, at=LATER)
        [row] = late_rows(people={person.pk})
        assert (row.change.kinds, row.change.act) == ((Kind.LEAVE,), Act.NONE)
        assert state(month, person)[0] == "TERBIT"

    def test_a_later_deadline_of_the_case_does_not_hide_it(self, month: Month, person: Employee) -> None:
        """It may be rated until then and follows nothing: known before that day, it is late all the same."""
        month.publish()
        own = LATER + dt.timedelta(days=30)
        Assessment.objects.filter(pk=month.case(person).pk).update(own_rating_due=own, own_progress_due=own)
        leave(person, at=LATER)
        [row] = late_rows(people={person.pk})
        assert (row.change.kinds, row.change.act) == ((Kind.LEAVE,), Act.EXEMPT)

    def test_the_list_names_it_without_the_kind_of_leave(self, month: Month, person: Employee) -> None:
        month.publish()
        leave(person, at=LATER)
        page = month.city.client("bkpsdm").get("/kendali/susulan/").content.decode()
        assert "Cuti yang dicatat kemudian" in page
        assert person.name in page
        assert "lahirkan" not in page.lower()

    def test_leave_of_some_days_changes_nothing(self, month: Month, person: Employee) -> None:
        month.publish()
        leave(person, FIRST, dt.date(2026, 10, 20), at=LATER)
        assert late_rows() == []

    def test_leave_that_was_known_in_time_is_not_late(self, month: Month, person: Employee) -> None:
        """Its rater had begun to mark before it was entered, and never finished."""
        Assessment.objects.filter(pk=month.case(person).pk).update(rated_at=IN_OCTOBER, rated_by=month.city.people["penilai"], mark_ak=2)
        leave(person)
        follow(month)
        month.publish(now=AFTER_DEADLINE)
        assert state(month, person)[0] == "BELUM_DINILAI"
        assert late_rows(people={person.pk}) == []


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    days=st.tuples(st.integers(0, 40), st.integers(1, 40)),
    spans=st.lists(st.tuples(st.integers(0, 70), st.integers(1, 30)), max_size=4),
    least=st.integers(1, 10),
)
def test_the_rule_agrees_with_counting_day_by_day(days: tuple[int, int], spans: list[tuple[int, int]], least: int) -> None:
    def span(pair: tuple[int, int]) -> Span:
        return Span(FIRST + pair[0] * DAY, FIRST + sum(pair) * DAY)

    def every(one: Span) -> set[dt.date]:
        assert one.start is not None
        assert one.end is not None
        return {one.start + n * DAY for n in range((one.end - one.start).days)}

    def workdays(one: Span) -> int:
        return sum(day.weekday() < 5 for day in every(one))

    whole, away = span(days), {day for pair in spans for day in every(span(pair))}
    expected = bool(every(whole) & away) and sum(day.weekday() < 5 for day in every(whole) - away) < least
    assert leaves_nothing(whole, [span(pair) for pair in spans], least=least, workdays=workdays) is expected


def test_the_cheap_look_misses_nobody_whom_the_rule_exempts(month: Month) -> None:
    for place, person in enumerate(month.city.staff):
        leave(person, FIRST + place * DAY, END - (place % 4) * DAY)
    rule(month, least_workdays=4)
    found = leave_rule(month.cycle)
    whole = Span(month.cycle.start, month.cycle.end)
    spans = found.leave_of([person.pk for person in month.city.staff])
    exempt = {person for person, days in spans.items() if found.exempts(whole, days)}
    looked = set(Assessment.objects.filter(found.may_exempt(), cycle=month.cycle).values_list("employee_id", flat=True))
    assert exempt
    assert exempt <= looked


class TestThePolicy:
    def test_two_versions_never_hold_on_one_day(self, month: Month) -> None:
        again = DepthPolicy(code="lagi", valid=DateRange(dt.date(2026, 5, 1), None), reason="Uji")
        with pytest.raises(ValidationError, match="Sudah ada aturan cuti dan dialog"):
            again.full_clean()
        with pytest.raises(IntegrityError, match="one_depth_policy_per_day"), transaction.atomic():
            again.save()
        DepthPolicy.objects.update(valid=DateRange(dt.date(2025, 1, 1), dt.date(2026, 5, 1)))
        again.full_clean()
        again.save()

    @pytest.mark.parametrize(("least", "good"), [(0, False), (1, True), (20, True), (21, False)])
    def test_days_at_work_are_one_to_twenty(self, month: Month, least: int, good: bool) -> None:
        one = DepthPolicy(code="lagi", valid=DateRange(dt.date(2024, 1, 1), dt.date(2024, 2, 1)), reason="Uji", least_workdays=least)
        if good:
            one.full_clean()
            one.save()
            return
        with pytest.raises(ValidationError, match="antara 1 dan 20"):
            one.full_clean()
        with pytest.raises(IntegrityError, match="judged_from_1_to_20_workdays"), transaction.atomic():
            one.save()
