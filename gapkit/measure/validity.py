"""Do the items of a dimension belong together, and the dimensions apart? Composite reliability, AVE, HTMT."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from gapkit.measure.alpha import alpha_of
from gapkit.measure.correlation import Kind
from gapkit.measure.draws import usable_correlations
from gapkit.measure.extraction import extract
from gapkit.measure.matrix import correlation_matrix
from gapkit.measure.means import check_confidence
from gapkit.survey.naming import battery_name
from gapkit.survey.phrase import phrase, sentences
from gapkit.survey.result import Result
from gapkit.survey.survey import Survey

Floats = NDArray[np.floating]
ROWS = ("omega", "composite_reliability", "ave", "standardised_alpha")


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Validity(Result):
    """Convergent and discriminant validity of the dimensions as they are defined.

    Parameters
    ----------
    dimensions : DataFrame, one row per dimension
        `items`; `omega` (total, of one factor); `composite_reliability`; `ave`, the average share of an item's variance
        that its dimension accounts for; `standardised_alpha`; with bootstrap draws each with `_low` and `_high`.
    htmt : DataFrame (dimensions x dimensions)
        Heterotrait-monotrait ratio: what items of two dimensions share, through what items of one dimension share. An
        estimate of the correlation of the two; towards 1 the dimensions are not told apart.
    htmt_high : DataFrame or None
        Upper ends of the bootstrap intervals of `htmt`.
    loadings : DataFrame, one row per item: `dimension`, `loading` on the dimension's one factor
    """

    dimensions: pd.DataFrame
    htmt: pd.DataFrame
    htmt_high: pd.DataFrame | None
    loadings: pd.DataFrame

    @property
    def headline(self) -> str:
        """AVE of each dimension and the largest HTMT."""
        known = self.dimensions["ave"].items()
        each = ", ".join(f"{name} {ave:.2f}" if np.isfinite(ave) else f"{name} none" for name, ave in known)
        pairs = [(self.htmt.loc[a, b], a, b) for a, b in combinations(self.htmt.index, 2) if self.htmt.loc[a, b] > 0]
        largest = "; largest HTMT {:.2f} ({} and {})".format(*max(pairs)) if pairs else ""
        return f"AVE: {each}{largest}; n = {self.n}"


def validity(
    survey: Survey,
    *,
    of: str = "perceptions",
    kind: Kind = "polychoric",
    draws: int = 0,
    seed: int = 0,
    confidence: float = 0.95,
) -> Validity:
    """Composite reliability and AVE of every dimension, HTMT of every pair.

    Each dimension's items are fitted by one minres factor of their own.

    Parameters
    ----------
    survey : Survey
        Its weights are used.
    of : str
        A battery ("perceptions", "expectations", ...) or "gaps".
    kind : {"polychoric", "pearson"}
    draws : int
        Bootstrap draws for intervals; 0 for none.
    seed : int
    confidence : float
        Of the percentile intervals.

    Returns
    -------
    Validity
        Usual advice: composite reliability from .7, AVE from .5, HTMT below .85 or .90 (or its interval below 1).
        A dimension of one item has none of these; one of two items is fitted with equal loadings, and has none where
        they correlate negatively (draws in which they do are left out of its intervals, and `method` counts them).

    Raises
    ------
    AnswersError
        Fewer than two draws, or fewer in which every item varies.
    ValueError
        A confidence that is not between 0 and 1.

    References
    ----------
    .. [1] Fornell, C., & Larcker, D. F. (1981). Evaluating structural equation models with unobservable variables and
       measurement error. Journal of Marketing Research, 18, 39-50.
    .. [2] Henseler, J., Ringle, C. M., & Sarstedt, M. (2015). A new criterion for assessing discriminant validity in
       variance-based structural equation modeling. Journal of the Academy of Marketing Science, 43, 115-135.

    Examples
    --------
    >>> import gapkit as gk
    >>> found = gk.validity(gk.datasets.load("hotel"), kind="pearson")
    >>> found.dimensions.columns.tolist()
    ['items', 'omega', 'composite_reliability', 'ave', 'standardised_alpha']
    """
    check_confidence(confidence)
    answers = survey.gaps if of == "gaps" else survey.battery(of)
    names = [dimension.id for dimension in survey.instrument.dimensions]
    members = [list(dimension.items) for dimension in survey.instrument.dimensions]
    answers = answers[[item for own in members for item in own]]
    matrix = correlation_matrix(answers, kind=kind, weights=survey.weights)
    ends = np.cumsum([0, *map(len, members)])
    places = [np.arange(low, high) for low, high in pairwise(ends)]
    r = matrix.to_numpy()
    values, ratios = dimension_values(r, places), htmt_of(r, places)
    table = pd.DataFrame(values, index=pd.Index(names, name="dimension"), columns=list(ROWS))
    table.insert(0, "items", [len(own) for own in members])
    high = None
    drawn: list[str] = []
    if draws:
        batches, lost = usable_correlations(answers, kind=kind, weights=survey.weights, draws=draws, seed=seed)
        each = np.concatenate([dimension_values(batch, places) for batch in batches])
        tail = (1 - confidence) / 2
        for row, column in enumerate(ROWS):
            table[f"{column}_low"], table[f"{column}_high"] = _quantiles(each[..., row], tail)
        upper = _quantiles(np.concatenate([htmt_of(batch, places) for batch in batches]), tail)[1]
        high = pd.DataFrame(upper, index=names, columns=names)
        about = {"confidence": confidence, "draws": len(each), "seed": seed}
        said = phrase("Percentile intervals ({confidence:.0%}) of {draws} bootstrap draws, seed {seed}.", **about)
        drawn = [said, lost, *_without_solution(each[..., ROWS.index("ave")], table)]
    loadings = [one_factor(r[np.ix_(own, own)]) for own in places]
    items = pd.DataFrame(
        {"dimension": np.repeat(names, [len(own) for own in members]), "loading": np.concatenate(loadings)},
        index=pd.Index(matrix.columns, name="item"),
    )
    return Validity(
        n=round(matrix.attrs["n_respondents"]),
        source=str(survey.source),
        method=_method(matrix, table, items, of, drawn),
        dimensions=table,
        htmt=pd.DataFrame(ratios, index=names, columns=names),
        htmt_high=high,
        loadings=items,
    )


def one_factor(correlations: Floats) -> Floats:
    """Loadings on a single minres factor, (..., p): two items share their correlation equally, one item has none."""
    p = correlations.shape[-1]
    if p == 1:
        return np.full(correlations.shape[:-1], np.nan)
    if p == 2:
        r = correlations[..., 0, 1]
        return np.repeat(np.sqrt(np.where(r >= 0, r, np.nan))[..., None], 2, axis=-1)
    return extract(correlations, 1).loadings[..., 0]


def dimension_values(correlations: Floats, places: Sequence[NDArray[np.integer]]) -> Floats:
    """`ROWS` of each dimension, (..., dimensions, 4), for one correlation matrix or a batch."""
    columns = []
    for own in places:
        r = correlations[..., own[:, None], own]
        loadings = one_factor(r)
        unique = (1 - loadings**2).sum(axis=-1)
        common = loadings.sum(axis=-1) ** 2
        omega = 1 - unique / r.sum(axis=(-1, -2))
        columns.append([omega, common / (common + unique), (loadings**2).mean(axis=-1), alpha_of(r)])
    return np.moveaxis(np.array(columns), (0, 1), (-2, -1))


def htmt_of(correlations: Floats, places: Sequence[NDArray[np.integer]]) -> Floats:
    """Mean correlation between two dimensions' items through the geometric mean of those within, (..., d, d)."""
    size = np.abs(correlations)
    count = len(places)
    means = np.empty((*correlations.shape[:-2], count, count))
    for a, first in enumerate(places):
        for b, second in enumerate(places):
            block = size[..., first[:, None], second]
            if a != b:
                means[..., a, b] = block.mean(axis=(-1, -2))
            else:
                pairs = len(first) * (len(first) - 1)
                with np.errstate(invalid="ignore", divide="ignore"):
                    means[..., a, b] = (block.sum(axis=(-1, -2)) - len(first)) / pairs if pairs else np.nan
    within = np.sqrt(np.einsum("...ii->...i", means))
    ratios = means / (within[..., :, None] * within[..., None, :])
    each = np.arange(count)
    ratios[..., each, each] = 1.0
    return ratios


