"""Record keeping in the admin, for HR of the city."""

from .access import AccessPolicyAdmin
from .accounts import AccessTokenAdmin, RoleAssignmentAdmin, UserAdmin
from .catalogue import AppraisalRegimeAdmin, GradeAdmin, PositionAdmin, StaffGroupAdmin
from .people import EmployeeAdmin
from .posts import ActingAppointmentAdmin, PostingAdmin
from .units import OrgUnitAdmin, UnitSuccessionAdmin

__all__ = [
    "AccessPolicyAdmin",
    "AccessTokenAdmin",
    "ActingAppointmentAdmin",
    "AppraisalRegimeAdmin",
    "EmployeeAdmin",
    "GradeAdmin",
    "OrgUnitAdmin",
    "PositionAdmin",
    "PostingAdmin",
    "RoleAssignmentAdmin",
    "StaffGroupAdmin",
    "UnitSuccessionAdmin",
    "UserAdmin",
]
