"""The October of the small city, for screens that cross apps."""

from tests.appraisal.month import month

__all__ = ["month"]
