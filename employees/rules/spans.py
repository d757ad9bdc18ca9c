"""Half-open spans of days, and what remains of them when a new one is laid over. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class Span:
    """Days from ``start`` up to, not including, ``end``; None is open."""

    start: dt.date | None
    end: dt.date | None

    @property
    def empty(self) -> bool:
        return self.start is not None and self.end is not None and self.start >= self.end

    def overlaps(self, other: Span) -> bool:
        return not (self.empty or other.empty) and _before(self.start, other.end) and _before(other.start, self.end)

    def without(self, other: Span) -> list[Span]:
        """The parts of this span that ``other`` does not cover, earlier part first."""
        if not self.overlaps(other):
            return [self]
        left = Span(self.start, other.start) if other.start is not None else None
        right = Span(other.end, self.end) if other.end is not None else None
        return [part for part in (left, right) if part is not None and not part.empty]


def _before(start: dt.date | None, end: dt.date | None) -> bool:
    return start is None or end is None or start < end
