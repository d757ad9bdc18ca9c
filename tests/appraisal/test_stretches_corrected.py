"""Postings corrected, leave, late plans and finished ratings at once: what becomes of the cases of an open month."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from appraisal.models import Assessment
from appraisal.services.cases import ensure_assessments
from bukittinggi_kinerja.common.models import Event
from employees.models import Employee, Position, Posting, StaffGroup
from employees.services.postings import post_employee
from employees.services.units import Decree, rename_unit
from tests.appraisal.month import AFTER_DEADLINE, IN_OCTOBER, IN_WINDOW, Month, plan_for

FIRST = dt.date(2026, 10, 1)
OLD, SEK, DINKES = "DPMPTSP.IZIN.YAN", "DPMPTSP.SEK", "DINKES.YAN"
BOSS = {OLD: "penilai", SEK: "dpmptsp", DINKES: "kadinkes"}


def october(day: int) -> dt.date:
    return dt.date(2026, 10, day)


def post(
    month: Month,
    who: Employee,
    since: dt.date,
    unit: str,
    *,
    until: dt.date | None = None,
    to: str | None = "?",
    position: Position | None = None,
) -> Posting:
    held = Posting.objects.known().filter(employee=who).order_by("valid")[0]
    boss = BOSS[unit] if to == "?" else to
    return post_employee(
        employee_id=who.pk, unit_id=month.city.units[unit].pk, position_id=(position or held.position).pk,
        supervisor_id=month.city.people[boss].pk if boss else None, heads_unit=False, valid_from=since, valid_to=until,
        decided_on=None, decree="", reason="Mutasi", actor=None, now=timezone.now(),
    )  # fmt: skip


def ensure(month: Month) -> int:
    return ensure_assessments(cycle=month.cycle, now=IN_OCTOBER)


def snap() -> list[dict[str, Any]]:
    return list(Assessment.objects.order_by("id").values())


def settled(month: Month) -> None:
    before, events = snap(), Event.objects.count()
    assert ensure(month) == 0
    after = snap()
    changed = [{k: (b[k], a[k]) for k in b if b[k] != a[k]} for b, a in zip(before, after, strict=True) if a != b]
    assert not changed, changed
    assert Event.objects.count() == events


def told(month: Month, who: Employee) -> list[tuple[int, int, str, str | None, bool, str]]:
    """First and last day, unit, rater, whether it rests on a plan, state."""
    found = (
        Assessment.objects.current().filter(cycle=month.cycle, employee=who).select_related("unit", "assessor").order_by("stretch_start")
    )
    key = {p.pk: k for k, p in month.city.people.items()}
    return [
        (c.stretch_start.day, (c.stretch_end - dt.timedelta(1)).day, c.unit.code, key.get(c.assessor_id), c.plan_id is not None, c.state)
        for c in found
    ]


def finish(month: Month, who: Employee, day: int) -> Assessment:
    case = Assessment.objects.current().get(employee=who, cycle=month.cycle, stretch_start=october(day))
    Assessment.objects.filter(pk=case.pk).update(
        state="DINILAI", result_rating=2, behaviour_rating=2, rated_by=case.assessor, rated_at=IN_WINDOW
    )
    return case


@pytest.fixture
def mover(month: Month) -> Employee:
    return month.city.staff[4]


@pytest.fixture
def planless(month: Month) -> Employee:
    return month.city.people["luar"]


def test_who_returns_from_leave_under_another_leader_is_his_at_once(month: Month, mover: Employee) -> None:
    Employee.objects.filter(pk=mover.pk).update(status="CUTI")
    ensure(month)
    post(month, mover, october(16), OLD, to="atasan")
    ensure(month)
    Employee.objects.filter(pk=mover.pk).update(status="AKTIF")
    ensure(month)
    assert told(month, mover) == [(1, 31, OLD, "atasan", True, "DRAF")]
    settled(month)


def test_a_plan_agreed_during_leave_is_taken_on_return(month: Month, planless: Employee) -> None:
    Employee.objects.filter(pk=planless.pk).update(status="CUTI")
    ensure(month)
    plan_for(month.city, planless)
    ensure(month)
    Employee.objects.filter(pk=planless.pk).update(status="AKTIF")
    ensure(month)
    assert told(month, planless) == [(1, 31, DINKES, "kadinkes", True, "DRAF")]
    settled(month)


def test_a_late_plan_does_not_take_the_days_of_a_finished_rating(month: Month, planless: Employee) -> None:
    post(month, planless, october(16), SEK)
    ensure(month)
    finish(month, planless, 16)
    post(month, planless, october(16), DINKES)  # the transfer was an error
    ensure(month)
    assert told(month, planless) == [(1, 15, DINKES, "kadinkes", False, "DRAF"), (16, 31, SEK, "dpmptsp", False, "DINILAI")]
    plan_for(month.city, planless, posting=Posting.objects.in_force(on=october(1)).get(employee=planless))
    ensure(month)
    assert [row[:2] for row in told(month, planless)] == [(1, 15), (16, 31)]


def test_days_before_a_finished_rating_in_a_new_post_have_a_case(month: Month, planless: Employee) -> None:
    post(month, planless, october(16), SEK)
    ensure(month)
    finish(month, planless, 16)
    post(month, planless, october(10), OLD, until=october(20))
    ensure(month)
    assert [row[:2] for row in told(month, planless)] == [(1, 9), (10, 15), (16, 31)]


def test_days_on_both_sides_of_a_finished_rating_have_a_case(month: Month, planless: Employee) -> None:
    """Finished B 11-20; then: he was in C from 6 on, without a day in B."""
    post(month, planless, october(11), SEK, until=october(21))
    ensure(month)
    finish(month, planless, 11)
    post(month, planless, october(1), DINKES)
    post(month, planless, october(6), OLD)
    ensure(month)
    covered = [row[:2] for row in told(month, planless)]
    assert covered == [(1, 5), (6, 10), (11, 20), (21, 31)]


def test_a_plan_that_begins_within_the_month_serves_the_whole_time_in_its_post(month: Month, planless: Employee) -> None:
    """Another leader since the 16th in the same post; the plan is drafted from that posting, so it begins on the 16th."""
    held = post(month, planless, october(16), DINKES, to="pimpinan")
    ensure(month)
    assert [row[:2] for row in told(month, planless)] == [(1, 31)]
    plan = plan_for(month.city, planless, posting=held, valid=(october(16), dt.date(2027, 1, 1)))
    ensure(month)
    assert told(month, planless) == [(1, 31, DINKES, "pimpinan", True, "DRAF")]
    settled(month)
    # Somebody signs a plan for the days before: each serves its part.
    before = plan_for(month.city, planless, posting=Posting.objects.in_force(on=FIRST).get(employee=planless), valid=(FIRST, october(16)))
    ensure(month)
    cases = Assessment.objects.current().filter(employee=planless).order_by("stretch_start")
    assert [(case.stretch_start, case.plan) for case in cases] == [(FIRST, before), (october(16), plan)]
    settled(month)


def test_a_plan_that_ends_within_the_month_serves_until_the_next_one_is_agreed(month: Month, mover: Employee) -> None:
    """The new leader's plan is drafted but not agreed: the old one ended on the 15th."""
    post(month, mover, october(16), OLD, to="atasan")
    plan = mover.plans.get()
    plan.valid = (plan.valid.lower, october(16))
    plan.state = "DITUTUP"
    plan.save()
    ensure(month)
    assert told(month, mover) == [(1, 31, OLD, "atasan", True, "DRAF")]
    held = Posting.objects.in_force(on=october(16)).get(employee=mover)
    plan_for(month.city, mover, posting=held, valid=(october(16), dt.date(2027, 1, 1)))
    ensure(month)
    assert told(month, mover) == [(1, 15, OLD, "penilai", True, "DRAF"), (16, 31, OLD, "atasan", True, "DRAF")]
    settled(month)


