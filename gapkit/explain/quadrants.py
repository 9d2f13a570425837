"""Importance against performance: the quadrant of every item under three cut rules, and the items that change it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from ..measure.level_scores import ratio
from ..measure.means import checked_weights
from ..measure.resampling import resampled_covariances, resampling_counts
from ..survey.phrase import phrase, sentences
from ..survey.result import Result
from ..survey.survey import Survey
from .driver_draws import as_correlations, check_draws, in_unit_spread
from .driver_inputs import Level, Of, check_choice, outcome_of, scores_of
from .driver_tables import parts
from .importance import clear_of_singular, johnson_weights
from .stated import stated_answers

RULES = ("grand means", "medians", "midpoints")
NAMES = ("low priority", "possible overkill", "concentrate here", "keep it up")
"""By 2 x (importance is high) + (performance is high)."""

AT_ONCE = 100
"""Draws in one batch."""


SINGLE = {"dimensions": phrase("dimension"), "items": phrase("item")}


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Quadrants(Result):
    """Importance-performance quadrants; see `quadrants`.

    Parameters
    ----------
    positions : DataFrame, one row per item or dimension
        `importance` and `performance` with their standard errors and their `correlation` over the draws (for ellipses).
    quadrants : DataFrame, one row per item or dimension, one column per cut rule
    cuts : DataFrame, one row per cut rule
        Where importance and performance are cut.
    changed : DataFrame
        The rows of `quadrants` that are not the same under every rule.
    certainty : DataFrame, one row per item or dimension, one column per cut rule
        Share of draws in which it falls in the same quadrant, cuts taken again in each draw.
    """

    positions: pd.DataFrame
    quadrants: pd.DataFrame
    cuts: pd.DataFrame
    changed: pd.DataFrame
    certainty: pd.DataFrame

    @property
    def headline(self) -> str:
        """What is in "concentrate here" whatever the cut, and which items depend on it."""
        always = (self.quadrants == NAMES[2]).all(axis=1)
        named = ", ".join(map(str, self.quadrants.index[always])) or "nothing"
        moved = ", ".join(map(str, self.changed.index)) or "none"
        return (
            f"concentrate here under all {self.quadrants.shape[1]} cut rules: {named}; the rule decides for "
            f"{len(self.changed)} of {len(self.quadrants)}: {moved}; n = {self.n}"
        )


def quadrants(
    survey: Survey,
    *,
    level: Level = "items",
    importance: Literal["stated", "derived"] = "stated",
    of: Of = "perceptions",
    outcome: str = "overall",
    draws: int = 1000,
    seed: int = 0,
) -> Quadrants:
    """Importance-performance analysis under three cut rules.

    Parameters
    ----------
    survey : Survey
        Survey weights reach every number.
    level : {"items", "dimensions"}
    importance : {"stated", "derived"}
        What respondents say matters (ratings or 100 points), or Johnson's shares of R squared of the outcome.
    of : {"perceptions", "gaps"}
        Performance: mean perception, or mean gap.
    outcome : str
        For derived importance.
    draws : int
        Bootstrap samples of respondents, for standard errors and `certainty`.
    seed : int
        Of the draws.

    Returns
    -------
    Quadrants
        At the cut counts as high. The midpoint of importance is the scale's middle for ratings and the equal share for
        points and derived importance; that of performance the scale's middle for perceptions and 0 for gaps.

    Raises
    ------
    ValueError
        Importance was not asked, or nothing can be derived.

    References
    ----------
    .. [1] Martilla, J. A., & James, J. C. (1977). Importance-performance analysis. Journal of Marketing, 41(1), 77-79.
    .. [2] Oh, H. (2001). Revisiting importance-performance analysis. Tourism Management, 22, 617-627.

    Examples
    --------
    >>> import gapkit as gk
    >>> found = quadrants(gk.datasets.load("hotel"), level="dimensions", draws=100)
    >>> found.quadrants.columns.tolist()
    ['grand means', 'medians', 'midpoints']
    """
    check_choice("importance", importance, ("stated", "derived"))
    check_draws(draws)
    scores, weights = scores_of(survey, of=of, level=level), checked_weights(survey.weights)
    matter, halfway, sentence = _importance_answers(survey, scores, level, importance, outcome)
    scale = survey.instrument.scale
    midpoints = halfway, (0.0 if of == "gaps" else (scale.low + scale.high) / 2)
    known = scores.notna().any() & matter[scores.columns].notna().any()
    absent, scores = list(scores.columns[~known]), scores.loc[:, known]
    matter = matter.drop(columns=absent)
    counted = (scores.notna().any(axis=1) | matter.notna().any(axis=1)).to_numpy()
    counted = counted & (True if weights is None else weights > 0)
    x, y = matter[counted].to_numpy(float), scores[counted].to_numpy(float)
    w = np.ones(len(x)) if weights is None else weights[counted]
    measure = _shares if importance == "derived" else _means
    at = measure(x, w[None])[0], _means(y, w[None])[0]
    if not np.isfinite(at).all():
        raise ValueError(
            phrase(
                "{source}: importance cannot be derived for {outcome}: a score or the outcome does not vary, or scores "
                'are combinations of each other. Use importance="stated".',
                source=survey.source,
                outcome=outcome,
            )
        )
    rng, found = np.random.default_rng(seed), []
    for start in range(0, draws, AT_ONCE):
        share = resampling_counts(len(x), draws=min(AT_ONCE, draws - start), rng=rng).astype(float) * w
        found.append(np.stack([measure(x, share), _means(y, share)]))
    drawn = np.concatenate(found, axis=1)
    drawn = drawn[:, np.isfinite(drawn).all(axis=(0, 2))]
    names = pd.Index(scores.columns, name=level[:-1])
    table, cuts = quadrants_of(*(pd.Series(values, index=names) for values in at), midpoints=midpoints)
    here, there = _places(at[0], at[1], midpoints), _places(drawn[0], drawn[1], midpoints)
    certainty = (there == here[:, None]).mean(axis=1)
    centred = drawn - drawn.mean(axis=1, keepdims=True)
    se = np.sqrt((centred**2).mean(axis=1))
    n = len(x)
    if of == "gaps":
        performance = phrase("Performance: mean gap by {level}.", level=SINGLE[level])
    else:
        performance = phrase("Performance: mean perception by {level}.", level=SINGLE[level])
    positions = {"importance": at[0], "importance_se": se[0], "performance": at[1], "performance_se": se[1]}
    positions["correlation"] = ratio(centred.prod(axis=0).mean(axis=0), se.prod(axis=0))
    return Quadrants(
        positions=pd.DataFrame(positions, index=names),
        quadrants=table,
        cuts=cuts,
        changed=table[table.ne(table["midpoints"], axis=0).any(axis=1)],
        certainty=pd.DataFrame(certainty.T, index=names, columns=list(RULES)),
        n=n,
        source=f"{survey.source}, n = {n}",
        method=sentences(
            sentence,
            performance,
            phrase(
                "At the cut counts as high. Midpoints: {importance:.4g} of importance, {performance:.4g} of "
                "performance.",
                importance=midpoints[0],
                performance=midpoints[1],
            ),
            phrase(
                "Standard errors and certainty from {draws} bootstrap samples, cuts taken again in each.",
                draws=drawn.shape[1],
            ),
            phrase("Left out, without importance or answers: {names}.", names=", ".join(absent)) if absent else "",
            "" if weights is None else phrase("Survey weights reach every number."),
        ),
    )


def quadrants_of(
    importance: pd.Series, performance: pd.Series, *, midpoints: tuple[float, float]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The quadrant of each row under three cut rules, and the cuts, from two columns of means.

    Parameters
    ----------
    importance, performance : Series
        Same index, nothing missing.
    midpoints : (float, float)
        Middle of importance and of performance, for the third rule.

    Examples
    --------
    >>> table, cuts = quadrants_of(pd.Series([6, 5, 2.0]), pd.Series([3, 6, 6.0]), midpoints=(4, 4))
    >>> table.loc[0].tolist()
    ['concentrate here', 'concentrate here', 'concentrate here']
    """
    x, y = importance.to_numpy(float), performance.to_numpy(float)
    found = np.array(NAMES, dtype=object)[_places(x, y, midpoints)]
    rules = pd.Index(RULES, name="cut")
    cuts = {"importance": _cuts(x, midpoints[0])[:, 0], "performance": _cuts(y, midpoints[1])[:, 0]}
    return pd.DataFrame(found.T, index=importance.index, columns=list(RULES)), pd.DataFrame(cuts, index=rules)


