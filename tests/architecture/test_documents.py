"""Documents that name things of the source, so that they cannot rot."""

import ast
import re

from tests.architecture.code import ROOT, read, tracked

ABUSE = (ROOT / "docs/abuse.md").read_text(encoding="utf-8")
NAMED = re.compile(r"`([\w/]+\.py)::([\w:]+)`")
ENTRY = re.compile(r"^(\d+)\. (.*?)(?=^\d+\. |\Z)", re.MULTILINE | re.DOTALL)
SUBJECTS = 35


def names_in(path: str) -> set[str]:
    """Functions and methods of a test file, as pytest names them; none where there is no such file."""
    file = ROOT / "tests" / path
    if not file.is_file():
        return set()
    found = set()
    for node in read(file).tree.body:
        if isinstance(node, ast.FunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.ClassDef):
            found |= {f"{node.name}::{inner.name}" for inner in node.body if isinstance(inner, ast.FunctionDef)}
    return {name for name in found if name.split("::")[-1].startswith("test_")}


def test_every_test_that_the_list_of_abuse_names_is_there() -> None:
    named = NAMED.findall(ABUSE)
    assert len(named) > 150
    assert [f"{path}::{name}" for path, name in named if name not in names_in(path)] == []


def test_every_abuse_is_held_by_a_test_or_has_nothing_to_attack_yet() -> None:
    entries = dict(ENTRY.findall(ABUSE))
    assert [int(number) for number in entries] == list(range(1, SUBJECTS + 1))
    assert [
        number for number, text in entries.items() if not NAMED.search(text) and "not built yet: nothing to attack" not in text.lower()
    ] == []


def test_every_file_of_abuse_tests_stands_in_the_list() -> None:
    files = {str(path.relative_to(ROOT / "tests")) for path in tracked("tests/abuse/test_*.py")}
    assert len(files) >= 12
    assert files - {path for path, _name in NAMED.findall(ABUSE)} == set()
