"""Factor extraction from several starts: with weak or too many factors, a discrepancy has more than one low point."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .extraction import Extraction, Floats, Method, extract

EXPLAINED = 0.05
"""Uniqueness of the item that a start takes for nearly fully explained."""
MOST_ITEMS = 30
"""Items that a start is made for, those with the largest communalities first."""
SCOUTED = 1e-5
"""Slope at which a start is left where it is; f is then right to about its square."""
SAME = 1e-5
"""Discrepancies closer than this share of the lowest are one optimum."""


class Searched(NamedTuple):
    """The lowest optimum that was found.

    Attributes
    ----------
    found : Extraction
    starts, reached : int
        Starts tried, and those that ended at this optimum.
    """

    found: Extraction
    starts: int
    reached: int


def search(correlations: Floats, n_factors: int, *, method: Method = "minres") -> Searched:
    """The best extraction from squared multiple correlations and, in turn, from each item as the one fully explained.

    A second optimum is nearly always one in which another item has no uniqueness left (a Heywood case), so there the
    further starts lie. There is one for each item: the result does not depend on the items' order.

    Parameters
    ----------
    correlations : array (p, p)
        Positive definite.
    n_factors, method
        As for `extract`.

    Returns
    -------
    Searched
        From squared multiple correlations, unless another start ends lower.

    Examples
    --------
    >>> R = np.array([[1, 0.72, 0.63], [0.72, 1, 0.56], [0.63, 0.56, 1]])
    >>> best = search(R, 1)
    >>> best.found.loadings[:, 0].round(6), best.starts, best.reached
    (array([0.9, 0.8, 0.7]), 4, 4)
    """
    first = 1 / np.diag(np.linalg.inv(correlations))
    explained = np.argsort(first, kind="stable")[:MOST_ITEMS]
    starts = np.tile(first, (1 + len(explained), 1))
    starts[1 + np.arange(len(explained)), explained] = EXPLAINED
    scouts = extract(
        np.broadcast_to(correlations, (len(starts), *correlations.shape)),
        n_factors,
        method=method,
        start=starts,
        tolerance=SCOUTED,
    )
    lowest = scouts.objective.min()
    there = scouts.objective <= lowest + SAME * lowest + 1e-9
    begin = first if there[0] else scouts.uniquenesses[int(scouts.objective.argmin())]
    return Searched(extract(correlations, n_factors, method=method, start=begin), len(starts), int(there.sum()))
