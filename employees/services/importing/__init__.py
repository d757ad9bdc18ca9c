"""Importing people from csv and xlsx."""

from .service import ImportReport, Problem, import_employees

__all__ = ["ImportReport", "Problem", "import_employees"]
