"""Cronbach's alpha and its intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import special

from gapkit.measure.answers import checked_answers
from gapkit.measure.moments import Moments
from gapkit.measure.reduce import moments
from gapkit.measure.resampling import resampled_covariances, resampling_counts

Floats = NDArray[np.floating]


def cronbach_alpha(answers: pd.DataFrame | Moments) -> float:
    """Cronbach's alpha: how far the items of one scale move together.

    Parameters
    ----------
    answers : DataFrame (n respondents x k items), scale points, or Moments
        Pairwise-complete covariances are used; NaN is an unanswered item.

    Returns
    -------
    float
        Raw alpha, at most 1; negative when items pull against each other. Differs from the *standardised* alpha that
        some packages print under the same name. NaN for a single item or items that do not vary.

    References
    ----------
    .. [1] Cronbach, L. J. (1951). Coefficient alpha and the internal structure of tests. Psychometrika, 16, 297-334.

    Examples
    --------
    >>> cronbach_alpha(pd.DataFrame({"q01": [1, 2, 3], "q02": [1, 2, 3]}))
    1.0
    """
    reduced = answers if isinstance(answers, Moments) else moments(answers)
    return float(alpha_of(reduced.covariance().to_numpy()))


def alpha_of(covariances: Floats) -> Floats:
    """Alpha from covariances (..., k, k): raw; from correlations it is the standardised alpha."""
    k = covariances.shape[-1]
    if k < 2:
        return np.full(covariances.shape[:-2], np.nan)
    with np.errstate(invalid="ignore", divide="ignore"):
        return k / (k - 1) * (1 - np.trace(covariances, axis1=-2, axis2=-1) / covariances.sum(axis=(-2, -1)))


def standardised(covariances: Floats) -> Floats:
    """Covariances (k x k) of items brought to one standard deviation each."""
    sd = np.sqrt(np.diag(covariances))
    with np.errstate(invalid="ignore", divide="ignore"):
        return covariances / np.outer(sd, sd)


def feldt_interval(alpha: float, *, n: float, k: int, confidence: float = 0.95) -> tuple[float, float]:
    """Feldt's interval for alpha: (1 - true alpha) / (1 - alpha) follows F with n - 1 and (n - 1)(k - 1) degrees.

    Exact for normal items of equal variances and correlations; compare with `bootstrap_alpha` for skewed answers.

    References
    ----------
    .. [1] Feldt, L. S. (1965). The approximate sampling distribution of Kuder-Richardson reliability coefficient
       twenty. Psychometrika, 30, 357-370.

    Examples
    --------
    >>> tuple(round(end, 3) for end in feldt_interval(0.8, n=100, k=5))
    (0.731, 0.856)
    """
    if k < 2 or n <= 1 or not np.isfinite(alpha):
        return np.nan, np.nan
    tail = (1 - confidence) / 2
    quantiles = special.fdtri(n - 1, (n - 1) * (k - 1), [1 - tail, tail])
    low, high = 1 - (1 - alpha) * quantiles
    return float(low), float(high)


def bootstrap_alpha(
    answers: pd.DataFrame,
    *,
    scales: Mapping[str, Sequence[str]] | None = None,
    draws: int = 2000,
    seed: int = 0,
    confidence: float = 0.95,
    weights: ArrayLike | None = None,
) -> pd.DataFrame:
    """Bootstrap intervals for raw alpha: respondents are drawn anew, with replacement.

    Parameters
    ----------
    answers : DataFrame (n respondents x k items), scale points
    scales : mapping of names to items, optional
        For example ``{d.id: d.items for d in survey.instrument.dimensions}``; the row "total" is always there.
    draws : int
        Bootstrap draws.
    seed : int
    confidence : float
        Of the percentile intervals.
    weights : array of n numbers, optional
        Respondent weights; a respondent keeps the weight when drawn.

    Returns
    -------
    DataFrame, one row per scale: `alpha` (of the answers as they are), `se`, `low`, `high`
        Unlike Feldt's, these intervals do not suppose normal answers.

    Examples
    --------
    >>> answers = pd.DataFrame({"q01": [1, 2, 3, 4, 5, 5], "q02": [2, 2, 3, 5, 4, 5], "q03": [1, 3, 3, 4, 5, 4]})
    >>> bootstrap_alpha(pd.concat([answers] * 20), draws=500).loc["total", ["alpha", "low", "high"]].round(2).tolist()
    [0.94, 0.93, 0.95]
    """
    table = checked_answers(answers, weights=weights)
    place = {name: number for number, name in enumerate(table.items)}
    groups = {name: [place[item] for item in members] for name, members in (scales or {}).items()}
    groups["total"] = list(place.values())
    counts = resampling_counts(table.n, draws=draws, rng=np.random.default_rng(seed))
    rows: dict[str, Any] = {}
    observed = resampled_covariances(table.values, np.ones((1, table.n)), weights=table.weights)
    drawn = resampled_covariances(table.values, counts, weights=table.weights)
    tail = (1 - confidence) / 2
    for name, members in groups.items():
        own = np.ix_(members, members)
        alphas = alpha_of(drawn[:, own[0], own[1]])
        low, high = np.nanquantile(alphas, [tail, 1 - tail]) if len(members) > 1 else (np.nan, np.nan)
        alpha = alpha_of(observed[:, own[0], own[1]])[0]
        rows[name] = {"alpha": alpha, "se": np.nanstd(alphas, ddof=1) if len(members) > 1 else np.nan}
        rows[name] |= {"low": low, "high": high}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("scale")
