"""Correlation matrices of answers: Pearson's, and the polychoric one that rating scales deserve."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from gapkit.measure.answers import Answers, AnswersError, checked_answers, named_pairs
from gapkit.measure.moments import Moments
from gapkit.measure.ordinal import polychoric_of
from gapkit.measure.smoothing import facts_of, finished
from gapkit.survey.phrase import phrase

Floats = NDArray[np.floating]
Kind = Literal["pearson", "polychoric"]


def correlation(
    answers: pd.DataFrame | Moments, *, kind: Kind = "pearson", weights: ArrayLike | None = None
) -> pd.DataFrame:
    """Correlations of the items.

    Parameters
    ----------
    answers : DataFrame (n respondents x k items), scale points, or Moments
        NaN is an unanswered item; a pair of items uses the respondents who answered both. Moments give Pearson only.
    kind : {"pearson", "polychoric"}
        Pearson treats scale points as measurements. Polychoric treats them as a normal variable seen in steps: with few
        points or skewed answers Pearson correlations come out too small.
    weights : array-like (n,), optional
        Respondent weights.

    Returns
    -------
    DataFrame (k x k)
        ``.attrs`` holds plain values: "method" (a sentence), "kind", "n" (fewest respondents behind a pair),
        "n_respondents", "n_effective" (Kish, for weighted answers), "n_usable" (what fit statistics and tests count:
        Kish's effective number of the pair of items that has the smallest; without weights, the same as "n"),
        "smoothed", "source". A smoothed matrix adds "smallest_eigenvalue", that before, and "largest_change", how far
        the correlation that moved most did.

    Raises
    ------
    AnswersError
        See `checked_answers`; for polychoric also more than 11 scale points.

    Notes
    -----
    An indefinite or singular matrix is smoothed, see `smooth`, and says so.

    Examples
    --------
    >>> answers = pd.DataFrame({"q01": [1, 2, 3, 4, 5], "q02": [1, 3, 2, 5, 4], "q03": [2, 1, 4, 3, 3]})
    >>> correlation(answers).loc["q01", "q02"].round(3)
    np.float64(0.8)
    >>> correlation(answers).attrs["method"]
    'Pearson correlations of 3 items, 5 respondents.'
    """
    if kind == "polychoric":
        if isinstance(answers, Moments):
            raise AnswersError(
                "Polychoric correlations need the answers themselves: Moments hold no counts of scale points. "
                'Give the answers, or use kind="pearson".'
            )
        return correlation_of(checked_answers(answers, weights=weights), kind=kind)
    if kind != "pearson":
        raise AnswersError(f'kind={kind!r} is not known. Use kind="pearson" or kind="polychoric".')
    if isinstance(answers, Moments):
        return from_moments(answers, weights)
    return correlation_of(checked_answers(answers, weights=weights), kind=kind)


def correlation_of(table: Answers, *, kind: Kind) -> pd.DataFrame:
    """Correlations of answers that were checked."""
    if kind == "polychoric":
        return polychoric_of(table).correlation
    return finished(
        _pearson(table),
        table.items,
        kind="pearson",
        name=phrase("Pearson"),
        pair_n=table.pair_n,
        notes=table.notes,
        facts=facts_of(table),
    )


def _pearson(table: Answers) -> Floats:
    """Pairwise-complete weighted correlations: every sum of a pair runs over the respondents who answered both."""
    present = (~np.isnan(table.values)).astype(float)
    share = np.ones(table.n) if table.weights is None else table.weights
    centre = (share @ np.nan_to_num(table.values)) / (share @ present)  # keeps the sums below small
    x = np.nan_to_num(table.values - centre)
    weighted = share[:, None] * x
    count = (share[:, None] * present).T @ present
    sums = weighted.T @ present
    deviations = weighted.T @ x - sums * sums.T / count
    spread = (weighted * x).T @ present - sums**2 / count
    still = spread <= 1e-12 * np.diag(spread)[:, None]
    if still.any():
        flat = [(table.items[i], table.items[j]) for i, j in np.argwhere(still)]
        raise AnswersError(
            phrase(
                "The first item does not vary among the respondents who also answered the second: {pairs}. Leave one "
                "of each pair out.",
                pairs=named_pairs(flat),
            )
        )
    result = deviations / np.sqrt(spread * spread.T)
    np.fill_diagonal(result, 1.0)
    return result


def from_moments(moments: Moments, weights: ArrayLike | None = None) -> pd.DataFrame:
    """Pearson correlations that were already added up."""
    if weights is not None:
        raise AnswersError("Moments are already weighted or not; weights belong to gk.moments(answers, weights=...).")
    raw = moments.correlation()
    unknown = [(a, b) for a in raw.index for b in raw.columns if a <= b and not np.isfinite(raw.loc[a, b])]
    if unknown:
        raise AnswersError(
            phrase(
                "No correlation, as an item does not vary or nobody answered both: {pairs}. Leave an item of each pair "
                "out with .select([...]).",
                pairs=named_pairs(unknown),
            )
        )
    notes: list[str] = [phrase("{n} respondents", n=moments.n)]
    if not moments.complete:
        fewest = moments.pair_counts().to_numpy().min()
        notes.append(phrase("pairwise complete (at least {fewest:g} a pair)", fewest=fewest))
    if moments.weighted:
        notes.append(phrase("weighted (effective n {effective:.1f})", effective=moments.n_effective))
    return finished(
        raw.to_numpy(),
        tuple(raw.columns),
        kind="pearson",
        name=phrase("Pearson"),
        pair_n=moments.pair_counts().to_numpy(),
        notes=notes,
        facts={
            "source": moments.source or "source not stated",
            "n_respondents": moments.n,
            "n_effective": moments.n_effective,
        },
    )
