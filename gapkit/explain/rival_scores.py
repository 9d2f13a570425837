"""SERVPERF or SERVQUAL: do perceptions alone or gaps go closer with an outcome, on the same answers?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..measure.means import check_confidence, checked_weights
from ..survey.phrase import phrase, sentences
from ..survey.result import Result
from ..survey.survey import Survey
from .driver_draws import resampled
from .driver_inputs import outcome_of, refuse_constant
from .driver_tables import interval
from .importance import clear_of_singular, r_squared

SCORES = ("perceptions", "gaps")


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class RivalScores(Result):
    """Perceptions against gaps; see `servperf_or_servqual`.

    Parameters
    ----------
    table : DataFrame, rows perceptions, gaps, difference
        `r`, the correlation of the overall score with the outcome, with `r_low` and `r_high`; `r2` of the outcome on
        the dimension scores, with `r2_low` and `r2_high`. The row "difference" is perceptions minus gaps, its
        intervals from the same draws.
    outcome : str
    confidence : float
    """

    table: pd.DataFrame
    outcome: str
    confidence: float = 0.95

    @property
    def headline(self) -> str:
        """Which goes closer with the outcome, or that the interval does not settle it."""
        r, row = self.table["r"], self.table.loc["difference"]
        settled = row["r_low"] > 0 or row["r_high"] < 0
        which = "perceptions go" if row["r"] > 0 else "gaps go"
        said = (
            f"{which} closer with {self.outcome}" if settled else f"not settled which goes closer with {self.outcome}"
        )
        return (
            f"{said}: r = {r['perceptions']:.3f} for perceptions, {r['gaps']:.3f} for gaps, difference {row['r']:.3f} "
            f"({100 * self.confidence:g} % CI {row['r_low']:.3f} to {row['r_high']:.3f}), n = {self.n}"
        )


def servperf_or_servqual(
    survey: Survey, *, outcome: str = "overall", draws: int = 1000, confidence: float = 0.95, seed: int = 0
) -> RivalScores:
    """How closely perceptions (SERVPERF) and gaps (SERVQUAL) go with an outcome, and the interval of the difference.

    Parameters
    ----------
    survey : Survey
        With expectations and perceptions. Survey weights reach every number.
    outcome : str
        A numeric column of ``survey.respondents``.
    draws : int
        Bootstrap samples of respondents; both scores are computed in each, so that the difference is a paired one.
    confidence : float
        Of the percentile intervals.
    seed : int
        Of the draws.

    Returns
    -------
    RivalScores
        Both scores rest on the same pairs (items answered in both halves) of the same respondents. A difference score
        is less reliable than its halves, which alone lowers its correlations: a smaller r is no verdict on the idea of
        a gap.

    Raises
    ------
    ValueError
        A battery or the outcome is absent, or too few respondents answered.

    References
    ----------
    .. [1] Cronin, J. J., & Taylor, S. A. (1992). Measuring service quality: a reexamination and extension. Journal of
       Marketing, 56(3), 55-68.
    .. [2] Peter, J. P., Churchill, G. A., & Brown, T. J. (1993). Caution in the use of difference scores in consumer
       research. Journal of Consumer Research, 19, 655-662.

    Examples
    --------
    >>> import gapkit as gk
    >>> rivals = servperf_or_servqual(gk.datasets.load("hotel"), outcome="overall", draws=200)
    >>> rivals.table.index.tolist()
    ['perceptions', 'gaps', 'difference']
    """
    check_confidence(confidence)
    gaps, weights = survey.gaps, checked_weights(survey.weights)
    scores = [survey.dimension_scores(answers) for answers in (survey.battery("perceptions").where(gaps.notna()), gaps)]
    answer = outcome_of(survey, outcome)
    keep = (scores[1].notna().all(axis=1) & answer.notna()).to_numpy() & (True if weights is None else weights > 0)
    p = scores[0].shape[1]
    if keep.sum() <= p + 2:
        raise ValueError(
            f'{survey.source}: {int(keep.sum())} respondents answered "{outcome}" and at least one pair of every '
            f"dimension; {p} dimensions need more than {p + 2}."
        )
    columns = [*(table[keep].to_numpy() for table in scores), *(t[keep].mean(axis=1).to_numpy() for t in scores)]
    values = np.column_stack([*columns, answer[keep].to_numpy()])
    names = [*(f"{of} of {d}" for of in SCORES for d in scores[0]), "overall perception", "overall gap", outcome]
    refuse_constant(values.std(axis=0), names, size=values.mean(axis=0))
    w = None if weights is None else weights[keep]
    once = resampled(values, w, draws=draws, seed=seed)
    point = _measures(_weighted_correlations(values, w)[None], p)[0]
    usable = once[np.isfinite(once).all(axis=(1, 2))]
    drawn = _measures(usable, p)
    low, high = interval(drawn, confidence)
    rows = [
        {"r": point[s, 0], "r_low": low[s, 0], "r_high": high[s, 0]}
        | {"r2": point[s, 1], "r2_low": low[s, 1], "r2_high": high[s, 1]}
        for s in range(3)
    ]
    n, lost = int(keep.sum()), draws - len(usable)
    return RivalScores(
        table=pd.DataFrame(rows, index=pd.Index([*SCORES, "difference"], name="scores")),
        outcome=outcome,
        confidence=confidence,
        n=n,
        source=f"{survey.source}, n = {n}",
        method=sentences(
            phrase(
                "r of the overall score (mean of the dimension scores) and R² of the dimension scores with {outcome}, "
                "both on the pairs of the same {n} of {respondents} respondents: those with the outcome and a pair in "
                "every dimension.",
                outcome=outcome,
                n=n,
                respondents=survey.n,
            ),
            phrase(
                "Percentile intervals at {level:g} % from {samples} bootstrap samples.",
                level=100 * confidence,
                samples=len(usable),
            ),
            phrase("{lost} draws with a constant column were left out.", lost=lost) if lost else "",
            "" if w is None else phrase("Survey weights reach every number."),
            phrase("Association, not effect."),
        ),
    )


def _measures(correlations: np.ndarray, p: int) -> np.ndarray:
    """R and R squared, (draws, 3, 2), of perceptions, gaps and their difference."""
    found = np.empty((len(correlations), 3, 2))
    for place in range(2):
        block = slice(place * p, place * p + p)
        inner, outer = correlations[:, block, block], correlations[:, block, -1]
        clear = clear_of_singular(inner)
        found[:, place, 0] = correlations[:, 2 * p + place, -1]
        found[:, place, 1] = np.nan
        found[clear, place, 1] = r_squared(inner[clear], outer[clear])
    found[:, 2] = found[:, 0] - found[:, 1]
    return found


def _weighted_correlations(values: np.ndarray, weights: np.ndarray | None) -> np.ndarray:
    """Correlations of columns without missing values, (k, k)."""
    w = np.ones(len(values)) if weights is None else weights
    centred = values - w @ values / w.sum()
    products = (w[:, None] * centred).T @ centred
    sd = np.sqrt(np.diag(products))
    return products / np.outer(sd, sd)
