"""Service cases and their clock, measured figures, incentives."""
