from .access import AccessCode, AccessPolicy, RecoveryCode, ResetRequest, SecondFactor
from .accounts import AccessToken, RoleAssignment, User
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
    "CycleKind",
    "Employee",
    "EmploymentKind",
    "Grade",
    "OrgUnit",
    "Position",
    "PositionKind",
    "Posting",
    "RecoveryCode",
    "Regime",
    "ResetRequest",
    "RoleAssignment",
    "SecondFactor",
    "Sex",
    "StaffGroup",
    "Status",
    "UnitKind",
    "UnitSuccession",
    "User",
]
