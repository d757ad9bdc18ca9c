"""Tasks that cross apps, started by beat."""
