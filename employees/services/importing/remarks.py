"""What an import takes but does not pass over in silence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from bukittinggi_kinerja.common.cells import squeezed
from employees.rules.importing import Fault
from employees.rules.posts import leads_unit

from .checks import AWAY, Candidate, Chain
from .planning import Plan
from .reading import Batch

# A transfer is decided some weeks ahead; beyond a year the clerk mistook the year.
FAR_AHEAD = dt.timedelta(days=366)


def tell_oddities(accepted: Sequence[Candidate], plan: Plan, chain: Chain, batch: Batch, *, as_of: dt.date) -> None:
    stated = {one.row.nip: one.row.status for one in accepted if one.row.status}
    away = {nip: status for nip, status in {**chain.away, **stated}.items() if status in AWAY}
    for one in accepted:
        _tell_superior(one, chain, away, batch)
        if one.row.nip in plan.posts:
            _tell_beginning(one, batch, as_of)


def _tell_superior(one: Candidate, chain: Chain, away: dict[str, str], batch: Batch) -> None:
    """Somebody whom nobody can rate would only be noticed when the month closes without his mark."""
    row = one.row
    above = chain.above_of(row)
    if row.status in AWAY:
        return
    if above is None:
        leads = leads_unit(title=squeezed(row.title), kind=row.post_kind, unit_name=one.unit.name)
        if not (one.unit.root and leads):
            batch.warn(row.line, Fault("nip_atasan", "supervisor_none"))
    elif not row.supervisor and not above.startswith("#"):
        batch.warn(row.line, Fault("nip_atasan", "supervisor_kept"))
    if above in away:
        batch.warn(row.line, Fault("nip_atasan", "supervisor_away", {"nip": above, "status": away[above]}))


def _tell_beginning(one: Candidate, batch: Batch, as_of: dt.date) -> None:
    since, begins = one.row.since, one.unit.span.start
    if begins is not None and since < begins:
        values = {"there": f"{since:%d-%m-%Y}", "unit": one.unit.full_name, "begins": f"{begins:%d-%m-%Y}"}
        batch.warn(one.row.line, Fault("tmt_jabatan", "since_before_unit", values))
    if since > as_of + FAR_AHEAD:
        batch.warn(one.row.line, Fault("tmt_jabatan", "since_far_ahead", {"there": f"{since:%d-%m-%Y}"}))
