"""Surveys, indicators, six-monthly evaluation."""
