"""Words and marks of appraisal in templates."""
