"""Plans of an OPD out of a sheet, one row an indicator: drafts, never anything signed."""

from .reading import COLUMNS, REQUIRED, PlanColumn
from .service import ImportReport, LineOutcome, import_plans

__all__ = ["COLUMNS", "REQUIRED", "ImportReport", "LineOutcome", "PlanColumn", "import_plans"]
