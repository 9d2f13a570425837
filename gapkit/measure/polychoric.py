"""The polychoric kernel: many contingency tables at once, as arrays.

A polychoric correlation is the correlation of two normal variables that were seen only through their categories. Step
one reads each item's thresholds off its own margin; step two finds, for each pair of items, the correlation under which
the pair's table is most likely [1]_.

The search runs on Fisher's scale, ``z = atanh(rho)``. There the bivariate normal distribution function obeys

    d Phi2(h, k; tanh z) / dz = exp(-(h^2 + k^2)/4 - (h - k)^2 e^(2z)/8 - (h + k)^2 e^(-2z)/8) / (2 pi cosh z),

which is smooth at the same scale for weak and for near-perfect correlations. So the distribution function is never
computed afresh: it starts at independence, ``Phi(h) Phi(k)``, and is carried along with each step of the search by a
Gauss-Legendre rule of a few nodes. Arrays hold the pairs in their *last* axis, so that every operation runs over pairs.

.. [1] Olsson, U. (1979). Maximum likelihood estimation of the polychoric correlation coefficient. Psychometrika 44.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.polynomial.legendre import leggauss
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

Floats = NDArray[np.floating]

BOUND = 0.999
"""Largest absolute correlation that is reported; a table that asks for more is counted as at the bound."""
FAR = 40.0
"""Stands for an infinite threshold: nobody is beyond it, and its density is exactly zero."""
EMPTY_CELL = 0.5
"""What an empty cell of a 2 x 2 table is raised to (its margins kept); larger tables are left as they are."""
PAIRS_AT_ONCE = 256
"""Pairs worked on together: the working arrays then stay in the processor's cache."""

_LONGEST_STEP = 1.0
_RULES = tuple(
    (reach, *leggauss(nodes))
    for reach, nodes in ((1e-4, 1), (0.01, 2), (0.03, 3), (0.1, 4), (0.3, 7), (0.6, 9), (_LONGEST_STEP, 12))
)


class PolychoricArrays(NamedTuple):
    """What `polychoric_arrays` returns; the leading axes are those of its input.

    Attributes
    ----------
    correlation : array (..., p, p)
        nan where a pair has no common respondents or one of its items has a single category.
    cuts : array (..., p, C - 1)
        Thresholds; plus or minus `FAR` where an item has no such category.
    pair_n : array (..., p, p)
        Respondents behind each pair, the items' own in the diagonal; with weights, the sum of the rescaled ones.
    at_bound, converged : bool arrays (..., p, p)
    empty_cells : int array (..., p, p)
        Combinations of two used categories that nobody chose.
    """

    correlation: Floats
    cuts: Floats
    pair_n: Floats
    at_bound: NDArray[np.bool_]
    converged: NDArray[np.bool_]
    empty_cells: NDArray[np.integer]


def polychoric_arrays(
    codes: NDArray[np.integer], *, n_categories: int | None = None, weights: Floats | None = None
) -> PolychoricArrays:
    """Two-step polychoric correlations of one data set or of a batch of them.

    Parameters
    ----------
    codes : int array (..., n, p)
        Category numbers 0, 1, ... in rising order; a negative code is a missing answer. Leading axes are data sets.
    n_categories : int, optional
        The largest number of categories, C; taken from `codes` if left out.
    weights : array (n,) or (..., n), optional
        Respondent weights, of which only the ratios count: those of a data set are rescaled to sum to n. With weights
        of shape (draws, n) and codes of shape (n, p) every row of weights is one data set: a bootstrap needs only the
        counts of each draw.

    Returns
    -------
    PolychoricArrays

    Notes
    -----
    Thresholds use every answer to an item, tables every respondent who answered both items of a pair. Empty cells
    contribute nothing to the likelihood, except that an empty cell of a 2 x 2 table (where the estimate would be 1 or
    -1 whatever the other cells say) is raised to one half with the margins kept, as lavaan does. That is half a
    respondent, so weights must count respondents too: that is why they are rescaled.

    Examples
    --------
    >>> import numpy as np
    >>> codes = np.repeat([[0, 0], [0, 1], [1, 0], [1, 1]], [30, 20, 20, 30], axis=0)
    >>> found = polychoric_arrays(codes)
    >>> bool(np.isclose(found.correlation[0, 1], np.sin(np.pi * (0.3 - 0.25) * 2)))
    True
    """
    size = int(codes.max()) + 1 if n_categories is None else n_categories
    n, p = codes.shape[-2:]
    tables = contingency_tables(codes, n_categories=size, weights=None if weights is None else summing_to(n, weights))
    margins = np.einsum("...iaib->...ia", tables)
    cuts = thresholds(margins)
    first, second = np.triu_indices(p, 1)
    batch = tables.shape[:-4]
    pairs = np.moveaxis(tables, (-4, -2), (0, 1))[first, second]  # (pairs, ..., C, C)
    by_item = np.moveaxis(cuts, -2, 0)
    used = np.moveaxis((margins > 0).sum(-1), -1, 0)
    fewest, most = np.minimum(used[first], used[second]), np.maximum(used[first], used[second])
    z, at_bound, converged = estimate(
        np.moveaxis(pairs.reshape(-1, size, size), 0, -1),
        by_item[first].reshape(-1, size - 1).T,
        by_item[second].reshape(-1, size - 1).T,
        binary=(most == 2).ravel(),
    )
    z[(fewest < 2).ravel()] = np.nan

    def square(values: NDArray, diagonal: float) -> NDArray:
        """The values of the pairs as symmetric matrices."""
        out = np.empty((*batch, p, p), dtype=values.dtype)
        out[..., first, second] = out[..., second, first] = np.moveaxis(values.reshape(len(first), *batch), 0, -1)
        out[..., range(p), range(p)] = diagonal
        return out

    pair_n = tables.sum(axis=(-3, -1), dtype=float)
    empty = used[first] * used[second] - np.count_nonzero(pairs, axis=(-2, -1))
    return PolychoricArrays(
        square(np.tanh(z), 1), cuts, pair_n, square(at_bound, 0), square(converged, 1), square(empty, 0)
    )


