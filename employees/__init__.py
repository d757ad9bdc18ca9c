"""People, units, positions, postings in time, accounts, who may see whom."""
