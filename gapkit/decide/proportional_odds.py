"""The proportional-odds model, fitted to many weightings of the same respondents at once."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

Floats = NDArray[np.floating]

STEPS = 60
"""Newton steps before a draw counts as not converged; six to ten are usual."""


class Odds(NamedTuple):
    """Thresholds (draws x categories - 1), slopes (draws x predictors), and which draws converged."""

    thresholds: Floats
    slopes: Floats
    converged: NDArray[np.bool_]


def proportional_odds(X: Floats, codes: NDArray[np.intp], weights: Floats, *, start: Odds | None = None) -> Odds:
    r"""Maximum likelihood of :math:`P(y \le c) = 1 / (1 + e^{-(\theta_c - x'\beta)})`, one fit for each row of weights.

    Newton's method on all rows together; a step that lowers the likelihood or disorders the thresholds is halved.

    Parameters
    ----------
    X : array, (n x p)
        Predictors, without an intercept.
    codes : array, (n,)
        Categories 0, 1, ..., each of them answered.
    weights : array, (draws x n)
        What each respondent counts for.
    start : Odds, optional
        One fit to start from.

    References
    ----------
    .. [1] McCullagh, P. (1980). Regression models for ordinal data. Journal of the Royal Statistical Society B, 42(2),
       109-142.

    Examples
    --------
    One threshold and no slope: the log odds of 3 to 1.

    >>> x, y = np.array([-1.0, 1.0, -1.0, 1.0, -1.0, 1.0, -1.0, 1.0]), np.array([0, 0, 0, 0, 0, 0, 1, 1])
    >>> fit = proportional_odds(x[:, None], y, np.ones((1, 8)))
    >>> fit.thresholds.round(6).tolist(), fit.slopes.round(6).tolist(), float(np.log(3).round(6))
    ([[1.098612]], [[0.0]], 1.098612)
    """
    draws, m, p = len(weights), int(codes.max()), X.shape[1]
    centre, spread = X.mean(axis=0), X.std(axis=0)
    Z = (X - centre) / spread
    at = np.eye(m + 1)[codes]  # n x categories
    if start is None:
        below = (weights @ at).cumsum(axis=1)[:, :-1] / weights.sum(axis=1, keepdims=True)
        theta, beta = np.log(below / (1 - below)), np.zeros((draws, p))
    else:
        theta = np.repeat(start.thresholds - start.slopes @ centre[:, None], draws, axis=0)
        beta = np.repeat(start.slopes * spread, draws, axis=0)
    total = weights.sum(axis=1)
    converged, left = np.zeros(draws, dtype=bool), np.arange(draws)
    level = _likelihood(theta, beta, Z, codes, weights)
    for _ in range(STEPS):
        gradient, information = _slopes(theta[left], beta[left], Z, codes, at, weights[left])
        try:
            step = np.linalg.solve(information, gradient[..., None])[..., 0]
        except np.linalg.LinAlgError:
            break
        decrement = (gradient * step).sum(axis=1) / total[left]
        size = np.ones((len(left), 1))
        for _ in range(12):
            t, b = theta[left] + size * step[:, :m], beta[left] + size * step[:, m:]
            new = _likelihood(t, b, Z, codes, weights[left])
            worse = ~(new >= level[left] - 1e-9 * np.abs(level[left]))
            if not worse.any():
                break
            size[worse] /= 2
        theta[left], beta[left], level[left] = t, b, new
        converged[left] = (decrement < 1e-14) & ~worse
        left = left[(decrement >= 1e-14) & np.isfinite(new)]
        if not len(left):
            break
    slopes = beta / spread
    return Odds(theta + (slopes @ centre)[:, None], slopes, converged)


def _ends(theta: Floats, beta: Floats, Z: Floats, codes: NDArray[np.intp]) -> tuple[Floats, Floats]:
    """The distances from each respondent to the upper and lower threshold of the own category, draws x n."""
    draws = len(theta)
    ends = np.hstack([np.full((draws, 1), -np.inf), theta, np.full((draws, 1), np.inf)])
    eta = beta @ Z.T
    return ends[:, codes + 1] - eta, ends[:, codes] - eta


def _likelihood(theta: Floats, beta: Floats, Z: Floats, codes: NDArray[np.intp], weights: Floats) -> Floats:
    """Log-likelihood of each draw; -inf where thresholds are out of order."""
    upper, lower = _ends(theta, beta, Z, codes)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        chance = expit(upper) * expit(-lower) * -np.expm1(lower - upper)  # = F(upper) - F(lower), without cancellation
        value = (weights * np.log(np.maximum(chance, 1e-300))).sum(axis=1)
    return np.where((np.diff(theta, axis=1) > 0).all(axis=1), value, -np.inf)


def _slopes(
    theta: Floats, beta: Floats, Z: Floats, codes: NDArray[np.intp], at: Floats, weights: Floats
) -> tuple[Floats, Floats]:
    """Gradient and negative Hessian of each draw's log-likelihood, thresholds first."""
    draws, m, p = len(theta), theta.shape[1], Z.shape[1]
    upper, lower = _ends(theta, beta, Z, codes)
    F, G = expit(upper), expit(lower)
    apart = np.exp(-np.diff(theta, axis=1))  # e^(lower - upper) of the inner categories
    r = np.hstack([np.zeros((draws, 1)), apart / (1 - apart), np.zeros((draws, 1))])
    q = r * (1 + r)
    up, down = weights * (1 - F), weights * G
    counts = weights @ at
    by_upper, by_lower = (up @ at + counts * r)[:, :m], (down @ at + counts * r)[:, 1:]
    gradient = np.hstack([by_upper - by_lower, (down - up) @ Z])

    f, g = up * F, down * (1 - G)  # densities at the two thresholds, weighted
    information = np.zeros((draws, m + p, m + p))
    diagonal = np.arange(m)
    information[:, diagonal, diagonal] = (f @ at)[:, :m] + (g @ at)[:, 1:] + (counts * q)[:, :m] + (counts * q)[:, 1:]
    beside = -(counts * q)[:, 1:m]
    information[:, diagonal[:-1], diagonal[1:]] = beside
    information[:, diagonal[1:], diagonal[:-1]] = beside
    for j in range(p):
        cross = -((f * Z[:, j]) @ at)[:, :m] - ((g * Z[:, j]) @ at)[:, 1:]
        information[:, :m, m + j] = cross
        information[:, m + j, :m] = cross
        information[:, m + j, m:] = ((f + g) * Z[:, j]) @ Z
    return gradient, information
