"""May this viewer do this to this assessment, plan or entry: one answer for every door."""
