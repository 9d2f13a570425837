"""Which factor is which: congruence coefficients, and the matching of two sets of factors."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]


def tucker(first: Floats, second: Floats) -> Floats:
    """Tucker's congruence of every column of one loading matrix with every column of another, (..., k, m).

    Examples
    --------
    >>> tucker(np.array([[0.8], [0.6]]), np.array([[1.0, 0.0], [0.0, 1.0]])).round(2)
    array([[0.8, 0.6]])
    """
    sizes = np.sqrt((first**2).sum(axis=-2))[..., :, None] * np.sqrt((second**2).sum(axis=-2))[..., None, :]
    return first.swapaxes(-1, -2) @ second / np.where(sizes > 0, sizes, 1.0)


def best_match(similarity: Floats) -> tuple[NDArray[np.integer], NDArray[np.integer]]:
    """Pair rows with columns one to one so that the paired similarities have the largest sum.

    Examples
    --------
    >>> best_match(np.array([[0.9, 0.8], [0.8, 0.1]]))
    (array([0, 1]), array([1, 0]))
    """
    best = similarity.argmax(axis=0)
    if len(set(best.tolist())) == similarity.shape[1]:  # each column has its own best row: no sum is larger
        order = np.argsort(best)
        return best[order], order
    if similarity.shape[0] > similarity.shape[1]:
        columns, rows = best_match(similarity.T)
        order = np.argsort(rows)
        return rows[order], columns[order]
    # row by row, the best sum for every set of columns used up so far (a bit for each column)
    ways: dict[int, tuple[float, tuple[int, ...]]] = {0: (0.0, ())}
    for row in similarity.tolist():
        longer: dict[int, tuple[float, tuple[int, ...]]] = {}
        for used, (total, chosen) in ways.items():
            for column, value in enumerate(row):
                both = used | 1 << column
                if both != used and (both not in longer or total + value > longer[both][0]):
                    longer[both] = (total + value, (*chosen, column))
        ways = longer
    _, chosen = max(ways.values())
    return np.arange(len(similarity)), np.array(chosen)


def arranged_like(loadings: Floats, reference: Floats) -> tuple[NDArray[np.integer], Floats, Floats]:
    """The order and the signs that make many solutions' factors those of a reference.

    Parameters
    ----------
    loadings : array (draws, p, k)
    reference : array (p, k)

    Returns
    -------
    order : int array (draws, k)
        ``loadings[draw][:, order[draw]] * signs[draw]`` has the reference's factors in its order.
    signs : array (draws, k), 1 or -1
    congruence : array (draws, k)
        Tucker's coefficient of each factor with the reference's, after that.
    """
    coefficients = tucker(loadings, reference)
    size = np.abs(coefficients)
    order = size.argmax(axis=1)
    k = reference.shape[1]
    unclear = np.flatnonzero((np.sort(order, axis=1) != np.arange(k)).any(axis=1))
    for draw in unclear:
        rows, columns = best_match(size[draw])
        order[draw, columns] = rows
    picked = np.take_along_axis(coefficients, order[:, None, :], axis=1)[:, 0, :]
    signs = np.where(picked < 0, -1.0, 1.0)
    return order, signs, picked * signs
