"""Lists of appraisal that can be imported."""

from .progress import ProgressKind
from .results import ResultKind

__all__ = ["ProgressKind", "ResultKind"]
