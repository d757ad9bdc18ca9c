"""A row against the postings the city already knows."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Protocol

from employees.models import Posting
from employees.rules.importing import Fault, Row

from .catalogue import Catalogue, Unit
from .checks import Chain, chunks, reference_day
from .reading import Batch


class Recorded(Protocol):
    """What a posting says of somebody's place."""

    @property
    def unit_id(self) -> int: ...
    @property
    def position_id(self) -> int: ...
    @property
    def supervisor_id(self) -> int | None: ...


def same_post(row: Row, unit: Unit | None, recorded: Recorded, batch: Batch, catalogue: Catalogue, chain: Chain) -> bool:
    """Whether a row says nothing else than a posting does; a column at fault says nothing."""
    if unit is not None and recorded.unit_id != unit.pk:
        return False
    if batch.sound(row.line, "jabatan", "jenis_jabatan") and recorded.position_id != catalogue.position(row):
        return False
    above = chain.above_of(row)
    if not batch.sound(row.line, "nip_atasan"):
        return True
    return recorded.supervisor_id is None if above is None else recorded.supervisor_id == chain.id_of(above)


def refuse_outdated(batch: Batch, catalogue: Catalogue, chain: Chain, *, as_of: dt.date) -> None:
    """Refuse rows of an older list: another post that would begin before one that is already recorded.

    Taken, it would cancel the later posting, and with it who lawfully rated since. One query for each chunk of rows.
    """
    rows = [row for row in batch.stated() if row.nip in chain.ids and batch.sound(row.line, "nip", "tmt_jabatan")]
    for chunk in chunks(rows):
        postings: dict[str, list[Posting]] = defaultdict(list)
        known = Posting.objects.known().filter(employee_id__in=[chain.ids[row.nip] for row in chunk])
        for posting in known.select_related("employee").only("employee__nip", "unit", "position", "supervisor", "valid"):
            postings[posting.employee.nip or ""].append(posting)
        for row in chunk:
            day = reference_day(row, as_of)
            later = [one for one in postings[row.nip] if one.valid.lower and row.since < one.valid.lower <= day]
            if later and not _holds(row, later, day, batch, catalogue, chain):
                recorded = max(one.valid.lower for one in later)
                batch.refuse(row.line, Fault("tmt_jabatan", "posted_later", {"recorded": f"{recorded:%d-%m-%Y}"}))


def _holds(row: Row, later: list[Posting], day: dt.date, batch: Batch, catalogue: Catalogue, chain: Chain) -> bool:
    """Whether the row tells the post of the day, only with an earlier beginning."""
    current = next((one for one in later if day in one.valid), None)
    if current is None:
        return False
    unit = catalogue.unit(row.unit, on=day) if batch.sound(row.line, "unit") else None
    return same_post(row, unit if isinstance(unit, Unit) else None, current, batch, catalogue, chain)
