"""Stopping rules that need no random numbers: minimum average partial and the empirical Kaiser criterion."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]


def average_partials(correlations: Floats) -> Floats:
    """Mean squared partial correlation after 0, 1, ... components are taken out (Velicer's MAP); (k - 1,)."""
    k = len(correlations)
    values, vectors = np.linalg.eigh(correlations)
    loadings = vectors[:, ::-1] * np.sqrt(np.maximum(values[::-1], 0))
    left = correlations.copy()
    found = np.full(k - 1, np.nan)
    for taken in range(k - 1):
        spread = np.sqrt(np.diag(left))
        found[taken] = (((left / np.outer(spread, spread)) ** 2).sum() - k) / (k * (k - 1))
        left = left - np.outer(loadings[:, taken], loadings[:, taken])
        if np.diag(left).min() <= 1e-12:
            break
    return found


def kaiser_reference(components: Floats, n: float) -> Floats:
    """What each eigenvalue must exceed by the empirical Kaiser criterion: chance, given the larger ones, and 1."""
    k = len(components)
    left = k - np.concatenate([[0.0], np.cumsum(components)[:-1]])
    return np.maximum(left / (k - np.arange(k)) * (1 + np.sqrt(k / n)) ** 2, 1.0)


def leading(exceeds: NDArray[np.bool_]) -> int:
    """How many positions exceed before the first that does not."""
    return int(np.argmin(exceeds)) if not exceeds.all() else len(exceeds)
