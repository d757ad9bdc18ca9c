"""Record keeping in the admin."""
