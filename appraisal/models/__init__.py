from .assessments import Assessment, RatingExample, Score, ScoredIndicator
from .cycles import Cycle
from .feedback import Feedback
from .plans import Indicator, PerformancePlan, PeriodTarget, WorkResult
from .policy import AppraisalPolicy
from .progress import Evidence, ProgressEntry

__all__ = [
    "AppraisalPolicy",
    "Assessment",
    "Cycle",
    "Evidence",
    "Feedback",
    "Indicator",
    "PerformancePlan",
    "PeriodTarget",
    "ProgressEntry",
    "RatingExample",
    "Score",
    "ScoredIndicator",
    "WorkResult",
]
