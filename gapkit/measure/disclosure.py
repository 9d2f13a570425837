"""Which groups would give away a smaller one: by subtraction from the whole, or from groups by another column."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
SAME = 1e-11
"""Eigenvalues below this part of the largest are 0: groups that add up to others."""
NEAR = 1e-6
"""What a sum of published groups may miss a small one by, in rounding; squared distances of sets are not so small."""


class _Cells(NamedTuple):
    """Groups of several columns, and which atoms (combinations of all values) each is made of.

    columns : of each group; labels : of each group, None for those without one; atoms : groups x atoms.
    """

    columns: list[Hashable]
    labels: list[Hashable | None]
    atoms: Bools


def withheld_groups(
    respondents: pd.DataFrame,
    columns: Sequence[str],
    *,
    minimum_n: int = 5,
    counted: Bools | None = None,
) -> dict[str, list[Hashable]]:
    """Groups that may not be shown where the whole survey and groups by all these columns can be seen.

    A group of fewer than `minimum_n` is not shown. A larger one is not shown either where, with it, a sum of the other
    published groups and of the whole, added and subtracted, is a set of 1 to ``minimum_n - 1`` respondents: a small
    group, those without a group, all of a column that are not shown, what two groups share, what one has more than
    another, or who is alike in all columns. The smallest published group that takes part is withheld, until nothing of
    the kind is left.

    Parameters
    ----------
    respondents : DataFrame
    columns : sequence of str
        Whatever can be grouped by, one column at a time, in any order. Missing values are in no group.
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
    of the six kinds above are looked at, not every union of atoms, of which there are too many.

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
    used = respondents.loc[slice(None) if counted is None else counted, list(dict.fromkeys(columns))]
    if used.empty or not columns:
        return {column: [] for column in columns}
    cells, where = _cells(used)
    shown = _shown(cells, np.bincount(where), minimum_n)
    return {column: _labels(cells, column, ~shown) for column in columns}


def withheld_entries(
    respondents: pd.DataFrame,
    columns: Sequence[str],
    answered: Bools,
    *,
    of: str,
    minimum_n: int = 5,
) -> dict[Hashable, Bools]:
    """Entries of groups that may not be shown where each entry of a table counts the people who answered it.

    A group that is large enough may have too few answers to one question, and so may what two groups share. Each entry
    is therefore looked at by itself, as `withheld_groups` looks at groups, over those who answered it. Groups that
    `withheld_groups` withholds have no entries.

    Parameters
    ----------
    respondents : DataFrame
    columns : sequence of str
        As in `withheld_groups`.
    answered : boolean array, respondents x entries
        Who counts for which entry; a respondent with none counts nowhere.
    of : str
        The column whose groups are asked for, one of `columns`.
    minimum_n : int

    Returns
    -------
    dict
        Label -> array of length entries, True = not to be shown; labels with any answer, in sorted order.

    Notes
    -----
    Different entries are not subtracted from each other: a dimension less one of its questions can still say something
    about the few who answered its other questions.

    Examples
    --------
    >>> people = pd.DataFrame({"branch": ["A"] * 9 + ["B"] * 8 + ["C"] * 7})
    >>> answered = np.ones((24, 2), bool)
    >>> answered[:6, 1] = False  # of branch A only three answered the second question
    >>> {label: own.tolist() for label, own in withheld_entries(people, ["branch"], answered, of="branch").items()}
    {'A': [False, True], 'B': [False, False], 'C': [False, True]}
    """
    counted: Bools = np.asarray(answered.any(axis=1))
    cells, where = _cells(respondents.loc[counted, list(dict.fromkeys(columns))])
    large = _shown(cells, np.bincount(where, minlength=cells.atoms.shape[1]), minimum_n)
    n = np.array([np.bincount(where[own], minlength=cells.atoms.shape[1]) for own in answered[counted].T])
    different, entry = np.unique(n, axis=0, return_inverse=True)
    shown = np.array([_shown(cells, sizes, minimum_n, among=large) for sizes in different])[entry.ravel()]
    own = [place for place, column in enumerate(cells.columns) if column == of and cells.labels[place] is not None]
    return {cells.labels[place]: ~shown[:, place] for place in own}


