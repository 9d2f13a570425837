"""Factor extraction from correlation matrices: minres and maximum likelihood, many matrices at once.

Both methods look for the uniquenesses ``psi``; given those, the loadings are leading eigenvectors. With eigenvalues
``w`` and eigenvectors ``V`` (last ones largest), and the sums running over the p - k smallest:

    minres:  A = R - diag(psi),                       f = 1/2 sum w^2
    ml:      A = psi^(-1/2) R psi^(-1/2),             f = sum (w - log w - 1),  searched over log psi

Both are functions of eigenvalues, so gradient and Hessian come from the same decomposition [1]_ and Newton's method
reaches the optimum in about five of them. Uniquenesses stay between `LOWEST` and 1, as in psych and factanal.

.. [1] Jöreskog, K. G. (1967). Some contributions to maximum likelihood factor analysis. Psychometrika 32.
   Harman, H. H. & Jones, W. H. (1966). Factor analysis by minimizing residuals (minres). Psychometrika 31.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]
Method = Literal["minres", "ml"]

LOWEST = 0.005
"""Smallest uniqueness; an item that rests on it is a Heywood case."""

ROUNDING = 1e-6
"""A search that rounding stops on a slope below this has converged; nearly singular matrices may not get so far."""


class Extraction(NamedTuple):
    """What `extract` returns; the leading axes are those of its input.

    Attributes
    ----------
    loadings : array (..., p, k)
        Unrotated, factors in falling order of variance, each with a sum of loadings that is not negative.
    uniquenesses : array (..., p)
        Where the search ended; 1 - uniqueness is the communality, except for Heywood cases.
    objective : array (...)
        f of the module's docstring: for minres half the squared residuals (both triangles), for ml the discrepancy.
    converged : bool array (...)
        Whether the gradient, apart from uniquenesses held at a limit, is below `tolerance`.
    iterations : int array (...)
    """

    loadings: Floats
    uniquenesses: Floats
    objective: Floats
    converged: NDArray[np.bool_]
    iterations: NDArray[np.integer]


class _Point(NamedTuple):
    """One set of uniquenesses: objective, gradient and Hessian in the variable that is searched, best loadings."""

    f: Floats
    gradient: Floats
    hessian: Floats
    loadings: Floats


def extract(
    correlations: Floats,
    n_factors: int,
    *,
    method: Method = "minres",
    start: Floats | None = None,
    tolerance: float = 1e-10,
    most: int = 100,
) -> Extraction:
    """Unrotated factor loadings.

    Parameters
    ----------
    correlations : array (..., p, p)
        Positive definite.
    n_factors : int
        k, below p. Whether the model is identified is not asked here.
    method : {"minres", "ml"}
    start : array (..., p), optional
        Uniquenesses to start from; else 1 / diag(inverse of R), one minus the squared multiple correlations.
    tolerance : float
        Largest element of the projected gradient at which the search stops. At 1e-6 uniquenesses are right to about
        2e-6 and a bootstrap is a fifth faster.
    most : int
        Most iterations.

    Returns
    -------
    Extraction

    Examples
    --------
    >>> R = np.array([[1, 0.72, 0.63], [0.72, 1, 0.56], [0.63, 0.56, 1]])
    >>> extract(R, 1).loadings[:, 0].round(6)
    array([0.9, 0.8, 0.7])
    """
    *batch, p, _ = correlations.shape
    R = np.ascontiguousarray(correlations, dtype=float).reshape(-1, p, p)
    psi = 1 / np.diagonal(np.linalg.inv(R), axis1=1, axis2=2) if start is None else np.broadcast_to(start, R.shape[:2])
    x = np.clip(psi, LOWEST, 1.0)
    evaluate: Callable[[Floats, Floats, int], _Point] = _ml if method == "ml" else _minres
    low, high = LOWEST, 1.0
    if method == "ml":
        x, low, high = np.log(x), np.log(LOWEST), 0.0
    f, loadings = np.empty(len(R)), np.empty((len(R), p, n_factors))
    converged, iterations = np.zeros(len(R), dtype=bool), np.zeros(len(R), dtype=int)
    active, point = np.arange(len(R)), evaluate(R, x, n_factors)
    for turn in range(most + 1):
        here, slope = x[active], point.gradient
        at_low, at_high = here <= low, here >= high
        held = (at_low & (slope > 0)) | (at_high & (slope < 0))
        steepest = np.abs(np.where(held, 0.0, slope)).max(axis=1)
        f[active], loadings[active] = point.f, point.loadings
        converged[active], iterations[active] = steepest < tolerance, turn
        going = steepest >= tolerance
        if turn == most or not going.any():
            break
        if not going.all():
            active, here, held, at_low, at_high = (part[going] for part in (active, here, held, at_low, at_high))
            steepest, point = steepest[going], _Point(*(part[going] for part in point))
        step = _newton_step(point.hessian, point.gradient, held)
        outwards = (at_low & (step < 0)) | (at_high & (step > 0))
        if outwards.any():
            step = _newton_step(point.hessian, point.gradient, held | outwards)
        x[active], point, moved = _advance(evaluate, R[active], here, step, point, n_factors, (low, high))
        if not moved.all():  # no way down is left: at an optimum, up to rounding, or not converged
            converged[active[~moved]] = steepest[~moved] < max(tolerance, ROUNDING)
            active, point = active[moved], _Point(*(part[moved] for part in point))
            if not len(active):
                break
    psi = np.where(x <= low, LOWEST, np.exp(x)) if method == "ml" else x
    loadings = loadings[:, :, ::-1] * np.where(loadings[:, :, ::-1].sum(axis=1, keepdims=True) < 0, -1.0, 1.0)
    return Extraction(
        loadings.reshape(*batch, p, n_factors),
        psi.reshape(*batch, p),
        f.reshape(batch),
        converged.reshape(batch),
        iterations.reshape(batch),
    )


def _minres(R: Floats, psi: Floats, k: int) -> _Point:
    """Half the sum of w^2 over the eigenvalues that no factor takes up."""
    A = R.copy()
    d = np.arange(A.shape[1])
    A[:, d, d] -= psi
    w, V = np.linalg.eigh(A)
    left = w.copy()
    left[:, -k:] = np.minimum(w[:, -k:], 0)  # a factor cannot take up a negative eigenvalue
    gradient = -(V * V @ left[:, :, None])[:, :, 0]
    minor, major = V[:, :, :-k], V[:, :, -k:]
    hessian = (minor @ minor.swapaxes(1, 2)) ** 2
    between = w[:, :-k, None] / np.minimum(w[:, :-k, None] - w[:, None, -k:], -1e-12)
    hessian += _between_factors_and_rest(minor, major, 2 * between)
    loadings = major * np.sqrt(np.maximum(w[:, None, -k:], 0))
    return _Point(0.5 * (left * left).sum(axis=1), gradient, hessian, loadings)


def _ml(R: Floats, log_psi: Floats, k: int) -> _Point:
    """The sum of w - log w - 1 over the eigenvalues that no factor takes up; derivatives by log psi."""
    scale = np.exp(-log_psi / 2)
    w, V = np.linalg.eigh(R * scale[:, :, None] * scale[:, None, :])
    w = np.maximum(w, 1e-300)
    left = w.copy()
    left[:, -k:] = np.minimum(w[:, -k:], 1)  # a factor cannot take up less than its items' uniqueness
    gradient = (V * V @ (1 - left)[:, :, None])[:, :, 0]
    minor, major = V[:, :, :-k], V[:, :, -k:]
    hessian = (minor @ minor.swapaxes(1, 2)) * ((minor * w[:, None, :-k]) @ minor.swapaxes(1, 2))
    small, large = w[:, :-k, None], w[:, None, -k:]
    between = (1 - small) * (small + large) / np.maximum(large - small, 1e-12)
    hessian += _between_factors_and_rest(minor, major, between)
    loadings = major * np.sqrt(np.maximum(w[:, None, -k:] - 1, 0)) / scale[:, :, None]
    return _Point((left - np.log(left) - 1).sum(axis=1), gradient, hessian, loadings)


def _between_factors_and_rest(minor: Floats, major: Floats, share: Floats) -> Floats:
    """Sum over all m, l of share_ml (v_m * v_l)(v_m * v_l)', the part that Gauss and Newton would leave out."""
    products = (minor[:, :, :, None] * major[:, :, None, :]).reshape(*minor.shape[:2], -1)
    return (products * share.reshape(len(share), 1, -1)) @ products.swapaxes(1, 2)