def summing_to(n: int, weights: Floats) -> Floats:
    """Each data set's weights (..., n) on the scale on which they sum to its number of respondents."""
    share = np.asarray(weights, dtype=float)
    total = share.sum(axis=-1, keepdims=True)
    return share * (n / np.where(total > 0, total, 1.0))


def contingency_tables(codes: NDArray[np.integer], *, n_categories: int, weights: Floats | None = None) -> Floats:
    """Every pair's table by one matrix product of the answers' indicator matrix with itself: (..., p, C, p, C).

    Unweighted counts are made in float32, which is exact below 2**24 respondents; beyond that, in float64.
    """
    *_, n, p = codes.shape
    kind = np.float32 if weights is None and n < 2**24 else np.float64
    flags = (codes[..., None] == np.arange(n_categories, dtype=codes.dtype)).astype(kind)
    flags = flags.reshape(*codes.shape[:-1], p * n_categories)
    left = np.swapaxes(flags, -1, -2)
    tables = left @ flags if weights is None else (left * np.asarray(weights, dtype=float)[..., None, :]) @ flags
    return tables.reshape(*tables.shape[:-2], p, n_categories, p, n_categories)


def thresholds(margins: Floats) -> Floats:
    """Normal quantiles of the cumulative shares: counts (..., C) -> cut points (..., C - 1), `FAR` for infinity."""
    below = np.cumsum(margins, axis=-1, dtype=float)
    everyone = np.where(below[..., -1:] > 0, below[..., -1:], 1.0)
    return np.clip(ndtri(np.minimum(below[..., :-1] / everyone, 1.0)), -FAR, FAR)


def estimate(
    tables: Floats, row_cuts: Floats, column_cuts: Floats, *, binary: NDArray[np.bool_] | None = None
) -> tuple[Floats, NDArray[np.bool_], NDArray[np.bool_]]:
    """Fisher's z of the polychoric correlation of each table.

    Parameters
    ----------
    tables : array (C, C, P)
        Counts or summed weights; rows are categories of the pair's first item.
    row_cuts, column_cuts : arrays (C - 1, P)
    binary : bool array (P,), optional
        Pairs whose items both use two categories: their empty cells are raised.

    Returns
    -------
    z, at_bound, converged : arrays (P,)
    """
    if binary is not None and binary.any():
        tables = _raise_empty_cells(tables, binary)
    count = tables.shape[-1]
    parts = [
        _search(
            np.ascontiguousarray(tables[..., start : start + PAIRS_AT_ONCE], dtype=float),
            row_cuts[:, start : start + PAIRS_AT_ONCE],
            column_cuts[:, start : start + PAIRS_AT_ONCE],
        )
        for start in range(0, count, PAIRS_AT_ONCE)
    ]
    z, converged = (np.concatenate(part) for part in zip(*parts, strict=True))
    z[tables.sum(axis=(0, 1)) == 0] = np.nan
    return z, np.abs(z) >= math.atanh(BOUND), converged


