"""Leave that was entered into the register after a period it lies in had ended."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from appraisal.models import Cycle
from bukittinggi_kinerja.common.period import start_of_day
from employees.models import Leave
from employees.rules.spans import Span


@dataclass(frozen=True)
class LateLeave:
    """Days of leave and the moment since when the city knows of them; never of which kind."""

    span: Span
    since: dt.datetime


def late_leave(cycles: Sequence[Cycle]) -> dict[int, list[LateLeave]]:
    """By person, of these cycles; one query."""
    first, last = min(cycle.start for cycle in cycles), max(cycle.end for cycle in cycles)
    moment = start_of_day(min(cycle.end for cycle in cycles))
    found: dict[int, list[LateLeave]] = defaultdict(list)
    rows = Leave.objects.overlapping(first, last).filter(recorded_at__gt=moment)
    for person, days, since in rows.values_list("employee_id", "valid", "recorded_at"):
        found[person].append(LateLeave(Span(days.lower, days.upper), since))
    return found


def learned_after(rows: Iterable[LateLeave], days: Span, moment: dt.datetime) -> dt.datetime | None:
    """When the last leave in these days became known, if that was after the moment."""
    return max((row.since for row in rows if row.since > moment and row.span.overlaps(days)), default=None)
