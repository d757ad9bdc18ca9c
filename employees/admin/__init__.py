"""Record keeping in the admin, for HR of the city."""

from .access import AccessPolicyAdmin
from .accounts import AccessTokenAdmin, RoleAssignmentAdmin, UserAdmin
from .catalogue import AppraisalRegimeAdmin, GradeAdmin, PositionAdmin, StaffGroupAdmin
from .moves import ContractTermAdmin, DataReportAdmin, MovePolicyAdmin, RetirementAgeAdmin, ServiceEndAdmin
from .people import EmployeeAdmin
from .posts import ActingAppointmentAdmin, PostingAdmin
from .units import OrgUnitAdmin, UnitSuccessionAdmin

__all__ = [
    "AccessPolicyAdmin",
    "AccessTokenAdmin",
    "ActingAppointmentAdmin",
    "AppraisalRegimeAdmin",
    "ContractTermAdmin",
    "DataReportAdmin",
    "EmployeeAdmin",
    "GradeAdmin",
    "MovePolicyAdmin",
    "OrgUnitAdmin",
    "PositionAdmin",
    "PostingAdmin",
    "RetirementAgeAdmin",
    "RoleAssignmentAdmin",
    "ServiceEndAdmin",
    "StaffGroupAdmin",
    "UnitSuccessionAdmin",
    "UserAdmin",
]
