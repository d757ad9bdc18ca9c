"""A case that closed without a rating: no predicate for anybody, and trees whose parts agree with their sums."""

from __future__ import annotations

import pytest

from appraisal.models import Assessment, Score
from appraisal.policies import get_assessment, sees_marks, sight_of
from appraisal.queries.explanation import explain
from appraisal.queries.team import ratee_of
from appraisal.rules.derivation import Node
from appraisal.services.recompute import differences, recompute
from bukittinggi_kinerja.home.reading import published_months
from tests.appraisal.month import AFTER_DEADLINE, Month
from tests.appraisal.test_cycle import tamper

DAY = AFTER_DEADLINE.date()
EVERYBODY = ("pegawai", "penilai", "atasan", "dpmptsp", "pengelola", "bkpsdm", "inspektorat")


@pytest.fixture
def half_rated(month: Month) -> Month:
    """Both ratings stood as a draft when the month closed; nobody had declared them finished."""
    case = month.case(month.city.people["pegawai"])
    Assessment.objects.filter(pk=case.pk).update(result_rating=2, behaviour_rating=2, mark_ak=2, rated_by=month.city.people["penilai"])
    month.publish()
    return month


def flat(node: Node) -> list[Node]:
    return [node, *(below for child in node.children for below in flat(child))]


def test_ratings_that_nobody_finished_make_no_predicate(half_rated: Month) -> None:
    case = half_rated.case(half_rated.city.people["pegawai"])
    assert (case.state, case.result_rating, case.score_row.predicate) == ("BELUM_DINILAI", 2, None)
    assert not Score.objects.filter(assessment__state="BELUM_DINILAI", predicate__isnull=False).exists()
    assert ratee_of(case).predicate is None


@pytest.mark.parametrize("who", EVERYBODY)
def test_an_unrated_case_shows_no_mark_to_anybody(half_rated: Month, who: str) -> None:
    viewer = half_rated.city.viewer(who, on=DAY)
    case = get_assessment(viewer, half_rated.case(half_rated.city.people["pegawai"]).pk)
    assert sees_marks(viewer, case) is False
    told = {node.kind: node.value for node in flat(explain(case, sight_of(viewer, case)))}
    hidden = ("predicate", "result_rating", "behaviour_rating", "advice", "result_score", "behaviour_score", "behaviour_mark")
    assert [told[kind] for kind in hidden] == [None] * len(hidden)


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize("state", ["open", "closed", "published"])
def test_whoever_does_not_see_a_sum_does_not_see_its_parts_either(month: Month, who: str, state: str) -> None:
    person = month.city.people["pegawai"]
    if state == "published":
        month.rate(person)
    if state != "open":
        month.publish()
    viewer = month.city.viewer(who, on=DAY)
    case = get_assessment(viewer, month.case(person).pk)
    for node in flat(explain(case, sight_of(viewer, case))):
        if node.operation in {"weighted_mean", "mean", "sum", "round", "cap"} and node.children:
            assert (node.value is None) == all(child.value is None for child in node.children), node.kind
    if state == "published":
        assert explain(case, sight_of(viewer, case)).value == "BAIK"


def test_what_one_may_check_before_publication_stays_visible(half_rated: Month) -> None:
    owner = half_rated.city.viewer("pegawai", on=DAY)
    case = get_assessment(owner, half_rated.case(half_rated.city.people["pegawai"]).pk)
    facts = {node.kind for node in flat(explain(case, sight_of(owner, case))) if node.value is not None}
    assert facts == {"target", "realisation", "entry"}
    page = half_rated.city.client("pegawai").get(f"/kinerja/nilai/{case.pk}/").content.decode()
    assert "Ini bukan nilai nol" in page
    assert "Tidak dihitung" not in page
    assert "data-p=" not in page


def test_a_predicate_stored_for_an_unrated_case_is_found_by_recomputing(half_rated: Month) -> None:
    """Rows of an earlier reading of the rule: named by the check, put right by a new version, still unrated."""
    case = half_rated.case(half_rated.city.people["pegawai"])
    assert differences(period="2026-10") == []
    tamper("appraisal_score", "predicate = 4 WHERE assessment_id = %s", case.pk)
    assert [(d.field, d.stored, d.again) for d in differences(period="2026-10")] == [("predicate", 4, None)]
    assert {4} & set(published_months(on=DAY)[0].counts) == set()
    recompute(period="2026-10", now=AFTER_DEADLINE)
    again = half_rated.case(half_rated.city.people["pegawai"])
    assert (again.version, again.state, again.score_row.predicate) == (2, "BELUM_DINILAI", None)
    assert differences(period="2026-10") == []
