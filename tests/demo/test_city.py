"""The small demo city in the database: who is there, and how its months went."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path

import pytest
from django.db.models import Count, F

from appraisal.incentives.models import EventConflict, ServiceCase
from appraisal.models import Assessment, Cycle, Evidence, Feedback, PerformancePlan, ProgressEntry, RatingExample, Score, WorkResult
from appraisal.queries.inputs import with_sealed_evidence
from appraisal.rules.lifecycle import AssessmentState, CycleState
from appraisal.rules.requirements import missing_for_finish
from appraisal.services.recompute import differences
from bukittinggi_kinerja.common.period import start_of_day
from bukittinggi_kinerja.demo.loading import Wish
from employees.models import ActingAppointment, Employee, Posting, User
from employees.queries import supervisor_on, viewer_of
from tests.demo.conftest import TODAY
from tests.demo.test_tree import LOGINS

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small_city")]
CLOSED = ["2026-03", "2026-04", "2026-05"]


def user(name: str) -> User:
    return User.objects.select_related("employee").get(username=name)


def test_nine_people_can_sign_in_and_nobody_else(small_city: Wish) -> None:
    able = {account.username for account in User.objects.all() if account.has_usable_password()}
    assert able == LOGINS
    assert all(user(name).check_password(small_city.password) for name in LOGINS)
    assert User.objects.count() == Employee.objects.count() == small_city.employees
    assert not User.objects.filter(is_superuser=True).exists()
    assert list(User.objects.filter(is_staff=True).values_list("username", "groups__name")) == [("bkpsdm", "BKPSDM")]


def test_the_logins_have_the_rights_of_their_roles() -> None:
    viewers = {name: viewer_of(user(name), on=TODAY) for name in LOGINS}
    assert len(viewers["penilai"].rates) == 12
    assert user("pegawai").employee_id in viewers["penilai"].rates
    assert user("penilai").employee_id in viewers["atasan"].rates
    assert user("atasan").employee_id in viewers["dpmptsp"].rates
    assert {name for name, viewer in viewers.items() if viewer.sees_all_people} == {"bkpsdm", "inspektorat"}
    assert {name for name, viewer in viewers.items() if viewer.sees_all_aggregates} == {"bkpsdm", "inspektorat", "pimpinan"}
    assert viewers["pengelola"].unit_paths == ("BKT/DPMPTSP/",)
    assert not viewers["luar"].rates
    assert not Employee.objects.visible_to(viewers["dpmptsp"]).filter(user__username="luar").exists()


def test_closed_months_are_published_and_one_month_runs() -> None:
    states = set(Cycle.objects.values_list("period", "state"))
    assert states == {*((key, CycleState.PUBLISHED.value) for key in CLOSED), ("2026-06", CycleState.RUNNING.value)}
    published = Assessment.objects.current().filter(cycle__period__in=CLOSED, state=AssessmentState.PUBLISHED)
    assert published.count() > 0.9 * 3 * 118
    assert not Assessment.objects.filter(cycle__period="2026-06").exclude(result_rating=None).exists()


def test_every_finished_rating_carries_what_an_official_must_give() -> None:
    cases = Assessment.objects.filter(cycle__period__in=CLOSED, state=AssessmentState.PUBLISHED, version=1)
    sealed = with_sealed_evidence(cases.values_list("id", flat=True))
    assert cases.count() > 0.9 * 3 * 118
    assert RatingExample.objects.filter(assessment__in=cases).exists()
    for case in cases.select_related("score_row").prefetch_related("examples"):
        score = case.score_row
        assert not missing_for_finish(
            ratings={"HASIL": case.result_rating, "PERILAKU": case.behaviour_rating},
            marks={value.value: mark for value, mark in case.marks.items()},
            examples={example.aspect for example in case.examples.all()},
            advised={"HASIL": score.result_advice, "PERILAKU": score.behaviour_advice},
            reasons={"HASIL": case.result_reason, "PERILAKU": case.behaviour_reason},
            examples_required=True,
            sealed_evidence=case.pk in sealed,
        )


def test_predicates_spread_as_in_a_real_city() -> None:
    found = Counter(Score.objects.filter(predicate__isnull=False).values_list("predicate", flat=True))
    total = sum(found.values())
    assert 0.75 < found[4] / total < 0.95
    assert 0.02 < found[5] / total < 0.2
    assert 0 < (found[1] + found[2] + found[3]) / total < 0.12


def test_some_are_not_rated_some_are_away_and_some_departures_from_the_advice_are_explained() -> None:
    states = Counter(Assessment.objects.filter(cycle__period__in=CLOSED).values_list("state", flat=True))
    assert states[AssessmentState.NOT_RATED] + states[AssessmentState.SUPERSEDED] >= 3
    assert Assessment.objects.filter(state=AssessmentState.EXEMPT).exclude(state_reason="").exists()
    assert Assessment.objects.exclude(result_reason="").exists()
    assert Assessment.objects.exclude(behaviour_reason="").exists()
    assert Score.objects.filter(assessment__state=AssessmentState.NOT_RATED, predicate__isnull=False).count() == 0


def test_a_transfer_gives_two_plans_and_the_old_superior_stays_who_he_was() -> None:
    moved = Posting.objects.known().values("employee").annotate(posts=Count("id")).filter(posts__gt=1).values_list("employee", flat=True)
    assert moved
    for person in moved:
        before, after = Posting.objects.known().filter(employee=person).order_by("valid")
        assert PerformancePlan.objects.filter(employee=person).count() >= 2
        assert supervisor_on(person, on=before.valid.upper - dt.timedelta(days=1)) == before.supervisor_id
        assert supervisor_on(person, on=after.valid.lower) == after.supervisor_id
        # Before the decree was known, the old superior was the one of the new day as well.
        early = start_of_day(before.valid.lower + dt.timedelta(days=1))
        assert supervisor_on(person, on=after.valid.lower, known_at=early) == before.supervisor_id


def test_a_substitute_rates_while_the_superior_is_away() -> None:
    assert ActingAppointment.objects.exists()
    principals = ActingAppointment.objects.values("principal")
    assert Assessment.objects.filter(assessor__in=principals).exclude(rated_by=F("assessor")).exclude(rated_by=None).exists()


def test_results_hang_on_those_of_the_superior() -> None:
    loose = WorkResult.objects.filter(kind="UTAMA", parent=None).exclude(plan__assessor__kind="NON_ASN").exclude(plan__assessor=None)
    assert not loose.exists()
    assert WorkResult.objects.filter(kind="UTAMA", parent__isnull=False).count() > 100
    wrong = WorkResult.objects.filter(parent__isnull=False).exclude(parent__plan__employee=F("plan__assessor"))
    assert not wrong.exists()


def test_figures_of_the_permit_team_come_out_of_its_files() -> None:
    measured = ProgressEntry.objects.current().filter(source="TERUKUR", target__period__in=CLOSED)
    assert measured.count() > 3 * 12
    assert set(measured.values_list("target__indicator__plan__assessor__user__username", flat=True)) == {"penilai"}
    assert not measured.filter(sources=[]).exists()
    states = Counter(ServiceCase.objects.values_list("state", flat=True))
    assert states["TERBIT"] > 100
    assert {"DITOLAK", "DITARIK", "DIPROSES"} <= set(states)
    assert ServiceCase.objects.filter(responsible=None).exists()
    assert EventConflict.objects.count() == 1


def test_evidence_lies_where_it_is_said_to_lie(demo_media: Path) -> None:
    files = set(Evidence.objects.filter(kind="BERKAS").values_list("file", flat=True))
    assert files
    assert Evidence.objects.filter(kind="TAUTAN").exists()
    assert all((demo_media / name).read_bytes().startswith(b"%PDF-") for name in files)


def test_nothing_happened_in_the_future_and_examples_follow_their_feedback() -> None:
    now = start_of_day(TODAY)
    assert ProgressEntry.objects.exists()
    assert Feedback.objects.exists()
    assert not ProgressEntry.objects.filter(entered_at__gt=now).exists()
    assert not Assessment.objects.filter(rated_at__gt=now).exists()
    assert not Feedback.objects.filter(created_at__gt=now).exists()
    picked = RatingExample.objects.filter(feedback__isnull=False)
    assert picked.exists()
    assert not picked.filter(feedback__created_at__gte=F("written_at")).exists()
    assert not picked.exclude(feedback__employee=F("assessment__employee")).exists()


@pytest.mark.parametrize("period", CLOSED)
def test_stored_figures_are_those_of_their_stored_inputs(period: str) -> None:
    assert Score.objects.filter(assessment__cycle__period=period).count() > 90
    assert differences(period=period) == []
