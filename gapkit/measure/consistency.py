"""How far the items of one scale move together: alpha, raw and standardised, item by item, and of gaps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from gapkit.measure.alpha import MOST, alpha_of, beyond_one, feldt_interval, standardised
from gapkit.measure.differences import difference_reliability
from gapkit.measure.means import check_confidence
from gapkit.measure.moments import Moments
from gapkit.measure.reduce import moments
from gapkit.survey.naming import battery_name
from gapkit.survey.phrase import phrase, sentences
from gapkit.survey.result import Result
from gapkit.survey.survey import Survey

Battery = Literal["perceptions", "expectations", "gaps"]


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Consistency(Result):
    """Internal consistency of each dimension and of all its items together.

    Parameters
    ----------
    dimensions : DataFrame, one row per dimension and the row "total"
        `items`; `n` (fewest respondents behind a pair of its items; effective number with weights); raw `alpha` and
        `standardised_alpha`, each with Feldt's interval (`_low`, `_high`; NaN where alpha is beyond 1, see
        `cronbach_alpha`); `mean_r`, the mean correlation of two items; for gaps also `difference_reliability`.
    items : DataFrame, one row per item of a dimension
        `dimension`, `n`, `mean`, `sd`; `item_rest_r`, its correlation with the sum of the others of its dimension;
        `alpha_if_deleted`, what raw alpha would be without it (NaN where fewer than two items would be left).
    differences : DataFrame or None
        For gaps: what `difference_reliability` is made of, see `difference_reliability`.
    """

    dimensions: pd.DataFrame
    items: pd.DataFrame
    differences: pd.DataFrame | None = None

    @property
    def headline(self) -> str:
        """Raw alpha of every dimension in one line."""
        known = self.dimensions["alpha"].items()
        each = ", ".join(f"{name} {alpha:.3f}" if np.isfinite(alpha) else f"{name} none" for name, alpha in known)
        return f"raw alpha: {each}; n = {self.n}"


def internal_consistency(survey: Survey, *, of: Battery = "perceptions", confidence: float = 0.95) -> Consistency:
    """Alpha of every dimension, raw and standardised, with intervals, and what each item does to it.

    Parameters
    ----------
    survey : Survey
        Its weights (``respondents["weight"]``) are used.
    of : {"perceptions", "expectations", "gaps"}
        Which answers. Gaps are perceptions minus expectations, item by item.
    confidence : float
        Of Feldt's intervals.

    Returns
    -------
    Consistency
        For gaps, `dimensions` shows beside alpha of the gap items the reliability of the *difference* between the two
        scores. They answer different questions and differ where the two halves share variance: the alpha of gap items
        can look fine while most of what they measure in common is noise of two scores.

    Raises
    ------
    ValueError
        The survey has no such answers, or the confidence is not between 0 and 1.

    References
    ----------
    .. [1] Peter, J. P., Churchill, G. A., & Brown, T. J. (1993). Caution in the use of difference scores in consumer
       research. Journal of Consumer Research, 19, 655-662.

    Examples
    --------
    >>> import gapkit as gk
    >>> survey = gk.datasets.load("hotel")
    >>> gk.internal_consistency(survey).dimensions.columns[:3].tolist()
    ['items', 'n', 'alpha']
    """
    check_confidence(confidence)
    answers = survey.gaps if of == "gaps" else survey.battery(of)
    scales = {dimension.id: list(dimension.items) for dimension in survey.instrument.dimensions}
    everything = [item for items in scales.values() for item in items]
    reduced = moments(answers, weights=survey.weights, columns=everything)
    dimensions = _scale_table(reduced, {**scales, "total": everything}, confidence)
    items = pd.concat([_item_table(reduced.select(members), name) for name, members in scales.items()])
    differences = None
    if of == "gaps":
        differences = difference_reliability(survey)
        dimensions["difference_reliability"] = differences["difference_reliability"]
    return Consistency(
        n=reduced.n,
        source=str(survey.source),
        method=_method(reduced, dimensions, items, of, confidence),
        dimensions=dimensions,
        items=items,
        differences=differences,
    )


def _scale_table(reduced: Moments, scales: Mapping[str, Sequence[str]], confidence: float) -> pd.DataFrame:
    """One row per scale: alphas with intervals, mean correlation."""
    rows = {}
    for name, members in scales.items():
        own, k = reduced.select(members), len(members)
        n = float(own.pair_counts().to_numpy().min())
        covariances = own.covariance().to_numpy()
        correlations = standardised(covariances)
        raw, equal = float(alpha_of(covariances)), float(alpha_of(correlations))
        raw_ends, equal_ends = (feldt_interval(alpha, n=n, k=k, confidence=confidence) for alpha in (raw, equal))
        rows[name] = {
            "items": k,
            "n": n,
            "alpha": raw,
            "alpha_low": raw_ends[0],
            "alpha_high": raw_ends[1],
            "standardised_alpha": equal,
            "standardised_low": equal_ends[0],
            "standardised_high": equal_ends[1],
            "mean_r": (correlations.sum() - k) / (k * (k - 1)) if k > 1 else np.nan,
        }
    return pd.DataFrame.from_dict(rows, orient="index").astype({"items": int}).rename_axis("dimension")


def _item_table(own: Moments, dimension: str) -> pd.DataFrame:
    """One row per item of a scale: how it goes with the others, and the scale without it."""
    covariances = own.covariance().to_numpy()
    variances = np.diag(covariances)
    with_rest = covariances.sum(axis=1) - variances
    rest_variance = covariances.sum() - 2 * with_rest - variances
    without = [np.delete(np.delete(covariances, j, 0), j, 1) for j in range(len(covariances))]
    with np.errstate(invalid="ignore", divide="ignore"):
        table = {
            "dimension": dimension,
            "n": np.diag(own.pair_counts()),
            "mean": own.mean(),
            "sd": own.sd(),
            "item_rest_r": with_rest / np.sqrt(variances * rest_variance),
            "alpha_if_deleted": [float(alpha_of(rest)) for rest in without],
        }
    return pd.DataFrame(table, index=pd.Index(own.columns, name="item"))


def _method(reduced: Moments, dimensions: pd.DataFrame, items: pd.DataFrame, of: str, confidence: float) -> str:
    """What was computed, and everything unusual about it."""
    said: list[str] = [
        phrase(
            "Alpha of {battery}, raw and standardised, with Feldt's {confidence:.0%} intervals.",
            battery=battery_name(of),
            confidence=confidence,
        )
    ]
    if not reduced.complete:
        said.append(phrase("Answers are missing: pairwise-complete covariances."))
    if reduced.n_empty:
        said.append(
            phrase("{empty} respondents without any answer, or with weight 0, left out.", empty=reduced.n_empty)
        )
    if reduced.weighted:
        n = {"effective": reduced.n_effective, "n": reduced.n}
        said.append(phrase("Weighted; n is Kish's effective number ({effective:.1f} of {n}).", **n))
    single = dimensions.index[dimensions["items"] < 2]
    if len(single):
        said.append(phrase("One item only, so no alpha: {dimensions}.", dimensions=", ".join(single)))
    beyond = dimensions.index[(dimensions[["alpha", "standardised_alpha"]] > MOST).any(axis=1)]
    if len(beyond):
        said.append(beyond_one(beyond))
    still = items.index[~(items["sd"] > 0)]
    if len(still):
        named = ", ".join(still)
        said.append(phrase("Items that do not vary, so that no correlation with them exists: {items}.", items=named))
    against = items.index[items["item_rest_r"] < 0]
    if len(against):
        said.append(
            phrase(
                "Items that run against the rest of their dimension: {items}; is one not reversed?",
                items=", ".join(against),
            )
        )
    if of == "gaps":
        said.append(phrase("Difference reliability (r_D) from alpha of both halves; see `differences`."))
    return sentences(*said)
