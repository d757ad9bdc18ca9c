"""The source tree as the architecture tests see it."""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
COMMON = "bukittinggi_kinerja.common"
# From below to above: each may use only what stands before it.
COLUMN = (COMMON, "employees", "appraisal", "appraisal.incentives", "training", "evaluation", "bukittinggi_kinerja")
APPS = COLUMN[1:-1]
DOORS = ("web", "api", "admin", "tasks", "management")


@dataclass(frozen=True)
class Module:
    """One Python file of the product."""

    path: Path
    tree: ast.Module
    lines: int

    @property
    def name(self) -> str:
        return ".".join(self.path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")

    @property
    def app(self) -> str:
        """The app it belongs to: the longest of the column that its name starts with."""
        return max((app for app in COLUMN if f"{self.name}.".startswith(f"{app}.")), key=len, default="")

    @property
    def layer(self) -> str:
        """First part of its name inside its app: `rules`, `models`, `web` ..."""
        return self.name.removeprefix(self.app).strip(".").split(".")[0]

    @property
    def is_door(self) -> bool:
        return self.layer in DOORS

    def __str__(self) -> str:
        return str(self.path.relative_to(ROOT))


def tracked(*patterns: str) -> list[Path]:
    """Files that belong to the project: committed or about to be."""
    words = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns]
    listed = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return sorted(path for path in (ROOT / line for line in set(listed.splitlines())) if path.is_file())


@cache
def modules() -> tuple[Module, ...]:
    """All Python files outside tests and migrations."""
    return tuple(read(path) for path in tracked("*.py") if "migrations" not in path.parts and path.relative_to(ROOT).parts[0] != "tests")


def read(path: Path) -> Module:
    source = path.read_text(encoding="utf-8")
    return Module(path, ast.parse(source), source.count("\n"))


def functions(module: Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(module.tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def calls(module: Module) -> Iterator[ast.Call]:
    return (node for node in ast.walk(module.tree) if isinstance(node, ast.Call))


def imports(module: Module) -> Iterator[tuple[int, str]]:
    """Line and dotted name of everything imported; `from a import b` counts as `a.b`."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def dotted(node: ast.AST) -> str:
    """`timezone.now` for that expression; a call in the chain shows as `()`."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    if isinstance(node, ast.Call):
        return f"{dotted(node.func)}()"
    return node.id if isinstance(node, ast.Name) else "?"
