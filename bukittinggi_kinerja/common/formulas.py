"""Texts that leave for spreadsheets. Pure.

A spreadsheet runs a text that begins like a formula; an apostrophe before it makes it a text again.
"""

from __future__ import annotations

#: Beginnings that some spreadsheet takes for a formula, full-width signs, tab and line breaks among them.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def formula_safe(text: str) -> str:
    """A text that no spreadsheet takes for a formula; for every text cell and every header that leaves in a file."""
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text


def formula_plain(text: str) -> str:
    """The text before ``formula_safe``: our own files come back as they were."""
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA_SIGNS) else text
