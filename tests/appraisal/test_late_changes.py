"""A decree that was known late: the closed cases it reaches, what a version puts right, and what stays with who rated."""

from __future__ import annotations

import datetime as dt
import random
from itertools import groupby
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from appraisal.models import Assessment, Recomputation, Score, ScoredIndicator
from appraisal.queries.late_changes import LateRow, late_rows
from appraisal.queries.versions import steps_to
from appraisal.rules.late_changes import Act, Kind
from appraisal.services.publishing import work_on
from appraisal.services.recomputation import (
    Choice,
    approve_proposal,
    propose_postings,
    propose_undo,
    revoke_proposal,
    split_own_case,
)
from appraisal.services.recompute import differences
from appraisal.services.versions import new_version
from bukittinggi_kinerja.common.errors import NotAllowed, NotNow, Stale, Unacceptable
from bukittinggi_kinerja.common.models import Event, Notice
from bukittinggi_kinerja.common.period import JAKARTA
from bukittinggi_kinerja.common.seal import seal_new
from employees.models import Employee, Posting, RoleAssignment
from employees.rules.viewing import Role, Viewer
from employees.services.postings import post_employee
from tests.people import ALWAYS

from .month import Month, plan_for

LATER = dt.datetime(2026, 11, 20, 9, 0, tzinfo=JAKARTA)
SEEDS = range(8)


def post(month: Month, person: Employee, unit: str = "DPMPTSP.SEK", boss: str | None = "dpmptsp", **words: Any) -> Posting:
    """A posting that is recorded after October was published."""
    held = Posting.objects.known().filter(employee=person).order_by("pk").last()
    asked: dict[str, Any] = {
        "unit_id": month.city.units[unit].pk, "supervisor_id": month.city.people[boss].pk if boss else None, "heads_unit": False,
        "position_id": words.pop("position_id", None) or (held.position_id if held else 0), "valid_from": dt.date(2026, 10, 1), "valid_to": None,
        "decided_on": dt.date(2026, 9, 28), "decree": "821/77/2026", "reason": "SK menyusul", "actor": None, "now": LATER,
    }  # fmt: skip
    return post_employee(employee_id=person.pk, **(asked | words))


@pytest.fixture
def closed(month: Month) -> Month:
    """October is published: the first three were rated, the others were not."""
    for person in month.city.staff[:3]:
        month.rate(person, result=3, marks=(2, 3, 2, 2, 2, 2, 2))
    month.publish()
    return month


def second_hr(month: Month, key: str = "inspektorat") -> Viewer:
    RoleAssignment.objects.filter(user=month.city.users[key]).delete()
    RoleAssignment.objects.create(user=month.city.users[key], role=Role.CITY_HR, valid=ALWAYS)
    return month.city.viewer(key, on=LATER.date())


def applied(month: Month, proposal: Recomputation, by: Viewer) -> Recomputation:
    work_on(approve_proposal(viewer=by, proposal_id=proposal.pk, now=LATER), now=LATER)
    proposal.refresh_from_db()
    assert proposal.state == "DITERAPKAN"
    return proposal


def proposed(month: Month, **choice: Any) -> Recomputation:
    return propose_postings(
        viewer=month.city.viewer("bkpsdm", on=LATER.date()), choice=Choice(**choice), reason="SK 821/77/2026", now=LATER
    )


def of(person: Employee) -> LateRow:
    [row] = late_rows(people={person.pk})
    return row


