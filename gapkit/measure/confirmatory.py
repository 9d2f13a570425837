"""One confirmatory factor model by maximum likelihood: what is asked of semopy, and what comes back."""

from __future__ import annotations

from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from gapkit.measure.answers import named_pairs
from gapkit.survey.phrase import phrase

LOWEST_UNIQUENESS = 1e-3


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
    """

    loadings: pd.DataFrame
    phi: pd.DataFrame
    implied: pd.DataFrame
    minimum: float
    df: int
    notes: list[str]


def fit_structure(matrix: pd.DataFrame, factors: dict[str, list[str]]) -> Confirmed:
    """Fit factors that correlate freely, each item on its own factor only.

    Parameters
    ----------
    matrix : DataFrame (k x k)
        Correlations of exactly the items in `factors`, in their order.
    factors : dict of names to items

    Notes
    -----
    semopy gets neutral names (x0, f0), so that any item and factor may be called anything. Its default tolerance leaves
    chi-square .002 above the minimum on the published 20-item matrix; the one used here does not.
    """
    import semopy

    items = [item for members in factors.values() for item in members]
    inner = {item: f"x{number}" for number, item in enumerate(items)}
    lines: list[str] = []
    notes: list[str] = []
    for number, (name, members) in enumerate(factors.items()):
        lines.append(f"f{number} =~ {' + '.join(inner[item] for item in members)}")
        if len(members) == 1:
            lines.append(f"{inner[members[0]]} ~~ 0 * {inner[members[0]]}")
            notes.append(phrase("{factor} has one item, taken as free of error.", factor=name))
    renamed = matrix.loc[items, items].set_axis(list(inner.values())).set_axis(list(inner.values()), axis=1)
    model = semopy.Model("\n".join(lines))
    outcome = model.fit(cov=renamed, n_samples=len(items) + 1, obj="MLW", options={"ftol": 1e-12, "maxiter": 2000})
    if not outcome.success:
        notes.append(phrase("the search did not converge ({message}).", message=outcome.message))
    implied, loadings, phi = _solution(model, factors, inner)
    alone = [members[0] for members in factors.values() if len(members) == 1]
    heywood = loadings.index[loadings["uniqueness"] < LOWEST_UNIQUENESS].difference(alone)
    if len(heywood):
        named = ", ".join(map(str, heywood))
        notes.append(phrase("Heywood case, uniqueness not above 0: {items}.", items=named))
    pairs = [(a, b) for a, b in combinations(phi.index, 2) if abs(phi.loc[a, b]) > 1 + 1e-6]
    if pairs:
        notes.append(phrase("factors that correlate beyond 1: {pairs}.", pairs=named_pairs(pairs)))
    ratio = np.linalg.solve(implied.to_numpy(), matrix.loc[items, items].to_numpy())
    minimum = float(np.trace(ratio) - np.linalg.slogdet(ratio)[1] - len(items))
    return Confirmed(loadings, phi, implied, minimum, degrees_of_freedom(factors), notes)


def degrees_of_freedom(factors: dict[str, list[str]]) -> int:
    """Correlations and variances, less loadings, uniquenesses and factor correlations."""
    k, m = sum(map(len, factors.values())), len(factors)
    free = sum(2 * len(members) if len(members) > 1 else 1 for members in factors.values()) + m * (m - 1) // 2
    return k * (k + 1) // 2 - free


def _solution(
    model: Any, factors: dict[str, list[str]], inner: dict[str, str]
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Implied correlations, standardised loadings and factor correlations under the user's names."""
    rows, columns = model.names_lambda
    names = [f"f{number}" for number in range(len(factors))]
    raw = pd.DataFrame(model.mx_lambda, index=rows, columns=columns).loc[list(inner.values()), names].to_numpy()
    psi = pd.DataFrame(model.mx_psi, index=model.names_psi[0], columns=model.names_psi[1]).loc[names, names].to_numpy()
    theta = pd.DataFrame(model.mx_theta, index=model.names_theta[0], columns=model.names_theta[1])
    unique = np.diag(theta.loc[list(inner.values()), list(inner.values())])
    sigma = raw @ psi @ raw.T + np.diag(unique)
    scale = np.sqrt(np.diag(sigma))
    size = np.sqrt(np.abs(np.diag(psi))) * np.where(raw.sum(axis=0) < 0, -1.0, 1.0)
    pattern = raw * size / scale[:, None]
    members = [name for name, group in factors.items() for _ in group]
    loadings = pd.DataFrame(
        {"factor": members, "loading": pattern.sum(axis=1), "uniqueness": unique / scale**2},
        index=pd.Index(list(inner), name="item"),
    )
    phi = pd.DataFrame(psi / np.outer(size, size), index=list(factors), columns=list(factors))
    return pd.DataFrame(sigma, index=list(inner), columns=list(inner)), loadings, phi
