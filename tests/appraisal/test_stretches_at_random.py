"""Whatever is posted, corrected and taken back: the cases of an open month agree with a slow and obvious reading."""

from __future__ import annotations

import datetime as dt
import random
from itertools import groupby

import pytest
from django.db import transaction
from django.utils import timezone

from appraisal.models import Assessment
from appraisal.services.cases import ensure_assessments
from employees.models import Employee, Posting
from employees.services.postings import post_employee
from tests.appraisal.month import IN_OCTOBER, Month

DAYS = [dt.date(2026, 10, 1) + dt.timedelta(days=n) for n in range(31)]
POSTS = [("Pengelola Perizinan", "PELAKSANA"), ("Analis Perizinan", "FUNGSIONAL")]
#: 101: a plan whose case was replaced reaches a case that waits.
SEEDS = (*range(12), 101)
LEADERS = {"DPMPTSP.IZIN.YAN": ("penilai", "atasan"), "DPMPTSP.SEK": ("dpmptsp",), "DINKES.YAN": ("kadinkes",)}


def post_at_random(month: Month, person: Employee, dice: random.Random) -> None:
    unit = dice.choice(sorted(LEADERS))
    since = dt.date(2026, 9, 20) + dt.timedelta(days=dice.randrange(45))
    until = since + dt.timedelta(days=dice.randint(1, 20)) if dice.random() < 0.5 else None
    title, kind = dice.choice(POSTS)
    post_employee(
        employee_id=person.pk, unit_id=month.city.units[unit].pk, position_id=month.city.position(title, kind).pk,
        supervisor_id=month.city.people[dice.choice(LEADERS[unit])].pk, heads_unit=False, valid_from=since, valid_to=until,
        decided_on=None, decree="", reason="Mutasi", actor=None, now=timezone.now(),
    )  # fmt: skip


def read_slowly(person: Employee) -> list[tuple[dt.date, dt.date, int, int | None]]:
    """First day, last day, unit and rater of each unbroken time in one post, day by day."""
    held = []
    for day in DAYS:
        posting = Posting.objects.in_force(on=day).filter(employee=person).first()
        held.append((day, posting))
    found = []
    for post, days in groupby(held, key=lambda one: (one[1].unit_id, one[1].position_id) if one[1] else None):
        part = list(days)
        last_day, last = part[-1]
        if post is not None and last is not None:
            found.append((part[0][0], last_day, last.unit_id, last.supervisor_id))
    return found


def told(month: Month, person: Employee) -> list[tuple[dt.date, dt.date, int, int | None]]:
    cases = Assessment.objects.current().filter(cycle=month.cycle, employee=person).order_by("stretch_start")
    return [(case.stretch_start, case.stretch_end - dt.timedelta(days=1), case.unit_id, case.assessor_id) for case in cases]


@pytest.mark.parametrize("who", ["with a plan", "without one"])
def test_the_cases_of_a_month_are_the_times_in_each_post(month: Month, who: str) -> None:
    person = month.city.staff[4] if who == "with a plan" else month.city.people["luar"]
    for title, kind in POSTS:
        month.city.position(title, kind)  # before anything is taken back
    for seed in SEEDS:
        dice = random.Random(seed)
        with transaction.atomic():
            for _turn in range(dice.randint(1, 5)):
                post_at_random(month, person, dice)
                ensure_assessments(cycle=month.cycle, now=IN_OCTOBER)
                assert told(month, person) == read_slowly(person), f"seed {seed}"
                assert ensure_assessments(cycle=month.cycle, now=IN_OCTOBER) == 0, f"seed {seed}"
                assert told(month, person) == read_slowly(person), f"seed {seed}"
            transaction.set_rollback(True)
