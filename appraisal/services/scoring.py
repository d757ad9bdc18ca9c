"""Freezing inputs and writing scores, in sets: the same statements for one person and for a country."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import DateTimeField, F, QuerySet, Value
from django.db.models.functions import Cast

from appraisal import scoring
from appraisal.models import AppraisalPolicy, Assessment, Score, ScoredIndicator
from appraisal.queries.inputs import SNAPSHOT_FIELDS, live_inputs
from appraisal.queries.scores import with_scores
from appraisal.rules.vocabulary import BEHAVIOUR_FIELDS
from bukittinggi_kinerja.common.sets import insert_from

SCORE_FIELDS = (
    "assessment",
    "policy",
    "result_rating",
    "behaviour_rating",
    "marks",
    "result_score",
    "behaviour_score",
    "result_advice",
    "behaviour_advice",
    "predicate",
    "computed_at",
)


def score_assessments(assessments: QuerySet[Assessment], *, policy: AppraisalPolicy, now: dt.datetime) -> int:
    """Freeze the inputs of these assessments and write their scores, inside the caller's transaction.

    Assessments that already have a score are left as they are, so a second run changes nothing.
    Returns the number of scores written.
    """
    unscored = assessments.filter(score_row=None)
    insert_from(ScoredIndicator, SNAPSHOT_FIELDS, live_inputs(unscored, policy=policy))
    return score_frozen(unscored, policy=policy, now=now)


def score_frozen(assessments: QuerySet[Assessment], *, policy: AppraisalPolicy, now: dt.datetime) -> int:
    """Write the scores of assessments whose inputs are already frozen."""
    return insert_from(Score, SCORE_FIELDS, scores_of(assessments, policy=policy, now=now))


def scores_of(assessments: QuerySet[Assessment], *, policy: AppraisalPolicy, now: dt.datetime) -> QuerySet[Assessment, Any]:
    """The score columns of assessments whose inputs are frozen, in SCORE_FIELDS order and assessment order."""
    rows: QuerySet[Assessment, Any] = (
        with_scores(assessments, policy=policy)
        .annotate(
            scored=F("id"),
            rule=Value(policy.pk),
            all_marks=scoring.all_marks(BEHAVIOUR_FIELDS),
            predicate=scoring.predicate("result_rating", "behaviour_rating", unrated=scoring.lapsed()),
            moment=Cast(Value(now), DateTimeField()),
        )
        .order_by("id")
        .values_list(
            "scored",
            "rule",
            "result_rating",
            "behaviour_rating",
            "all_marks",
            "result_score",
            "behaviour_score",
            "result_advice",
            "behaviour_advice",
            "predicate",
            "moment",
        )
    )
    return rows
