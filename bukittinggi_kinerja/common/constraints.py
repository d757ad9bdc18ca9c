"""What the database refuses, said in the sentence that stands on the constraint."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, models, transaction

from .errors import Unacceptable


@contextmanager
def refused_by_constraint(*kinds: type[models.Model]) -> Iterator[None]:
    """Within: a broken constraint of these models becomes Unacceptable; any other stays what it is.

    A savepoint, so that the caller's transaction goes on.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as problem:
        broken = getattr(getattr(problem.__cause__, "diag", None), "constraint_name", None)
        for kind in kinds:
            for constraint in kind._meta.constraints:
                if constraint.name == broken:
                    raise Unacceptable(constraint.violation_error_message) from problem
        raise
