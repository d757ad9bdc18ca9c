from .access import AccessCode, AccessPolicy, RecoveryCode, ResetRequest, SecondFactor
from .accounts import AccessToken, RoleAssignment, User
from .moves import ContractTerm, DataReport, EndKind, MovePolicy, ReportState, ReportSubject, RetirementAge, ServiceEnd
from .people import Employee, EmploymentKind, Grade, Sex, Status
from .posts import ActingAppointment, ActingKind, Position, PositionKind, Posting
from .regimes import AppraisalRegime, CycleKind, Regime, StaffGroup
from .units import OrgUnit, UnitKind, UnitSuccession

__all__ = [
    "AccessCode",
    "AccessPolicy",
    "AccessToken",
    "ActingAppointment",
    "ActingKind",
    "AppraisalRegime",
    "ContractTerm",
    "CycleKind",
    "DataReport",
    "Employee",
    "EmploymentKind",
    "EndKind",
    "Grade",
    "MovePolicy",
    "OrgUnit",
    "Position",
    "PositionKind",
    "Posting",
    "RecoveryCode",
    "Regime",
    "ReportState",
    "ReportSubject",
    "ResetRequest",
    "RetirementAge",
    "RoleAssignment",
    "SecondFactor",
    "ServiceEnd",
    "Sex",
    "StaffGroup",
    "Status",
    "UnitKind",
    "UnitSuccession",
    "User",
]
