"""k-means, and the starting points that it and the mixtures are given."""

from __future__ import annotations

from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]

SHORT_ROWS = 2000
"""Rows that tell which starts are worth following."""
TILE, TILE_ROWS = 2**17, 2**13
"""Scores, and rows, that are worked on at once."""


class Partition(NamedTuple):
    """k-means of S starts or samples: means (S, k, p), labels (S, n), sum of squares within (S,), converged (S,)."""

    means: Floats
    labels: NDArray[np.integer]
    within: Floats
    converged: NDArray[np.bool_]

    def take(self, which: NDArray | slice) -> Partition:
        """Some of the starts."""
        kept = self.means[which], self.labels[which], self.within[which], self.converged[which]
        return Partition(*kept)


def spread_centres(
    x: Floats, k: int, *, starts: int, rng: np.random.Generator, weights: Floats | None = None
) -> Floats:
    """Starting centres by k-means++: rows, drawn with chances that grow with their squared distance, (S, k, p).

    References
    ----------
    .. [1] Arthur, D., & Vassilvitskii, S. (2007). k-means++: the advantages of careful seeding. Proceedings of the 18th
       ACM-SIAM Symposium on Discrete Algorithms, 1027-1035.
    """
    w = np.ones(len(x)) if weights is None else weights
    squares = (x * x).sum(axis=1)
    chosen = np.empty((starts, k), dtype=int)
    nearest = np.full((starts, len(x)), np.inf)
    for number in range(k):
        chance = np.broadcast_to(w, nearest.shape) if number == 0 else nearest * w
        rising = np.cumsum(chance, axis=1)
        at = rng.random(starts) * rising[:, -1]
        chosen[:, number] = [min(np.searchsorted(row, u), len(x) - 1) for row, u in zip(rising, at, strict=True)]
        here = x[chosen[:, number]]
        away = squares - 2 * here @ x.T + (here * here).sum(axis=1)[:, None]
        np.minimum(nearest, np.maximum(away, 0.0), out=nearest)
    return x[chosen]


def warm_centres(
    x: Floats, k: int, *, starts: int, followed: int | None, rng: np.random.Generator, weights: Floats
) -> Floats:
    """Spread starts after some steps of k-means on a sample of the rows, the best ones first, (followed, k, p).

    Weights are (n,), or (S, n) where every start has its own; then all are followed, in their order.
    """
    few = rng.choice(len(x), SHORT_ROWS, replace=False) if len(x) > SHORT_ROWS else slice(None)
    near, w = x[few].astype(np.float32), weights[..., few]
    found = k_means(
        near, spread_centres(near, k, starts=starts, rng=rng, weights=w), weights=w, most=15, tolerance=1e-4
    )
    return found.means if followed is None else found.means[np.argsort(found.within)[:followed]]


def k_means(
    x: Floats, centres: Floats, *, weights: Floats | None = None, most: int = 300, tolerance: float = 0.0
) -> Partition:
    """Lloyd's algorithm from given centres (S, k, p).

    Parameters
    ----------
    x : array (n, p)
        In single precision everything is, and quicker.
    centres : array (S, k, p)
    weights : array (n,) or (S, n), optional
        How much each row counts: for all starts, or for each.
    most : int
    tolerance : float
        A start has converged when a step lowers the sum of squares within by no more than this share; by default when
        nobody changes sides.
    """
    n = len(x)
    s = len(centres)
    w = np.ones((1, n), x.dtype) if weights is None else np.atleast_2d(weights).astype(x.dtype, copy=False)
    phi = np.column_stack([np.ones(n, x.dtype), x])
    across = np.ascontiguousarray(phi.T)
    squares = (w @ (x * x).sum(axis=1)).astype(float) + np.zeros(s)
    means, labels = centres.astype(float), np.full((s, n), -1, dtype=np.int8)
    within, converged = np.full(s, np.inf), np.zeros(s, bool)
    active = np.arange(s)
    for _ in range(most):
        here = means[active]
        theta = np.concatenate([-0.5 * (here * here).sum(axis=2)[..., None], here], axis=2)
        sums, done = _nearest(phi, across, theta, w, labels, active)
        reached = squares[active] - 2 * (theta * sums).sum(axis=(1, 2))
        if tolerance:
            done |= within[active] - reached <= tolerance * np.abs(reached)
        within[active], converged[active] = reached, done
        if done.all():
            break
        active, sums = active[~done], sums[~done]
        filled = sums[..., :1] > 0
        means[active] = np.where(filled, sums[..., 1:] / np.where(filled, sums[..., :1], 1.0), means[active])
    return Partition(means, labels, np.maximum(within, 0.0), converged)


def _nearest(
    phi: Floats, across: Floats, theta: Floats, w: Floats, labels: NDArray[np.int8], active: NDArray[np.integer]
) -> tuple[Floats, NDArray[np.bool_]]:
    """Everybody goes to the nearest centre, the one with the largest x'm - m'm/2; `labels` of those active follow.

    Returns sums of 1, x by start and centre, (S, k, 1 + p), and whether nobody changed sides. Tile by tile, so that
    all that is worked on stays in the processor's cache: several times faster than whole arrays.
    """
    s, k, q = theta.shape
    sums, same = np.zeros((s, k, q)), np.ones(s, bool)
    coefficients = theta.astype(phi.dtype)
    rows = min(len(phi), TILE_ROWS)
    starts = max(1, TILE // (k * rows))
    for at, first in product(range(0, len(phi), rows), range(0, s, starts)):
        tile, part = slice(at, at + rows), slice(first, first + starts)
        score = coefficients[part].reshape(-1, q) @ across[:, tile]
        score = score.reshape(-1, k, score.shape[-1])
        own = score == score.max(axis=1, keepdims=True)
        if np.count_nonzero(own) > own[:, 0].size:  # as near to two: to the first of them
            own &= np.cumsum(own, axis=1, dtype=np.int8) == 1
        near = np.zeros(own[:, 0].shape, np.int8)
        for j in range(1, k):
            near += own[:, j] * np.int8(j)
        same[part] &= (near == labels[active[part], tile]).all(axis=1)
        labels[active[part], tile] = near
        weight = w[:, tile] if len(w) == 1 else w[active[part], tile]
        np.multiply(own, weight[:, None], out=score)
        sums[part] += (score.reshape(-1, score.shape[-1]) @ phi[tile]).reshape(-1, k, q)
    return sums, same
