"""Allowed moves of plans, cycles and assessments. Pure tables; services ask them for every change of a state."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

S = TypeVar("S", bound=StrEnum)


class PlanState(StrEnum):
    DRAFT = "DRAF"
    SUBMITTED = "DIAJUKAN"
    AGREED = "DITETAPKAN"
    REVISING = "REVISI"
    CLOSED = "DITUTUP"


class CycleState(StrEnum):
    RUNNING = "BERJALAN"
    RATING = "PENILAIAN"
    CLOSED = "DITUTUP"
    PUBLISHED = "TERBIT"


#: Progress and ratings may still come.
OPEN_CYCLES = (CycleState.RUNNING.value, CycleState.RATING.value)


class AssessmentState(StrEnum):
    DRAFT = "DRAF"
    RATED = "DINILAI"
    PUBLISHED = "TERBIT"
    NOT_RATED = "BELUM_DINILAI"
    EXEMPT = "TIDAK_DINILAI"
    SUPERSEDED = "DIGANTI"


#: The rater may still change his marks.
OPEN_RATINGS = (AssessmentState.DRAFT.value, AssessmentState.RATED.value)

PLAN_MOVES: Mapping[PlanState, frozenset[PlanState]] = {
    PlanState.DRAFT: frozenset({PlanState.SUBMITTED}),
    PlanState.SUBMITTED: frozenset({PlanState.DRAFT, PlanState.REVISING, PlanState.AGREED}),
    PlanState.AGREED: frozenset({PlanState.REVISING, PlanState.CLOSED}),
    PlanState.REVISING: frozenset({PlanState.SUBMITTED}),
    PlanState.CLOSED: frozenset(),
}

CYCLE_MOVES: Mapping[CycleState, frozenset[CycleState]] = {
    CycleState.RUNNING: frozenset({CycleState.RATING}),
    CycleState.RATING: frozenset({CycleState.CLOSED}),
    CycleState.CLOSED: frozenset({CycleState.PUBLISHED}),
    CycleState.PUBLISHED: frozenset(),
}

ASSESSMENT_MOVES: Mapping[AssessmentState, frozenset[AssessmentState]] = {
    # A draft is replaced where corrected posts give its days to another case of the person.
    AssessmentState.DRAFT: frozenset(
        {AssessmentState.RATED, AssessmentState.NOT_RATED, AssessmentState.EXEMPT, AssessmentState.SUPERSEDED}
    ),
    AssessmentState.RATED: frozenset({AssessmentState.DRAFT, AssessmentState.PUBLISHED}),
    # A late rating is a new version, which begins as published.
    AssessmentState.NOT_RATED: frozenset({AssessmentState.SUPERSEDED}),
    AssessmentState.EXEMPT: frozenset({AssessmentState.DRAFT, AssessmentState.SUPERSEDED}),
    AssessmentState.PUBLISHED: frozenset({AssessmentState.SUPERSEDED}),
    AssessmentState.SUPERSEDED: frozenset(),
}


def may_move(moves: Mapping[S, frozenset[S]], old: S, new: S) -> bool:
    return new in moves[old]


def moved(moves: Mapping[S, frozenset[S]], old: S, new: S) -> S:
    """``new``, for a service that has asked its own conditions; ValueError where the table knows no such move."""
    if not may_move(moves, old, new):
        raise ValueError(f"{old} -> {new}")
    return new


def origins(moves: Mapping[S, frozenset[S]], new: S) -> list[str]:
    """The states from which a table leads to ``new``, for moves of many rows at once."""
    return [old.value for old, allowed in moves.items() if new in allowed]
