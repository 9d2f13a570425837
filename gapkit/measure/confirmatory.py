"""One confirmatory factor model by maximum likelihood, under the user's names, with what is unusual about it."""

from __future__ import annotations

from itertools import combinations, pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd

from gapkit.measure.answers import named_pairs
from gapkit.measure.confirmatory_search import Searched, implied_by, search
from gapkit.survey.phrase import phrase

LOWEST_UNIQUENESS = 1e-3
UNCERTAIN = 0.5
"""Standard error of a standardised loading beyond which its interval holds everything that a loading can be."""


class Confirmed(NamedTuple):
    """A fitted structure.

    Attributes
    ----------
    loadings : DataFrame, one row per item: factor, loading (standardised), uniqueness
    phi : DataFrame (factors x factors)
    implied : DataFrame (items x items)
        The correlations that the model gives.
    minimum : float
        The discrepancy log|Sigma| - log|R| + tr(R inv(Sigma)) - k at its minimum.
    df : int
    notes : list of str
        What is unusual, a sentence each.
    warning : str
        What of it stands in a headline; empty where nothing does.
    """

    loadings: pd.DataFrame
    phi: pd.DataFrame
    implied: pd.DataFrame
    minimum: float
    df: int
    notes: list[str]
    warning: str


def fit_structure(matrix: pd.DataFrame, factors: dict[str, list[str]], *, n: float = np.inf) -> Confirmed:
    """Fit factors that correlate freely, each item on its own factor only.

    Parameters
    ----------
    matrix : DataFrame (k x k)
        Correlations of the items in `factors`.
    factors : dict of names to items
    n : float
        Respondents, by whom it is judged whether the data determine the loadings.
    """
    items = [item for members in factors.values() for item in members]
    members = [name for name, group in factors.items() for _ in group]
    ends = np.cumsum([0, *map(len, factors.values())])
    places = [np.arange(low, high) for low, high in pairwise(ends)]
    r = matrix.loc[items, items].to_numpy(float)
    found = search(r, places)
    implied = implied_by(found.model, places)
    scale = np.sqrt(np.diag(implied))
    signs = np.array([-1.0 if found.model.loadings[own].sum() < 0 else 1.0 for own in places])
    loading = found.model.loadings / scale * np.repeat(signs, [len(own) for own in places])
    loadings = pd.DataFrame(
        {"factor": members, "loading": loading, "uniqueness": found.model.unique / scale**2},
        index=pd.Index(items, name="item"),
    )
    phi = pd.DataFrame(found.model.phi * np.outer(signs, signs), index=list(factors), columns=list(factors))
    notes, warning = _unusual(found, loadings, phi, factors, found.errors / scale / np.sqrt(n))
    return Confirmed(
        loadings,
        phi,
        pd.DataFrame(implied, index=items, columns=items),
        max(found.minimum, 0.0),
        degrees_of_freedom(factors),
        notes,
        warning,
    )


def _unusual(
    found: Searched, loadings: pd.DataFrame, phi: pd.DataFrame, factors: dict[str, list[str]], errors: np.ndarray
) -> tuple[list[str], str]:
    """What is to be said of a solution, a sentence each, and the gravest of it in a few words."""
    notes: list[str] = []
    warnings = []
    alone = [members[0] for members in factors.values() if len(members) == 1]
    notes += [
        phrase("{factor} has one item, taken as free of error.", factor=name)
        for name, members in factors.items()
        if len(members) == 1
    ]
    # an item alone on its factor has no error by definition
    heywood = ", ".join(map(str, loadings.index[loadings["uniqueness"] < LOWEST_UNIQUENESS].difference(alone)))
    if not found.converged or (found.held and not heywood):
        notes.append(phrase("the search did not converge."))
        warnings.append("not converged")
    elif found.held:
        notes.append(
            phrase(
                "with error variances free to fall below 0 the search found no end. They were held at 0 or above, so "
                "that chi2 does not follow its df, and p, CFI, TLI and RMSEA are only descriptive; at 0: {items}.",
                items=heywood,
            )
        )
        warnings.append(f"error variance held at 0, so that chi² does not follow its df: {heywood}")
    elif heywood:
        notes.append(
            phrase(
                "Heywood case, error variance not above 0 and left so, as lavaan leaves it: {items}. Read nothing into "
                "the loadings of its factor.",
                items=heywood,
            )
        )
        warnings.append(f"Heywood case: {heywood}")
    pairs = [(a, b) for a, b in combinations(phi.index, 2) if abs(phi.loc[a, b]) > 1 + 1e-6]
    if pairs:
        notes.append(phrase("factors that correlate beyond 1: {pairs}.", pairs=named_pairs(pairs)))
        warnings.append("factors that correlate beyond 1")
    loose = ", ".join(map(str, loadings.index[errors > UNCERTAIN]))
    if loose:
        notes.append(
            phrase(
                "these data do not determine the loadings of {items} (standard error above {limit}): other values fit "
                "as well.",
                items=loose,
                limit=UNCERTAIN,
            )
        )
        warnings.append(f"loadings not determined: {loose}")
    return notes, "; ".join(warnings)


def degrees_of_freedom(factors: dict[str, list[str]]) -> int:
    """Correlations and variances, less loadings, uniquenesses and factor correlations."""
    k, m = sum(map(len, factors.values())), len(factors)
    free = sum(2 * len(members) if len(members) > 1 else 1 for members in factors.values()) + m * (m - 1) // 2
    return k * (k + 1) // 2 - free
