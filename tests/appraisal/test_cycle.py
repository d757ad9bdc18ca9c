"""A month from opening to publication, and what may happen to it on the way."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange

from appraisal.models import Assessment, RatingExample, Score, ScoredIndicator
from appraisal.queries.explanation import explain
from appraisal.queries.scores import advice_for
from appraisal.rules.derivation import Node
from appraisal.services.cases import ensure_assessments
from appraisal.services.cycles import open_cycle
from appraisal.services.publishing import close_cycle, unfinished_jobs, work_on
from appraisal.services.recompute import differences, recompute
from bukittinggi_kinerja.common.models import Event, Job, Notice
from employees.models import Employee, Posting
from tests.appraisal.month import AFTER_DEADLINE, IN_OCTOBER, OCTOBER, Month, plan_for

D = Decimal


def test_deadlines_count_working_days_after_the_period(month: Month) -> None:
    ends = (month.cycle.progress_due.isoformat(), month.cycle.rating_due.isoformat())
    assert ends == ("2026-11-04T23:59:59.999999+07:00", "2026-11-06T23:59:59.999999+07:00")


def test_everybody_of_the_group_has_one_case_with_or_without_a_plan(month: Month) -> None:
    people = Employee.objects.exclude(kind="NON_ASN").count()
    cases = Assessment.objects.filter(cycle=month.cycle)
    assert (cases.count(), cases.filter(plan=None).count()) == (people, people - 12)
    assert {case.assessor for case in cases.filter(plan__isnull=False)} == {month.city.people["penilai"]}
    assert {case.reviewer for case in cases.filter(plan__isnull=False)} == {month.city.people["atasan"]}


def test_opening_twice_is_the_same_as_once(month: Month) -> None:
    before = list(Assessment.objects.order_by("id").values_list("id", "revision"))
    again = open_cycle(group=month.city.group, period=OCTOBER, now=AFTER_DEADLINE)
    assert (again, ensure_assessments(cycle=again, now=AFTER_DEADLINE)) == (month.cycle, 0)
    assert list(Assessment.objects.order_by("id").values_list("id", "revision")) == before


def test_a_plan_that_arrives_late_is_taken_by_the_case_that_waited(month: Month) -> None:
    person = month.city.people["luar"]
    case = month.case(person)
    RatingExample.objects.create(assessment=case, aspect="AK", text="Rapi", written_at=IN_OCTOBER)
    plan = plan_for(month.city, person)
    assert ensure_assessments(cycle=month.cycle, now=IN_OCTOBER) == 0
    found = month.case(person)
    assert (found.pk, found.plan, found.examples.count()) == (case.pk, plan, 1)


def test_the_unit_of_a_case_is_the_one_of_the_posting_when_the_period_ends(month: Month) -> None:
    person = month.city.staff[4]
    Assessment.objects.filter(cycle=month.cycle, employee=person).delete()
    Posting.objects.filter(employee=person).update(unit=month.city.units["DPMPTSP.SEK"])
    ensure_assessments(cycle=month.cycle, now=IN_OCTOBER)
    assert month.case(person).unit == month.city.units["DPMPTSP.SEK"]


def test_a_case_follows_leave_and_return_until_somebody_marks_it(month: Month) -> None:
    person = month.city.staff[4]
    for status, state in (("CUTI", "TIDAK_DINILAI"), ("AKTIF", "DRAF")):
        Employee.objects.filter(pk=person.pk).update(status=status)
        ensure_assessments(cycle=month.cycle, now=IN_OCTOBER)
        assert month.case(person).state == state
    month.rate(person)
    Employee.objects.filter(pk=person.pk).update(status="CUTI")
    ensure_assessments(cycle=month.cycle, now=IN_OCTOBER)
    assert month.case(person).state == "DINILAI"


def test_a_new_superior_of_the_same_rater_takes_over_the_open_cases(month: Month) -> None:
    Posting.objects.filter(employee=month.city.people["penilai"]).update(supervisor=month.city.people["dpmptsp"])
    ensure_assessments(cycle=month.cycle, now=IN_OCTOBER)
    case = month.case(month.city.staff[4])
    assert (case.assessor, case.reviewer) == (month.city.people["penilai"], month.city.people["dpmptsp"])


def test_a_rating_without_a_plan_has_a_predicate_and_no_score(month: Month) -> None:
    person = month.city.people["pengelola"]
    month.rate(person)
    month.publish()
    score = month.case(person).score_row
    assert (score.predicate, score.result_score) == (4, None)


def test_a_month_with_a_transfer_has_two_cases_each_with_its_own_rater(city, month: Month) -> None:
    mover = month.city.staff[11]
    half = dt.date(2026, 10, 16)
    old = Posting.objects.get(employee=mover)
    Posting.objects.filter(pk=old.pk).update(valid=DateRange(old.valid.lower, half))
    new = Posting.objects.create(
        employee=mover, unit=city.units["DINKES.YAN"], position=old.position, supervisor=city.people["kadinkes"],
        valid=DateRange(half, None), known=old.known,
    )  # fmt: skip
    plan = mover.plans.get()
    plan.valid = DateRange(plan.valid.lower, half)
    plan.save()
    plan_for(city, mover, valid=DateRange(half, dt.date(2027, 1, 1)), posting=new)
    ensure_assessments(cycle=month.cycle, now=IN_OCTOBER)
    cases = Assessment.objects.filter(cycle=month.cycle, employee=mover).order_by("plan__valid")
    assert [case.assessor for case in cases] == [city.people["penilai"], city.people["kadinkes"]]


def test_an_unrated_case_follows_a_new_supervisor_and_a_rated_one_stays(city, month: Month) -> None:
    rated, unrated = city.staff[0], city.staff[1]
    month.rate(rated)
    Posting.objects.filter(employee__in=[rated, unrated]).update(supervisor=city.people["atasan"])
    ensure_assessments(cycle=month.cycle, now=IN_OCTOBER)
    assert month.case(rated).assessor == city.people["penilai"]
    assert month.case(unrated).assessor == city.people["atasan"]
    assert month.case(unrated).reviewer == city.people["dpmptsp"]


def test_publication_freezes_every_step_of_a_score(month: Month) -> None:
    person = month.city.staff[0]
    month.rate(person, marks=(2, 2, 3, 2, 3, 2, None))
    month.publish()
    case = month.case(person)
    steps = {s.indicator.name: s for s in ScoredIndicator.objects.filter(assessment=case).select_related("indicator")}
    assert steps["Berkas selesai"].realisation == D("100.0000")
    assert (steps["Kelengkapan berkas"].realisation, steps["Kelengkapan berkas"].achievement) == (D("93.8333"), D("98.77"))
    assert (steps["Tunggakan"].realisation, steps["Tunggakan"].achievement) == (D("12.0000"), D("80.00"))
    score = case.score_row
    # (50 x 100 + 30 x 98.77 + 20 x 80) / 100, and 14 / 6
    assert (score.result_score, score.behaviour_score) == (D("95.63"), D("2.33"))
    assert (score.result_advice, score.behaviour_advice, score.predicate) == (2, 2, 4)
    assert (case.state, case.published_at, month.cycle.state) == ("TERBIT", AFTER_DEADLINE, "TERBIT")


def test_who_was_not_rated_is_not_zero(month: Month) -> None:
    month.publish()
    case = month.case(month.city.staff[2])
    assert (case.state, case.published_at, case.score_row.predicate) == ("BELUM_DINILAI", None, None)
    assert case.score_row.result_score == D("95.63")


def test_missing_progress_leaves_with_its_weight_and_none_at_all_gives_no_score(month: Month) -> None:
    month.publish()
    assert month.case(month.city.staff[5]).score_row.result_score is None


def test_closing_twice_starts_one_job_and_scores_once(month: Month) -> None:
    month.rate(month.city.staff[0])
    month.publish()
    scores = list(Score.objects.order_by("pk").values())
    assert close_cycle(cycle=month.cycle, now=AFTER_DEADLINE) is None
    assert work_on(Job.objects.get(kind="appraisal.score"), now=AFTER_DEADLINE) is None
    assert Event.objects.filter(action="appraisal.cycle.moved").count() == 3
    assert (list(unfinished_jobs()), list(Score.objects.order_by("pk").values())) == ([], scores)


def test_the_owner_of_a_published_result_is_told_once_and_without_a_score(month: Month) -> None:
    month.rate(month.city.staff[0])
    month.publish()
    notice = Notice.objects.get(kind="assessment_published")
    assert (notice.recipient, notice.data) == (month.city.users["pegawai"].pk, {"period": "2026-10"})


def test_open_cases_are_advised_by_the_same_rule_as_closed_ones(month: Month) -> None:
    person = month.city.staff[0]
    case = month.rate(person, marks=(2, 2, 3, 2, 3, 2, None))
    live = advice_for([case.pk], policy=month.cycle.policy)[case.pk]
    month.publish()
    stored = month.case(person).score_row
    assert (live.result_score, live.behaviour_score) == (stored.result_score, stored.behaviour_score)
    assert (live.result, live.behaviour) == (stored.result_advice, stored.behaviour_advice)


def flat(node: Node) -> list[Node]:
    return [node, *(below for child in node.children for below in flat(child))]


def test_the_tree_of_an_open_case_has_the_figures_of_the_published_one(month: Month) -> None:
    person = month.city.staff[0]
    month.rate(person)
    before = explain(month.case(person))
    month.publish()
    after = explain(month.case(person))
    assert (before.value, after.value) == (None, "BAIK")
    assert [(n.label, n.value, n.weight) for n in flat(before)[1:]] == [(n.label, n.value, n.weight) for n in flat(after)[1:]]


def test_an_explanation_needs_the_same_few_queries_for_any_number_of_entries(month: Month, django_assert_max_num_queries) -> None:
    month.publish()
    case = Assessment.objects.select_related("cycle__policy", "score_row").get(pk=month.case(month.city.staff[0]).pk)
    with django_assert_max_num_queries(6):
        explain(case)


def tamper(table: str, change: str, *params: object) -> None:
    """Change a frozen row as somebody with the owner's rights could."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(f"UPDATE {table} SET {change}", params)
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def test_recompute_finds_nothing_in_an_honest_month(month: Month) -> None:
    month.rate(month.city.staff[0], result=3, behaviour=1)
    month.publish()
    assert differences(period="2026-10") == []
    versions = Assessment.objects.count()
    recompute(period="2026-10", now=AFTER_DEADLINE)
    assert Assessment.objects.count() == versions


