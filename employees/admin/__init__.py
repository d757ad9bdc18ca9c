"""Record keeping in the admin, for HR of the city."""

from .access import AccessPolicyAdmin
from .accounts import AccessTokenAdmin, RoleAssignmentAdmin, UserAdmin
from .catalogue import AppraisalRegimeAdmin, GradeAdmin, PositionAdmin, StaffGroupAdmin
from .moves import ContractTermAdmin, DataReportAdmin, MovePolicyAdmin, RetirementAgeAdmin, ServiceEndAdmin
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
    "AccessPolicyAdmin",
    "AccessTokenAdmin",
    "ActingAppointmentAdmin",
    "AllowanceBaseAdmin",
    "AppraisalRegimeAdmin",
    "BankAccountAdmin",
    "ContractTermAdmin",
    "DataReportAdmin",
    "DisciplineAdmin",
    "EducationAdmin",
    "EmployeeAdmin",
    "GradeAdmin",
    "JobClassAdmin",
    "LeaveAdmin",
    "MovePolicyAdmin",
    "OfficialTravelAdmin",
    "OrgUnitAdmin",
    "PositionAdmin",
    "PostingAdmin",
    "RetirementAgeAdmin",
    "RoleAssignmentAdmin",
    "ServiceEndAdmin",
    "StaffGroupAdmin",
    "TaxCategoryAdmin",
    "UnitSuccessionAdmin",
    "UserAdmin",
]
