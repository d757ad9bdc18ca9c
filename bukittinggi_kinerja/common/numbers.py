"""Whole numbers in texts from outside. Pure."""

from __future__ import annotations

#: As many digits always fit a database key.
MOST_DIGITS = 18


def whole_number(text: str | None) -> int | None:
    """A number from 0 written in plain digits, at most MOST_DIGITS of them; None for any other text.

    ``str.isdigit`` takes "²" and "٣" for digits, and ``int`` raises beyond some thousand digits.
    """
    if text is None or not text.isascii() or not text.isdigit() or len(text) > MOST_DIGITS:
        return None
    return int(text)
