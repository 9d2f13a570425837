"""Between a latent normal and the answer it becomes: cut points, and the means and ceilings they lead to."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.special import ndtr

DECIMALS = 6
"""Latent values and locations are rounded before they are cut: no machine's last bit may decide an answer."""


def answer_means(
    location: np.ndarray, spread: np.ndarray, shift: np.ndarray, rest: np.ndarray, cuts: np.ndarray, low: float
) -> np.ndarray:
    """The mean answer where a latent normal is cut: the lowest point plus the chance to pass each cut.

    `location` and `spread` are groups x items, `shift` segments x items (in spreads), `rest` the standard deviation
    inside a segment (in spreads), per item. Returns groups x segments x items.
    """
    return np.asarray(low + sum(ndtr(_above(location, spread, shift, rest, cut)) for cut in cuts))


def top_shares(
    location: np.ndarray, spread: np.ndarray, shift: np.ndarray, rest: np.ndarray, cuts: np.ndarray
) -> np.ndarray:
    """The share of answers at the highest point: groups x segments x items."""
    return np.asarray(ndtr(_above(location, spread, shift, rest, cuts[-1])))


def bisect(rising: Callable[[np.ndarray], np.ndarray], low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Where a rising function crosses zero between `low` and `high`, for a whole table at once."""
    for _ in range(60):
        middle = (low + high) / 2
        below = rising(middle) < 0
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return np.asarray((low + high) / 2)


def to_points(latent: np.ndarray, cuts: np.ndarray, low: float) -> np.ndarray:
    """Latent values as answers: the lowest point plus the number of cuts passed."""
    return np.asarray(low + np.searchsorted(cuts, latent.round(DECIMALS), side="left"))


def _above(location: np.ndarray, spread: np.ndarray, shift: np.ndarray, rest: np.ndarray, cut: float) -> np.ndarray:
    """How far a cut lies below each segment's latent mean, in standard deviations: groups x segments x items."""
    middle = location[:, None, :] + spread[:, None, :] * shift[None, :, :]
    return np.asarray((middle - cut) / (spread[:, None, :] * rest))
