"""What the tests of appraisal share."""

from tests.appraisal.month import month  # noqa: F401  an open cycle of the small city