@pytest.mark.parametrize("planned", [True, False])
def test_who_is_in_another_group_all_month_has_no_case_in_this_one(
    month: Month, mover: Employee, planless: Employee, planned: bool
) -> None:
    who = mover if planned else planless
    other = month.city.position("Guru", "FUNGSIONAL", StaffGroup.objects.exclude(pk=month.city.group.pk).first())
    post(month, who, dt.date(2026, 9, 1), DINKES, to="kadinkes", position=other)
    ensure(month)
    assert told(month, who) == []


def test_a_draft_moved_to_a_post_without_leader_leaves_the_old_leader(month: Month, planless: Employee) -> None:
    Assessment.objects.filter(employee=planless).update(mark_ak=1, rated_by=month.city.people["kadinkes"], rated_at=IN_OCTOBER)
    post(month, planless, dt.date(2026, 9, 1), SEK, to=None)
    ensure(month)
    assert told(month, planless) == [(1, 31, SEK, None, False, "DRAF")]


def test_a_post_whose_leader_became_vacant_leaves_the_old_leader(month: Month, mover: Employee) -> None:
    post(month, mover, dt.date(2026, 9, 1), OLD, to=None)
    ensure(month)
    assert told(month, mover) == [(1, 31, OLD, None, True, "DRAF")]


