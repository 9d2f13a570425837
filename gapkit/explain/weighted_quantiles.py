"""Quantiles of columns under survey weights, with unanswered cells."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def weighted_quantiles(values: np.ndarray, q: Sequence[float], weights: np.ndarray | None = None) -> np.ndarray:
    """Quantiles of every column: the smallest answer that reaches the share q of the weight, (len(q) x columns).

    Where a share is reached exactly at an answer, the mean of it and the next one is taken, so that the median of an
    even number is the usual one (R's type 2). NaN is unanswered, and stays where nobody answered.

    Examples
    --------
    >>> weighted_quantiles(np.array([[1.0], [2.0], [3.0], [4.0]]), [0.25, 0.5])[:, 0].tolist()
    [1.5, 2.5]
    >>> weighted_quantiles(np.array([[1.0], [2.0], [9.0]]), [0.5], np.array([1.0, 1.0, 5.0]))[:, 0].tolist()
    [9.0]
    """
    found = np.full((len(q), values.shape[1]), np.nan)
    w = np.ones(len(values)) if weights is None else weights
    for column in range(values.shape[1]):
        own = np.isfinite(values[:, column]) & (w > 0)
        if not own.any():
            continue
        points, place = np.unique(values[own, column], return_inverse=True)
        total = np.cumsum(np.bincount(place, weights=w[own]))
        reached = total / total[-1]
        last = len(points) - 1
        for row, share in enumerate(q):
            first = min(int(np.searchsorted(reached, share - 1e-9)), last)
            after = min(int(np.searchsorted(reached, share + 1e-9)), last)
            found[row, column] = (points[first] + points[after]) / 2
    return found