def _quantiles(drawn: Floats, tail: float) -> Floats:
    """Both ends over the draws that have a value, (2, ...); NaN where none has."""
    ends = np.full((2, *drawn.shape[1:]), np.nan)
    known = np.isfinite(drawn).any(axis=0)
    ends[:, known] = np.nanquantile(drawn[:, known], [tail, 1 - tail], axis=0)
    return ends


def _without_solution(ave: Floats, table: pd.DataFrame) -> list[str]:
    """A sentence for each dimension that has no solution in some draws."""
    missing = pd.Series(np.isnan(ave).sum(axis=0), index=table.index)
    return [
        phrase(
            "{dimension}: its two items correlate negatively in {lost} of {draws} draws, left out of the intervals of "
            "omega, composite reliability and AVE, which therefore begin too high.",
            dimension=name,
            lost=lost,
            draws=len(ave),
        )
        for name, lost in missing[table["items"] == 2].items()
        if lost
    ]


def _method(matrix: pd.DataFrame, table: pd.DataFrame, items: pd.DataFrame, of: str, drawn: list[str]) -> str:
    """What was computed, and everything unusual."""
    said = [
        phrase("{battery}.", battery=battery_name(of, first=True)),
        matrix.attrs["method"],
        phrase("One minres factor per dimension; HTMT of absolute correlations."),
    ]
    single = table.index[table["items"] == 1]
    if len(single):
        said.append(phrase("One item only, so nothing to compute: {dimensions}.", dimensions=", ".join(single)))
    pairs = table.index[table["items"] == 2]
    if len(pairs):
        said.append(phrase("Two items, given equal loadings: {dimensions}.", dimensions=", ".join(pairs)))
    high = items.index[items["loading"].abs() > np.sqrt(0.995) - 1e-6]
    if len(high):
        said.append(phrase("Heywood cases (loading at its limit): {items}.", items=", ".join(high)))
    against = items.index[items["loading"] < 0]
    if len(against):
        said.append(phrase("Negative loadings: {items}; is one not reversed?", items=", ".join(against)))
    return sentences(*said, *drawn)
