"""One-time codes of access: what they look like, and who may hand one out alone. Pure."""

from __future__ import annotations

import datetime as dt
import secrets
from enum import StrEnum

#: Digits and capitals; of those that are taken for one another on paper (0 O, 1 I L, 2 Z, 5 S, 6 G, 8 B, U V) at most the digit.
ALPHABET = "23456789ACDEFHJKMNPQRTWXY"
LENGTH = 12
GROUP = 4
RECOVERY_LENGTH = 10
RECOVERY_CODES = 10
#: So long a request waits for the second person; then it lapses, and who still wants it asks again.
REQUEST_HOLDS = dt.timedelta(days=14)


class CodePurpose(StrEnum):
    ACTIVATION = "AKTIVASI"
    RESET = "ATUR_ULANG"


class ResetKind(StrEnum):
    """What two people of the city's HR may take away from an account together."""

    CREDENTIAL = "KATA_SANDI"
    FACTOR = "FAKTOR_KEDUA"


def new_code(length: int = LENGTH) -> str:
    """A code of chance: 12 characters out of 25 are 55 bits."""
    return "".join(secrets.choice(ALPHABET) for _n in range(length))


def in_groups(code: str, size: int = GROUP) -> str:
    """``ACDE-2345-WXYF``, as it stands on the slip."""
    return "-".join(code[start : start + size] for start in range(0, len(code), size))


def plain_code(text: str) -> str:
    """What was typed, without the blanks and lines that people copy along."""
    return "".join(letter for letter in text.upper() if letter in ALPHABET)