@pytest.mark.parametrize(
    ("table", "change", "field"),
    [
        ("appraisal_score", "result_score = 99.99 WHERE assessment_id = %s", "result_score"),
        ("appraisal_score", "predicate = 5 WHERE assessment_id = %s", "predicate"),
        ("appraisal_scoredindicator", "achievement = 100.01 WHERE assessment_id = %s AND weight = 20", "achievement"),
        ("appraisal_scoredindicator", "realisation = NULL WHERE assessment_id = %s AND weight = 20", "achievement"),
    ],
)
def test_a_changed_digit_is_found_and_becomes_a_new_version(month: Month, table: str, change: str, field: str) -> None:
    person = month.city.staff[0]
    month.rate(person)
    month.publish()
    old = month.case(person)
    tamper(table, change, old.pk)
    assert field in {d.field for d in differences(period="2026-10") if d.assessment == old.pk}
    recompute(period="2026-10", now=AFTER_DEADLINE)
    new = month.case(person)
    old.refresh_from_db()
    assert (new.version, new.replaces, old.state, old.is_current) == (2, old, "DIGANTI", False)
    assert {d.assessment for d in differences(period="2026-10")} <= {old.pk}


@pytest.mark.parametrize(("column", "true"), [("result_rating", 2), ("mark_ak", 2)])
def test_a_mark_changed_behind_the_back_of_the_score_is_found_and_put_right(month: Month, column: str, true: int) -> None:
    person = month.city.staff[0]
    month.rate(person)
    month.publish()
    old = month.case(person)
    Assessment.objects.filter(pk=old.pk).update(**{column: 3})
    assert [d.field for d in differences(period="2026-10")] == [column]
    recompute(period="2026-10", now=AFTER_DEADLINE)
    assert (getattr(month.case(person), column), month.case(person).version) == (true, 2)
    assert differences(period="2026-10") == []


def test_the_tree_of_a_published_result_shows_the_marks_that_entered_it(month: Month) -> None:
    person = month.city.staff[0]
    month.rate(person)
    month.publish()
    before = explain(month.case(person))
    Assessment.objects.filter(employee=person).update(result_rating=3, mark_ak=1)
    assert explain(month.case(person)) == before