def _cuts(values: np.ndarray, midpoint: float) -> np.ndarray:
    """The three cuts, (3, ..., 1), over the last axis."""
    mean, median = (f(values, axis=-1, keepdims=True) for f in (np.mean, np.median))
    return np.stack([mean, median, np.full(mean.shape, midpoint)])


def _places(importance: np.ndarray, performance: np.ndarray, midpoints: tuple[float, float]) -> np.ndarray:
    """Places in NAMES under the three rules, (3, ..., k)."""
    # a whisker below the cut, so that equal means are at the cut whatever their last digit
    high = [v >= _cuts(v, m) - 1e-9 for v, m in zip((importance, performance), midpoints, strict=True)]
    return 2 * high[0] + 1 * high[1]


def _importance_answers(
    survey: Survey, scores: pd.DataFrame, level: str, importance: str, outcome: str
) -> tuple[pd.DataFrame, float, str]:
    """Stated answers, or scores and, last, the outcome; the midpoint of importance; the sentence that says which."""
    scale, k = survey.instrument.scale, scores.shape[1]
    if importance == "derived":
        matter = scores.assign(**{outcome: outcome_of(survey, outcome)})
        said = phrase(
            "Derived importance: Johnson's shares of R² of {outcome}, respondents with it and every score.",
            outcome=outcome,
        )
        return matter.where(matter.notna().all(axis=1)), 1 / k, said
    stated, sentence = stated_answers(survey, level=level)
    if stated is None:
        raise ValueError(
            phrase(
                '{source}: importance was not asked. Use importance="derived" with an outcome.', source=survey.source
            )
        )
    return stated, 100 / k if "points" in sentence.split(",")[0] else (scale.low + scale.high) / 2, sentence


def _means(values: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Weighted column means in every draw, (draws, k), over those who answered."""
    here = np.isfinite(values)
    return ratio(share @ np.where(here, values, 0.0), share @ here)


def _shares(values: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Johnson's shares in every draw, (draws, k), from scores and, last, the outcome; NaN where they cannot be told."""
    whole = np.isfinite(values).all(axis=1)
    found = np.full((len(share), values.shape[1] - 1), np.nan)
    if not whole.any():
        return found
    correlations = as_correlations(resampled_covariances(in_unit_spread(values[whole]), share[:, whole]))
    inner, outer = correlations[:, :-1, :-1], correlations[:, :-1, -1]
    clear = clear_of_singular(inner) & np.isfinite(outer).all(axis=1)
    found[clear] = parts(johnson_weights(inner[clear], outer[clear]))
    return found
