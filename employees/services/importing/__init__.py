"""Importing people from csv and xlsx."""

from .people_kind import PeopleKind
from .service import ImportReport, Problem, import_employees

__all__ = ["ImportReport", "PeopleKind", "Problem", "import_employees"]
