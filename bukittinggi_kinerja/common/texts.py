"""Texts from people, made safe to keep. Pure."""

from __future__ import annotations

import unicodedata

#: Control characters, and the marks that turn the reading direction round to hide a file's real ending.
_HIDDEN = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


def clean_text(text: str, *, limit: int) -> str:
    """Several lines: no control characters but line breaks, no blank ends, at most ``limit`` characters."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(_visible(line).rstrip() for line in lines).strip()[:limit].rstrip()


def clean_line(text: str, *, limit: int) -> str:
    """One line: every run of blanks is one blank."""
    return " ".join(_visible(text.replace("\n", " ").replace("\r", " ")).split())[:limit].rstrip()


def _visible(line: str) -> str:
    kept = (" " if c == "\t" else c for c in unicodedata.normalize("NFC", line))
    return "".join(c for c in kept if c not in _HIDDEN and unicodedata.category(c) not in {"Cc", "Cs", "Co"})
