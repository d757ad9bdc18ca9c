"""What a list of people would change: every check, and the comparison with what is recorded."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from employees.services.postings import one_writer

from .catalogue import Catalogue, load_catalogue
from .checks import Chain, check_supervisors, load_chain, resolve
from .planning import Plan, plan_changes
from .reading import Batch
from .recorded import refuse_outdated
from .remarks import tell_oddities


@dataclass(frozen=True)
class Examined:
    batch: Batch
    catalogue: Catalogue
    chain: Chain
    plan: Plan


def examine(batch: Batch, *, as_of: dt.date) -> Examined:
    """Inside the caller's transaction; until its end nobody else posts anybody."""
    one_writer()
    catalogue = load_catalogue()
    candidates = resolve(batch, catalogue, as_of=as_of)
    chain = load_chain(batch, catalogue, as_of=as_of)
    refuse_outdated(batch, catalogue, chain, as_of=as_of)
    check_supervisors(batch, chain)
    accepted = [one for one in candidates if one.row.line in batch.rows]
    plan = plan_changes(accepted, catalogue, chain, batch, as_of=as_of)
    tell_oddities(accepted, plan, chain, batch, as_of=as_of)
    return Examined(batch, catalogue, chain, plan)
