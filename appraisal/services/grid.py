"""Saving a grid: many rows in one call, each an act of its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from appraisal.queries.team import Ratee, standing_of
from bukittinggi_kinerja.common.errors import Refusal, Stale
from employees.rules.viewing import Viewer

from .rating import set_marks

SAVED = 200


@dataclass(frozen=True)
class RowChange:
    """Marks to set on one assessment, by key; ``revision`` is what the screen showed."""

    assessment_id: int
    changes: Mapping[str, int | None]
    revision: int


@dataclass(frozen=True)
class RowOutcome:
    """What became of one row; ``standing`` is how it stands now, None where it is not the rater's to see."""

    assessment_id: int
    status: int
    message: str
    is_stale: bool
    standing: Ratee | None


def save_rows(*, viewer: Viewer, rows: Sequence[RowChange], now: dt.datetime) -> list[RowOutcome]:
    """Set the marks of every row, each in a transaction of its own: one stale row holds back no other.

    Refusals do not leave this function; they are the ``status`` and the sentence of their row.
    """
    refusals = {row.assessment_id: _save(row, viewer=viewer, now=now) for row in rows}
    standing = standing_of(viewer, refusals)
    return [
        RowOutcome(
            assessment_id=key,
            status=refusal.status if refusal else SAVED,
            message=str(refusal) if refusal else "",
            is_stale=isinstance(refusal, Stale),
            standing=standing.get(key),
        )
        for key, refusal in refusals.items()
    ]


def _save(row: RowChange, *, viewer: Viewer, now: dt.datetime) -> Refusal | None:
    try:
        set_marks(viewer=viewer, assessment_id=row.assessment_id, changes=row.changes, revision=row.revision, now=now)
    except Refusal as refusal:
        return refusal
    return None
