"""Notices outside the application: channels, and sending what was asked for."""
