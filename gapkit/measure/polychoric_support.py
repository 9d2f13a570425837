"""Whether a table says what its polychoric correlation is: how far the likelihood falls towards a perfect one.

Where hardly anyone chose a category, the few who did may all stand at one end of the other item. Such a table fits a
correlation of -.8 as well as one of -1: the likelihood is flat, and the estimate is where the search happened to stop.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from gapkit.measure.polychoric import BOUND, PolychoricArrays, carried, cells, contingency_tables, summing_to

Floats = NDArray[np.floating]

FALL = 1.92
"""Log-likelihood that a 95 % likelihood interval allows, half the quantile of chi-square with one degree of freedom."""


def undetermined(
    codes: NDArray[np.integer], found: PolychoricArrays, *, n_categories: int, weights: Floats | None = None
) -> NDArray[np.bool_]:
    """Pairs whose 95 % likelihood interval reaches a perfect correlation although the estimate does not, (p, p).

    Parameters
    ----------
    codes : int array (n, p)
        Category numbers 0, 1, ... of which each is used; a negative code is a missing answer.
    found : PolychoricArrays
        What `polychoric_arrays` made of them.
    n_categories : int
    weights : array (n,), optional

    Returns
    -------
    bool array (p, p)
        Two items with two categories are never flagged: their empty cell is raised, which decides the estimate.

    Notes
    -----
    A perfect correlation fills at most r + c - 1 cells of a table of r by c categories, as each category of one item
    then goes with neighbouring ones of the other. Only tables with no more filled cells are looked at.
    """
    flags = np.zeros(found.correlation.shape, dtype=bool)
    used = codes.max(axis=0).astype(int) + 1
    empty_at_least = np.outer(used - 1, used - 1)
    looked_at = (found.empty_cells >= empty_at_least) & (empty_at_least > 1) & ~found.at_bound
    first, second = np.nonzero(np.triu(looked_at, 1))
    if not len(first):
        return flags
    share = None if weights is None else summing_to(len(codes), weights)
    tables = contingency_tables(codes, n_categories=n_categories, weights=share)[first, :, second]  # (pairs, C, C)
    tables, cuts = np.moveaxis(tables, 0, -1), found.cuts
    z = np.arctanh(found.correlation[first, second])
    perfect = np.copysign(math.atanh(BOUND), z)
    at_estimate, at_perfect = (log_likelihood(tables, cuts[first].T, cuts[second].T, where) for where in (z, perfect))
    flags[first, second] = flags[second, first] = at_estimate - at_perfect < FALL
    return flags


def log_likelihood(tables: Floats, row_cuts: Floats, column_cuts: Floats, z: Floats) -> Floats:
    """Of tables (C, C, P) under correlations tanh(z), (P,); empty cells add nothing."""
    size, _, pairs = tables.shape
    h, k = row_cuts[:, None, :], column_cuts[None, :, :]
    volume = np.zeros((size + 1, size + 1, pairs))  # Phi2 at every corner of the grid of categories
    whole = np.ones((1, 1, pairs))
    volume[1:, 1:] = np.concatenate([ndtr(h), whole]) * np.concatenate([ndtr(k), whole], axis=1)
    exponent = -(h * h + k * k) / 4, -((h - k) ** 2) / 8, -((h + k) ** 2) / 8
    steps = math.ceil(np.abs(z).max()) + 1
    for step in range(steps):
        start, stop = z * step / steps, z * (step + 1) / steps
        volume[1:-1, 1:-1] += carried(exponent, start, stop, float(np.abs(stop - start).max()))
    chance = np.maximum(cells(volume), 1e-14)
    return (tables * np.log(chance)).sum(axis=(0, 1))
