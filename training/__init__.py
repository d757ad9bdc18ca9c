"""Competencies, programmes, cohorts, learning hours."""
