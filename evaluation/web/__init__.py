"""Screens: parse, one call, phrase the answer."""
