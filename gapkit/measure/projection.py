"""Gradient projection: the rotation that minimises a criterion of simplicity, for many loading matrices at once.

The algorithm is Jennrich's [1]_: step down the gradient within the allowed matrices T, pull the result back onto them,
repeat. Two things are added to save steps: the step length is Barzilai and Borwein's [2]_, read off the last two
gradients, and the criterion may rise a little on the way as long as it stays below its largest value of the last few
steps. Both leave the optimum where it is: the gradient is zero there.

    orthogonal:  loadings = A T,            T'T = I
    oblique:     loadings = A inv(T)',      diag(T'T) = 1,    phi = T'T

.. [1] Bernaards, C. A. & Jennrich, R. I. (2005). Gradient projection algorithms and software for arbitrary rotation
   criteria in factor analysis. Educational and Psychological Measurement 65.
.. [2] Barzilai, J. & Borwein, J. M. (1988). Two-point step size gradient methods. IMA Journal of Numerical Analysis 8.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]
Criterion = Callable[[Floats, NDArray[np.integer]], tuple[Floats, Floats]]
"""Loadings (b, p, k), and which matrices of the batch they are, to the criterion (b,) and its gradient (b, p, k)."""

_MEMORY = 5


class Projected(NamedTuple):
    """What `project` returns.

    Attributes
    ----------
    T : array (b, k, k)
    objective : array (b,)
        The criterion at its minimum.
    converged : bool array (b,)
    """

    T: Floats
    objective: Floats
    converged: NDArray[np.bool_]


def oblimin(gamma: float = 0.0) -> Criterion:
    """Covariances of squared loadings between factors; gamma 0 is quartimin, and smaller makes factors less oblique."""

    def value(L: Floats, _: NDArray[np.integer]) -> tuple[Floats, Floats]:
        """A quarter of the sum over pairs of factors."""
        squares = L * L
        others = squares.sum(axis=2, keepdims=True) - squares
        if gamma:
            others = others - gamma * others.mean(axis=1, keepdims=True)
        return (squares * others).sum(axis=(1, 2)) / 4, L * others

    return value


def geomin(epsilon: float = 0.01) -> Criterion:
    """Geometric mean of each item's squared loadings, epsilon added: small as soon as one loading is near zero."""

    def value(L: Floats, _: NDArray[np.integer]) -> tuple[Floats, Floats]:
        """Sum over items."""
        raised = L * L + epsilon
        means = np.exp(np.log(raised).mean(axis=2, keepdims=True))
        return means.sum(axis=(1, 2)), 2 / L.shape[2] * means * L / raised

    return value


def varimax(L: Floats, _: NDArray[np.integer]) -> tuple[Floats, Floats]:
    """Minus a quarter of the variances of squared loadings within factors."""
    squares = L * L
    apart = squares - squares.mean(axis=1, keepdims=True)
    return -(apart * apart).sum(axis=(1, 2)) / 4, -L * apart


def quartimax(L: Floats, _: NDArray[np.integer]) -> tuple[Floats, Floats]:
    """Minus a quarter of the fourth powers of the loadings."""
    cubes = L * L * L
    return -(cubes * L).sum(axis=(1, 2)) / 4, -cubes


def target(wanted: Floats) -> Criterion:
    """Squared distances from the loadings wanted; nan is a loading that may be anything. One target or one for each."""
    goal = np.nan_to_num(wanted)
    counts = np.isfinite(wanted).astype(float)

    def value(L: Floats, which: NDArray[np.integer]) -> tuple[Floats, Floats]:
        """Sum over the specified loadings."""
        own_goal, own_counts = (goal[which], counts[which]) if goal.ndim == 3 else (goal, counts)
        apart = own_counts * (L - own_goal)
        return (apart * apart).sum(axis=(1, 2)), 2 * apart

    return value


