"""May this viewer do this to this object: one answer for every door."""
