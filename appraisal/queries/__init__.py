"""Reads that span models, by topic."""
