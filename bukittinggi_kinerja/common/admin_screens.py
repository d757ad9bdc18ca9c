"""From a record in the admin to its screen on the site."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse


@dataclass(frozen=True)
class Screen:
    """``name`` is that of the route; ``number`` gives the row's part of the address, or None where it has no screen yet.

    ``whole``: one screen for all such rows; the route takes no number.
    """

    name: str
    label: Any
    number: Callable[[Any], int | None] = lambda row: row.pk
    whole: bool = False


def address_of(screen: Screen, row: Any) -> str | None:
    """None where the row has no screen, or the site no such route."""
    number = None if screen.whole else screen.number(row)
    if number is None and not screen.whole:
        return None
    try:
        return reverse(screen.name, args=[] if screen.whole else [number])
    except NoReverseMatch:
        return None
