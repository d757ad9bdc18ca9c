"""Memory in the database: tables that only grow, and master data that remembers its changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import pghistory
import pgtrigger
from django.db import models

M = TypeVar("M", bound=type[models.Model])


def never_emptied(name: str) -> pgtrigger.Trigger:
    """TRUNCATE skips row triggers; this one refuses it."""
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Truncate,
        level=pgtrigger.Statement,
        func=pgtrigger.Func(  # type: ignore[no-untyped-call]
            "RAISE EXCEPTION 'pgtrigger: Cannot truncate rows from % table', TG_TABLE_NAME;"
        ),
    )


class Stamp(pgtrigger.Trigger):
    """Runs the function of ``common/migrations/0003``, for every row.

    The library's own functions ask within a subtransaction whether to stand aside. Once a row is harmless once a
    statement; here it would search all checks that wait for the end of the transaction, again for each row.
    """

    when = pgtrigger.Before
    operation = pgtrigger.Insert | pgtrigger.Update
    func = "RETURN NEW;"

    def render_execute(self, model: models.Model) -> str:
        return "common_stamp_updated_at()"


def stamped(name: str) -> pgtrigger.Trigger:
    """``updated_at`` is the database's clock at the write, whoever writes and whatever moment a job stands for."""
    return Stamp(name=name)


def written_once(name: str, *fields: str) -> pgtrigger.Trigger:
    """Columns that stay as they were written, also for who has SQL: a correction is another row."""
    return pgtrigger.ReadOnly(name=name, fields=list(fields))


def append_only(name: str) -> list[pgtrigger.Trigger]:
    """Rows may be added, never changed, removed or emptied."""
    return [
        pgtrigger.Protect(name=f"{name}_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        never_emptied(f"{name}_no_truncate"),
    ]


def remembered(*, exclude: Sequence[str] = ()) -> Callable[[M], M]:
    """Class decorator: every insert, update and delete becomes an append-only event row.

    Triggers work by statement, so bulk and raw SQL leave a trace too.
    """
    level = pgtrigger.Statement
    track: Callable[[M], M] = pghistory.track(
        pghistory.InsertEvent(level=level),
        pghistory.UpdateEvent(level=level),
        pghistory.DeleteEvent(level=level),
        append_only=True,
        exclude=list(exclude) or None,
        meta={"triggers": [never_emptied("no_truncate")]},
    )
    return track
