"""REST: parse, one call, phrase the answer."""