def _search(
    tables: Floats, row_cuts: Floats, column_cuts: Floats, tolerance: float = 1e-7, most: int = 50
) -> tuple[Floats, NDArray[np.bool_]]:
    """Fisher scoring from independence, later steps by the score's own slope; a step out of the bracket is halved."""
    size, _, pairs = tables.shape
    h, k = row_cuts[:, None, :], column_cuts[None, :, :]
    volume = np.zeros((size + 1, size + 1, pairs))  # Phi2 at every corner of the grid of categories
    volume[1:, 1:] = np.concatenate([ndtr(h), np.ones((1, 1, pairs))]) * np.concatenate(
        [ndtr(k), np.ones((1, 1, pairs))], axis=1
    )
    speed = np.zeros_like(volume)  # dPhi2/dz; zero on the outer corners, which do not depend on z
    exponent = -(h * h + k * k) / 4, -((h - k) ** 2) / 8, -((h + k) ** 2) / 8
    total = tables.sum(axis=(0, 1))
    z, z_before, score_before = np.zeros(pairs), np.zeros(pairs), np.zeros(pairs)
    bound = math.atanh(BOUND)
    below, above = np.full(pairs, -np.inf), np.full(pairs, np.inf)  # the optimum lies between, as the score's sign says
    step = np.full(pairs, np.inf)
    for turn in range(most):
        speed[1:-1, 1:-1] = _density(exponent, z)
        chance = np.maximum(cells(volume), 1e-14)
        change = cells(speed)
        ratio = change / chance
        score = (tables * ratio).sum(axis=(0, 1))
        information = np.maximum(total * (change * ratio).sum(axis=(0, 1)), 1e-300)
        if turn:
            gone = z - z_before
            slope = (score_before - score) / np.where(gone == 0, 1, gone)
            sound = (gone != 0) & (slope > information / 10) & (slope < information * 10)
            information = np.where(sound, slope, information)
        below, above = np.where(score > 0, z, below), np.where(score < 0, z, above)
        aim = np.clip(z + np.clip(score / information, -_LONGEST_STEP, _LONGEST_STEP), -bound, bound)
        outside = (np.abs(aim - z) > tolerance) & ((aim <= below) | (aim >= above)) & (above - below < np.inf)
        if outside.any():
            aim[outside] = (below[outside] + above[outside]) / 2
        step = aim - z
        z_before, score_before, z = z, score, aim
        farthest = float(np.abs(step).max())
        if not farthest > tolerance:
            break
        volume[1:-1, 1:-1] += carried(exponent, z_before, z, farthest)
    return z, np.abs(step) <= tolerance


def _density(exponent: tuple[Floats, Floats, Floats], z: Floats, share: Floats | float = 1.0) -> Floats:
    """The derivative of Phi2 by z at every pair of thresholds (this module's docstring), times a pair's `share`."""
    still, apart, along = exponent
    grown = np.exp(2 * z)
    power = apart * grown  # in place from here on: this is where the time goes
    power += along * (1 / grown)
    power += still
    np.exp(power, out=power)
    power *= share / (2 * np.pi * np.cosh(z))
    return power


def carried(exponent: tuple[Floats, Floats, Floats], start: Floats, stop: Floats, farthest: float) -> Floats:
    """What Phi2 gains between two values of z, by the shortest rule that is exact to about 1e-13 over that distance."""
    _, nodes, shares = next((rule for rule in _RULES if farthest <= rule[0]), _RULES[-1])
    middle, half = (start + stop) / 2, (stop - start) / 2
    gained = np.zeros_like(exponent[0])
    for node, share in zip(nodes, shares, strict=True):
        gained += _density(exponent, middle + half * node, share * half)
    return gained


def cells(corners: Floats) -> Floats:
    """What lies between the corners: (C + 1, C + 1, P) -> (C, C, P)."""
    rows = corners[1:] - corners[:-1]
    return rows[:, 1:] - rows[:, :-1]


def _raise_empty_cells(tables: Floats, binary: NDArray[np.bool_]) -> Floats:
    """The one empty cell of a 2 x 2 table to one half, margins kept; two empty cells (rho = 1 or -1) stay."""
    tables = tables.astype(float)
    three_filled = binary & ((tables > 0).sum(axis=(0, 1)) == 3)
    for pair in np.flatnonzero(three_filled):
        table = tables[..., pair]
        inner = np.ix_(np.flatnonzero(table.sum(1)), np.flatnonzero(table.sum(0)))
        empty = table[inner] == 0
        same = empty | empty[::-1, ::-1]  # the empty cell and the one diagonally opposite; the other two give
        raised = min(EMPTY_CELL, table[inner][~same].min() / 2)
        table[inner] += np.where(same, raised, -raised)
    return tables