def test_looking_at_a_month_with_an_orphaned_plan_locks_nothing(month: Month, mover: Employee) -> None:
    """Who left his post before the month and has no new plan yet keeps the old plan: nothing to do, again and again."""
    post(month, mover, FIRST, DINKES)
    ensure(month)
    settled(month)
    with CaptureQueriesContext(connection) as asked:
        assert ensure(month) == 0
    assert not any("FOR UPDATE" in query["sql"] for query in asked)


def test_a_corrected_day_of_transfer_before_a_finished_rating_leaves_no_day_out(month: Month, mover: Employee) -> None:
    """In the new post from the 24th, finished; it was the 20th."""
    post(month, mover, october(24), DINKES)
    ensure(month)
    finish(month, mover, 24)
    post(month, mover, october(20), DINKES)
    ensure(month)
    assert [row[:2] for row in told(month, mover)] in ([(1, 19), (20, 23), (24, 31)], [(1, 23), (24, 31)])


def test_who_returned_on_the_day_of_closing_is_not_held_against_his_old_leader(month: Month, mover: Employee) -> None:
    """run_cycle looks once, then closes: the leader of today is never written."""
    Employee.objects.filter(pk=mover.pk).update(status="CUTI")
    ensure(month)
    post(month, mover, october(16), OLD, to="atasan")
    ensure(month)
    Employee.objects.filter(pk=mover.pk).update(status="AKTIF")
    ensure_assessments(cycle=month.cycle, now=AFTER_DEADLINE)
    month.publish()
    assert told(month, mover) == [(1, 31, OLD, "atasan", True, "BELUM_DINILAI")]


def test_marks_of_the_new_leader_himself_stay(month: Month, mover: Employee) -> None:
    """He stood in for the old leader and set them; now he is the leader."""
    Assessment.objects.filter(employee=mover).update(mark_ak=3, rated_by=month.city.people["atasan"], rated_at=IN_OCTOBER)
    post(month, mover, october(16), OLD, to="atasan")
    ensure(month)
    assert Assessment.objects.current().get(employee=mover).mark_ak == 3


def test_who_was_elsewhere_and_whose_unit_was_renamed_meanwhile_goes_on_with_his_plan(month: Month, mover: Employee) -> None:
    post(month, mover, dt.date(2026, 3, 1), DINKES, until=dt.date(2026, 6, 1))
    unit = month.city.units[OLD]
    rename_unit(
        unit_id=unit.pk, name="Subbidang Izin", code=None, decree=Decree(dt.date(2026, 5, 1), "800/1", "SOTK", None, timezone.now())
    )
    ensure(month)
    [row] = told(month, mover)
    assert (row[0], row[1], row[4]) == (1, 31, True)


