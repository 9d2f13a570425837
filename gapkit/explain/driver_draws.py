"""Correlations of predictors and outcome in many samples: of respondents drawn again, or of normal answers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..measure.resampling import resampled_covariances, resampling_counts

Floats = NDArray[np.floating]

AT_ONCE = 64 * 2**20
"""Bytes that one batch of draws may take."""


def resampled(values: Floats, weights: Floats | None, *, draws: int, seed: int) -> Floats:
    """Correlations in bootstrap samples of respondents, (draws, k, k); NaN where a column happens not to vary.

    Parameters
    ----------
    values : array (n, k)
        NaN is unanswered; pairs then use those who answered both.
    weights : array (n,), optional
        Survey weights: a respondent drawn twice brings twice the weight.
    """
    check_draws(draws)
    rng, n, values = np.random.default_rng(seed), len(values), in_unit_spread(values)
    size = max(1, min(draws, AT_ONCE // (8 * n)))
    parts = []
    for start in range(0, draws, size):
        counts = resampling_counts(n, draws=min(size, draws - start), rng=rng).astype(float)
        parts.append(as_correlations(resampled_covariances(values, counts, weights=weights)))
    return np.concatenate(parts)


def wishart(correlations: Floats, n: float, *, draws: int, seed: int) -> Floats:
    """Correlations of samples of n normal answers that correlate as given, (draws, k, k), at a cost free of n.

    Bartlett's decomposition: cross-products are L A A' L' with L L' the given correlations, A triangular with normal
    numbers below the diagonal and roots of chi-squares with n - 1, n - 2, ... degrees of freedom in it.

    References
    ----------
    .. [1] Bartlett, M. S. (1934). On the theory of statistical regression. Proceedings of the Royal Society of
       Edinburgh, 53, 260-283.
    """
    check_draws(draws)
    rng, k = np.random.default_rng(seed), len(correlations)
    values, vectors = np.linalg.eigh(correlations)
    root = vectors * np.sqrt(np.maximum(values, 0.0))  # pairwise correlations may miss being definite by rounding
    triangle = np.zeros((draws, k, k))
    row, column = np.tril_indices(k, -1)
    each = np.arange(k)
    triangle[:, row, column] = rng.standard_normal((draws, len(row)))
    triangle[:, each, each] = np.sqrt(rng.chisquare(n - 1 - each, (draws, k)))
    half = root @ triangle
    return as_correlations(half @ half.transpose(0, 2, 1))


def in_unit_spread(values: Floats) -> Floats:
    """Columns (n, k) centred and divided by their standard deviation, so that units do not matter to what is small.

    A column that does not vary, but for rounding, becomes 0.
    """
    centre, sd = np.nanmean(values, axis=0), np.nanstd(values, axis=0)
    varies = sd > 1e-12 * np.abs(centre)
    return np.where(np.isfinite(values), np.where(varies, (values - centre) / np.where(varies, sd, 1.0), 0.0), np.nan)


def as_correlations(covariances: Floats) -> Floats:
    """Covariances (..., k, k) of columns in unit spread as correlations; NaN where a column does not vary."""
    spread = np.einsum("...ii->...i", covariances)
    sd = np.sqrt(np.where(spread > 1e-12, spread, np.nan))
    return covariances / (sd[..., :, None] * sd[..., None, :])


def check_draws(draws: int) -> None:
    """ValueError unless there is at least one draw."""
    if draws < 1:
        raise ValueError(f"draws must be at least 1, not {draws}: intervals come from them; 1000 is usual.")
