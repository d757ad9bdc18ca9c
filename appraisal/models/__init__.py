from .assessments import Assessment, RatingExample, Score, ScoredIndicator
from .cycles import Cycle
from .deadlines import LETTER_FOLLOWS, DeadlineChange, DeadlinePolicy, ServiceOutage
from .feedback import Feedback
from .plans import Indicator, PerformancePlan, PeriodTarget, WorkResult
from .policy import AppraisalPolicy
from .progress import Evidence, ProgressEntry

__all__ = [
    "LETTER_FOLLOWS",
    "AppraisalPolicy",
    "Assessment",
    "Cycle",
    "DeadlineChange",
    "DeadlinePolicy",
    "Evidence",
    "Feedback",
    "Indicator",
    "PerformancePlan",
    "PeriodTarget",
    "ProgressEntry",
    "RatingExample",
    "Score",
    "ScoredIndicator",
    "ServiceOutage",
    "WorkResult",
]
