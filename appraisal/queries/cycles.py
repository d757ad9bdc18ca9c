"""Cycles that must stay as they are for the rest of a transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import NamedTuple

from django.db import connection

from appraisal.models import Cycle
from bukittinggi_kinerja.common.period import Period


class HeldCycle(NamedTuple):
    id: int
    state: str
    rating_due: dt.datetime


def held_cycle(cycle_id: int) -> Cycle:
    """The cycle as stored now; many may hold it at once, whoever closes it waits for them."""
    return Cycle.objects.raw("SELECT * FROM appraisal_cycle WHERE id = %s FOR SHARE", [cycle_id])[0]


def held_cycles(ids: Collection[int]) -> list[Cycle]:
    """Many of them, held likewise and in one order."""
    return list(Cycle.objects.raw("SELECT * FROM appraisal_cycle WHERE id = ANY(%s) ORDER BY id FOR SHARE", [list(ids)]))


def held_cycles_of(period: Period) -> dict[int, HeldCycle]:
    """Each group's cycle of a period by group, held likewise."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT group_id, id, state, rating_due FROM appraisal_cycle WHERE period = %s FOR SHARE", [period.key])
        return {group: HeldCycle(*row) for group, *row in cursor.fetchall()}


def held_states_of(group_id: int) -> dict[str, str]:
    """State of every cycle of a group by period key, held likewise."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT period, state FROM appraisal_cycle WHERE group_id = %s FOR SHARE", [group_id])
        return dict(cursor.fetchall())
