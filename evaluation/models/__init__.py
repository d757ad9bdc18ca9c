"""Fields, constraints, query vocabulary."""
