"""The speed table of ``make bench``: ratios measured in one run, never seconds against a limit."""
