"""When leave leaves nothing to be judged. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from employees.rules.spans import Span

#: Kept as the reason of such a case: that there was leave, never of which kind.
ON_LEAVE = "Cuti sepanjang periode"
#: Told of a difference that such leave makes in a closed period; doors put both into the reader's language.
LATE_LEAVE = "Cuti yang dicatat kemudian"


def leaves_nothing(days: Span, leave: Iterable[Span], *, least: int, workdays: Callable[[Span], int]) -> bool:
    """Whether fewer than ``least`` working days of ``days`` are outside all leave; without a day of leave never.

    ``workdays`` counts the working days of a span.
    """
    here = [span for span in leave if span.overlaps(days)]
    present = [days]
    for span in here:
        present = [rest for piece in present for rest in piece.without(span)]
    return bool(here) and sum(workdays(piece) for piece in present) < least
