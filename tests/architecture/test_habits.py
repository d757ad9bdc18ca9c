"""Habits of the house, counted on the source."""

import ast
import re
import statistics
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.code import COLUMN, ROOT, Module, calls, dotted, functions, modules, read, tracked

LONGEST_FUNCTION, USUAL_FUNCTION = 50, 35
LONGEST_FILE, LONGEST_TEST = 400, 600
WRITES = re.compile(r"^(save|delete|create|update|get_or_create|update_or_create|bulk_\w+|a(save|delete|create|update))$")
CLOCKS = {
    "timezone.now", "timezone.localdate", "timezone.localtime", "date.today", "datetime.now", "datetime.utcnow", "datetime.today",
    "dt.date.today", "dt.datetime.now", "dt.datetime.utcnow", "datetime.date.today", "datetime.datetime.now", "time.time",
}  # fmt: skip
WORD = re.compile(r"\w+")
#: Methods that the framework calls by name.
CALLED_BY_LIBRARIES = {"_get_session_auth_hash", "create_superuser", "get_by_natural_key", "render_execute"}
WITHOUT_DOORS = ("rules", "models", "scoring", "queries", "policies", "services")
TRANSLATORS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy", "npgettext"}
# Written apart, or this file would be the first to hold them.
WORKPLACE = re.compile(
    "|".join(
        ["/" + "work/", "/" + "farm/", "sub" + "agent", r"\." + "library", "this " + "session", "helper " + "session", "/" + "tmp/team"]
    )
)


def test_functions_stay_short() -> None:
    lengths = sorted(((node.end_lineno or 0) - node.lineno + 1, f"{m}:{node.name}") for m in modules() for node in functions(m))
    assert [name for length, name in lengths if length > LONGEST_FUNCTION] == []
    usual = statistics.quantiles([length for length, _ in lengths], n=20)[-1]
    assert usual <= USUAL_FUNCTION


def test_files_stay_short() -> None:
    tests = [read(path) for path in tracked("tests/**.py")]
    assert [f"{m}: {m.lines}" for m in modules() if m.lines > LONGEST_FILE] == []
    assert [f"{m}: {m.lines}" for m in tests if m.lines > LONGEST_TEST] == []


def test_doors_write_nothing_themselves() -> None:
    """A door calls one service. Sets, dictionaries and digests have an `update` too: those are on names, not on managers."""
    doors = [module for module in modules() if module.is_door or (module.app == "bukittinggi_kinerja" and module.layer == "home")]
    assert doors
    written = [f"{m}:{call.lineno} {dotted(call.func)}" for m in doors for call in calls(m) if writes_a_row(call, m)]
    assert written == []


def writes_a_row(call: ast.Call, module: Module) -> bool:
    if not isinstance(call.func, ast.Attribute) or not WRITES.match(call.func.attr):
        return False
    owner = dotted(call.func.value)
    if call.func.attr == "update" and "objects" not in owner and "()" not in owner:
        return False  # a dictionary or a set
    return not owner.startswith("super()")


def test_the_clock_is_read_in_doors_only() -> None:
    """Below them the moment is an argument, so that the past can be computed again."""
    below = [module for module in modules() if module.app in COLUMN[:-1] and not module.is_door]
    assert below
    assert [f"{m}:{call.lineno} {dotted(call.func)}" for m in below for call in calls(m) if dotted(call.func) in CLOCKS] == []


def test_no_error_is_swallowed_whole() -> None:
    swallowed = [
        f"{m}:{node.lineno}"
        for m in modules()
        for node in ast.walk(m.tree)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or dotted(node.type) in {"Exception", "BaseException"})
        and all(isinstance(step, ast.Pass) for step in node.body)
    ]
    assert swallowed == []


def test_texts_are_translated_before_they_are_filled_in() -> None:
    filled = [
        f"{m}:{call.lineno}"
        for m in modules()
        for call in calls(m)
        if isinstance(call.func, ast.Name) and call.func.id in TRANSLATORS
        if any(isinstance(part, ast.JoinedStr | ast.BinOp) or dotted(part).endswith(".format()") for part in call.args[:2])
    ]
    assert filled == []


def test_the_project_speaks_of_itself_alone() -> None:
    found = []
    for path in tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [
            f"{path.relative_to(ROOT)}:{n} {line.strip()[:60]}" for n, line in enumerate(text.splitlines(), 1) if WORKPLACE.search(line)
        ]
    assert found == []


def test_what_nobody_uses_is_not_kept() -> None:
    """Public names of the layers below the doors stand somewhere besides their definition; tests alone do not count."""
    words = Counter(word for path in tracked("*.py", "*.html") if not is_test(path) for word in WORD.findall(path.read_text()))
    kept = [module for module in modules() if module.app in COLUMN[:-1] and module.layer in WITHOUT_DOORS]
    assert kept
    assert [f"{m}: {name}" for m in kept for name in public_names(m) if words[name] == 1 and name not in CALLED_BY_LIBRARIES] == []


def is_test(path: Path) -> bool:
    return path.relative_to(ROOT).parts[0] == "tests"


def public_names(module: Module) -> Iterator[str]:
    """Functions, classes and constants of a module, and the methods and properties of its classes' own."""
    for node in module.tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        if isinstance(node, ast.Assign):
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))
        if isinstance(node, ast.ClassDef) and module.layer in {"rules", "models"}:
            yield from (part.name for part in node.body if isinstance(part, ast.FunctionDef) and not part.name.startswith("__"))
