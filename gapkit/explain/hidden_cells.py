"""Which cells of a table of counts may be shown where the sums of its rows and columns are known."""

from __future__ import annotations

import numpy as np

NEAR = 1e-9
"""What sums of known rows and columns may miss a cell by, in rounding."""


def shown_cells(counts: np.ndarray, minimum_n: int) -> np.ndarray:
    """Which cells may be shown: large enough, and no key to those that are not.

    The sums of rows and of columns are taken to be known. A cell of fewer than `minimum_n` is hidden; so is the
    smallest cell beside it, in its row and in its column, until what is hidden in a row or a column is at least
    `minimum_n` in sum and no small cell follows from rows and columns together. In a row no cell is hidden alone.

    Parameters
    ----------
    counts : int array, rows x columns
    minimum_n : int

    Returns
    -------
    boolean array, rows x columns

    Notes
    -----
    Rows and columns of fewer than `minimum_n` in all are not taken to be known: they are shown nowhere.

    References
    ----------
    .. [1] Cox, L. H. (1980). Suppression methodology and statistical disclosure control. Journal of the American
       Statistical Association, 75, 377-385.

    Examples
    --------
    >>> shown_cells(np.array([[2, 30, 8], [25, 9, 16], [40, 20, 30]]), 5).astype(int).tolist()
    [[0, 1, 0], [0, 1, 0], [1, 1, 1]]
    """
    shown, withheld = counts >= minimum_n, []
    while (beside := _beside_a_leak(counts, shown, minimum_n)) is not None:
        places = np.argwhere(beside)
        row, column = places[counts[beside].argmin()]
        shown[row, column] = False
        withheld.append((row, column))
    for row, column in withheld[:-1]:  # what was withheld later may have been enough
        shown[row, column] = True
        shown[row, column] = _beside_a_leak(counts, shown, minimum_n) is None
    return shown


def _beside_a_leak(table: np.ndarray, shown: np.ndarray, minimum_n: int) -> np.ndarray | None:
    """The shown cells of which one must go, because with them a small number can be had; None where nothing can."""
    rows, columns = (table.sum(axis=axis) >= minimum_n for axis in (1, 0))
    hidden, lines = ~shown, np.zeros_like(shown)
    in_row, in_column = ((table * hidden).sum(axis=axis) for axis in (1, 0))
    leaking = rows & (((in_row > 0) & (in_row < minimum_n)) | (hidden.sum(axis=1) == 1))
    lines[leaking] = True
    lines[:, columns & (in_column > 0) & (in_column < minimum_n)] = True
    if (lines & shown).any():
        return lines & shown
    places = np.argwhere(hidden)
    small = np.flatnonzero((table[hidden] > 0) & (table[hidden] < minimum_n))
    of_rows = (places[:, 0][None, :] == np.flatnonzero(rows)[:, None]).astype(float)
    of_columns = (places[:, 1][None, :] == np.flatnonzero(columns)[:, None]).astype(float)
    sums = np.vstack([of_rows, of_columns])
    if not len(small) or not len(sums):
        return None
    cells = np.eye(len(places))[small]
    ways = np.linalg.lstsq(sums.T, cells.T, rcond=None)[0]  # each cell as sums of lines, as near as can be
    follows = np.flatnonzero(np.abs(sums.T @ ways - cells.T).max(axis=0) < NEAR)
    for cell in follows:
        taking_part = np.abs(ways[:, cell]) > NEAR
        lines[np.flatnonzero(rows)[taking_part[: len(of_rows)]]] = True
        lines[:, np.flatnonzero(columns)[taking_part[len(of_rows) :]]] = True
    return lines & shown if (lines & shown).any() else None
