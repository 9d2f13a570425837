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
SINGULAR = 1e-8
"""A matrix whose smallest eigenvalue is below this has no inverse to speak of, whatever the order of its items."""
SEEN = 5e-4
"""A change of a correlation that three decimals show."""


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


def is_singular(matrix: Floats) -> bool:
    """Whether the inverse and the determinant of a correlation matrix would be rounding error, as after smoothing.

    Examples
    --------
    >>> is_singular(np.eye(2)), is_singular(np.ones((2, 2))), is_singular(smooth(np.ones((2, 2))).matrix)
    (False, True, True)
    """
    return bool(np.linalg.eigvalsh(matrix)[0] < SINGULAR)


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
    smoothing: dict[str, float] = {}
    if changed:
        notes = [*notes, singular_reason(matrix, positive, items, facts["n_respondents"])]
        smoothing = {
            "smallest_eigenvalue": float(np.linalg.eigvalsh(matrix)[0]),
            "largest_change": float(np.abs(positive - matrix).max()),
        }
    names = pd.Index(items)
    table = pd.DataFrame(positive, index=names, columns=names)
    about: dict[str, Any] = {
        "method": phrase(
            "{name} correlations of {items} items, {notes}.", name=name, items=len(items), notes=joined(notes)
        ),
        "kind": kind,
        "n": int(pair_n.min()),
        "n_usable": float(pair_n.min()),
        "smoothed": changed,
    }
    table.attrs.update(about | smoothing | facts)
    return table


def singular_reason(matrix: Floats, positive: Floats, items: tuple[str, ...], n: float | None) -> Joined:
    """Why a matrix had to be smoothed, as far as can be seen, and what became of the correlation that changed most."""
    smallest = np.linalg.eigvalsh(matrix)[0]
    if smallest < -SMALLEST_EIGENVALUE:
        said = phrase("smoothed, as the matrix was indefinite (smallest eigenvalue {smallest:.2g})", smallest=smallest)
    else:
        said = phrase("smoothed, as the matrix was singular (smallest eigenvalue {smallest:.2g})", smallest=smallest)
    i, j = np.unravel_index(np.abs(positive - matrix).argmax(), matrix.shape)
    if abs(positive[i, j] - matrix[i, j]) < SEEN:
        moved = phrase("no correlation changed in three decimals")
    else:
        moved = phrase(
            "the largest change is {first} with {second}, from {before:.3f} to {after:.3f}",
            first=items[i],
            second=items[j],
            before=matrix[i, j],
            after=positive[i, j],
        )
    same = [(items[i], items[j]) for i, j in np.argwhere(np.triu(np.abs(matrix) > SAME, 1))]
    reasons = [moved]
    reasons += [phrase("(nearly) the same item: {pairs}", pairs=named_pairs(same))] if same else []
    if n is not None and n <= len(items):
        few = phrase("{respondents:g} respondents are too few for {items} items", respondents=n, items=len(items))
        reasons.append(few)
    return joined([said, *reasons], between="; ")


def facts_of(table: Answers) -> dict[str, Any]:
    """What a correlation matrix keeps of the answers it came from."""
    about = {"source": table.source, "n_respondents": table.n, "n_effective": table.n_effective}
    return about if table.weights is None else about | {"n_usable": _fewest_effective(table.values, table.weights)}


def _fewest_effective(values: Floats, weights: Floats) -> float:
    """Kish's effective number of the pair of items that has the smallest: (sum of w)^2 / sum of w^2 over its people."""
    present = np.isfinite(values).astype(float)
    total = (weights[:, None] * present).T @ present
    squares = (weights[:, None] ** 2 * present).T @ present
    return float((total**2 / squares).min())
