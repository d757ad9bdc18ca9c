"""Plans of an OPD out of a sheet, one row an indicator: drafts, never anything signed."""

from .kind import PlanKind
from .reading import COLUMNS
from .service import PlanReport, import_plans

__all__ = ["COLUMNS", "PlanKind", "PlanReport", "import_plans"]
