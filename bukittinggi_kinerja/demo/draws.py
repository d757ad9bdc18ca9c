"""Chance that repeats: one generator a topic, so that a change in one topic leaves the others alone."""

from __future__ import annotations

import hashlib
import random
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import Generic, TypeVar

T = TypeVar("T")


def draws(seed: int, *topic: object) -> random.Random:
    words = ":".join(str(word) for word in (seed, *topic))
    return random.Random(int.from_bytes(hashlib.sha256(words.encode()).digest()[:8], "big"))


class Weighted(Generic[T]):
    """Items with weights; ``pick`` costs one random number."""

    def __init__(self, items: Sequence[T], weights: Sequence[float]) -> None:
        self.items = items
        self._steps = list(accumulate(weights))

    def pick(self, dice: random.Random) -> T:
        return self.items[min(bisect_right(self._steps, dice.random() * self._steps[-1]), len(self.items) - 1)]


def largest_remainder(total: int, weights: Sequence[float]) -> list[int]:
    """Whole shares of ``total`` in proportion to ``weights``; ties go to the earlier one."""
    whole = sum(weights)
    exact = [total * weight / whole for weight in weights]
    shares = [int(part) for part in exact]
    order = sorted(range(len(weights)), key=lambda n: (shares[n] - exact[n], n))
    for n in order[: total - sum(shares)]:
        shares[n] += 1
    return shares
