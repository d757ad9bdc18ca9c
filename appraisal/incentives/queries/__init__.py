"""Reads that span models of services and their cases."""
