"""Record keeping in the admin, for HR of the city."""

from .accounts import AccessTokenAdmin, RoleAssignmentAdmin, UserAdmin
from .catalogue import AppraisalRegimeAdmin, GradeAdmin, PositionAdmin, StaffGroupAdmin
from .people import EmployeeAdmin
from .posts import ActingAppointmentAdmin, PostingAdmin
from .registers import (
    AllowanceBaseAdmin,
    BankAccountAdmin,
    DisciplineAdmin,
    EducationAdmin,
    JobClassAdmin,
    LeaveAdmin,
    OfficialTravelAdmin,
    TaxCategoryAdmin,
)
from .units import OrgUnitAdmin, UnitSuccessionAdmin

__all__ = [
    "AccessTokenAdmin",
    "ActingAppointmentAdmin",
    "AllowanceBaseAdmin",
    "AppraisalRegimeAdmin",
    "BankAccountAdmin",
    "DisciplineAdmin",
    "EducationAdmin",
    "EmployeeAdmin",
    "GradeAdmin",
    "JobClassAdmin",
    "LeaveAdmin",
    "OfficialTravelAdmin",
    "OrgUnitAdmin",
    "PositionAdmin",
    "PostingAdmin",
    "RoleAssignmentAdmin",
    "StaffGroupAdmin",
    "TaxCategoryAdmin",
    "UnitSuccessionAdmin",
    "UserAdmin",
]
