from .assessments import Assessment, RatingExample, Score, ScoredIndicator
from .cycles import Cycle
from .deadlines import LETTER_FOLLOWS, DeadlineChange, DeadlinePolicy, ServiceOutage
from .depth import DepthPolicy
from .dialogues import Dialogue
from .feedback import Feedback
from .imported import ImportedResult, ResultSource, Source
from .plans import Indicator, PerformancePlan, PeriodTarget, WorkResult
from .policy import AppraisalPolicy
from .progress import Evidence, ProgressEntry
from .recomputations import Recomputation, RecomputationItem
from .templates import PlanTemplate

__all__ = [
    "LETTER_FOLLOWS",
    "AppraisalPolicy",
    "Assessment",
    "Cycle",
    "DeadlineChange",
    "DeadlinePolicy",
    "DepthPolicy",
    "Dialogue",
    "Evidence",
    "Feedback",
    "ImportedResult",
    "Indicator",
    "PerformancePlan",
    "PeriodTarget",
    "PlanTemplate",
    "ProgressEntry",
    "RatingExample",
    "Recomputation",
    "RecomputationItem",
    "ResultSource",
    "Score",
    "ScoredIndicator",
    "ServiceOutage",
    "Source",
    "WorkResult",
]