def _cells(used: pd.DataFrame) -> tuple[_Cells, NDArray[np.intp]]:
    """Groups of all columns in an order that does not depend on theirs, and the atom of each respondent."""
    columns = sorted(used.columns, key=str)  # what is withheld must not depend on who asks
    coded = [pd.factorize(used[column], sort=True) for column in columns]
    where: NDArray[np.intp] = np.zeros(len(used), dtype=np.intp)
    for values, labels in coded:
        _, where = np.unique(where * (len(labels) + 1) + values + 1, return_inverse=True)
    first = np.unique(where, return_index=True)[1]
    names: list[Hashable] = []
    own: list[Hashable | None] = []
    rows = []
    for column, (values, labels) in zip(columns, coded, strict=True):
        for code, label in [*enumerate(labels), (-1, None)]:
            names.append(column)
            own.append(label)
            rows.append(values[first] == code)
    return _Cells(names, own, np.array(rows)), where


def _labels(cells: _Cells, column: Hashable, which: Bools) -> list[Hashable]:
    """The labels of some groups of a column."""
    found = zip(cells.columns, cells.labels, which, strict=True)
    return [label for name, label, there in found if there and name == column and label is not None]


def _shown(cells: _Cells, sizes: NDArray[np.int_], minimum_n: int, among: Bools | None = None) -> Bools:
    """Which groups may be shown, where so many of each atom count."""
    there = sizes > 0
    cells, sizes = cells._replace(atoms=cells.atoms[:, there]), sizes[there]
    n = cells.atoms @ sizes
    large = (n >= minimum_n) & np.array([label is not None for label in cells.labels])
    large &= True if among is None else among
    shown, withheld = large.copy(), []
    while (taking_part := _given_away(cells, shown, sizes, minimum_n)) is not None:
        smallest = min(np.flatnonzero(taking_part), key=lambda place: n[place])
        shown[smallest] = False
        withheld.append(smallest)
    for place in withheld[:-1]:  # what was withheld later may have been enough
        shown[place] = True
        shown[place] = _given_away(cells, shown, sizes, minimum_n) is None
    return shown


def _given_away(cells: _Cells, shown: Bools, sizes: NDArray[np.int_], minimum_n: int) -> Bools | None:
    """Which groups take part in giving away a set of too few respondents; None where nothing is given away."""
    if not shown.any():
        return None
    candidates, alike = _small_sets(cells, shown, sizes, minimum_n), np.flatnonzero(sizes < minimum_n)
    if not (len(candidates) or len(alike)):
        return None
    published = np.vstack([np.ones((1, len(sizes))), cells.atoms[shown]])
    values, left = np.linalg.eigh(published @ published.T)
    rank = values > SAME * values[-1]
    values, left = values[rank], left[:, rank]
    axes = left.T @ published / np.sqrt(values)[:, None]
    inside, (places, members_of) = np.zeros((len(candidates), len(values))), np.nonzero(candidates)
    np.add.at(inside, places, axes.T[members_of])  # a small set has few atoms
    inside = np.vstack([inside, axes[:, alike].T])
    atoms = np.append(candidates.sum(axis=1), np.ones(len(alike)))
    follows = np.flatnonzero(atoms - (inside**2).sum(axis=1) < NEAR)
    if not len(follows):
        return None
    first = follows[0]
    members = candidates[first] if first < len(candidates) else np.arange(len(sizes)) == alike[first - len(candidates)]
    # a group is needed where every way to add up the set has it in
    factors = left @ (inside[first] / np.sqrt(values))
    needed = (np.abs(factors) > NEAR) & ((left**2).sum(axis=1) > 1 - NEAR)
    taking_part = np.zeros_like(shown)
    taking_part[shown] = needed[1:] | cells.atoms[shown][:, members].any(axis=1)
    return taking_part if taking_part.any() else shown


def _small_sets(cells: _Cells, shown: Bools, sizes: NDArray[np.int_], minimum_n: int) -> Bools:
    """The sets of 1 to ``minimum_n - 1`` respondents that must not follow from what is shown."""
    atoms, columns, own = cells.atoms, np.array(cells.columns, dtype=object), np.flatnonzero(shown)
    alone = atoms[~shown]
    unions = [atoms[~shown & (columns == column)].any(axis=0) for column in dict.fromkeys(columns[~shown])]
    weighed = atoms[own].astype(float)
    shared = (weighed * sizes) @ weighed.T
    apart = np.diagonal(shared)[:, None] - shared
    other = columns[own][:, None] != columns[own]
    first, second = np.nonzero(other & (apart > 0) & (apart < minimum_n))
    one, two = np.nonzero(np.triu(other & (shared > 0) & (shared < minimum_n)))
    whole = np.vstack([alone, np.reshape(unions, (-1, len(sizes))).astype(bool)])
    n = whole @ sizes
    few = whole[(n > 0) & (n < minimum_n)]
    return np.vstack([few, atoms[own[first]] & ~atoms[own[second]], atoms[own[one]] & atoms[own[two]]])
