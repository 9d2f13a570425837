"""Surveys without segments that answer like the real one: same items, same correlations, one population (or k of them).

Rating scales are skewed and end somewhere, so that any sample of them, also one from a single population, is fitted
better by two bell curves than by one. What chance gives must therefore be drawn from answers of the same kind: here by
a Gaussian copula, a normal variable behind each item, cut into the shares in which its points were chosen, correlated
as the polychoric correlations say.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from ..measure.ordinal import MOST_CATEGORIES
from ..measure.polychoric import FAR, polychoric_arrays
from ..measure.smoothing import smooth

Floats = NDArray[np.floating]


FEW_CUTS = 20
"""Points of a scale, less one, up to which it is quicker to compare with each cut."""


class Populations(NamedTuple):
    """k populations to draw answers from.

    shares : (k,)
    values : m arrays; the points of each item, in rising order.
    cuts : k lists of m arrays; where on the normal variable one point gives way to the next.
    roots : (k, m, m); Cholesky factors of the correlations.
    kind : str; which correlations.
    """

    shares: Floats
    values: list[Floats]
    cuts: list[list[Floats]]
    roots: Floats
    kind: str


def populations_of(answers: Floats, weights: Floats) -> Populations:
    """What answers (n, m; NaN unanswered) say of k populations, to which each row belongs by weights (k, n)."""
    m = answers.shape[1]
    values, codes = [], np.full(answers.shape, -1, dtype=np.int16)
    for j, column in enumerate(answers.T):
        seen = np.isfinite(column)
        found, code = np.unique(column[seen], return_inverse=True)
        values.append(found)
        codes[seen, j] = code
    most = max(map(len, values))
    ordinal = most <= MOST_CATEGORIES
    below = [_cumulative(codes[:, j], len(values[j]), weights) for j in range(m)]
    if ordinal:
        matrices = polychoric_arrays(codes.astype(np.int8), n_categories=most, weights=weights).correlation
    else:
        matrices = np.array([_normal_scores(codes, [part[s] for part in below], w) for s, w in enumerate(weights)])
    roots = np.array(
        [np.linalg.cholesky(smooth(np.where(np.isfinite(matrix), matrix, 0.0)).matrix) for matrix in matrices]
    )
    cuts = [[np.clip(ndtri(part[s][1:-1]), -FAR, FAR) for part in below] for s in range(len(weights))]
    total = weights.sum(axis=1)
    return Populations(total / total.sum(), values, cuts, roots, "polychoric" if ordinal else "normal-score")


def drawn_answers(people: Populations, missing: NDArray[np.bool_], rng: np.random.Generator) -> Floats:
    """As many respondents as `missing` (n, m) has rows, each with those answers missing."""
    n, m = missing.shape
    k = len(people.shares)
    which = rng.choice(k, size=n, p=people.shares) if k > 1 else np.zeros(n, dtype=int)
    answers = np.empty((m, n))
    normal = rng.standard_normal((n, m)).T
    for s in range(k):
        rows = slice(None) if k == 1 else np.flatnonzero(which == s)
        latent = people.roots[s] @ normal[:, rows]
        for j, values in enumerate(people.values):
            answers[j, rows] = values[_places(latent[j], people.cuts[s][j])]
    answers[missing.T] = np.nan
    return np.ascontiguousarray(answers.T)


def _places(latent: Floats, cuts: Floats) -> NDArray[np.integer]:
    """How many cuts lie below each value."""
    if len(cuts) > FEW_CUTS:
        return np.searchsorted(cuts, latent)
    place = np.zeros(len(latent), np.int8)
    for cut in cuts:  # of a few, several times faster than a search
        place += latent > cut
    return place


def _cumulative(codes: NDArray, size: int, weights: Floats) -> Floats:
    """Shares up to each point, (k, size + 1): 0 first, 1 last."""
    seen = codes >= 0
    counts = np.array([np.bincount(codes[seen], weights=w[seen], minlength=size) for w in weights])
    rising = np.cumsum(counts, axis=1)
    total = np.where(rising[:, -1:] > 0, rising[:, -1:], 1.0)
    return np.column_stack([np.zeros(len(weights)), np.minimum(rising / total, 1.0)])


def _normal_scores(codes: NDArray, below: list[Floats], w: Floats) -> Floats:
    """Correlations after each item was given a normal shape, pairwise complete; for items with many points."""
    scores = np.full(codes.shape, 0.0)
    present = (codes >= 0).astype(float)
    for j, rising in enumerate(below):
        middle = ndtri(np.clip((rising[1:] + rising[:-1]) / 2, 1e-12, 1 - 1e-12))
        scores[:, j] = np.where(codes[:, j] >= 0, middle[codes[:, j]], 0.0)
    share = w[:, None]
    count = np.maximum((share * present).T @ present, 1e-12)
    mean = (share * scores).T @ present / count
    products = (share * scores).T @ scores / count - mean * mean.T
    squares = (share * scores**2).T @ present / count - mean**2
    with np.errstate(invalid="ignore", divide="ignore"):  # an item that does not vary becomes nan
        r = products / np.sqrt(squares * squares.T)
    np.fill_diagonal(r, 1.0)
    return r
