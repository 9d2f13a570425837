"""How much of R squared each predictor accounts for when predictors overlap: Johnson's weights, general dominance."""

from __future__ import annotations

from math import comb

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]

MOST_PREDICTORS = 12
"""Most predictors of general dominance: 2^12 regressions a matrix."""

SINGULAR = 1e-10
"""Smallest eigenvalue of the predictors' correlations with which weights can still be told apart."""

AT_ONCE = 2**22
"""Numbers that one batch of all-subsets regressions may hold."""


def r_squared(inner: Floats, outer: Floats) -> Floats:
    """R squared of the outcome on all predictors: r' R^-1 r.

    Parameters
    ----------
    inner : array (..., p, p)
        Correlations of the predictors.
    outer : array (..., p)
        Their correlations with the outcome.

    Examples
    --------
    >>> float(r_squared(np.eye(2), np.array([0.6, 0.3])).round(4))
    0.45
    """
    return (outer * standardised_weights(inner, outer)).sum(-1)


def standardised_weights(inner: Floats, outer: Floats) -> Floats:
    """Standardised regression weights R^-1 r, (..., p); shapes as in `r_squared`."""
    return np.linalg.solve(inner, outer[..., None])[..., 0]


def johnson_weights(inner: Floats, outer: Floats) -> Floats:
    """Johnson's relative weights: each predictor's part of R squared; they add up to it.

    Parameters
    ----------
    inner : array (..., p, p)
        Correlations of the predictors, not singular.
    outer : array (..., p)
        Their correlations with the outcome.

    Returns
    -------
    array (..., p)
        At least 0. The outcome is regressed on the uncorrelated variables nearest to the predictors, and each share is
        handed back by the squared correlations between the two: ``root**2 @ weights**2``, root = R^(1/2).

    References
    ----------
    .. [1] Johnson, J. W. (2000). A heuristic method for estimating the relative weight of predictor variables in
       multiple regression. Multivariate Behavioral Research, 35, 1-19.

    Examples
    --------
    Predictors without correlation: the weights are the squared correlations with the outcome.

    >>> johnson_weights(np.eye(2), np.array([0.6, 0.3])).round(4).tolist()
    [0.36, 0.09]
    """
    values, vectors = np.linalg.eigh(inner)
    turned = np.swapaxes(vectors, -1, -2)
    root = (vectors * np.sqrt(values)[..., None, :]) @ turned
    weights = (vectors / np.sqrt(values)[..., None, :]) @ turned @ outer[..., None]
    return (root**2 @ weights**2)[..., 0]


def subset_r_squared(inner: Floats, outer: Floats) -> Floats:
    """R squared of every subset of the predictors, (2^p, ...): predictor j belongs to subset s where bit j of s is set.

    One sweep a predictor: the partial covariances of what is left are kept twice, without it and given it, so that p
    steps reach all 2^p regressions, over all leading axes at once.

    Examples
    --------
    >>> subset_r_squared(np.eye(2), np.array([0.6, 0.3])).round(4).tolist()
    [0.0, 0.36, 0.09, 0.45]
    """
    p = inner.shape[-1]
    left = np.empty((1, *inner.shape[:-2], p + 1, p + 1))
    left[0, ..., :p, :p], left[0, ..., p, :p], left[0, ..., :p, p], left[0, ..., p, p] = inner, outer, outer, 1.0
    for _ in range(p):
        with_next = left[..., 1:, 0]
        rest = left[..., 1:, 1:]
        given = rest - with_next[..., :, None] * (with_next / left[..., :1, 0])[..., None, :]
        left = np.concatenate([rest, given])
    return 1.0 - left[..., 0, 0]


def general_dominance(inner: Floats, outer: Floats) -> Floats:
    """General dominance (Shapley's value of R squared, also called LMG); the weights add up to R squared.

    The mean, over subset sizes, of what a predictor adds to R squared of the subsets without it, from all 2^p
    regressions.

    Parameters
    ----------
    inner : array (..., p, p)
        Correlations of the predictors, p at most 12.
    outer : array (..., p)
        Their correlations with the outcome.

    Returns
    -------
    array (..., p)

    Raises
    ------
    ValueError
        There are more than 12 predictors.

    References
    ----------
    .. [1] Budescu, D. V. (1993). Dominance analysis: a new approach to the problem of relative importance of
       predictors in multiple regression. Psychological Bulletin, 114, 542-551.
    .. [2] Lindeman, R. H., Merenda, P. F., & Gold, R. Z. (1980). Introduction to bivariate and multivariate analysis.
       Scott, Foresman.

    Examples
    --------
    >>> inner = np.array([[1, 0.5], [0.5, 1]])
    >>> general_dominance(inner, np.array([0.6, 0.3])).round(4).tolist()
    [0.315, 0.045]
    """
    p = inner.shape[-1]
    if p > MOST_PREDICTORS:
        raise ValueError(
            f"general dominance needs all 2^{p} regressions; it is computed for at most {MOST_PREDICTORS} predictors. "
            "Use Johnson's relative weights (johnson_weights), or fewer predictors."
        )
    lead = inner.shape[:-2]
    inner, outer = inner.reshape(-1, p, p), outer.reshape(-1, p)
    size = max(1, AT_ONCE >> p)
    parts = [_dominance(inner[i : i + size], outer[i : i + size]) for i in range(0, len(inner), size)]
    return np.concatenate(parts).reshape(*lead, p)


def _dominance(inner: Floats, outer: Floats) -> Floats:
    """General dominance of one batch, (b, p)."""
    p = inner.shape[-1]
    explained = subset_r_squared(inner, outer)
    subsets = np.arange(1 << p)
    members = np.array([int(s).bit_count() for s in subsets])
    weights = np.empty(outer.shape)
    for j in range(p):
        without = subsets[(subsets >> j) & 1 == 0]
        share = np.array([1 / (p * comb(p - 1, m)) for m in range(p)])[members[without]]
        weights[:, j] = share @ (explained[without | (1 << j)] - explained[without])
    return weights


def clear_of_singular(inner: Floats) -> NDArray[np.bool_]:
    """Which correlation matrices (..., p, p) are finite and let weights be told apart."""
    finite = np.asarray(np.isfinite(inner).all(axis=(-2, -1)))
    smallest = np.linalg.eigvalsh(np.where(finite[..., None, None], inner, np.eye(inner.shape[-1])))[..., 0]
    return finite & (smallest > SINGULAR)


def variance_inflation(inner: Floats) -> Floats:
    """Variance inflation factors, the diagonal of R^-1: how many times overlap inflates the variance of a weight."""
    return np.diagonal(np.linalg.inv(inner), axis1=-2, axis2=-1)


def condition_number(inner: Floats) -> float:
    """Root of the largest over the smallest eigenvalue of the predictors' correlations; 1 without overlap."""
    values = np.linalg.eigvalsh(inner)
    return float(np.sqrt(values[-1] / values[0]))