class TestTheList:
    def test_is_empty_as_long_as_everything_was_known_in_time(self, closed: Month) -> None:
        assert late_rows() == []

    def test_names_the_case_what_was_frozen_and_what_would_hold(self, closed: Month) -> None:
        person = closed.city.staff[0]
        post(closed, person)
        row = of(person)
        case = closed.case(person)
        assert row.change.kinds == (Kind.UNIT, Kind.RATER, Kind.REVIEWER)
        assert row.change.case is not None
        assert row.change.told is not None
        assert (row.change.case.facts.unit, row.change.told.unit) == (case.unit_id, closed.city.units["DPMPTSP.SEK"].pk)
        assert (row.change.case.facts.rater, row.change.told.rater) == (closed.city.people["penilai"].pk, closed.city.people["dpmptsp"].pk)
        assert row.change.act == Act.CORRECT
        assert (row.decree.number, row.decree.recorded_on) == ("821/77/2026", LATER.date())
        assert row.frozen_at == case.rated_at

    def test_tells_another_rater_alone_but_proposes_nothing(self, closed: Month) -> None:
        person = closed.city.staff[0]
        post(closed, person, "DPMPTSP.IZIN.YAN", "atasan")
        row = of(person)
        assert set(row.change.kinds) == {Kind.RATER, Kind.REVIEWER}
        assert row.change.act == Act.NONE

    def test_tells_a_transfer_within_the_month_as_two_stretches(self, closed: Month) -> None:
        person = closed.city.staff[0]
        post(closed, person, valid_from=dt.date(2026, 10, 16))
        assert {Kind.UNIT, Kind.SPLIT} <= set(of(person).change.kinds)

    def test_tells_who_should_not_have_been_rated_here(self, closed: Month) -> None:
        person = closed.city.staff[0]
        elsewhere = closed.city.position("Wali Kota", "PEJABAT_NEGARA")
        post(closed, person, position_id=elsewhere.pk)
        assert (of(person).change.kinds, of(person).change.act) == ((Kind.UNNEEDED,), Act.EXEMPT)

    def test_tells_who_should_have_been_rated(self, closed: Month) -> None:
        person = Employee.objects.create(nip="199001012025011001", name="Pegawai Baru", kind="PNS", sex="L", birth_date=dt.date(1990, 1, 1))
        post(closed, person, position_id=Posting.objects.known().get(employee=closed.city.staff[0]).position_id)
        assert (of(person).change.kinds, of(person).change.act) == ((Kind.MISSING,), Act.ADD)

    def test_a_transfer_of_the_rater_tells_only_that_his_leader_is_another(self, closed: Month) -> None:
        post(closed, closed.city.people["penilai"], "DPMPTSP.IZIN.YAN", "dpmptsp")
        rows = [row for row in late_rows() if row.employee_id in {person.pk for person in closed.city.staff[:3]}]
        assert [row.change.kinds for row in rows] == [(Kind.REVIEWER,)] * 3
        assert {row.change.act for row in rows} == {Act.NONE}

    def test_a_transfer_after_the_month_and_one_taken_back_reach_nothing(self, closed: Month) -> None:
        post(closed, closed.city.staff[0], valid_from=dt.date(2026, 11, 1))
        assert late_rows() == []
        post(closed, closed.city.staff[1])
        post(closed, closed.city.staff[1], "DPMPTSP.IZIN.YAN", "penilai", now=LATER + dt.timedelta(hours=1))
        assert late_rows() == []

    def test_takes_as_many_queries_for_many_people_as_for_few(self, closed: Month) -> None:
        counts = []
        for people in (closed.city.staff[:2], closed.city.staff[2:]):
            for person in people:
                post(closed, person)
            with CaptureQueriesContext(connection) as queries:
                rows = late_rows()
            counts.append((len(queries), len(rows)))
        assert counts[0][0] == counts[1][0]
        assert [rows for _queries, rows in counts] == [2, 12]


