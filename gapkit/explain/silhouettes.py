"""The silhouette in its squared-Euclidean form, from sizes, centres and spreads, without distances between rows."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.floating]


def silhouettes(x: ArrayLike, labels: ArrayLike, *, weights: ArrayLike | None = None) -> Floats:
    r"""How much nearer each row is to its own segment than to the next one, from -1 to 1.

    The mean squared distance of a row to the members of a segment is its squared distance to their centre plus their
    mean squared distance to it, :math:`|x - m_c|^2 + v_c`. So the whole takes n k p steps instead of n² p.

    Parameters
    ----------
    x : array (n, p)
    labels : array (n,)
        The segment of each row, at least two different ones.
    weights : array (n,), optional
        How many respondents a row stands for.

    Returns
    -------
    array (n,)
        scikit-learn's ``silhouette_samples(x, labels, metric="sqeuclidean")``; *not* its default metric, whose values
        are smaller. 0 for the only member of a segment.

    References
    ----------
    .. [1] Rousseeuw, P. J. (1987). Silhouettes: a graphical aid to the interpretation and validation of cluster
       analysis. Journal of Computational and Applied Mathematics, 20, 53-65.

    Examples
    --------
    >>> silhouettes([[0.0], [1.0], [3.0]], [0, 0, 1]).round(4).tolist()
    [0.8889, 0.75, 0.0]
    """
    values = np.asarray(x, dtype=float)
    names, own = np.unique(np.asarray(labels), return_inverse=True)
    k, n = len(names), len(values)
    if k < 2:
        raise ValueError(f"a silhouette compares segments: {k} is not enough; give labels of at least two.")
    w = np.ones(n) if weights is None else np.asarray(weights, dtype=float)
    member = np.zeros((k, n))
    member[own, np.arange(n)] = w
    size = member.sum(axis=1)
    centres = member @ values / size[:, None]
    apart = np.stack([((values - centre) ** 2).sum(axis=1) for centre in centres])  # (k, n)
    inside = (member * apart).sum(axis=1) / size
    distance = apart + inside[:, None]
    rows = np.arange(n)
    others = size[own] - 1
    a = np.divide(distance[own, rows] * size[own], others, out=np.zeros(n), where=others > 0)
    distance[own, rows] = np.inf
    b = distance.min(axis=0)
    largest = np.maximum(a, b)
    found = np.divide(b - a, largest, out=np.zeros(n), where=largest > 0)
    return np.where(others > 0, found, 0.0)
