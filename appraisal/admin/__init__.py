"""Record keeping in the admin: rules, cases, plans and figures; deadlines that moved; results from elsewhere."""

from .records import (
    AppraisalPolicyAdmin,
    AssessmentAdmin,
    CycleAdmin,
    FeedbackAdmin,
    PerformancePlanAdmin,
    ProgressEntryAdmin,
    ScoreAdmin,
)
from .timing import (
    DeadlineChangeAdmin,
    DeadlinePolicyAdmin,
    DepthPolicyAdmin,
    ImportedResultAdmin,
    PlanTemplateAdmin,
    RecomputationAdmin,
    ResultSourceAdmin,
    ServiceOutageAdmin,
)

__all__ = [
    "AppraisalPolicyAdmin",
    "AssessmentAdmin",
    "CycleAdmin",
    "DeadlineChangeAdmin",
    "DeadlinePolicyAdmin",
    "DepthPolicyAdmin",
    "FeedbackAdmin",
    "ImportedResultAdmin",
    "PerformancePlanAdmin",
    "PlanTemplateAdmin",
    "ProgressEntryAdmin",
    "RecomputationAdmin",
    "ResultSourceAdmin",
    "ScoreAdmin",
    "ServiceOutageAdmin",
]