class TestNewVersions:
    def test_put_the_unit_right_and_leave_the_judgement_as_it_is(self, closed: Month) -> None:
        person, second = closed.city.staff[0], second_hr(closed)
        post(closed, person)
        before = closed.case(person)
        applied(closed, proposed(closed, employee_id=person.pk), second)
        old, new = Assessment.objects.get(pk=before.pk), closed.case(person)
        assert (old.state, old.is_current, old.unit_id) == ("DIGANTI", False, before.unit_id)
        assert (new.version, new.replaces_id, new.state, new.received_at) == (2, old.pk, "TERBIT", None)
        assert new.unit_id == closed.city.units["DPMPTSP.SEK"].pk
        judged = ("assessor_id", "reviewer_id", "rated_by_id", "rated_at", "result_rating", "behaviour_rating", "mark_ak", "plan_id")
        assert [getattr(new, name) for name in judged] == [getattr(before, name) for name in judged]
        assert Score.objects.get(pk=new.pk).result_score == Score.objects.get(pk=old.pk).result_score
        assert new.examples.count() == 1
        assert all(Kind.UNIT not in row.change.kinds and row.change.act == Act.NONE for row in late_rows())
        assert differences(period="2026-10") == []
        seal_new(now=LATER)
        call_command("verify_audit")

    def test_tell_the_person_and_name_both_officials_and_the_reason(self, closed: Month) -> None:
        person, second = closed.city.staff[0], second_hr(closed)
        post(closed, person)
        applied(closed, proposed(closed), second)
        new = closed.case(person)
        [step] = steps_to(new)
        assert (step.kind, step.by, step.reason) == ("PENEMPATAN", "Hendra Guci, Zulfahmi Tanjung", "SK 821/77/2026")
        told = Notice.objects.filter(recipient=closed.city.users["staf0"].pk, kind="assessment_revised")
        assert told.get().link == f"/kinerja/nilai/{new.pk}/"
        event = Event.objects.get(action="appraisal.assessment.versioned", subject_id=str(new.pk))
        assert (event.old["id"], event.new["because"]) == (new.replaces_id, "PENEMPATAN")
        page = closed.city.client("pegawai").get(f"/kinerja/nilai/{new.pk}/").content.decode()
        assert "Penempatan diketahui terlambat" in page
        assert "SK 821/77/2026" in page
        new.refresh_from_db()
        assert new.received_at is not None

    def test_take_the_figures_of_the_plan_of_the_right_post(self, closed: Month) -> None:
        person, second = closed.city.staff[0], second_hr(closed)
        other = closed.city.position("Analis Perizinan", "FUNGSIONAL")
        posting = post(closed, person, position_id=other.pk)
        old_plan = closed.case(person).plan
        assert old_plan is not None
        type(old_plan).objects.filter(pk=old_plan.pk).update(valid=(dt.date(2026, 1, 1), dt.date(2026, 10, 1)))
        plan = plan_for(closed.city, person, posting=posting, valid=(dt.date(2026, 10, 1), dt.date(2027, 1, 1)))  # type: ignore[arg-type]
        assert {Kind.UNIT, Kind.POST, Kind.PLAN} <= set(of(person).change.kinds)
        applied(closed, proposed(closed), second)
        new = closed.case(person)
        assert new.plan_id == plan.pk
        assert {row.indicator.plan_id for row in ScoredIndicator.objects.filter(assessment=new)} == {plan.pk}
        assert Score.objects.get(pk=new.pk).result_score is None
        assert differences(period="2026-10") == []

    def test_of_who_was_not_rated_go_to_who_led_by_todays_knowledge_and_make_nobody_late(self, closed: Month) -> None:
        person, second = closed.city.staff[5], second_hr(closed)
        post(closed, person)
        applied(closed, proposed(closed), second)
        new = closed.case(person)
        assert (new.state, new.assessor_id, new.belated) == ("BELUM_DINILAI", closed.city.people["dpmptsp"].pk, True)

    def test_open_a_late_rating_for_who_should_have_been_rated_and_restoring_takes_it_back(self, closed: Month) -> None:
        second = second_hr(closed)
        person = Employee.objects.create(nip="199001012025011001", name="Pegawai Baru", kind="PNS", sex="L", birth_date=dt.date(1990, 1, 1))
        post(closed, person, position_id=Posting.objects.known().get(employee=closed.city.staff[0]).position_id)
        done = applied(closed, proposed(closed), second)
        opened = closed.case(person)
        assert (opened.state, opened.belated, opened.takes_late_rating) == ("BELUM_DINILAI", True, True)
        undo = propose_undo(viewer=closed.city.viewer("bkpsdm"), proposal_id=done.pk, reason="SK dibatalkan", now=LATER)
        applied(closed, undo, second)
        assert not Assessment.objects.current().filter(employee=person).exists()

    def test_declare_not_rated_and_restoring_is_a_further_version_with_the_same_digits(self, closed: Month) -> None:
        person, second = closed.city.staff[0], second_hr(closed)
        first = closed.case(person)
        post(closed, person, position_id=closed.city.position("Wali Kota", "PEJABAT_NEGARA").pk)
        done = applied(closed, proposed(closed), second)
        assert (closed.case(person).state, closed.case(person).result_rating) == ("TIDAK_DINILAI", None)
        undo = propose_undo(viewer=closed.city.viewer("bkpsdm"), proposal_id=done.pk, reason="SK keliru", now=LATER)
        applied(closed, undo, second)
        back = closed.case(person)
        assert (back.version, back.state, back.result_rating, back.unit_id) == (3, "TERBIT", 3, first.unit_id)
        digits = ("result_score", "behaviour_score", "result_advice", "behaviour_advice", "predicate", "policy_id")
        assert [getattr(Score.objects.get(pk=back.pk), name) for name in digits] == [
            getattr(Score.objects.get(pk=first.pk), name) for name in digits
        ]
        assert [step.kind for step in steps_to(back)] == ["PENEMPATAN", "PEMULIHAN"]
        assert differences(period="2026-10") == []

    def test_both_stand_in_the_interface_for_who_follows_changes(self, closed: Month) -> None:
        person, second = closed.city.staff[0], second_hr(closed)
        post(closed, person)
        applied(closed, proposed(closed), second)
        states = Assessment.objects.filter(employee=person).order_by("version").values_list("state", flat=True)
        assert list(states) == ["DIGANTI", "TERBIT"]


