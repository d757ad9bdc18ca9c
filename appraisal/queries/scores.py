"""H, P and the advices of assessments: from frozen inputs, or live for open cases, by one rule."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from appraisal import scoring
from appraisal.models import AppraisalPolicy, Assessment, ScoredIndicator
from appraisal.rules.vocabulary import BEHAVIOUR_FIELDS
from bukittinggi_kinerja.common.sets import fetch_over

from .inputs import SNAPSHOT_FIELDS, live_inputs


@dataclass(frozen=True)
class Advice:
    """Percent and mark means with two decimals; ratings 1..3; None where nothing can be said."""

    result_score: Decimal | None = None
    behaviour_score: Decimal | None = None
    result: int | None = None
    behaviour: int | None = None


def advice_for(assessments: Iterable[int], *, policy: AppraisalPolicy) -> dict[int, Advice]:
    """Live advice of open cases by id: the stored rule over today's figures, in one query."""
    cases = Assessment.objects.filter(id__in=list(assessments))
    query: QuerySet[Assessment, Any] = with_scores(cases, policy=policy).values_list(
        "id", "result_score", "behaviour_score", "result_advice", "behaviour_advice"
    )
    rows = fetch_over(ScoredIndicator, SNAPSHOT_FIELDS, live_inputs(cases, policy=policy), query)
    return {row[0]: Advice(*row[1:]) for row in rows}


def with_scores(assessments: QuerySet[Assessment], *, policy: AppraisalPolicy) -> QuerySet[Any, Any]:
    """H, P and both advices as annotations, from frozen inputs and the marks of the row."""
    return assessments.annotate(
        result_score=scoring.result_score(weight="scored_indicators__weight", achieved="scored_indicators__achievement"),
        behaviour_score=scoring.behaviour_score(BEHAVIOUR_FIELDS),
        marks_given=scoring.marks_given(BEHAVIOUR_FIELDS),
    ).annotate(**advices(policy))


def advices(policy: AppraisalPolicy, *, suffix: str = "") -> dict[str, Any]:
    """Both advices as annotations, from the scores and ``marks_given`` of the same queryset."""
    enough = Q(marks_given__gte=policy.behaviour_minimum)
    result, behaviour = f"result_score{suffix}", f"behaviour_score{suffix}"
    return {
        f"result_advice{suffix}": scoring.advice(result, above=policy.result_above, meets=policy.result_meets),
        f"behaviour_advice{suffix}": scoring.advice(behaviour, above=policy.behaviour_above, meets=policy.behaviour_meets, enough=enough),
    }
