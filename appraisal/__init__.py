"""Cycles, plans, progress, assessments, scoring and its explanation."""
