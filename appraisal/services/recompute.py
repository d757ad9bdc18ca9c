"""Recomputing stored results from their stored inputs: the digits must be the same."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet

from appraisal import scoring
from appraisal.models import AppraisalPolicy, Cycle, Score, ScoredIndicator
from appraisal.queries.scores import advices
from appraisal.rules.lifecycle import AssessmentState
from appraisal.rules.vocabulary import BEHAVIOUR_FIELDS
from bukittinggi_kinerja.common.sets import Differs

from .versions import new_version

RATINGS = ("result_rating", "behaviour_rating")
COMPUTED = ("result_score", "behaviour_score", "result_advice", "behaviour_advice", "predicate")
REASON = "Hitung ulang dari masukan tersimpan memberi angka lain"


@dataclass(frozen=True)
class Difference:
    """``field`` of one assessment as stored and as recomputed; ``indicator`` for a step of one indicator."""

    assessment: int
    field: str
    stored: object
    again: object
    indicator: int | None = None


#: Earlier closings stored the quadrant of a draft: where a late rating has replaced it, that is still what it has to be.
UNRATED = Q(assessment__state=AssessmentState.NOT_RATED.value) | (scoring.lapsed("assessment__") & Q(predicate__isnull=True))
#: A superseded result whose digits a newer version has already put right.
ANSWERED = Q(assessment__is_current=False, assessment__replaced_by__state_reason=REASON)


def differences(*, period: str) -> list[Difference]:
    """Every stored digit of the period that its stored inputs do not give; current and superseded results alike."""
    found: list[Difference] = []
    for cycle in Cycle.objects.filter(period=period).order_by("id"):
        for policy in _rules_of(cycle):
            found += _steps(cycle, policy)
            found += _scores(cycle, policy)
    return sorted(found, key=lambda d: (d.assessment, d.indicator or 0, d.field))


def results_of(period: str) -> int:
    """How many stored results ``differences`` looks at; none where the period has no cycle of its own."""
    return Score.objects.filter(assessment__cycle__period=period).exclude(ANSWERED).count()


def recompute(*, period: str, now: dt.datetime) -> list[Difference]:
    """Give each differing current result a new version with its reason; equal ones are untouched."""
    found = differences(period=period)
    wrong = Score.objects.filter(assessment__in={d.assessment for d in found}, assessment__is_current=True)
    for assessment_id in wrong.order_by("assessment_id").values_list("assessment_id", flat=True):
        new_version(assessment_id=assessment_id, changes=frozen_marks(assessment_id), reason=REASON, actor=None, now=now)
    return found


def frozen_marks(assessment_id: int) -> dict[str, int | None]:
    """Ratings and marks as they entered the score: the row that only grows outweighs the one that could be edited."""
    score = Score.objects.get(pk=assessment_id)
    marks = dict(zip(BEHAVIOUR_FIELDS, score.marks, strict=True))
    return {"result_rating": score.result_rating, "behaviour_rating": score.behaviour_rating, **marks}


def _rules_of(cycle: Cycle) -> list[AppraisalPolicy]:
    """The rule versions that computed results of this cycle: its own, and those that new versions brought in."""
    used = Score.objects.filter(assessment__cycle=cycle).values("policy")
    return list(AppraisalPolicy.objects.filter(Q(pk=cycle.policy_id) | Q(pk__in=used)).order_by("id"))


def _steps(cycle: Cycle, policy: AppraisalPolicy) -> list[Difference]:
    by_rule = Q(assessment__score_row__policy=policy)
    if policy.pk == cycle.policy_id:
        by_rule |= Q(assessment__score_row=None)
    rows = (
        ScoredIndicator.objects.filter(by_rule, assessment__cycle=cycle)
        .exclude(ANSWERED)
        .annotate(again=scoring.raw_achievement())
        .annotate(limited_again=scoring.achievement("again", cap=policy.achievement_cap))
        .filter(Q(Differs(F("raw"), F("again"))) | Q(Differs(F("achievement"), F("limited_again"))))
    )
    return [Difference(row.assessment_id, "achievement", row.achievement, row.limited_again, row.indicator_id) for row in rows]


def _scores(cycle: Cycle, policy: AppraisalPolicy) -> list[Difference]:
    """Computed steps against their inputs, and the frozen ratings against those of the assessment."""
    changed = Q()
    for name in COMPUTED:
        changed |= Q(Differs(F(name), F(f"{name}_again")))
    of_case = {f"{name}_again": F(f"assessment__{name}") for name in (*RATINGS, *BEHAVIOUR_FIELDS)}
    for name in (*RATINGS, *BEHAVIOUR_FIELDS):
        changed |= Q(Differs(F(name), F(f"assessment__{name}")))
    rows = _computed_again(cycle, policy).annotate(**of_case).filter(changed)
    return [
        Difference(row.pk, name, getattr(row, name), getattr(row, f"{name}_again"))
        for row in rows
        for name in (*COMPUTED, *RATINGS, *BEHAVIOUR_FIELDS)
        if getattr(row, name) != getattr(row, f"{name}_again")
    ]


def _computed_again(cycle: Cycle, policy: AppraisalPolicy) -> QuerySet[Score]:
    steps = "assessment__scored_indicators"
    return (
        Score.objects.filter(assessment__cycle=cycle, policy=policy)
        .exclude(ANSWERED)
        .annotate(**{field: F(f"marks__{place}") for place, field in enumerate(BEHAVIOUR_FIELDS)})
        .annotate(
            result_score_again=scoring.result_score(weight=f"{steps}__weight", achieved=f"{steps}__achievement"),
            behaviour_score_again=scoring.behaviour_score(BEHAVIOUR_FIELDS),
            marks_given=scoring.marks_given(BEHAVIOUR_FIELDS),
            predicate_again=scoring.predicate("result_rating", "behaviour_rating", unrated=UNRATED),
        )
        .annotate(**advices(policy, suffix="_again"))
    )