def _newton_step(hessian: Floats, gradient: Floats, held: NDArray[np.bool_]) -> Floats:
    """Solve H step = -g among the free uniquenesses; directions along which f curves downwards are turned round."""
    H = np.where(held[:, :, None] | held[:, None, :], 0.0, hessian)
    d = np.arange(H.shape[1])
    H[:, d, d] += np.where(held, 1.0, 1e-12)
    g = np.where(held, 0.0, gradient)
    step = -np.linalg.solve(H, g[:, :, None])[:, :, 0]
    uphill = (step * g).sum(axis=1) > 0
    if uphill.any():
        w, V = np.linalg.eigh(H[uphill])
        along = (g[uphill][:, None, :] @ V)[:, 0, :] / np.maximum(np.abs(w), 1e-6)
        step[uphill] = -(V @ along[:, :, None])[:, :, 0]
    return step


def _advance(
    evaluate: Callable[[Floats, Floats, int], _Point],
    R: Floats,
    here: Floats,
    step: Floats,
    before: _Point,
    k: int,
    limits: tuple[float, float],
    halvings: int = 20,
) -> tuple[Floats, _Point, NDArray[np.bool_]]:
    """The step, halved for each matrix until f does not rise; the last array says where that was possible."""
    allowed = before.f + 1e-14 * (1 + before.f)
    there = np.clip(here + step, *limits)
    after = evaluate(R, there, k)
    moved = after.f <= allowed
    length = 1.0
    for _ in range(halvings):
        if moved.all():
            return there, after, moved
        length /= 2
        again = np.flatnonzero(~moved)
        nearer = np.clip(here[again] + length * step[again], *limits)
        tried = evaluate(R[again], nearer, k)
        better = tried.f <= allowed[again]
        there[again[better]] = nearer[better]
        for all_values, values in zip(after, tried, strict=True):
            all_values[again[better]] = values[better]
        moved[again[better]] = True
    there[~moved] = here[~moved]
    for all_values, values in zip(after, before, strict=True):
        all_values[~moved] = values[~moved]
    return there, after, moved
