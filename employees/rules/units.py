"""How units are named and found: code path, name path, and the key under which two spellings are one. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from bukittinggi_kinerja.common.cells import squeezed

NAME_SEPARATOR = " / "
_SEPARATORS = re.compile(r"\s*[/>›]\s*")
_VERSION = re.compile(r"(.+)-(\d+)", re.ASCII)
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._\-]*", re.ASCII)


def is_code(text: str) -> bool:
    """Codes build paths: letters, digits, dot, dash and underscore."""
    return bool(_CODE.fullmatch(text))


def path_of(code: str, parent_path: str = "") -> str:
    return f"{parent_path}{code}/"


def full_name_of(name: str, *, parent_full_name: str = "", parent_is_root: bool = False) -> str:
    """Names from the first level below the city, joined by " / "."""
    return name if parent_is_root or not parent_full_name else f"{parent_full_name}{NAME_SEPARATOR}{name}"


def key_of(text: str) -> str:
    """Two spellings of one unit have one key: case, blanks and the sign between levels do not count."""
    return _SEPARATORS.sub("/", squeezed(text).strip("/>› ")).casefold()


def next_code(code: str) -> str:
    """The code of a successor: ``DINKES``, ``DINKES-2``, ``DINKES-3``."""
    found = _VERSION.fullmatch(code)
    return f"{found[1]}-{int(found[2]) + 1}" if found else f"{code}-2"


def agency_of(path: str) -> str:
    """Code of the OPD of a path, the second level of the tree; empty for the city itself."""
    return path.split("/")[1]


def heirs(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """(old, new) -> the last unit that took over each old one; nothing for a unit that several took over."""
    taken: defaultdict[str, set[str]] = defaultdict(set)
    for old, new in pairs:
        taken[old].add(new)
    single = {old: min(new) for old, new in taken.items() if len(new) == 1}
    found = {}
    for old in single:
        at, seen = old, {old}
        while at in single and single[at] not in seen:
            at = single[at]
            seen.add(at)
        found[old] = at
    return found
