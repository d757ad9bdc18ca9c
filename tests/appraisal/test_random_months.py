"""A month in the life of one official: posted, marked, finished, on leave, planned anew - at random, held to what must be true."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from appraisal.models import Assessment, Score
from appraisal.services.assessment_form import ExampleText, RatingSheet
from appraisal.services.cases import JUDGEMENT, ensure_assessments
from appraisal.services.late_rating import correct_result, rate_late
from appraisal.services.rating import set_example, set_marks, set_note
from appraisal.services.recompute import differences
from bukittinggi_kinerja.common.errors import Refusal
from bukittinggi_kinerja.common.models import Event
from employees.models import Employee, Posting
from employees.rules.viewing import Viewer
from employees.services.postings import post_employee
from tests.appraisal.month import AFTER_DEADLINE, IN_OCTOBER, IN_WINDOW, Month, plan_for
from tests.appraisal.test_stretches_at_random import DAYS, LEADERS, POSTS

END = dt.date(2026, 11, 1)
LATER = AFTER_DEADLINE + dt.timedelta(days=1)
LEFT_ALONE = ("state", "stretch_start", "stretch_end", "assessor_id", "unit_id", "plan_id", "is_current", "version", *JUDGEMENT)


@dataclass
class Life:
    month: Month
    who: Employee
    dice: random.Random
    log: list[str] = field(default_factory=list)

    def cases(self) -> list[Assessment]:
        return list(Assessment.objects.current().filter(cycle=self.month.cycle, employee=self.who).order_by("stretch_start"))

    def live(self, *acts: str) -> None:
        act = self.dice.choice(acts)
        self.log.append(act)
        getattr(self, act)()

    def post(self) -> None:
        unit = self.dice.choice(sorted(LEADERS))
        since = dt.date(2026, 9, 20) + dt.timedelta(days=self.dice.randrange(45))
        until = since + dt.timedelta(days=self.dice.randint(1, 20)) if self.dice.random() < 0.5 else None
        leader, (title, kind) = self.dice.choice([*LEADERS[unit], None]), self.dice.choice(POSTS)
        self.log[-1] += f" {unit} {kind} {since}..{until} {leader}"
        post_employee(
            employee_id=self.who.pk, unit_id=self.month.city.units[unit].pk, position_id=self.month.city.position(title, kind).pk,
            supervisor_id=self.month.city.people[leader].pk if leader else None, heads_unit=False, valid_from=since, valid_to=until,
            decided_on=None, decree="", reason="Mutasi", actor=None, now=timezone.now(),
        )  # fmt: skip

    def mark(self) -> None:
        """By the rater, or by who stands in for him."""
        found = [case for case in self.cases() if case.assessor_id]
        if not found:
            return
        case = self.dice.choice(found)
        viewer = rater_of(self.month, case)
        if self.dice.random() < 0.3:
            stands_in = self.month.city.viewer("bkpsdm", on=IN_WINDOW.date())
            viewer = replace(stands_in, principals=frozenset({*stands_in.principals, case.assessor_id or 0}))
        marks = {"ak": self.dice.choice([1, 2, 3]), "result": 2, "behaviour": 2}
        set_marks(viewer=viewer, assessment_id=case.pk, changes=marks, revision=None, now=IN_WINDOW)
        set_note(viewer=viewer, assessment_id=case.pk, note=f"oleh {case.assessor_id}", now=IN_WINDOW)
        set_example(viewer=viewer, assessment_id=case.pk, aspect="AK", text="Rapi", feedback_id=None, now=IN_WINDOW)

    def finish(self) -> None:
        found = [case for case in self.cases() if case.state == "DRAF" and case.assessor_id]
        if found:
            case = self.dice.choice(found)
            rated = {"result_rating": 2, "behaviour_rating": 2, "rated_by": case.assessor_id, "rated_at": IN_WINDOW}
            Assessment.objects.filter(pk=case.pk).update(state="DINILAI", **rated)

    def reopen(self) -> None:
        Assessment.objects.filter(pk__in=[case.pk for case in self.cases() if case.state == "DINILAI"][:1]).update(state="DRAF")

    def leave(self) -> None:
        Employee.objects.filter(pk=self.who.pk).update(status=self.dice.choice(["CUTI", "AKTIF", "AKTIF", "TUGAS_BELAJAR"]))

    def plan(self) -> None:
        """Agreed for a posting, from its day on; an earlier plan ends there."""
        held = Posting.objects.overlapping(DAYS[0], END).filter(employee=self.who).order_by("pk")
        posting = self.dice.choice(list(held))
        start, end = max(posting.valid.lower, dt.date(2026, 1, 1)), min(posting.valid.upper or dt.date.max, dt.date(2027, 1, 1))
        others = list(self.who.plans.filter(valid__overlap=(start, end)))
        if any(other.valid.lower >= start for other in others):
            return
        for other in others:
            other.valid, other.state = (other.valid.lower, start), "DITUTUP"
            other.save()
        plan_for(self.month.city, self.who, posting=posting, valid=(start, end))


def rater_of(month: Month, case: Assessment, *, now: dt.datetime = IN_WINDOW) -> Viewer:
    [name] = [key for key, person in month.city.people.items() if person.pk == case.assessor_id]
    return month.city.viewer(name, on=now.date())


def finished_rows(life: Life) -> list[dict[str, Any]]:
    ids = [case.pk for case in life.cases() if case.state == "DINILAI"]
    return list(Assessment.objects.filter(pk__in=ids).order_by("pk").values("pk", *LEFT_ALONE))


def check_days(life: Life) -> None:
    cases = life.cases()
    assert all(a.stretch_end <= b.stretch_start for a, b in pairwise(cases)), life.log
    for day in DAYS:
        posting = Posting.objects.in_force(on=day).filter(employee=life.who, position__group=life.month.cycle.group).first()
        there = [case for case in cases if case.stretch_start <= day < case.stretch_end]
        assert there or posting is None, (day, life.log)


def check_cases(life: Life) -> None:
    plans = Counter(case.plan_id for case in life.cases() if case.plan_id)
    assert all(count == 1 for count in plans.values()), life.log
    for case in life.cases():
        if case.state != "DRAF":
            continue
        last = Posting.objects.in_force(on=case.stretch_end - dt.timedelta(days=1)).get(employee=life.who)
        assert (case.assessor_id, case.unit_id) == (last.supervisor_id, last.unit_id), life.log
        assert case.assessor_id is None or case.note in {"", f"oleh {case.assessor_id}"}, life.log


def everything() -> tuple[list[dict[str, Any]], int]:
    return list(Assessment.objects.order_by("id").values()), Event.objects.count()


def try_out(life: Life, *acts: str) -> bool:
    """One act and one look; what is refused leaves nothing."""
    try:
        with transaction.atomic():
            life.live(*acts)
            before = finished_rows(life)
            ensure_assessments(cycle=life.month.cycle, now=IN_OCTOBER)
    except Refusal:
        return False
    assert finished_rows(life) == before, life.log
    return True


def person(month: Month, *, planned: bool) -> Employee:
    for title, kind in POSTS:
        month.city.position(title, kind)
    return month.city.staff[4] if planned else month.city.people["luar"]


@pytest.mark.parametrize("planned", [True, False])
def test_whatever_happens_in_a_month_its_cases_stand_side_by_side(month: Month, planned: bool) -> None:
    who = person(month, planned=planned)
    for seed in range(8):
        life = Life(month, who, random.Random(seed), [f"seed {seed}"])
        with transaction.atomic():
            for _turn in range(6):
                if try_out(life, "post", "mark", "finish", "reopen", "leave", "plan"):
                    check_days(life)
                    check_cases(life)
                    before = everything()
                    assert ensure_assessments(cycle=month.cycle, now=IN_OCTOBER) == 0
                    assert everything() == before, life.log
            transaction.set_rollback(True)


@pytest.mark.parametrize("planned", [True, False])
def test_a_random_month_closes_and_takes_late_ratings_and_corrections(month: Month, planned: bool) -> None:
    who = person(month, planned=planned)
    for seed in range(8):
        life = Life(month, who, random.Random(seed), [f"seed {seed}"])
        with transaction.atomic():
            for _turn in range(5):
                try_out(life, "post", "mark", "finish", "plan")
            states = {case.pk: case.state for case in life.cases()}
            month.publish()
            closed = {"DRAF": "BELUM_DINILAI", "DINILAI": "TERBIT"}
            assert {case.pk: case.state for case in life.cases()} == {pk: closed.get(state, state) for pk, state in states.items()}
            check_nothing_follows(life)
            for case in life.cases():
                rate_and_correct(month, case)
            assert differences(period="2026-10") == []
            transaction.set_rollback(True)
        month.cycle.refresh_from_db()


def check_nothing_follows(life: Life) -> None:
    before, scores = list(Assessment.objects.order_by("id").values()), Score.objects.count()
    assert not try_out(life, "post") or ensure_assessments(cycle=life.month.cycle, now=LATER) == 0
    Employee.objects.filter(pk=life.who.pk).update(status="CUTI")
    assert ensure_assessments(cycle=life.month.cycle, now=LATER) == 0
    assert (list(Assessment.objects.order_by("id").values()), Score.objects.count()) == (before, scores), life.log


def rate_and_correct(month: Month, case: Assessment) -> None:
    if case.assessor_id is None:
        return
    viewer, found = rater_of(month, case, now=LATER), case
    if case.state == "BELUM_DINILAI":
        sheet = RatingSheet({"result": 1, "behaviour": 2}, {"HASIL": ExampleText("Terlambat")}, {"result": "Berkas hilang"}, None)
        found = rate_late(viewer=viewer, assessment_id=case.pk, sheet=sheet, reason="Sakit", now=LATER)
    sheet = RatingSheet({"ak": 3 if found.mark_ak == 1 else 1}, {"AK": ExampleText("Lain kali")}, {"result": "Berkas hilang"}, None)
    again = correct_result(viewer=viewer, assessment_id=found.pk, sheet=sheet, reason="Keliru", now=LATER + dt.timedelta(hours=1))
    assert (again.stretch_start, again.stretch_end, again.plan_id) == (case.stretch_start, case.stretch_end, case.plan_id)
