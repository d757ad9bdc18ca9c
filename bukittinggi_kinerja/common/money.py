"""Rounding, shares and numerals, once for all. Pure; whole rupiah are integers, everything else Decimal."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal


def half_up(value: Decimal, places: int) -> Decimal:
    """Round half away from zero at ``places`` decimals, the one rounding of this system."""
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def share(part: int, whole: int) -> Decimal | None:
    """Percent of a whole, half-up at 2 decimals; None of nothing."""
    return half_up(Decimal(100 * part) / whole, 2) if whole else None


def plain(value: Decimal) -> str:
    """A Decimal as digits, never with an exponent: what APIs and exports carry."""
    return format(value, "f")
