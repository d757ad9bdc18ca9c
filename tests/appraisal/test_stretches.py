"""A transfer within the month: a case for each post, whoever knew when, whatever was already written."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from appraisal.models import Assessment, Cycle, PerformancePlan, RatingExample
from appraisal.queries.versions import steps_to
from appraisal.rules.lifecycle import CycleState
from appraisal.services.cases import ensure_assessments
from appraisal.services.cycles import move_cycle
from appraisal.services.publishing import close_cycle
from bukittinggi_kinerja.common.models import Event
from employees.models import Employee, Posting
from employees.services.postings import post_employee
from employees.services.units import Decree, rename_unit
from tests.appraisal.month import AFTER_DEADLINE, IN_OCTOBER, Month, plan_for

FIRST, END = dt.date(2026, 10, 1), dt.date(2026, 11, 1)
MID, LATER = dt.date(2026, 10, 16), dt.date(2026, 10, 20)


@pytest.fixture
def mover(month: Month) -> Employee:
    return month.city.staff[4]


def move(
    month: Month, person: Employee, since: dt.date, *, unit: str = "DINKES.YAN", to: str = "kadinkes", until: dt.date | None = None
) -> None:
    held = Posting.objects.in_force(on=since).get(employee=person)
    post_employee(
        employee_id=person.pk, unit_id=month.city.units[unit].pk, position_id=held.position_id, supervisor_id=month.city.people[to].pk,
        heads_unit=False, valid_from=since, valid_to=until, decided_on=None, decree="", reason="Mutasi", actor=None, now=timezone.now(),
    )  # fmt: skip
    follow(month)


def follow(month: Month) -> int:
    """The cases added; looking again changes nothing more."""
    added = ensure_assessments(cycle=month.cycle, now=IN_OCTOBER)
    before = list(Assessment.objects.order_by("id").values_list("id", "revision", "is_current"))
    assert ensure_assessments(cycle=month.cycle, now=IN_OCTOBER) == 0
    assert list(Assessment.objects.order_by("id").values_list("id", "revision", "is_current")) == before
    return added


def cases(month: Month, person: Employee) -> list[Assessment]:
    found = Assessment.objects.current().filter(cycle=month.cycle, employee=person)
    return list(found.select_related("unit", "assessor", "reviewer", "plan").order_by("stretch_start"))


def told(month: Month, person: Employee) -> list[tuple[int, int, str, Employee | None, bool]]:
    """First day, day after the last, unit, rater, whether it rests on a plan."""
    return [
        (case.stretch_start.day, (case.stretch_end - dt.timedelta(days=1)).day, case.unit.code, case.assessor, case.plan_id is not None)
        for case in cases(month, person)
    ]


def test_a_transfer_in_the_month_gives_each_rater_the_days_under_him(month: Month, mover: Employee) -> None:
    people = month.city.people
    assert told(month, mover) == [(1, 31, "DPMPTSP.IZIN.YAN", people["penilai"], True)]
    move(month, mover, MID)
    assert told(month, mover) == [
        (1, 15, "DPMPTSP.IZIN.YAN", people["penilai"], True),
        (16, 31, "DINKES.YAN", people["kadinkes"], False),
    ]
    assert follow(month) == 0


def test_marks_typed_before_a_transfer_was_known_stay_with_the_days_they_judge(month: Month, mover: Employee) -> None:
    case = month.case(mover)
    Assessment.objects.filter(pk=case.pk).update(mark_ak=3, rated_by=month.city.people["penilai"], rated_at=IN_OCTOBER)
    move(month, mover, MID)
    first, second = cases(month, mover)
    assert (first.pk, first.mark_ak, first.stretch_end) == (case.pk, 3, MID)
    assert (second.mark_ak, second.assessor) == (None, month.city.people["kadinkes"])


def test_a_person_without_a_plan_has_a_case_for_each_post(month: Month) -> None:
    person = month.city.people["luar"]
    before = month.case(person)
    assert before.plan is None
    move(month, person, MID, unit="DPMPTSP.SEK", to="dpmptsp")
    first, second = cases(month, person)
    assert (first.pk, first.stretch_end, first.unit) == (before.pk, MID, before.unit)
    assert (second.stretch_start, second.unit.code, second.assessor) == (MID, "DPMPTSP.SEK", month.city.people["dpmptsp"])


def test_the_plan_of_the_new_post_is_taken_by_the_days_in_it(month: Month, mover: Employee) -> None:
    move(month, mover, MID)
    _first, waiting = cases(month, mover)
    RatingExample.objects.create(assessment=waiting, aspect="AK", text="Rapi", written_at=IN_OCTOBER)
    old = mover.plans.get()
    old.valid = (old.valid.lower, MID)
    old.save()
    held = Posting.objects.in_force(on=MID).get(employee=mover)
    plan = plan_for(month.city, mover, valid=(MID, dt.date(2027, 1, 1)), posting=held)
    assert follow(month) == 0
    first, second = cases(month, mover)
    assert [first.plan, second.plan] == [old, plan]
    assert (second.pk, second.examples.count()) == (waiting.pk, 1)


def test_a_corrected_day_of_transfer_moves_the_border_of_both_cases(month: Month, mover: Employee) -> None:
    move(month, mover, MID)
    ids = [case.pk for case in cases(month, mover)]
    held = Posting.objects.in_force(on=FIRST).get(employee=mover)
    move(month, mover, MID, unit=held.unit.code, to="penilai", until=LATER)
    assert [(case.pk, case.stretch_start, case.stretch_end) for case in cases(month, mover)] == [
        (ids[0], FIRST, LATER),
        (ids[1], LATER, END),
    ]


def test_a_transfer_that_was_an_error_leaves_one_case_and_the_plan_as_it_was(month: Month, mover: Employee) -> None:
    plan, before = mover.plans.get(), month.case(mover)
    move(month, mover, MID)
    held = Posting.objects.in_force(on=FIRST).get(employee=mover)
    move(month, mover, MID, unit=held.unit.code, to="penilai")
    [case] = cases(month, mover)
    assert (case.pk, case.plan, case.stretch_start, case.stretch_end) == (before.pk, plan, FIRST, END)
    replaced = Assessment.objects.get(cycle=month.cycle, employee=mover, is_current=False)
    assert (replaced.state, replaced.state_reason) == ("DIGANTI", "Hari-harinya dinilai dalam penilaian lain")
    assert PerformancePlan.objects.get(pk=plan.pk).valid == plan.valid


def test_who_had_left_before_the_month_is_judged_in_his_new_post_without_the_old_plan_or_marks(month: Month, mover: Employee) -> None:
    case = month.case(mover)
    Assessment.objects.filter(pk=case.pk).update(mark_ak=1, rated_by=month.city.people["penilai"], rated_at=IN_OCTOBER, note="Kurang rapi")
    move(month, mover, FIRST)
    [found] = cases(month, mover)
    assert (found.pk, found.plan, found.unit.code, found.assessor) == (case.pk, None, "DINKES.YAN", month.city.people["kadinkes"])
    assert (found.mark_ak, found.rated_by, found.rated_at, found.note) == (None, None, None, "")
    kept = Event.objects.filter(action="appraisal.cycle.cases_followed").latest("id").old[str(case.pk)]
    assert (kept["mark_ak"], kept["note"]) == (1, "Kurang rapi")


def test_a_finished_rating_keeps_its_days_when_a_transfer_becomes_known_late(month: Month, mover: Employee) -> None:
    month.rate(mover)
    move(month, mover, MID)
    [case] = cases(month, mover)
    assert (case.state, case.stretch_start, case.stretch_end, case.assessor) == ("DINILAI", FIRST, END, month.city.people["penilai"])


def test_a_rating_opened_again_gives_the_days_after_the_transfer_away(month: Month, mover: Employee) -> None:
    month.rate(mover)
    move(month, mover, MID)
    Assessment.objects.filter(employee=mover).update(state="DRAF")
    assert follow(month) == 1
    assert [case.stretch_start for case in cases(month, mover)] == [FIRST, MID]


def test_another_leader_alone_makes_no_second_case_and_takes_no_marks_over(month: Month, mover: Employee) -> None:
    case = month.case(mover)
    Assessment.objects.filter(pk=case.pk).update(mark_ko=2, rated_by=month.city.people["penilai"], rated_at=IN_OCTOBER)
    held = Posting.objects.in_force(on=MID).get(employee=mover)
    move(month, mover, MID, unit=held.unit.code, to="atasan")
    [found] = cases(month, mover)
    assert (found.pk, found.assessor, found.mark_ko, found.stretch_end) == (case.pk, month.city.people["atasan"], None, END)


def test_a_unit_that_gets_another_name_makes_no_second_case(month: Month, mover: Employee) -> None:
    unit = month.city.units["DPMPTSP.IZIN.YAN"]
    rename_unit(unit_id=unit.pk, name="Subbidang Pelayanan Izin", code=None, decree=Decree(MID, "800/1", "SOTK", None, timezone.now()))
    follow(month)
    [case] = cases(month, mover)
    assert (case.unit.name, case.stretch_start, case.stretch_end) == ("Subbidang Pelayanan Izin", FIRST, END)


def test_somebody_on_leave_who_is_transferred_waits_in_both_posts(month: Month, mover: Employee) -> None:
    Employee.objects.filter(pk=mover.pk).update(status="CUTI")
    follow(month)
    move(month, mover, MID)
    assert [(case.state, case.stretch_start) for case in cases(month, mover)] == [("TIDAK_DINILAI", FIRST), ("TIDAK_DINILAI", MID)]


def test_who_comes_and_goes_within_the_month_has_three_cases(month: Month, mover: Employee) -> None:
    move(month, mover, MID, until=LATER)
    assert [(row[0], row[1], row[4]) for row in told(month, mover)] == [(1, 15, True), (16, 19, False), (20, 31, False)]


def test_a_closed_month_does_not_follow_a_transfer(month: Month, mover: Employee) -> None:
    month.publish()
    before = [(case.pk, case.stretch_end, case.assessor) for case in cases(month, mover)]
    move(month, mover, MID)
    assert [(case.pk, case.stretch_end, case.assessor) for case in cases(month, mover)] == before


def test_following_the_posts_takes_as_many_queries_for_many_as_for_few(month: Month, django_assert_max_num_queries: Any) -> None:
    for person in month.city.staff[4:9]:
        held = Posting.objects.in_force(on=MID).get(employee=person)
        post_employee(
            employee_id=person.pk, unit_id=month.city.units["DINKES.YAN"].pk, position_id=held.position_id,
            supervisor_id=month.city.people["kadinkes"].pk, heads_unit=False, valid_from=MID, valid_to=None, decided_on=None, decree="",
            reason="Mutasi", actor=None, now=timezone.now(),
        )  # fmt: skip
    with django_assert_max_num_queries(36):
        assert ensure_assessments(cycle=month.cycle, now=IN_OCTOBER) == 5


def test_pages_name_the_days_of_a_part_of_a_month(month: Month, mover: Employee) -> None:
    move(month, mover, MID)
    first, second = cases(month, mover)
    city = month.city
    assert "1–15 Oktober 2026" in city.client("penilai").get(f"/tim/nilai/{first.pk}/").content.decode()
    assert "1–15 Oktober 2026" in city.client("penilai").get("/tim/?periode=2026-10").content.decode()
    assert "16–31 Oktober 2026" in city.client("bkpsdm").get(f"/kinerja/nilai/{second.pk}/").content.decode()
    whole = month.case(city.staff[5])
    assert "Oktober 2026" in (page := city.client("penilai").get(f"/tim/nilai/{whole.pk}/").content.decode())
    assert "–31 Oktober 2026" not in page


def test_a_case_that_took_a_plan_up_again_after_an_error_was_not_rated_late(month: Month, mover: Employee) -> None:
    plan = mover.plans.get()
    Assessment.objects.filter(plan=plan).update(is_current=False, state="DIGANTI", state_reason="Hari-harinya dinilai dalam penilaian lain")
    follow(month)
    [case] = cases(month, mover)
    assert (case.plan, case.version) == (plan, 2)
    month.rate(mover)
    month.publish()
    case = month.case(mover)
    assert steps_to(case) == ()
    page = month.city.client("bkpsdm").get(f"/kinerja/nilai/{case.pk}/").content.decode()
    assert "Dinilai terlambat" not in page
    old = Assessment.objects.get(plan=plan, is_current=False)
    told = month.city.client("bkpsdm").get(f"/kinerja/nilai/{old.pk}/").content.decode()
    rater = month.city.client("penilai").get(f"/tim/nilai/{old.pk}/").content.decode()
    for page in (told, rater):
        assert "Hari-harinya dinilai dalam penilaian lain" in page
        assert "sudah diganti versi yang lebih baru" not in page
        assert "Masa penilaian ditutup tanpa penilaian" not in page


def test_two_posts_in_one_unit_keep_their_cases_and_what_was_marked(month: Month) -> None:
    person, other = month.city.people["luar"], month.city.position("Analis Perizinan", "FUNGSIONAL")
    held = Posting.objects.in_force(on=MID).select_related("unit").get(employee=person)
    post_employee(
        employee_id=person.pk, unit_id=held.unit_id, position_id=other.pk, supervisor_id=held.supervisor_id, heads_unit=False,
        valid_from=MID, valid_to=None, decided_on=None, decree="", reason="Naik jabatan", actor=None, now=timezone.now(),
    )  # fmt: skip
    follow(month)
    first, second = cases(month, person)
    Assessment.objects.filter(pk=second.pk).update(mark_ak=3)
    follow(month)
    assert [case.pk for case in cases(month, person)] == [first.pk, second.pk]
    assert cases(month, person)[1].mark_ak == 3


def test_who_was_elsewhere_for_some_months_goes_on_with_the_plan_of_the_year(month: Month, mover: Employee) -> None:
    held = Posting.objects.in_force(on=FIRST).get(employee=mover)
    plan = mover.plans.get()
    post_employee(
        employee_id=mover.pk, unit_id=month.city.units["DINKES.YAN"].pk, position_id=held.position_id,
        supervisor_id=month.city.people["kadinkes"].pk, heads_unit=False, valid_from=dt.date(2026, 3, 1), valid_to=dt.date(2026, 6, 1),
        decided_on=None, decree="", reason="Diperbantukan", actor=None, now=timezone.now(),
    )  # fmt: skip
    follow(month)
    assert [(case.plan, case.stretch_start) for case in cases(month, mover)] == [(plan, FIRST)]


def test_a_border_that_moves_onto_finished_days_stops_before_them(month: Month, mover: Employee) -> None:
    move(month, mover, MID)
    _first, second = cases(month, mover)
    Assessment.objects.filter(pk=second.pk).update(
        state="DINILAI", result_rating=2, behaviour_rating=2, rated_by=month.city.people["kadinkes"], rated_at=IN_OCTOBER
    )
    held = Posting.objects.in_force(on=FIRST).get(employee=mover)
    move(month, mover, MID, unit=held.unit.code, to="penilai", until=LATER)
    assert [(case.stretch_start, case.stretch_end, case.state) for case in cases(month, mover)] == [
        (FIRST, MID, "DRAF"),
        (MID, END, "DINILAI"),
    ]


def test_borders_may_pass_each_other(month: Month) -> None:
    """Three stretches without a plan, corrected so that the second begins where the third began."""
    person = month.city.people["luar"]
    held = Posting.objects.in_force(on=FIRST).select_related("unit").get(employee=person)
    move(month, person, dt.date(2026, 10, 11), unit="DPMPTSP.SEK", to="dpmptsp")
    move(month, person, dt.date(2026, 10, 21), unit="DINKES.YAN", to="kadinkes")
    ids = [case.pk for case in cases(month, person)]
    for unit, to, since, until in (
        (held.unit.code, "atasan", dt.date(2026, 10, 11), dt.date(2026, 10, 21)),
        ("DPMPTSP.SEK", "dpmptsp", dt.date(2026, 10, 21), dt.date(2026, 10, 25)),
    ):
        post_employee(
            employee_id=person.pk, unit_id=month.city.units[unit].pk, position_id=held.position_id,
            supervisor_id=month.city.people[to].pk, heads_unit=False, valid_from=since, valid_to=until, decided_on=None, decree="",
            reason="Ralat", actor=None, now=timezone.now(),
        )  # fmt: skip
    follow(month)
    assert [(case.pk, case.stretch_start.day) for case in cases(month, person)] == list(zip(ids, (1, 21, 25), strict=True))


def test_a_month_that_closed_meanwhile_is_left_alone(month: Month, mover: Employee) -> None:
    asked = Cycle.objects.get(pk=month.cycle.pk)
    move_cycle(cycle=month.cycle, to=CycleState.RATING, actor=None, now=AFTER_DEADLINE)
    close_cycle(cycle=month.cycle, now=AFTER_DEADLINE)
    before = Assessment.objects.count()
    held = Posting.objects.in_force(on=MID).get(employee=mover)
    post_employee(
        employee_id=mover.pk, unit_id=month.city.units["DINKES.YAN"].pk, position_id=held.position_id,
        supervisor_id=month.city.people["kadinkes"].pk, heads_unit=False, valid_from=MID, valid_to=None, decided_on=None, decree="",
        reason="Mutasi", actor=None, now=timezone.now(),
    )  # fmt: skip
    Employee.objects.filter(pk=month.city.staff[5].pk).update(status="CUTI")
    assert ensure_assessments(cycle=asked, now=AFTER_DEADLINE) == 0
    assert Assessment.objects.count() == before
    assert not Assessment.objects.filter(state__in=["DRAF", "TIDAK_DINILAI"]).exists()


def test_looking_at_a_month_in_step_locks_nothing_and_asks_little(month: Month, mover: Employee, django_assert_num_queries: Any) -> None:
    move(month, mover, MID)
    with django_assert_num_queries(14), CaptureQueriesContext(connection) as asked:
        assert ensure_assessments(cycle=month.cycle, now=IN_OCTOBER) == 0
    assert not any("FOR UPDATE" in query["sql"] for query in asked)


def test_two_parts_of_a_month_that_wait_for_a_late_rating_are_told_apart(month: Month, mover: Employee) -> None:
    move(month, mover, MID, unit="DPMPTSP.SEK", to="penilai")
    month.publish()
    page = month.city.client("penilai").get("/tim/?periode=2026-10").content.decode()
    late = page[page.index("judul-terlambat") :]
    assert "1–15 Oktober 2026" in late
    assert "16–31 Oktober 2026" in late
