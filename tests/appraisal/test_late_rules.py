"""A rule that is adopted late: what it would change, what stays, and the worked figures of docs/rules/perubahan-surut.md."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from appraisal.models import AppraisalPolicy, Assessment, Score
from appraisal.models.policy import governing
from appraisal.queries.explanation import explain
from appraisal.queries.rule_changes import rule_rows
from appraisal.queries.versions import steps_to
from appraisal.services.assessment_form import ExampleText, RatingSheet
from appraisal.services.late_rating import correct_result
from appraisal.services.policy_versions import adopt_version, draft_version
from appraisal.services.publishing import work_on
from appraisal.services.recomputation import Choice, approve_proposal, propose_rule, propose_undo
from appraisal.services.recompute import differences
from bukittinggi_kinerja.common.errors import Unacceptable
from bukittinggi_kinerja.common.models import Event
from bukittinggi_kinerja.common.seal import seal_new

from .month import Month
from .test_late_changes import LATER, second_hr

SINCE = dt.date(2026, 10, 1)


def late_rule(month: Month, *, start: dt.date = SINCE, year_rule: str = "", **numbers: Any) -> AppraisalPolicy:
    actor = month.city.users["bkpsdm"].pk
    source = AppraisalPolicy.objects.adopted().get()
    draft = draft_version(actor=actor, source_id=source.pk, code="aturan-surut", reason="Putusan", now=LATER)
    AppraisalPolicy.objects.filter(pk=draft.pk).update(**numbers)
    return adopt_version(
        actor=actor, policy_id=draft.pk, start=start, decree_number="188/45/2026", decided_on=dt.date(2026, 11, 18), reason="Putusan",
        now=LATER, year_rule=year_rule,
    )  # fmt: skip


@pytest.fixture
def closed(month: Month) -> Month:
    """October is published; the first three have H 95.63 by the rule of its first day, P 2.14."""
    for person in month.city.staff[:3]:
        month.rate(person, result=2, marks=(2, 3, 2, 2, 2, 2, 2))
    month.publish()
    return month


class TestAdopting:
    def test_a_start_in_the_past_needs_the_decree_its_day_and_a_reason(self, closed: Month) -> None:
        actor = closed.city.users["bkpsdm"].pk
        draft = draft_version(actor=actor, source_id=AppraisalPolicy.objects.get().pk, code="surut", reason="Putusan", now=LATER)
        good = {"decree_number": "188/45/2026", "decided_on": LATER.date(), "reason": "Putusan"}
        for wrong, named in (({"decree_number": " "}, "start"), ({"decided_on": None}, "decided_on"), ({"reason": ""}, "reason")):
            with pytest.raises(Unacceptable) as refusal:
                adopt_version(actor=actor, policy_id=draft.pk, start=SINCE, now=LATER, **(good | wrong))
            assert named in refusal.value.errors
        adopted = adopt_version(actor=actor, policy_id=draft.pk, start=SINCE, now=LATER, **good)
        assert Event.objects.get(action="appraisal.policy.adopted").new["year_rule"] == adopted.year_rule == "PERIODE"

    def test_published_periods_keep_their_version(self, closed: Month) -> None:
        before = list(Score.objects.order_by("pk").values())
        rule = late_rule(closed, achievement_cap=Decimal("100"))
        closed.cycle.refresh_from_db()
        assert closed.cycle.policy_id != rule.pk
        assert list(Score.objects.order_by("pk").values()) == before
        assert differences(period="2026-10") == []

    def test_the_version_says_which_rule_governs_the_year_in_which_it_changed(self, closed: Month) -> None:
        old = AppraisalPolicy.objects.get()
        rule = late_rule(closed, year_rule="LAMA")
        assert governing(dt.date(2026, 9, 1)) == old
        assert governing(dt.date(2026, 11, 1)) == old
        assert governing(dt.date(2027, 1, 1)) == rule
        assert rule_rows() == []


class TestTheDifference:
    def test_is_told_to_the_last_digit_and_writes_nothing(self, closed: Month) -> None:
        late_rule(closed, result_meets=Decimal("96.00"), behaviour_above=Decimal("2.10"))
        events, scores = Event.objects.count(), Score.objects.count()
        rows = rule_rows()
        assert len(rows) == 3
        assert {(row.before.result_score, row.after.result_score) for row in rows} == {(Decimal("95.63"), Decimal("95.63"))}
        assert {(row.before.result_advice, row.after.result_advice) for row in rows} == {(2, 1)}
        assert {(row.before.behaviour_advice, row.after.behaviour_advice) for row in rows} == {(2, 3)}
        assert {(row.before.predicate, row.after.predicate) for row in rows} == {(4, 3)}
        assert all(row.departs for row in rows)
        assert (Event.objects.count(), Score.objects.count()) == (events, scores)

    def test_of_another_cap_follows_the_worked_table(self, closed: Month) -> None:
        late_rule(closed, achievement_cap=Decimal("90.00"))
        assert {(row.before.result_score, row.after.result_score) for row in rule_rows()} == {(Decimal("95.63"), Decimal("88.00"))}

    def test_is_empty_where_a_number_that_scores_nothing_changed(self, closed: Month) -> None:
        late_rule(closed, evidence_max_bytes=1)
        assert rule_rows() == []

    def test_takes_as_many_queries_for_many_people_as_for_few(self, closed: Month) -> None:
        late_rule(closed, result_meets=Decimal("96.00"))
        counts = []
        for people in ({closed.city.staff[0].pk}, {person.pk for person in closed.city.staff}):
            with CaptureQueriesContext(connection) as queries:
                counts.append(len(rule_rows(people=people)))
            counts.append(len(queries))
        assert counts == [1, counts[1], 3, counts[1]]


class TestNewVersions:
    def decided(self, month: Month) -> Any:
        second = second_hr(month)
        viewer = month.city.viewer("bkpsdm")
        proposal = propose_rule(viewer=viewer, choice=Choice(), reason="Putusan 188/45/2026", now=LATER)
        work_on(approve_proposal(viewer=second, proposal_id=proposal.pk, now=LATER), now=LATER)
        return proposal

    def test_carry_the_new_digits_and_the_ratings_that_were_set(self, closed: Month) -> None:
        person = closed.city.staff[0]
        first = closed.case(person)
        rule = late_rule(closed, achievement_cap=Decimal("90.00"), result_meets=Decimal("96.00"))
        self.decided(closed)
        new = closed.case(person)
        old_score, score = Score.objects.get(pk=first.pk), Score.objects.get(pk=new.pk)
        assert (old_score.result_score, old_score.result_advice) == (Decimal("95.63"), 2)
        assert (score.result_score, score.result_advice, score.policy_id) == (Decimal("88.00"), 1, rule.pk)
        assert (score.result_rating, score.behaviour_rating, score.predicate) == (2, 2, 4)
        assert (new.rated_by_id, new.rated_at, new.assessor_id) == (first.rated_by_id, first.rated_at, first.assessor_id)
        assert rule_rows() == []
        assert differences(period="2026-10") == []
        call_command("recompute", period="2026-10", check=True)
        seal_new(now=LATER)
        call_command("verify_audit")
        found = Assessment.objects.select_related("cycle__policy", "score_row__policy").get(pk=new.pk)
        assert (explain(found).rule_version, [step.kind for step in steps_to(found)]) == ("aturan-surut", ["ATURAN"])

    def test_keep_their_rule_when_the_rater_corrects_them_and_give_it_back_when_they_are_undone(self, closed: Month) -> None:
        person = closed.city.staff[0]
        rule = late_rule(closed, achievement_cap=Decimal("90.00"))
        proposal = self.decided(closed)
        corrected = correct_result(
            viewer=closed.city.viewer("penilai"), assessment_id=closed.case(person).pk, sheet=RatingSheet({}, {"AK": ExampleText("Rekap tanpa selisih")}, {"result": "Capaian tertahan batas baru"}, "Dibaca ulang"),
            reason="Catatan kurang", now=LATER,
        )  # fmt: skip
        assert Score.objects.get(pk=corrected.pk).policy_id == rule.pk
        undo = propose_undo(viewer=closed.city.viewer("bkpsdm"), proposal_id=proposal.pk, reason="Putusan dicabut", now=LATER)
        assert undo.items.count() == 2
        work_on(approve_proposal(viewer=closed.city.viewer("inspektorat"), proposal_id=undo.pk, now=LATER), now=LATER)
        back = closed.case(closed.city.staff[1])
        assert (back.version, Score.objects.get(pk=back.pk).result_score) == (3, Decimal("95.63"))
        assert differences(period="2026-10") == []
