"""All lists that can be imported, in the order of the page; each app says its own."""

from __future__ import annotations

from typing import Any

from appraisal.services.lists import ProgressKind, ResultKind
from appraisal.services.plan_import import PlanKind
from bukittinggi_kinerja.common.importing import ImportKind
from employees.services.importing import PeopleKind
from employees.services.importing.contract_kind import ContractKind
from employees.services.importing.headcount_kind import HeadcountKind
from employees.services.importing.unit_kind import UnitKind
from employees.services.registers.lists import REGISTER_KINDS
from employees.services.transfer_kind import TransferKind

KINDS: dict[str, ImportKind] = {
    kind.code: kind
    for kind in (
        PeopleKind(),
        TransferKind(),
        UnitKind(),
        HeadcountKind(),
        PlanKind(),
        ProgressKind(),
        ResultKind(),
        ContractKind(),
        *(one() for one in REGISTER_KINDS),
    )
}


def may_import(viewer: Any) -> bool:
    """Whether any list is open to this viewer."""
    return any(kind.may(viewer) for kind in KINDS.values())