class TestTwoPeople:
    def test_are_two(self, closed: Month) -> None:
        post(closed, closed.city.staff[0])
        proposal = proposed(closed)
        for viewer in (closed.city.viewer("bkpsdm"), closed.city.viewer("inspektorat"), closed.city.viewer("pengelola")):
            with pytest.raises((NotAllowed, Exception)) as refused:
                approve_proposal(viewer=viewer, proposal_id=proposal.pk, now=LATER)
            assert getattr(refused.value, "status", 0) in {403, 404}

    def test_do_not_decide_of_themselves_and_split_their_case_off(self, closed: Month) -> None:
        own = second_hr(closed, "staf0")
        third = second_hr(closed)
        for person in closed.city.staff[:2]:
            post(closed, person)
        proposal = proposed(closed)
        with pytest.raises(NotAllowed, match="Pisahkan"):
            approve_proposal(viewer=own, proposal_id=proposal.pk, now=LATER)
        apart = split_own_case(viewer=own, proposal_id=proposal.pk, now=LATER)
        assert [item.employee_id for item in apart.items.all()] == [closed.city.staff[0].pk]
        applied(closed, proposal, own)
        assert closed.case(closed.city.staff[0]).version == 1
        with pytest.raises(NotAllowed):
            approve_proposal(viewer=own, proposal_id=apart.pk, now=LATER)
        applied(closed, apart, third)
        assert closed.case(closed.city.staff[0]).version == 2

    def test_approve_what_they_saw_and_nothing_that_changed_since(self, closed: Month) -> None:
        person, second = closed.city.staff[0], second_hr(closed)
        post(closed, person)
        proposal = proposed(closed)
        post(closed, person, "DINKES.YAN", "kadinkes", now=LATER + dt.timedelta(hours=1))
        with pytest.raises(Stale):
            approve_proposal(viewer=second, proposal_id=proposal.pk, now=LATER + dt.timedelta(hours=2))
        revoke_proposal(viewer=second, proposal_id=proposal.pk, now=LATER)
        applied(closed, proposed(closed), second)
        assert closed.case(person).unit_id == closed.city.units["DINKES.YAN"].pk

    def test_do_not_propose_twice_nor_nothing_nor_without_a_reason(self, closed: Month) -> None:
        viewer = closed.city.viewer("bkpsdm")
        with pytest.raises(Unacceptable):
            proposed(closed)
        post(closed, closed.city.staff[0])
        with pytest.raises(Unacceptable, match="alasan"):
            propose_postings(viewer=viewer, choice=Choice(), reason="  ", now=LATER)
        proposed(closed)
        with pytest.raises(Unacceptable, match="sudah diusulkan"):
            proposed(closed)

    def test_leave_out_what_got_another_version_meanwhile(self, closed: Month) -> None:
        person, second = closed.city.staff[0], second_hr(closed)
        post(closed, person)
        proposal = proposed(closed)
        job = approve_proposal(viewer=second, proposal_id=proposal.pk, now=LATER)
        new_version(assessment_id=closed.case(person).pk, changes={"note": "Lain"}, reason="Perbaikan", actor=None, now=LATER)
        work_on(job, now=LATER)
        assert proposal.items.get().note.startswith("Dilewati")
        with pytest.raises(NotNow):
            revoke_proposal(viewer=second, proposal_id=proposal.pk, now=LATER)


