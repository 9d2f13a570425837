"""Which groups would give away a smaller one: by subtraction from the whole, or from groups by another column."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

SAME = 1e-9
"""What a sum of published groups may miss a small one by, in rounding."""


class _Cell(NamedTuple):
    """A group of one column: its label (None: those without one) and which atoms it is made of."""

    column: str
    label: Hashable | None
    atoms: NDArray[np.bool_]


def withheld_groups(
    respondents: pd.DataFrame,
    columns: Sequence[str],
    *,
    minimum_n: int = 5,
    counted: NDArray[np.bool_] | None = None,
) -> dict[str, list[Hashable]]:
    """Groups that may not be shown where the whole survey and groups by all these columns can be seen.

    A group of fewer than `minimum_n` is not shown. A larger one is not shown either where, with it, a sum of the other
    published groups and of the whole, added and subtracted, is a set of 1 to ``minimum_n - 1`` respondents: a small
    group, those without a group, all of a column that are not shown, what two groups share or what one has more than
    another. The smallest published group that takes part is withheld, until nothing of the kind is left.

    Parameters
    ----------
    respondents : DataFrame
    columns : sequence of str
        Whatever can be grouped by, one column at a time. Missing values are in no group.
    minimum_n : int
    counted : boolean array or None
        Respondents with anything to count; by default all.

    Returns
    -------
    dict
        Column -> labels not to be shown, in sorted order.

    Notes
    -----
    Each published mean with its n is a sum over respondents. With one row a published group and one column a
    combination of all values (an atom), a set is given away exactly if its indicator lies in the row space. Sets
    of the five kinds above are looked at, not every union of atoms, of which there are too many.

    References
    ----------
    .. [1] Cox, L. H. (1980). Suppression methodology and statistical disclosure control. Journal of the American
       Statistical Association, 75, 377-385.

    Examples
    --------
    >>> people = pd.DataFrame({"branch": ["A"] * 9 + ["B"] * 6 + ["C"] * 2})
    >>> withheld_groups(people, ["branch"])
    {'branch': ['B', 'C']}
    """
    used = respondents.loc[slice(None) if counted is None else counted, list(columns)]
    if used.empty or not columns:
        return {column: [] for column in columns}
    coded = [pd.factorize(used[column], sort=True) for column in columns]
    codes = np.column_stack([values for values, _ in coded])
    atoms, sizes = np.unique(codes, axis=0, return_counts=True)
    cells = [
        _Cell(column, label, atoms[:, place] == code)
        for place, (column, (_, labels)) in enumerate(zip(columns, coded, strict=True))
        for code, label in [*enumerate(labels), (-1, None)]
    ]
    shown = [cell for cell in cells if cell.label is not None and sizes[cell.atoms].sum() >= minimum_n]
    while shown:
        given_away = _given_away(shown, cells, sizes, minimum_n)
        if given_away is None:
            break
        # only a group that takes part in the subtraction can end it
        partners = [cell for cell in shown if given_away[cell.atoms].any() or not _still(shown, cell, given_away)]
        shown.remove(min(partners or shown, key=lambda cell: int(sizes[cell.atoms].sum())))
    kept = {(cell.column, cell.label) for cell in shown}
    return {
        column: [label for label in labels if (column, label) not in kept]
        for column, (_, labels) in zip(columns, coded, strict=True)
    }


def _given_away(
    shown: list[_Cell], cells: list[_Cell], sizes: NDArray[np.int_], minimum_n: int
) -> NDArray[np.bool_] | None:
    """A set of too few respondents that follows from what is shown; None where there is none."""
    hidden = [cell for cell in cells if cell not in shown]
    sets = [cell.atoms for cell in hidden]
    for column in dict.fromkeys(cell.column for cell in hidden):
        sets.append(np.logical_or.reduce([cell.atoms for cell in hidden if cell.column == column]))
    for first in shown:
        for second in shown:
            if first.column != second.column:
                sets += [first.atoms & ~second.atoms, first.atoms & second.atoms]
    candidates = np.array(sets)
    n = candidates @ sizes
    candidates = candidates[(n > 0) & (n < minimum_n)]
    if not len(candidates):
        return None
    follows = _follows(shown, candidates)
    return candidates[int(follows.argmax())] if follows.any() else None


def _still(shown: list[_Cell], without: _Cell, given_away: NDArray[np.bool_]) -> bool:
    """Whether a set follows without one of the groups too."""
    return bool(_follows([cell for cell in shown if cell is not without], given_away[None])[0])


def _follows(shown: list[_Cell], sets: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Whether each set is a sum of published groups and the whole, added and subtracted."""
    published = np.array([np.ones(sets.shape[1], bool), *[cell.atoms for cell in shown]], float)
    _, values, rows = np.linalg.svd(published, full_matrices=False)
    basis = rows[values > SAME * values[0]]
    wanted = sets.astype(float)
    return np.abs(wanted - wanted @ basis.T @ basis).max(axis=1) < SAME
