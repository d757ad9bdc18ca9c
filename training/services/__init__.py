"""Writes: one public function, one transaction, one event row."""
