"""Two shares side by side, with what chance alone could explain."""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot, sqrt
from statistics import NormalDist


@dataclass(frozen=True)
class ShareDifference:
    """The first share minus the second, with its interval; all between -1 and 1."""

    estimate: float
    low: float
    high: float

    @property
    def excludes_zero(self) -> bool:
        return self.low > 0 or self.high < 0


def wilson(part: int, whole: int, *, level: float = 0.95) -> tuple[float, float]:
    """The score interval of a share. Wilson (1927), JASA 22: 209-212. Raises ValueError unless 0 <= part <= whole, whole > 0."""
    if not 0 <= part <= whole or whole == 0:
        raise ValueError(f"{part} of {whole} is no share")
    z = NormalDist().inv_cdf((1 + level) / 2)
    share = part / whole
    middle, spread = share + z * z / (2 * whole), z * sqrt(share * (1 - share) / whole + z * z / (4 * whole * whole))
    scale = 1 + z * z / whole
    return (middle - spread) / scale, (middle + spread) / scale


def share_difference(part: int, whole: int, other_part: int, other_whole: int, *, level: float = 0.95) -> ShareDifference:
    """Difference of two independent shares by the hybrid score method.

    Newcombe (1998), Statistics in Medicine 17: 873-890, method 10. Raises ValueError as ``wilson``.
    """
    low, high = wilson(part, whole, level=level)
    other_low, other_high = wilson(other_part, other_whole, level=level)
    share, other = part / whole, other_part / other_whole
    estimate = share - other
    return ShareDifference(estimate, estimate - hypot(share - low, other_high - other), estimate + hypot(high - share, other - other_low))
