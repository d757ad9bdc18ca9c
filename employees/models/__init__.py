from .accounts import AccessToken, RoleAssignment, User
from .people import Employee, EmploymentKind, Grade, Sex, Status
from .posts import ActingAppointment, ActingKind, Position, PositionKind, Posting
from .regimes import AppraisalRegime, CycleKind, Regime, StaffGroup
from .registers import PERSONAL, REGISTERS
from .registers_absence import Leave, LeaveKind, OfficialTravel
from .registers_base import Kept, Spanned
from .registers_conduct import Discipline, Punishment, PunishmentLevel
from .registers_pay import AllowanceBase, AllowanceCriterion, BankAccount, JobClass, TaxCategory, TaxStatus
from .registers_schooling import Education, SchoolLevel
from .units import OrgUnit, UnitKind, UnitSuccession

__all__ = [
    "PERSONAL",
    "REGISTERS",
    "AccessToken",
    "ActingAppointment",
    "ActingKind",
    "AllowanceBase",
    "AllowanceCriterion",
    "AppraisalRegime",
    "BankAccount",
    "CycleKind",
    "Discipline",
    "Education",
    "Employee",
    "EmploymentKind",
    "Grade",
    "JobClass",
    "Kept",
    "Leave",
    "LeaveKind",
    "OfficialTravel",
    "OrgUnit",
    "Position",
    "PositionKind",
    "Posting",
    "Punishment",
    "PunishmentLevel",
    "Regime",
    "RoleAssignment",
    "SchoolLevel",
    "Sex",
    "Spanned",
    "StaffGroup",
    "Status",
    "TaxCategory",
    "TaxStatus",
    "UnitKind",
    "UnitSuccession",
    "User",
]
