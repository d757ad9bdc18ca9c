"""Refusals with a meaning. Doors turn each into one answer; nobody parses their text.

=============  ====================================  ======
class          meaning                               status
=============  ====================================  ======
NotVisible     not there, or not for these eyes      404
NotAllowed     may not                               403
NotNow         may, but not in this state            409
Stale          somebody saved in between             409
Unacceptable   the input cannot be taken             400
TooOften       tried too many times, wait            429
=============  ====================================  ======
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence


class Refusal(Exception):
    """A refusal that a person can read; ``str(refusal)`` is the sentence."""

    status = 400

    def __init__(self, message: object) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return str(self.message)


class NotVisible(Refusal):
    status = 404


class NotAllowed(Refusal):
    status = 403


class NotNow(Refusal):
    status = 409


class Stale(Refusal):
    """Carries what is stored now, so that both values can be shown."""

    status = 409

    def __init__(self, message: object, *, current: Mapping[str, object], version: int) -> None:
        super().__init__(message)
        self.current = dict(current)
        self.version = version


class Unacceptable(Refusal):
    """Input that cannot be taken, with the sentences per field."""

    status = 400

    def __init__(self, message: object, *, errors: Mapping[str, Sequence[object]] | None = None) -> None:
        super().__init__(message)
        self.errors: dict[str, list[str]] = {k: [str(s) for s in v] for k, v in (errors or {}).items()}


class TooOften(Refusal):
    status = 429
