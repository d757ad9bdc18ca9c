"""New versions in sets: what a correction of one result does, for all the results that one decision touches."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, Max, QuerySet

from appraisal.models import AppraisalPolicy, Assessment, RatingExample, ScoredIndicator
from appraisal.queries.inputs import SNAPSHOT_FIELDS, frozen_inputs, live_inputs
from appraisal.rules.lifecycle import ASSESSMENT_MOVES, AssessmentState, origins
from bukittinggi_kinerja.common.sets import insert_from

from .scoring import score_frozen

REASON_LENGTH = 300
COPIED = (
    *("cycle_id", "plan_id", "employee_id", "stretch_start", "stretch_end", "unit_id", "assessor_id", "reviewer_id", "rated_by_id"),
    *("result_rating", "behaviour_rating", "mark_bp", "mark_ak", "mark_ko", "mark_ha", "mark_lo", "mark_ad", "mark_kl"),
    *("result_reason", "behaviour_reason", "note", "rated_at", "belated", "own_progress_due", "own_rating_due"),
)
#: What an official declared; a version that says "not rated here" carries none of it.
JUDGEMENT = (*COPIED[8:18], "rated_at")
#: The way from the version that is copied to the one that is made.
MADE, MADE_AGAIN = "replaced_by", "replaced_by__replaced_by"


@dataclass(frozen=True)
class Replacement:
    """``old`` gives way to a copy with ``changes``; ``back`` copies what ``old`` itself had replaced.

    ``policy`` None keeps the version that computed the copied result.
    """

    old: Assessment
    changes: Mapping[str, Any] = field(default_factory=dict)
    policy: AppraisalPolicy | None = None
    back: bool = False

    @property
    def source(self) -> Assessment:
        if not self.back:
            return self.old
        assert self.old.replaces is not None
        return self.old.replaces


def lock_replaceable(ids: Sequence[int]) -> list[Assessment]:
    """Of these, the current closed ones, locked until the caller's transaction ends, with what a version copies."""
    held = Assessment.objects.current().select_for_update(of=("self",)).filter(pk__in=ids)
    closed = held.filter(state__in=origins(ASSESSMENT_MOVES, AssessmentState.SUPERSEDED)).exclude(state=AssessmentState.DRAFT)
    return list(closed.select_related("cycle__policy", "score_row__policy", "replaces__score_row__policy").order_by("id"))


def replace_all(rows: Sequence[Replacement], *, reason: str, now: dt.datetime) -> list[Assessment]:
    """The new version of each, in the same order: published at once where it is a published result.

    Part of a larger service, which locked the old ones and tells of it. The number of statements does not grow with the rows.
    """
    states = [_state(row) for row in rows]
    new = [_copy(row, state, reason=reason, now=now) for row, state in zip(rows, states, strict=True)]
    _number(rows, new)
    Assessment.objects.filter(pk__in=[row.old.pk for row in rows]).update(
        is_current=False, state=AssessmentState.SUPERSEDED.value, revision=F("revision") + 1
    )
    Assessment.objects.bulk_create(new, batch_size=1_000)
    for back in (False, True):
        made = [(row, case) for row, case in zip(rows, new, strict=True) if row.back is back and case.state != AssessmentState.EXEMPT]
        _copy_examples([case.pk for _row, case in made], MADE_AGAIN if back else MADE)
        _score(made, MADE_AGAIN if back else MADE, now)
    return new


def _state(row: Replacement) -> str:
    """A superseded version that is restored stands as it stood: published where it had been."""
    if not row.back:
        return str(row.changes.get("state", row.old.state))
    return (AssessmentState.PUBLISHED if row.source.published_at else AssessmentState.NOT_RATED).value


def _copy(row: Replacement, state: str, *, reason: str, now: dt.datetime) -> Assessment:
    kept = {name: getattr(row.source, name) for name in COPIED}
    if state == AssessmentState.EXEMPT:
        kept |= {name: "" if name.endswith("reason") else None for name in JUDGEMENT}
    published = now if state == AssessmentState.PUBLISHED else None
    told = {"replaces": row.old, "state_reason": reason[:REASON_LENGTH], "published_at": published}
    return Assessment(**{**kept, **row.changes, "state": state, "version": row.old.version + 1, **told})


def _number(rows: Sequence[Replacement], new: Sequence[Assessment]) -> None:
    """Where a version takes up another plan, its number comes after those of that plan, too."""
    moved = [case for row, case in zip(rows, new, strict=True) if case.plan_id and case.plan_id != row.old.plan_id]
    if not moved:
        return
    plans = {case.plan_id for case in moved}
    cycles = {case.cycle_id for case in moved}
    counted = Assessment.objects.filter(plan__in=plans, cycle__in=cycles).values_list("cycle", "plan").annotate(last=Max("version"))
    last = {(cycle, plan): version for cycle, plan, version in counted}
    for case in moved:
        case.version = max(case.version, last.get((case.cycle_id, case.plan_id), 0) + 1)


def _copy_examples(ids: Sequence[int], way: str) -> None:
    rows: QuerySet[RatingExample, Any] = (
        RatingExample.objects.filter(**{f"assessment__{way}__in": ids})
        .order_by("assessment", "id")
        .values_list(f"assessment__{way}__id", "aspect", "text", "feedback", "written_at")
    )
    insert_from(RatingExample, ("assessment", "aspect", "text", "feedback", "written_at"), rows)


def _score(made: Sequence[tuple[Replacement, Assessment]], way: str, now: dt.datetime) -> None:
    """Frozen inputs follow the version; where it rests on another plan, they are those of that plan."""
    by_rule: dict[int, list[tuple[Replacement, Assessment]]] = defaultdict(list)
    rules: dict[int, AppraisalPolicy] = {}
    for row, case in made:
        rule = row.policy or row.source.rule
        rules[rule.pk] = rule
        if case.state == AssessmentState.PUBLISHED or case.plan_id is not None:
            by_rule[rule.pk].append((row, case))
    for pk, group in by_rule.items():
        same = [case.pk for row, case in group if case.plan_id == row.source.plan_id]
        other = [case.pk for row, case in group if case.plan_id != row.source.plan_id]
        again = ScoredIndicator.objects.filter(**{f"assessment__{way}__in": same})
        insert_from(ScoredIndicator, SNAPSHOT_FIELDS, frozen_inputs(again, policy=rules[pk], case=f"assessment__{way}__id"))
        insert_from(ScoredIndicator, SNAPSHOT_FIELDS, live_inputs(Assessment.objects.filter(pk__in=other), policy=rules[pk]))
        score_frozen(Assessment.objects.filter(pk__in=[*same, *other]), policy=rules[pk], now=now)
