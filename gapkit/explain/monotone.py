"""Gradient-boosted trees that never turn down: a check on models that draw straight lines."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]


def monotone_change(X: Floats, Y: Floats, *, moves: Floats, weights: Floats, seed: int) -> Floats:
    """The mean predicted change of each target when the first columns of X move.

    Parameters
    ----------
    X : array, (n x p)
        Scores first, then columns that are only held fixed.
    Y : array, (n x targets)
    moves : array, (n x d), d <= p
        What is added to the first d columns. In these the trees may only rise.
    weights : array, (n,)
    seed : int

    Returns
    -------
    array, (targets,)
        Trees are constant beyond the largest value seen, so that a move beyond it counts for nothing.

    References
    ----------
    .. [1] Ke, G., et al. (2017). LightGBM: A highly efficient gradient boosting decision tree. NeurIPS 30. (the
       algorithm that scikit-learn's HistGradientBoostingRegressor follows)

    Examples
    --------
    >>> x = np.linspace(1, 7, 400)[:, None]
    >>> step = monotone_change(x, 2 * x, moves=np.full((400, 1), 0.5), weights=np.full(400, 1 / 400), seed=0)
    >>> bool(0.8 < step[0] < 1.05)
    True
    """
    from sklearn.ensemble import HistGradientBoostingRegressor

    d = moves.shape[1]
    rising = np.r_[np.ones(d, dtype=int), np.zeros(X.shape[1] - d, dtype=int)]
    after = X.copy()
    after[:, :d] += moves
    w = weights * len(weights)
    changes = []
    for y in Y.T:
        trees = HistGradientBoostingRegressor(
            monotonic_cst=rising,
            max_iter=150,
            learning_rate=0.05,
            max_leaf_nodes=8,
            min_samples_leaf=20,
            random_state=seed,
        ).fit(X, y, sample_weight=w)
        changes.append(weights @ (trees.predict(after) - trees.predict(X)))
    return np.array(changes)
