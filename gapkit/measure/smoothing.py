"""Making a correlation matrix positive definite when it is not, and saying so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gapkit.measure.answers import Answers, named_pairs
from gapkit.survey.phrase import Joined, joined, phrase

Floats = NDArray[np.floating]

SMALLEST_EIGENVALUE = 1e-10
"""Below this a matrix counts as singular or indefinite; its small eigenvalues are raised to it."""
SAME = 0.999
"""Pairs that correlate beyond this are named when a matrix turns out to be singular."""


class Smoothed(NamedTuple):
    """A positive definite correlation matrix, and whether it had to be made so."""

    matrix: Floats
    changed: bool


def smooth(matrix: Floats) -> Smoothed:
    """Make an indefinite or singular correlation matrix positive definite.

    Eigenvalues below 1e-10 are raised to 1e-10, all are rescaled to sum to k, and the result is brought back to a unit
    diagonal, as psych's ``cor.smooth`` does. A positive definite matrix is returned as it is.

    Parameters
    ----------
    matrix : array (k, k)

    Returns
    -------
    Smoothed
        The matrix and whether it was changed.

    Examples
    --------
    >>> smooth(np.eye(3)).changed
    False
    >>> impossible = np.array([[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]])
    >>> repaired = smooth(impossible)
    >>> repaired.changed, bool((np.linalg.eigvalsh(repaired.matrix) > 0).all())
    (True, True)
    """
    values, vectors = np.linalg.eigh(matrix)
    if values[0] >= SMALLEST_EIGENVALUE:
        return Smoothed(matrix, False)
    raised = np.maximum(values, SMALLEST_EIGENVALUE)
    raised *= len(matrix) / raised.sum()
    product = (vectors * raised) @ vectors.T
    spread = np.sqrt(np.diag(product))
    repaired = product / np.outer(spread, spread)
    repaired = (repaired + repaired.T) / 2
    np.fill_diagonal(repaired, 1.0)
    return Smoothed(repaired, True)


def finished(
    matrix: Floats,
    items: tuple[str, ...],
    *,
    kind: str,
    name: str,
    pair_n: NDArray,
    notes: Sequence[str],
    facts: dict[str, Any],
) -> pd.DataFrame:
    """A matrix of correlations with names, smoothed if it must be, and with everything about it in ``.attrs``."""
    positive, changed = smooth(matrix)
    if changed:
        notes = [*notes, singular_reason(matrix, items, facts["n_respondents"])]
    names = pd.Index(items)
    table = pd.DataFrame(positive, index=names, columns=names)
    about: dict[str, Any] = {
        "method": phrase(
            "{name} correlations of {items} items, {notes}.", name=name, items=len(items), notes=joined(notes)
        ),
        "kind": kind,
        "n": int(pair_n.min()),
        "smoothed": changed,
    }
    table.attrs.update(about | facts)
    return table


def singular_reason(matrix: Floats, items: tuple[str, ...], n: float | None) -> Joined:
    """Why a matrix had to be smoothed, as far as can be seen."""
    smallest = np.linalg.eigvalsh(matrix)[0]
    if smallest < -SMALLEST_EIGENVALUE:
        said = phrase("smoothed, as the matrix was indefinite (smallest eigenvalue {smallest:.2g})", smallest=smallest)
    else:
        said = phrase("smoothed, as the matrix was singular (smallest eigenvalue {smallest:.2g})", smallest=smallest)
    same = [(items[i], items[j]) for i, j in np.argwhere(np.triu(np.abs(matrix) > SAME, 1))]
    reasons = [phrase("(nearly) the same item: {pairs}", pairs=named_pairs(same))] if same else []
    if n is not None and n <= len(items):
        few = phrase("{respondents:g} respondents are too few for {items} items", respondents=n, items=len(items))
        reasons.append(few)
    return joined([said, *reasons], between="; ")


def facts_of(table: Answers) -> dict[str, Any]:
    """What a correlation matrix keeps of the answers it came from."""
    return {"source": table.source, "n_respondents": table.n, "n_effective": table.n_effective}