def project(
    A: Floats,
    criterion: Criterion,
    *,
    oblique: bool,
    start: Floats | None = None,
    tolerance: float = 1e-7,
    most: int = 2000,
) -> Projected:
    """Minimise a criterion over orthogonal or oblique rotations.

    Parameters
    ----------
    A : array (b, p, k)
        Unrotated loadings.
    criterion : Criterion
    oblique : bool
    start : array (b, k, k), optional
        Where to start; else the identity.
    tolerance : float
        Length of the projected gradient at which the search stops.
    most : int
        Most steps.

    Returns
    -------
    Projected

    Examples
    --------
    Loadings of perfect simple structure, turned by 30 degrees, are turned back.

    >>> simple = np.array([[0.8, 0], [0.7, 0], [0, 0.6], [0, 0.9]])
    >>> c, s = np.cos(np.pi / 6), np.sin(np.pi / 6)
    >>> found = project((simple @ [[c, -s], [s, c]])[None], quartimax, oblique=False)
    >>> (simple @ [[c, -s], [s, c]] @ found.T[0]).round(6) + 0.0
    array([[0.8, 0. ], [0.7, 0. ], [0. , 0.6], [0. , 0.9]])
    """
    count, _, k = A.shape
    evaluate, pull_back = (_oblique, _unit_columns) if oblique else (_orthogonal, _polar)
    T = np.tile(np.eye(k), (count, 1, 1)) if start is None else np.array(np.broadcast_to(start, (count, k, k)))
    active = np.arange(count)
    f, G = evaluate(A, T, criterion, active)
    result = Projected(T, f.copy(), np.zeros(count, dtype=bool))
    own, length, past = A, np.ones(count), np.repeat(f[:, None], _MEMORY, axis=1)
    for turn in range(most):
        steep = (G * G).sum(axis=(1, 2))
        going = steep > tolerance**2
        if not going.all():
            result.converged[active[~going]] = True
            active, own, T, f, G = active[going], own[going], T[going], f[going], G[going]
            length, past, steep = length[going], past[going], steep[going]
        if not len(active):
            break
        T_new = pull_back(T - length[:, None, None] * G)
        f_new, G_new = evaluate(own, T_new, criterion, active)
        allowed = past.max(axis=1) + 1e-15
        pending = np.flatnonzero(f_new > allowed - 0.1 * length * steep)
        for _ in range(30):
            if not len(pending):
                break
            length[pending] /= 2
            tried = pull_back(T[pending] - length[pending, None, None] * G[pending])
            f_tried, G_tried = evaluate(own[pending], tried, criterion, active[pending])
            T_new[pending], f_new[pending], G_new[pending] = tried, f_tried, G_tried
            pending = pending[f_tried > (allowed - 0.1 * length * steep)[pending]]
        # Barzilai and Borwein: how far T moved for how much the gradient changed; where it curves down, longer steps
        moved, bent = T_new - T, G_new - G
        both = (moved * bent).sum(axis=(1, 2))
        ratio = both / np.maximum((bent * bent).sum(axis=(1, 2)), 1e-300)
        length = np.where(both > 0, np.clip(ratio, 1e-3, 1e3), np.minimum(4 * length, 10.0))
        T, f, G = T_new, f_new, G_new
        past[:, turn % _MEMORY] = f
        result.T[active], result.objective[active] = T, f
    return result


def _oblique(A: Floats, T: Floats, criterion: Criterion, which: NDArray[np.integer]) -> tuple[Floats, Floats]:
    """Criterion and projected gradient where columns of T have length one."""
    inverse = np.linalg.inv(T)
    L = A @ inverse.swapaxes(1, 2)
    f, by_loading = criterion(L, which)
    G = -((L.swapaxes(1, 2) @ by_loading) @ inverse).swapaxes(1, 2)
    return f, G - T * (T * G).sum(axis=1, keepdims=True)


def _orthogonal(A: Floats, T: Floats, criterion: Criterion, which: NDArray[np.integer]) -> tuple[Floats, Floats]:
    """Criterion and projected gradient where T is orthogonal."""
    f, by_loading = criterion(A @ T, which)
    G = A.swapaxes(1, 2) @ by_loading
    inner = T.swapaxes(1, 2) @ G
    return f, G - T @ (inner + inner.swapaxes(1, 2)) / 2


def _unit_columns(T: Floats) -> Floats:
    """The nearest matrix with columns of length one."""
    return T / np.sqrt((T * T).sum(axis=1, keepdims=True))


def _polar(T: Floats) -> Floats:
    """The nearest orthogonal matrix."""
    U, _, V = np.linalg.svd(T)
    return U @ V
