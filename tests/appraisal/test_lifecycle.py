"""Which states follow which: the tables that every service asks."""

import ast
import inspect

import pytest

from appraisal.rules.lifecycle import ASSESSMENT_MOVES, AssessmentState, moved, origins
from appraisal.services import cycles, publishing, rating, reopening

DRAFT, RATED, PUBLISHED, NOT_RATED, EXEMPT, SUPERSEDED = AssessmentState


def test_a_case_is_published_and_left_unrated_from_one_state_each() -> None:
    assert origins(ASSESSMENT_MOVES, PUBLISHED) == ["DINILAI"]
    assert origins(ASSESSMENT_MOVES, NOT_RATED) == ["DRAF"]
    assert origins(ASSESSMENT_MOVES, RATED) == ["DRAF"]


@pytest.mark.parametrize(("old", "new"), [(PUBLISHED, DRAFT), (NOT_RATED, RATED), (DRAFT, PUBLISHED), (SUPERSEDED, DRAFT), (EXEMPT, RATED)])
def test_a_move_that_no_table_knows_is_not_made(old: AssessmentState, new: AssessmentState) -> None:
    with pytest.raises(ValueError, match=f"{old} -> {new}"):
        moved(ASSESSMENT_MOVES, old, new)


@pytest.mark.parametrize("service", [rating, reopening, publishing, cycles], ids=lambda module: module.__name__)
def test_no_service_sets_the_state_of_a_case_without_asking_the_table(service: object) -> None:
    tree = ast.parse(inspect.getsource(service))  # type: ignore[arg-type]
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    changing = [function for function in functions if sets_state(function)]
    assert changing
    names = {function.name: {n.id for n in ast.walk(function) if isinstance(n, ast.Name)} for function in changing}
    assert [name for name, used in names.items() if not used & {"moved", "origins", "may_move"}] == []


def sets_state(function: ast.FunctionDef) -> bool:
    """Assigns ``….state``, or updates rows with ``state=…``."""
    assigned = [t for n in ast.walk(function) if isinstance(n, ast.Assign) for t in n.targets]
    updates = [n for n in ast.walk(function) if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute) and n.func.attr == "update"]
    written = any(isinstance(part, ast.Attribute) and part.attr == "state" for target in assigned for part in ast.walk(target))
    return written or any(keyword.arg == "state" for call in updates for keyword in call.keywords)