def test_the_event_of_followed_status_tells_the_old_state(month: Month, mover: Employee) -> None:
    Employee.objects.filter(pk=mover.pk).update(status="CUTI")
    ensure(month)
    event = Event.objects.filter(action="appraisal.cycle.cases_followed").latest("id")
    case = str(month.case(mover).pk)
    assert (event.old, event.new) == (
        {case: {"state": "DRAF", "state_reason": ""}},
        {case: {"state": "TIDAK_DINILAI", "state_reason": "CUTI"}, "added": 0},
    )


def test_the_event_of_an_adopted_plan_tells_the_days_it_changed(month: Month, planless: Employee) -> None:
    plan_for(month.city, planless)
    ensure(month)
    event = Event.objects.filter(action="appraisal.cycle.cases_followed").latest("id")
    case = str(month.case(planless).pk)
    assert event.old[case]["plan_id"] is None
    assert event.new[case]["plan_id"] == month.case(planless).plan_id


def test_a_case_on_study_leave_after_leave_tells_the_right_reason(month: Month, mover: Employee) -> None:
    Employee.objects.filter(pk=mover.pk).update(status="CUTI")
    ensure(month)
    Employee.objects.filter(pk=mover.pk).update(status="TUGAS_BELAJAR")
    ensure(month)
    assert Assessment.objects.current().get(employee=mover).state_reason == "TUGAS_BELAJAR"


def test_the_case_of_the_right_post_is_kept_with_its_marks(month: Month, planless: Employee) -> None:
    """A finished 1-9, B 10-19 draft, A 20-31 marked draft. B was an error: the marks of A's leader are still his."""
    post(month, planless, october(10), SEK, until=october(20))
    ensure(month)
    finish(month, planless, 1)
    Assessment.objects.filter(employee=planless, stretch_start=october(20)).update(
        mark_ak=3, rated_by=month.city.people["kadinkes"], rated_at=IN_OCTOBER
    )
    post(month, planless, october(10), DINKES)
    ensure(month)
    assert [row[:2] for row in told(month, planless)] == [(1, 9), (10, 31)]
    assert Assessment.objects.current().get(employee=planless, stretch_start=october(10)).mark_ak == 3


def test_who_holds_no_post_of_the_group_any_more_leaves_a_case_that_says_why(month: Month, mover: Employee) -> None:
    Posting.objects.known().filter(employee=mover).update(valid=(dt.date(2025, 1, 1), FIRST))
    ensure(month)
    assert told(month, mover) == []
    old = Assessment.objects.get(cycle=month.cycle, employee=mover)
    assert (old.state, old.state_reason) == ("DIGANTI", "Tidak menjabat dalam kelompok ini pada periode ini")
    settled(month)


def test_marks_stay_while_the_post_of_the_rater_is_vacant_and_go_with_the_next_one(month: Month, mover: Employee) -> None:
    Assessment.objects.filter(employee=mover).update(mark_ak=3, rated_by=month.city.people["penilai"], rated_at=IN_OCTOBER)
    post(month, mover, october(16), OLD, to=None)
    ensure(month)
    case = month.case(mover)
    assert (case.assessor, case.mark_ak) == (None, 3)
    post(month, mover, october(16), OLD, to="atasan")
    ensure(month)
    case = month.case(mover)
    assert (case.assessor, case.mark_ak, case.rated_by) == (month.city.people["atasan"], None, None)


def test_two_cases_of_a_person_never_share_a_day(month: Month, mover: Employee) -> None:
    case = month.case(mover)
    case.pk, case.plan, case.stretch_start = None, None, october(31)
    with pytest.raises(IntegrityError, match="one_case_per_person_day"), transaction.atomic():
        case.save(force_insert=True)
