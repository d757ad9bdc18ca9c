"""The derivation of a result as a tree whose numbers add up. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Operation(StrEnum):
    """How a node follows from its children; ``mean weighted_mean round`` half-up at the decimals printed."""

    SUM = "sum"
    MEAN = "mean"
    WEIGHTED_MEAN = "weighted_mean"
    MATRIX = "matrix"
    CAP = "cap"
    ROUND = "round"
    ACHIEVEMENT = "achievement"
    BAND = "band"
    JUDGEMENT = "judgement"
    INPUT = "input"


@dataclass(frozen=True)
class Node:
    """``value`` and ``weight`` are plain decimal strings, codes, or None (not there, and left out)."""

    label: str
    kind: str
    operation: Operation
    value: str | None
    rule_version: str
    unit: str = ""
    weight: str | None = None
    children: tuple[Node, ...] = ()
    evidence: tuple[Mapping[str, object], ...] = ()
    #: Of an achievement: form and direction of the target, which name the formula.
    manner: str = ""


def digits(value: Decimal | int | None, *, least: int = 0) -> str | None:
    """A number as plain digits without needless zeros, but at least ``least`` decimals; never an exponent."""
    if value is None:
        return None
    text = format(Decimal(value), "f")
    whole, _point, decimals = text.partition(".")
    decimals = decimals.rstrip("0").ljust(least, "0")
    return f"{whole}.{decimals}" if decimals else whole
