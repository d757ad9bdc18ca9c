"""A result that was made elsewhere beside the one made here. Pure."""

from __future__ import annotations

from enum import StrEnum


class Difference(StrEnum):
    """What two sources say of one person in one period."""

    OTHER = "BEDA"
    ONLY_IMPORTED = "HANYA_IMPOR"


class ToDo(StrEnum):
    """Where the correction is owed: at the source that is not the official one."""

    AT_BKN = "PERBAIKI_BKN"
    HERE = "PERIKSA_DI_SINI"


def difference(*, imported: int, local: int | None) -> Difference | None:
    """None where both say the same. Nothing here yet differs too: somebody must say why."""
    if local is None:
        return Difference.ONLY_IMPORTED
    return None if local == imported else Difference.OTHER


def to_do(official: str) -> ToDo:
    """The official source is right; the other one is brought in line, and stays open until it says the same."""
    return ToDo.HERE if official == "BKN" else ToDo.AT_BKN
