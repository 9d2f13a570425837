"""Polychoric correlations of rating scales, public side; the arithmetic is in `polychoric`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from gapkit.measure.answers import Answers, AnswersError, checked_answers, named_pairs
from gapkit.measure.polychoric import BOUND, FAR, polychoric_arrays
from gapkit.measure.polychoric_support import undetermined
from gapkit.measure.smoothing import facts_of, finished
from gapkit.survey.phrase import phrase
from gapkit.survey.result import Result

Floats = NDArray[np.floating]

MOST_CATEGORIES = 11


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Polychoric(Result):
    """Polychoric correlations with what they rest on.

    Parameters
    ----------
    correlation : DataFrame (k x k)
    thresholds : DataFrame (k items x cut points)
        Where on the item's normal variable one scale point gives way to the next; NaN where an item has fewer points.
    points : DataFrame (k items x categories)
        The scale points seen, in rising order; threshold c lies between points c and c + 1.
    pair_n : DataFrame (k x k)
        Respondents who answered both items.
    at_bound : tuple of (str, str)
        Pairs whose table asks for a correlation beyond .999 in size; they stand at that bound.
    undetermined : tuple of (str, str)
        Pairs whose table does not rule out a perfect correlation: the likelihood falls too little towards it (less than
        1.92, so that the 95 % likelihood interval has no end). The estimate is one of many that fit about as well.
    not_converged : tuple of (str, str)
    empty_cells : int
        Empty cells in all the pairs' tables together.
    smoothed : bool
        Whether the matrix was indefinite or singular and had to be smoothed.
    """

    correlation: pd.DataFrame
    thresholds: pd.DataFrame
    points: pd.DataFrame
    pair_n: pd.DataFrame
    at_bound: tuple[tuple[str, str], ...]
    undetermined: tuple[tuple[str, str], ...]
    not_converged: tuple[tuple[str, str], ...]
    empty_cells: int
    smoothed: bool

    @property
    def headline(self) -> str:
        """Size and anything unusual, in one line."""
        stuck = len(self.at_bound)
        troubles = [f"{stuck} pair{'s' if stuck > 1 else ''} at the bound"] if stuck else []
        open_ended = len(self.undetermined)
        troubles += [f"{open_ended} pair{'s' if open_ended > 1 else ''} hardly determined"] if open_ended else []
        troubles += ["smoothed"] if self.smoothed else []
        return "; ".join([f"polychoric correlations of {len(self.correlation)} items, n = {self.n}", *troubles])


def polychoric(answers: pd.DataFrame, *, weights: ArrayLike | None = None) -> Polychoric:
    """Polychoric correlations with thresholds, numbers behind each pair, and what was unusual.

    Two-step maximum likelihood [1]_: thresholds from each item's own answers, then each pair's correlation with the
    thresholds held. Empty cells add nothing to the likelihood; only the single empty cell of a 2 x 2 table is raised to
    one half with the margins kept, as lavaan does. Agrees with lavaan's ``lavCor`` to 1e-6 where a table has a clear
    likelihood. Where hardly anyone chose some scale points it may be flat (the two then differ, -.85 and -.99 fitting
    alike): such pairs are named in `undetermined` and in `method`. psych adds one half to every empty cell unless told
    ``correct = 0``.

    Parameters
    ----------
    answers : DataFrame (n respondents x k items)
        2 to 11 scale points an item; NaN is an unanswered item.
    weights : array-like (n,), optional
        Respondent weights; only their ratios count.

    Returns
    -------
    Polychoric

    Raises
    ------
    AnswersError
        See `checked_answers`; items with more than 11 scale points.

    References
    ----------
    .. [1] Olsson, U. (1979). Maximum likelihood estimation of the polychoric correlation coefficient.
       Psychometrika, 44, 443-460.

    Examples
    --------
    Two yes-no items, split at their medians, agree in 60 of 100 respondents: the correlation is sin(pi/2 (.60 - .40)).

    >>> agree = pd.DataFrame({"q01": [0] * 50 + [1] * 50, "q02": [0] * 30 + [1] * 20 + [0] * 20 + [1] * 30})
    >>> polychoric(agree).correlation.loc["q01", "q02"].round(6)
    np.float64(0.309017)
    >>> polychoric(agree).thresholds.loc["q01", 1].round(6)
    np.float64(0.0)
    """
    return polychoric_of(checked_answers(answers, weights=weights))


def polychoric_of(table: Answers) -> Polychoric:
    """Polychoric correlations of answers that were checked."""
    codes, points = coded(table)
    found = polychoric_arrays(codes, n_categories=points.shape[1], weights=table.weights)
    stuck, unsettled = (_pairs(table, flags) for flags in (found.at_bound, ~found.converged))
    hardly = _pairs(table, undetermined(codes, found, n_categories=points.shape[1], weights=table.weights))
    notes = table.notes
    if stuck:
        notes.append(phrase("held at +-{bound}: {pairs}", bound=BOUND, pairs=named_pairs(stuck)))
    if hardly:
        notes.append(
            phrase("hardly determined, a perfect correlation fits about as well: {pairs}", pairs=named_pairs(hardly))
        )
    if unsettled:
        notes.append(phrase("search not converged: {pairs}", pairs=named_pairs(unsettled)))
    matrix = finished(
        found.correlation,
        table.items,
        kind="polychoric",
        name=phrase("Polychoric (two-step maximum likelihood)"),
        pair_n=table.pair_n,
        notes=notes,
        facts=facts_of(table),
    )
    cuts = pd.DataFrame(np.where(np.abs(found.cuts) >= FAR, np.nan, found.cuts), index=matrix.index)
    cuts.columns = pd.RangeIndex(1, points.shape[1], name="cut")
    return Polychoric(
        n=table.n,
        source=table.source,
        method=matrix.attrs["method"],
        correlation=matrix,
        thresholds=cuts,
        points=pd.DataFrame(points, index=matrix.index, columns=pd.RangeIndex(1, points.shape[1] + 1, name="category")),
        pair_n=pd.DataFrame(table.pair_n, index=matrix.index, columns=matrix.columns),
        at_bound=tuple(stuck),
        undetermined=tuple(hardly),
        not_converged=tuple(unsettled),
        empty_cells=int(found.empty_cells.sum()) // 2,
        smoothed=matrix.attrs["smoothed"],
    )


def coded(table: Answers) -> tuple[NDArray[np.int8], Floats]:
    """Scale points as category numbers 0, 1, ... (missing: -1), and the points (k, C), nan-filled, they stand for."""
    levels = np.unique(table.values[~np.isnan(table.values)])
    k = len(table.items)
    if len(levels) > k * MOST_CATEGORIES:  # some item must have too many: say which, without a table of k x levels
        counts = np.array([len(np.unique(column[~np.isnan(column)])) for column in table.values.T])
        raise _too_many(table.items, counts)
    place = np.searchsorted(levels, table.values)  # nan goes beyond the last level
    own = place + np.arange(k) * (len(levels) + 1)
    used = np.bincount(own.ravel(), minlength=k * (len(levels) + 1)).reshape(k, -1)[:, :-1] > 0
    counts = used.sum(axis=1)
    if counts.max() > MOST_CATEGORIES:
        raise _too_many(table.items, counts)
    number = np.where(used, used.cumsum(axis=1) - 1, -1)
    codes = np.column_stack([number, np.full(k, -1)]).astype(np.int8).ravel()[own]
    points = np.full((k, counts.max()), np.nan)
    points[np.arange(points.shape[1]) < counts[:, None]] = np.broadcast_to(levels, used.shape)[used]
    return codes, points


def _too_many(items: tuple[str, ...], counts: NDArray[np.integer]) -> AnswersError:
    """The error for items with more scale points than a rating scale has."""
    many = [f"{name} ({count})" for name, count in zip(items, counts, strict=True) if count > MOST_CATEGORIES]
    return AnswersError(
        f"More than {MOST_CATEGORIES} scale points: {', '.join(many)}. Polychoric correlations are for rating "
        'scales; use kind="pearson", or group the answers into fewer points.'
    )


def _pairs(table: Answers, flags: NDArray[np.bool_]) -> list[tuple[str, str]]:
    """The flagged pairs by name."""
    return [(table.items[i], table.items[j]) for i, j in np.argwhere(np.triu(flags, 1))]
