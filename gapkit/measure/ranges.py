"""Arithmetic with printed numbers: each stands for every number that rounds to it."""

from __future__ import annotations

import math
from typing import NamedTuple

SLACK = 1e-9  # what binary storage of printed decimals can be off by


class Range(NamedTuple):
    """All numbers that a printed one may stand for, or that follow from such numbers."""

    low: float
    high: float

    def plus(self, other: Range) -> Range:
        """Every sum."""
        return Range(self.low + other.low, self.high + other.high)

    def minus(self, other: Range) -> Range:
        """Every difference."""
        return Range(self.low - other.high, self.high - other.low)

    def times(self, factor: float) -> Range:
        """Every number times a factor of at least 0."""
        return Range(self.low * factor, self.high * factor)

    def size(self) -> Range:
        """Every absolute value."""
        crosses = self.low <= 0 <= self.high
        ends = sorted((abs(self.low), abs(self.high)))
        return Range(0.0 if crosses else ends[0], ends[1])

    def over(self, other: Range) -> Range:
        """Every quotient of two ranges of numbers that are not negative."""
        low = self.low / other.high if other.high > 0 else math.inf
        return Range(low, self.high / other.low if other.low > 0 else math.inf)

    def meets(self, other: Range) -> bool:
        """Whether the two have a number in common."""
        return self.low <= other.high + SLACK and other.low <= self.high + SLACK

    def __str__(self) -> str:
        return f"{self.low:.4g} to {self.high:.4g}"


def printed(value: float, places: int) -> Range:
    """What a printed number may stand for."""
    half = 0.5 * 10.0**-places
    return Range(value - half, value + half)
