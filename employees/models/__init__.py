from .access import AccessCode, AccessPolicy, RecoveryCode, ResetRequest, SecondFactor
from .accounts import AccessToken, RoleAssignment, User
from .moves import WAITING_REPORTS, ContractTerm, DataReport, EndKind, MovePolicy, ReportState, ReportSubject, RetirementAge, ServiceEnd
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
    "WAITING_REPORTS",
    "AccessCode",
    "AccessPolicy",
    "AccessToken",
    "ActingAppointment",
    "ActingKind",
    "AllowanceBase",
    "AllowanceCriterion",
    "AppraisalRegime",
    "BankAccount",
    "ContractTerm",
    "CycleKind",
    "DataReport",
    "Discipline",
    "Education",
    "Employee",
    "EmploymentKind",
    "EndKind",
    "Grade",
    "JobClass",
    "Kept",
    "Leave",
    "LeaveKind",
    "MovePolicy",
    "OfficialTravel",
    "OrgUnit",
    "Position",
    "PositionKind",
    "Posting",
    "Punishment",
    "PunishmentLevel",
    "RecoveryCode",
    "Regime",
    "ReportState",
    "ReportSubject",
    "ResetRequest",
    "RetirementAge",
    "RoleAssignment",
    "SchoolLevel",
    "SecondFactor",
    "ServiceEnd",
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
