"""Tasks: parse ids and moments, one service call."""