def read_slowly(month: Month, person: Employee) -> list[tuple[dt.date, dt.date, int, int | None]]:
    """First day, last day, unit and rater of each unbroken time in one post of October, day by day."""
    days_of_october = (dt.date(2026, 10, 1) + dt.timedelta(days=n) for n in range(31))
    held = [(day, Posting.objects.in_force(on=day).filter(employee=person).first()) for day in days_of_october]
    found = []
    for post_of, days in groupby(held, key=lambda one: (one[1].unit_id, one[1].position_id) if one[1] else None):
        part = list(days)
        last = part[-1][1]
        if post_of is not None and last is not None:
            found.append((part[0][0], part[-1][0], last.unit_id, last.supervisor_id))
    return found


def expected(month: Month, person: Employee) -> set[Kind]:
    """What an obvious reading says of the one case of a month: unit and rater of its last day, and in how many posts it was."""
    case, told = month.case(person), read_slowly(month, person)
    over = Posting.objects.in_force(on=dt.date(2026, 10, 31)).filter(employee=told[-1][3]).first()
    kinds = {Kind.UNIT} if told[-1][2] != case.unit_id else set()
    kinds |= {Kind.RATER} if told[-1][3] != case.assessor_id else set()
    kinds |= {Kind.REVIEWER} if (over.supervisor_id if over else None) != case.reviewer_id else set()
    return kinds | ({Kind.SPLIT} if len(told) > 1 else set())


def test_whatever_is_recorded_late_the_list_agrees_with_a_slow_and_obvious_reading(closed: Month) -> None:
    leaders = {"DPMPTSP.IZIN.YAN": ("penilai", "atasan"), "DPMPTSP.SEK": ("dpmptsp",), "DINKES.YAN": ("kadinkes",)}
    for seed in SEEDS:
        dice = random.Random(seed)
        with transaction.atomic():
            for turn in range(dice.randint(1, 6)):
                unit = dice.choice(sorted(leaders))
                since = dt.date(2026, 9, 20) + dt.timedelta(days=dice.randrange(60))
                until = since + dt.timedelta(days=dice.randint(1, 25)) if dice.random() < 0.5 else None
                post(
                    closed, dice.choice(closed.city.staff[:4]), unit, dice.choice(leaders[unit]), valid_from=since, valid_to=until,
                    now=LATER + dt.timedelta(hours=turn),
                )  # fmt: skip
            found = {row.employee_id: set(row.change.kinds) - {Kind.PLAN} for row in late_rows()}
            wanted = {person.pk: expected(closed, person) for person in closed.city.staff[:4]}
            assert {pk: kinds for pk, kinds in found.items() if kinds} == {pk: kinds for pk, kinds in wanted.items() if kinds}, seed
            transaction.set_rollback(True)
