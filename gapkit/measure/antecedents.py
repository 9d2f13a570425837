"""Causes of the gaps: scales asked inside the firm, and how they go with the gaps across branches."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special

from ..survey.phrase import phrase, sentences
from ..survey.result import Result
from ..survey.survey import Survey
from .chain import FiveGaps
from .consistency import internal_consistency
from .means import check_confidence
from .performance import performance_scores

FEWEST_BRANCHES = 4
"""Fisher's interval of a correlation needs n - 3 > 0."""


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Antecedents(Result):
    """Scores of the causes, how far each scale can be trusted, and how they go with the gaps; see `antecedents`."""

    scores: pd.DataFrame
    alpha: pd.DataFrame
    association: pd.DataFrame
    suppressed: pd.DataFrame | None = None
    by: str | None = None
    confidence: float = 0.95

    @property
    def headline(self) -> str:
        """The lowest-scored cause, or how many groups there are."""
        means = self.scores["mean"].dropna()
        if means.empty:
            return f"causes of the gaps: nothing large enough to be shown; n = {self.n}"
        where = means.idxmin()
        name = " of ".join(map(str, where[::-1])) if isinstance(where, tuple) else str(where)
        return f"lowest: {name} {means.min():.2f}; n = {self.n}"


def antecedents(
    survey: Survey,
    *,
    five: FiveGaps | None = None,
    by: str | None = None,
    confidence: float = 0.95,
    minimum_n: int = 5,
) -> Antecedents:
    """Scores of the causes of the gaps, with alpha, and how they go with the gaps across branches.

    Parameters
    ----------
    survey : Survey
        Answers of managers and staff to the instrument "antecedents" (battery "perceptions"), or to scales of your own.
        A dimension whose id begins with "gap1" ... "gap4" is a cause of that gap.
    five : FiveGaps, optional
        Of the same branches, made with the same ``by``. Without it there is no association.
    by : str, optional
        The column that holds the branch; by default that of `five`.
    confidence : float
        Of the intervals.
    minimum_n : int
        Branches where fewer people answered are not shown.

    Returns
    -------
    Antecedents
        ``scores`` (index dimension, or branch and dimension): gap, n, mean, low, high on the answer scale; a low score
        points to a possible cause. ``alpha``: raw alpha of each scale with Feldt's interval. ``association``: for each
        cause of a gap, the correlation over *branches* of its mean with the branch's overall gap: gap, branches, r,
        low, high (Fisher; NaN with fewer than four branches), p, and `if_cause`, the sign it would have if a better
        score went with a smaller gap. It is an association among a handful of branches and no proof of a cause.

    Raises
    ------
    ValueError
        `five` was not made by the same column.

    References
    ----------
    .. [1] Zeithaml, V. A., Berry, L. L., & Parasuraman, A. (1988). Communication and control processes in the delivery
       of service quality. Journal of Marketing, 52(2), 35-48.
    .. [2] Fisher, R. A. (1921). On the probable error of a coefficient of correlation. Metron, 1, 3-32.

    Examples
    --------
    >>> from gapkit.survey.simulate import simulate
    >>> from gapkit.survey.truth import Truth
    >>> plain = Truth(expectations=5, gaps=0, ceiling=None, importance=None, outcomes=())
    >>> asked = simulate("antecedents", n=60, seed=1, truth=plain)
    >>> antecedents(asked).scores.columns.tolist()
    ['gap', 'n', 'mean', 'low', 'high']
    """
    check_confidence(confidence)
    by = by or (five.by if five is not None else None)
    if five is not None and five.by != by:
        made = f'by "{five.by}"' if five.by else "without groups"
        raise ValueError(
            f'five was made {made}, the causes are to be grouped by "{by}": make both with one column, '
            f'five_gaps(..., by="{by}").'
        )
    means = performance_scores(survey, by=by, confidence=confidence, minimum_n=minimum_n)
    columns = {"n": "n", "P": "mean", "low": "low", "high": "high"}
    scores = means.dimensions.reindex(columns=list(columns)).rename(columns=columns)
    scores.insert(0, "gap", [gap_of(dimension) for dimension in scores.index.get_level_values("dimension")])
    trust = internal_consistency(survey, of="perceptions", confidence=confidence).dimensions
    alpha = trust.loc[list(survey.instrument.dimension_ids), ["items", "n", "alpha", "alpha_low", "alpha_high"]]
    association = _association(scores, five, confidence)
    return Antecedents(
        scores=scores,
        alpha=alpha,
        association=association,
        suppressed=means.suppressed,
        by=by,
        confidence=confidence,
        n=means.n,
        source=means.source,
        method=sentences(
            means.method,
            phrase("Raw alpha with Feldt's interval."),
            phrase(
                "Association: Pearson correlation over branches of a cause's mean with the branch's overall gap, "
                "Fisher intervals at {confidence:.4g}, each branch counting once whatever its size; not adjusted for "
                "the number of causes looked at; an association, not an effect.",
                confidence=confidence,
            ),
        ),
    )


def gap_of(dimension: str) -> str:
    """The gap that a scale is a cause of, by its id; empty where the id does not say.

    Examples
    --------
    >>> gap_of("gap3_teamwork"), gap_of("market_orientation")
    ('gap_3', '')
    """
    found = re.match(r"gap_?([1-5])", dimension)
    return f"gap_{found[1]}" if found else ""


def correlation_interval(r: float, n: int, confidence: float) -> tuple[float, float]:
    """Fisher's interval of a correlation over n pairs; NaN for fewer than four.

    Examples
    --------
    >>> [round(end, 4) for end in correlation_interval(0.6581375, 439, 0.95)]
    [0.6016, 0.7081]
    """
    if n < FEWEST_BRANCHES or not np.isfinite(r):
        return np.nan, np.nan
    half = special.ndtri((1 + confidence) / 2) / np.sqrt(n - 3)
    middle = np.arctanh(np.clip(r, -1 + 1e-15, 1 - 1e-15))
    return float(np.tanh(middle - half)), float(np.tanh(middle + half))


def _association(scores: pd.DataFrame, five: FiveGaps | None, confidence: float) -> pd.DataFrame:
    """The correlation of each cause with its gap over the branches where both are shown."""
    rows = {}
    causes = dict.fromkeys(scores.index.get_level_values("dimension")) if five is not None and five.by else {}
    for cause in causes:
        if five is None or not (gap := gap_of(str(cause))):
            continue
        x = scores["mean"].xs(cause, level="dimension")
        y = five.gaps["value"].xs("overall", level="score").xs(gap, level="gap")
        both = pd.concat({"x": x, "y": y}, axis=1, join="inner").dropna()
        n, r = len(both), np.nan
        if n > 2 and (both.std() > 0).all():
            r = float(np.corrcoef(both["x"], both["y"])[0, 1])
        t = r * np.sqrt((n - 2) / (1 - r**2)) if n > 2 and abs(r) < 1 else np.nan
        low, high = correlation_interval(r, n, confidence)
        p = float(2 * special.stdtr(n - 2, -abs(t))) if np.isfinite(t) else np.nan
        rows[cause] = (gap, n, r, low, high, p, "-" if gap == "gap_4" else "+")
    columns = ["gap", "branches", "r", "low", "high", "p", "if_cause"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("dimension")
