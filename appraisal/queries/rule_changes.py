"""What a rule that was adopted late would change in published results: the stored rule over frozen inputs, nothing written."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from appraisal.models import AppraisalPolicy, Assessment, Cycle, ScoredIndicator
from appraisal.models.policy import governing
from appraisal.rules.lifecycle import AssessmentState, CycleState
from appraisal.rules.vocabulary import QUADRANT, Rating
from bukittinggi_kinerja.common.sets import fetch_over

from .inputs import SNAPSHOT_FIELDS, frozen_inputs
from .scores import with_scores

FIGURES = ("result_score", "behaviour_score", "result_advice", "behaviour_advice")


@dataclass(frozen=True)
class Figures:
    """H, P and both advices by one version of the rule."""

    result_score: Decimal | None
    behaviour_score: Decimal | None
    result_advice: int | None
    behaviour_advice: int | None

    @property
    def predicate(self) -> int | None:
        """The quadrant of both advices: what the figures alone would suggest, never what the official set."""
        if self.result_advice is None or self.behaviour_advice is None:
            return None
        return QUADRANT[Rating(self.result_advice), Rating(self.behaviour_advice)].value

    @property
    def text(self) -> dict[str, Any]:
        return {name: None if (value := getattr(self, name)) is None else str(value) for name in FIGURES}


@dataclass(frozen=True)
class RuleRow:
    """One published result by the version that computed it and by the one that governs its period today."""

    cycle: Cycle
    case_id: int
    employee_id: int
    unit_id: int
    result_rating: int
    behaviour_rating: int
    old_rule: int
    rule: AppraisalPolicy
    before: Figures
    after: Figures

    @property
    def departs(self) -> bool:
        """A new advice that is not what the official set: told, never changed."""
        pairs = (
            (self.before.result_advice, self.after.result_advice, self.result_rating),
            (self.before.behaviour_advice, self.after.behaviour_advice, self.behaviour_rating),
        )
        return any(new not in (old, own) for old, new, own in pairs)


def rule_rows(*, people: Collection[int] | None = None) -> list[RuleRow]:
    """Every published result whose digits would differ, by period and person; a query for each period and rule in question."""
    found: list[RuleRow] = []
    for cycle, rule in changed_cycles():
        cases = Assessment.objects.current().filter(cycle=cycle, state=AssessmentState.PUBLISHED).exclude(score_row__policy=rule)
        found += _differing(cycle, rule, cases if people is None else cases.filter(employee__in=people))
    return found


def changed_cycles() -> list[tuple[Cycle, AppraisalPolicy]]:
    """Published cycles with a result that another version computed than the one that governs them today."""
    used = Assessment.objects.current().filter(state=AssessmentState.PUBLISHED, cycle__state=CycleState.PUBLISHED)
    pairs = used.order_by("cycle__start", "cycle", "score_row__policy").values_list("cycle", "score_row__policy").distinct()
    by_cycle: dict[int, set[int]] = {}
    for cycle_id, policy_id in pairs:
        by_cycle.setdefault(cycle_id, set()).add(policy_id)
    cycles = Cycle.objects.in_bulk(by_cycle)
    rules = {day: governing(day) for day in {cycle.start for cycle in cycles.values()}}
    return [
        (cycles[pk], rule) for pk, policies in by_cycle.items() if (rule := rules[cycles[pk].start]) is not None and policies - {rule.pk}
    ]


def _differing(cycle: Cycle, rule: AppraisalPolicy, cases: QuerySet[Assessment]) -> list[RuleRow]:
    """The expressions that score a cycle, over the inputs that were frozen, by another version's numbers."""
    stored = [f"score_row__{name}" for name in ("policy", *FIGURES)]
    query = with_scores(cases, policy=rule).order_by("id")
    columns = ("id", "employee_id", "unit_id", "result_rating", "behaviour_rating", *stored, *FIGURES)
    inputs = frozen_inputs(ScoredIndicator.objects.filter(assessment__in=cases), policy=rule)
    rows: Iterable[tuple[Any, ...]] = fetch_over(ScoredIndicator, SNAPSHOT_FIELDS, inputs, query.values_list(*columns))
    found = (
        RuleRow(cycle, pk, person, unit, result, behaviour, old_rule, rule, Figures(*figures[:4]), Figures(*figures[4:]))
        for pk, person, unit, result, behaviour, old_rule, *figures in rows
    )
    return [row for row in found if row.before != row.after]
