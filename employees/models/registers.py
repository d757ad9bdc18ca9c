"""The registers by name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from employees.rules.registers import Register

from .registers_absence import Leave, OfficialTravel
from .registers_base import Kept
from .registers_conduct import Discipline
from .registers_pay import AllowanceBase, BankAccount, JobClass, TaxCategory
from .registers_schooling import Education

PERSONAL: Mapping[Register, type[Kept]] = MappingProxyType(
    {model.register: model for model in (Leave, OfficialTravel, Discipline, Education, BankAccount, TaxCategory)}
)
REGISTERS: Mapping[Register, type[Kept]] = MappingProxyType({**PERSONAL, Register.JOB_CLASS: JobClass, Register.ALLOWANCE: AllowanceBase})
