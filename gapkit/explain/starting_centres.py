"""k-means, and the starting points that it and the mixtures are given."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]

SHORT_ROWS = 2000
"""Rows that tell which starts are worth following."""


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


def warm_centres(x: Floats, k: int, *, starts: int, followed: int, rng: np.random.Generator, weights: Floats) -> Floats:
    """The best of many spread starts after some steps of k-means on a sample of the rows, (followed at most, k, p)."""
    few = rng.choice(len(x), SHORT_ROWS, replace=False) if len(x) > SHORT_ROWS else slice(None)
    near, w = x[few].astype(np.float32), weights[few]
    found = k_means(
        near, spread_centres(near, k, starts=starts, rng=rng, weights=w), weights=w, most=15, tolerance=1e-4
    )
    return found.means[np.argsort(found.within)[:followed]]


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
    s, k, _ = centres.shape
    w = np.ones((1, n), x.dtype) if weights is None else np.atleast_2d(weights).astype(x.dtype, copy=False)
    phi = np.column_stack([np.ones(n, x.dtype), x])
    squares = (w @ (x * x).sum(axis=1)).astype(float) + np.zeros(s)
    means, labels = centres.astype(float), np.full((s, n), -1, dtype=np.int8)
    within, converged = np.full(s, np.inf), np.zeros(s, bool)
    active = np.arange(s)
    for _ in range(most):
        own = w if len(w) == 1 else w[active]
        nearest, near = _nearest(phi, means[active])
        reached = squares[active] - 2 * (own * near).sum(axis=1, dtype=float)
        gained = within[active] - reached
        done = (nearest == labels[active]).all(axis=1)
        if tolerance:
            done |= gained <= tolerance * np.abs(reached)
        labels[active], within[active], converged[active] = nearest, reached, done
        if done.all():
            break
        active, nearest = active[~done], nearest[~done]
        own = w if len(w) == 1 else w[active]
        member = np.empty((len(active), k, n), x.dtype)
        for j in range(k):
            np.multiply(nearest == j, own, out=member[:, j])
        sums = (member.reshape(-1, n) @ phi).reshape(len(active), k, -1).astype(float)
        filled = sums[..., :1] > 0
        means[active] = np.where(filled, sums[..., 1:] / np.where(filled, sums[..., :1], 1.0), means[active])
    return Partition(means, labels, np.maximum(within, 0.0), converged)


def _nearest(phi: Floats, means: Floats) -> tuple[NDArray[np.int8], Floats]:
    """The nearest of k centres for each row and start, (S, n), and x'm - m'm/2 of that centre, which is largest."""
    s, k, _ = means.shape
    theta = np.concatenate([-0.5 * (means * means).sum(axis=2)[..., None], means], axis=2).astype(phi.dtype)
    score = (theta.reshape(s * k, -1) @ phi.T).reshape(s, k, -1)
    best, labels = score[:, 0].copy(), np.zeros((s, len(phi)), np.int8)
    for j in range(1, k):  # several times faster than argmax over the middle axis
        better = score[:, j] > best
        np.copyto(best, score[:, j], where=better)
        np.copyto(labels, np.int8(j), where=better)
    return labels, best
