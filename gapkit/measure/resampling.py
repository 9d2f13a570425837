"""Bootstrap draws as weights: a resampled respondent is one who counts twice, so each draw is a row of counts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]
STILL = 1e-6
"""Share of an item's variance below which a draw's is rounding, as draws are counted in single precision."""


def resampling_counts(n: int, *, draws: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """How often each of n respondents is drawn in each draw of n with replacement, (draws x n)."""
    chosen = rng.integers(0, n, (draws, n), dtype=np.int32)
    chosen += np.arange(draws, dtype=np.int32)[:, None] * n
    return np.bincount(chosen.ravel(), minlength=draws * n).reshape(draws, n).astype(np.float32)


def resampled_covariances(values: Floats, counts: Floats, *, weights: Floats | None = None) -> Floats:
    """Covariances of the answers in every draw, by one matrix product over all draws.

    Parameters
    ----------
    values : array (n, k)
        Answers; NaN is unanswered, and pairs then use the respondents who answered both.
    counts : array (draws, n)
        From `resampling_counts`; their precision is that of the result.
    weights : array (n,), optional
        Respondent weights.

    Returns
    -------
    array (draws, k, k)
        Sums of squares through sum of weights: the divisor cancels in every ratio of variances.
    """
    k = values.shape[1]
    share = counts if weights is None else counts * weights
    answered = np.isfinite(values)
    centred = values - np.nanmean(values, axis=0)
    i, j = np.triu_indices(k)
    kind: type[np.floating] = counts.dtype.type if weights is None else np.float64
    if answered.all():
        products = (centred[:, i] * centred[:, j]).astype(kind)
        total = share.sum(axis=1, dtype=float)[:, None]
        means = (share @ centred.astype(kind)).astype(float) / total
        upper = (share @ products).astype(float) / total - means[:, i] * means[:, j]
    else:
        x, here = np.where(answered, centred, 0.0).astype(kind), answered.astype(kind)
        total = (share @ (here[:, i] * here[:, j])).astype(float)
        with np.errstate(invalid="ignore", divide="ignore"):
            first = (share @ (x[:, i] * here[:, j])).astype(float) / total
            second = (share @ (x[:, j] * here[:, i])).astype(float) / total
            upper = (share @ (x[:, i] * x[:, j])).astype(float) / total - first * second
    covariances = np.empty((len(counts), k, k))
    covariances[:, i, j] = upper
    covariances[:, j, i] = upper
    return covariances
