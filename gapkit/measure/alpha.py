"""Cronbach's alpha and its intervals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy import special

from gapkit.measure.answers import Answers, AnswersError, checked_answers
from gapkit.measure.means import check_confidence
from gapkit.measure.moments import Moments
from gapkit.measure.reduce import moments
from gapkit.measure.resampling import STILL, resampled_covariances, resampling_counts
from gapkit.survey.phrase import joined, phrase, sentences

Floats = NDArray[np.floating]
MOST = 1 + 1e-9
"""The largest alpha, with room for rounding."""


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
        some packages print under the same name. NaN for a single item or items that do not vary. Where pairs of items
        were answered by different people, their covariances may not go together, and a value beyond 1 comes out, as in
        psych: that is no alpha but the sign that these answers have none.

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

    Exact for normal items of equal variances and correlations; compare with `bootstrap_alpha` for skewed answers. NaN
    where there is no interval: a single item, one respondent, no alpha, or one beyond 1, see `cronbach_alpha`.

    Raises
    ------
    ValueError
        A confidence that is not between 0 and 1.

    References
    ----------
    .. [1] Feldt, L. S. (1965). The approximate sampling distribution of Kuder-Richardson reliability coefficient
       twenty. Psychometrika, 30, 357-370.

    Examples
    --------
    >>> tuple(round(end, 3) for end in feldt_interval(0.8, n=100, k=5))
    (0.731, 0.856)
    """
    check_confidence(confidence)
    if k < 2 or n <= 1 or not np.isfinite(alpha) or alpha > MOST:
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
        Bootstrap draws, at least 2.
    seed : int
    confidence : float
        Of the percentile intervals.
    weights : array of n numbers, optional
        Respondent weights; a respondent keeps the weight when drawn.

    Returns
    -------
    DataFrame, one row per scale: `alpha` (of the answers as they are), `se`, `low`, `high`, `draws`
        Unlike Feldt's, these intervals do not suppose normal answers. `draws` is how many they are made of: a draw in
        which no item of a scale varies, or nobody answered some pair of them, has no alpha and is left out.
        ``.attrs["method"]`` says all this in a sentence.

    Raises
    ------
    AnswersError
        See `checked_answers`; fewer than 2 draws.
    ValueError
        A confidence that is not between 0 and 1.

    Examples
    --------
    >>> answers = pd.DataFrame({"q01": [1, 2, 3, 4, 5, 5], "q02": [2, 2, 3, 5, 4, 5], "q03": [1, 3, 3, 4, 5, 4]})
    >>> bootstrap_alpha(pd.concat([answers] * 20), draws=500).loc["total", ["alpha", "low", "high"]].round(2).tolist()
    [0.94, 0.93, 0.95]
    """
    check_confidence(confidence)
    if draws < 2:
        raise AnswersError(f"draws={draws}: an interval needs at least 2 draws, and 500 to be steady.")
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
        sample, each = observed[:, own[0], own[1]], drawn[:, own[0], own[1]]
        varies = np.trace(each, axis1=-2, axis2=-1) > STILL * np.trace(sample, axis1=-2, axis2=-1)
        alphas = alpha_of(each[varies])
        alphas = alphas[np.isfinite(alphas)]
        enough = len(members) > 1 and len(alphas) > 1
        low, high = np.quantile(alphas, [tail, 1 - tail]) if enough else (np.nan, np.nan)
        rows[name] = {"alpha": alpha_of(sample)[0], "se": alphas.std(ddof=1) if enough else np.nan}
        rows[name] |= {"low": low, "high": high, "draws": len(alphas) if len(members) > 1 else 0}
    result = pd.DataFrame.from_dict(rows, orient="index").astype({"draws": int}).rename_axis("scale")
    result.attrs["method"] = _method(table, result, draws, seed, confidence)
    result.attrs["source"] = table.source
    return result


def _method(table: Answers, result: pd.DataFrame, draws: int, seed: int, confidence: float) -> str:
    """What was computed, and from how many draws."""
    about = {"confidence": confidence, "draws": draws, "seed": seed}
    said: list[str] = [
        phrase("Raw alpha of {respondents}.", respondents=joined(table.notes)),
        phrase("Percentile intervals ({confidence:.0%}) of {draws} bootstrap draws, seed {seed}.", **about),
    ]
    said += [
        phrase(
            "{scale}: {lost} draws without an alpha (no item varied, or nobody answered some pair of items) left out.",
            scale=name,
            lost=draws - used,
        )
        for name, used in result["draws"].items()
        if 0 < used < draws
    ]
    beyond = result.index[result["alpha"] > MOST]
    if len(beyond):
        said.append(beyond_one(beyond))
    return sentences(*said)


def beyond_one(scales: Iterable[str]) -> str:
    """The sentence on alphas that come out beyond 1."""
    return phrase(
        "Alpha beyond 1, which no scale has: {scales}. Pairs of items were answered by different people, and their "
        "covariances do not go together; read nothing into it.",
        scales=", ".join(map(str, scales)),
    )
