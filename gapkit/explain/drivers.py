"""Drivers: what respondents say matters, and what goes with an outcome; R squared shared out among the predictors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ..measure.means import check_confidence
from ..measure.moments import Moments
from ..measure.reduce import moments
from ..measure.regression import ROUNDING, refuse_impossible
from ..survey.naming import battery_name, level_name
from ..survey.phrase import phrase, sentences
from ..survey.result import Result
from ..survey.survey import Survey
from .driver_draws import resampled, wishart
from .driver_inputs import Level, Missing, Of, driver_table, refuse_constant
from .driver_method import too_few, weights_method
from .driver_tables import fit_table, importance_table, regression_table
from .importance import MOST_PREDICTORS, SINGULAR, clear_of_singular, general_dominance, johnson_weights, r_squared
from .stated import stated_importance


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Drivers(Result):
    """What goes with an outcome; see `drivers`.

    Parameters
    ----------
    stated : DataFrame or None
        What respondents say matters: n, mean, se, low, high, rank. None where it was not asked.
    johnson : DataFrame, one row per predictor
        `weight`, the predictor's part of R squared by Johnson's relative weights, with `low` and `high`; `share`, the
        same as part of R squared (adds up to 1), with `share_low` and `share_high`; `rank`; `first`, the share of
        draws in which it ranks first.
    dominance : DataFrame or None
        The same by general dominance; None for more than 12 predictors.
    regression : DataFrame
        What misleads where predictors overlap: `r` with the outcome; `beta`, the standardised weight, with `low` and
        `high`; `vif`; `turned`, whether beta has the other sign than r.
    fit : DataFrame, one row
        `r2` with `low` and `high`, `adjusted_r2`, and `condition`, the root of the largest over the smallest
        eigenvalue of the predictors' correlations. Advice, not verdicts: a vif above 10 or a condition above 30 is
        read as overlap that makes single weights unsteady (Belsley, 1991).
    """

    stated: pd.DataFrame | None = None
    johnson: pd.DataFrame
    dominance: pd.DataFrame | None = None
    regression: pd.DataFrame
    fit: pd.DataFrame
    outcome: str
    confidence: float = 0.95

    @property
    def headline(self) -> str:
        """Which predictor goes with the outcome most, and how sure that is."""
        row, r2 = self.johnson.iloc[int(self.johnson["weight"].argmax())], self.fit["r2"].iloc[0]
        return (
            f"{row.name} goes most with {self.outcome}: {row['share']:.0%} of R² = {r2:.2f} "
            f"({100 * self.confidence:g} % CI {row['share_low']:.0%} to {row['share_high']:.0%}), "
            f"first in {row['first']:.0%} of the draws, n = {self.n}"
        )


def drivers(
    survey: Survey,
    *,
    outcome: str = "overall",
    of: Of = "perceptions",
    level: Level = "dimensions",
    missing: Missing = "complete",
    draws: int = 1000,
    confidence: float = 0.95,
    seed: int = 0,
) -> Drivers:
    """Stated importance, and derived importance: how R squared of an outcome is shared by overlapping predictors.

    Parameters
    ----------
    survey : Survey
        Survey weights in ``respondents["weight"]`` reach every number.
    outcome : str
        A numeric column of ``survey.respondents``.
    of : {"perceptions", "gaps"}
        What accounts for it: SERVPERF's scores or SERVQUAL's.
    level : {"dimensions", "items"}
        Items have Johnson's weights only where there are more than 12.
    missing : {"complete", "pairwise"}
        "complete" counts respondents with the outcome and every score (a dimension's score is the mean of its answered
        items, at least one); "pairwise" counts for each correlation those with both.
    draws : int
        Bootstrap samples of respondents behind the percentile intervals.
    confidence : float
        Of the intervals.
    seed : int
        Of the draws.

    Returns
    -------
    Drivers
        Read `johnson` and `dominance` first; where they disagree, or where `first` is far from 1, the order is not
        settled. Weights cannot be negative, so an interval above 0 is no test: compare the intervals with each other,
        and look for the direction in `regression["r"]`. With many predictors R squared of resampled respondents leans
        upward, and the intervals of `weight` and `r2` with it.

    Raises
    ------
    ValueError
        No such outcome, an outcome of text, a constant column, too few respondents, or predictors that are exact
        combinations of each other.

    References
    ----------
    .. [1] Johnson, J. W. (2000). A heuristic method for estimating the relative weight of predictor variables in
       multiple regression. Multivariate Behavioral Research, 35, 1-19.
    .. [2] Tonidandel, S., LeBreton, J. M., & Johnson, J. W. (2009). Determining the statistical significance of
       relative weights. Psychological Methods, 14, 387-399.
    .. [3] Belsley, D. A. (1991). Conditioning diagnostics. Wiley.

    Examples
    --------
    >>> import gapkit as gk
    >>> found = gk.drivers(gk.datasets.load("hotel"), outcome="overall", draws=200)
    >>> bool(np.isclose(found.johnson["weight"].sum(), found.fit["r2"].iloc[0]))
    True
    """
    table = driver_table(survey, outcome=outcome, of=of, level=level, missing=missing)
    predictors = list(table.columns.columns[:-1])
    reduced = moments(table.columns, weights=table.weights)
    n, correlations = _checked(reduced, outcome, dict(_as_coefficients(predictors)))
    sampled = resampled(table.values, table.weights, draws=draws, seed=seed)
    found = _shared_out(correlations, sampled, predictors, outcome, n=n, confidence=confidence)
    stated, sentence = stated_importance(survey, level=level, confidence=confidence)
    return replace(
        found,
        n=len(table.columns),
        source=f"{survey.source}, n = {len(table.columns)}",
        stated=stated,
        method=sentences(
            phrase("Predictors: {battery} of {level}.", battery=battery_name(of), level=level_name(level)),
            table.rule,
            found.method,
            phrase("Bootstrap of respondents."),
            "" if table.weights is None else phrase("Survey weights reach every number."),
            sentence,
        ),
    )


def drivers_from_moments(
    m: Moments,
    *,
    outcome: str,
    predictors: Sequence[str] | Mapping[str, Sequence[str] | Mapping[str, float]],
    draws: int = 1000,
    confidence: float = 0.95,
    seed: int = 0,
) -> Drivers:
    """Derived importance from moments: the answers are no longer needed, however many there were.

    Parameters
    ----------
    m : Moments
        Over the outcome and everything the predictors are made of.
    outcome : str
        One of its columns.
    predictors : sequence of str, or mapping
        Columns; or name -> columns to average (``{"reliability": ["P.q05", "P.q06"]}``); or name -> {column: factor},
        such as gaps ``{"tangibles": {"P.q01": 1, "E.q01": -1}}``.
    draws, confidence, seed
        As in `drivers`.

    Returns
    -------
    Drivers
        Point values equal those of `drivers` where every answer is there; otherwise sums are pairwise complete, which
        for averaged columns is not the same as the mean of what each respondent answered. Intervals come from Wishart
        draws around these moments (multivariate normal answers, Kish's effective n); `stated` is None.

    Raises
    ------
    ValueError
        As in `drivers`; `ColumnError` for a column the moments do not hold.

    Examples
    --------
    >>> import gapkit as gk
    >>> answers = pd.DataFrame({"a": [1, 2, 1, 2, 1], "b": [1, 1, 2, 2, 3], "y": [2, 3, 3, 5, 4]})
    >>> drivers_from_moments(gk.moments(answers), outcome="y", predictors=["a", "b"], draws=50).johnson.index.tolist()
    ['a', 'b']
    """
    made = dict(_as_coefficients(predictors))
    used = m.select([*dict.fromkeys(column for parts in made.values() for column in parts), outcome])
    n, correlations = _checked(used, outcome, made)
    sampled = wishart(correlations, n, draws=draws, seed=seed)
    found = _shared_out(correlations, sampled, list(made), outcome, n=n, confidence=confidence)
    missing = phrase("Answers are missing: pairwise sums, intervals for n = {n:.1f}.", n=n)
    method = sentences(
        phrase("From moments."),
        found.method,
        phrase("Wishart draws (normal answers)."),
        "" if used.complete else missing,
        phrase("Weighted; intervals for Kish's effective n.") if used.weighted else "",
        phrase("Stated importance: not known."),
    )
    return replace(found, n=used.n, source=f"{used.source or 'moments'}, n = {used.n}", method=method)


def _as_coefficients(
    predictors: Sequence[str] | Mapping[str, Sequence[str] | Mapping[str, float]],
) -> Mapping[str, Mapping[str, float]]:
    """Every predictor as name -> {column: factor}."""
    if not isinstance(predictors, Mapping):
        return {name: {name: 1.0} for name in predictors}
    return {
        name: dict(parts) if isinstance(parts, Mapping) else dict.fromkeys(parts, 1 / len(parts))
        for name, parts in predictors.items()
    }


def _checked(m: Moments, outcome: str, made: Mapping[str, Mapping[str, float]]) -> tuple[float, np.ndarray]:
    """Fewest (effective) respondents behind a pair, and the correlations of the predictors and, last, the outcome."""
    columns = list(dict.fromkeys(column for parts in made.values() for column in parts))
    chosen = m.select([*columns, outcome])
    n = float(chosen.pair_counts().to_numpy().min())
    if not made or n <= len(made) + 2:
        raise too_few(len(made), outcome, n)
    factors = np.zeros((len(made) + 1, len(columns) + 1))
    factors[-1, -1] = 1.0
    for row, parts in enumerate(made.values()):
        for column, factor in parts.items():
            factors[row, columns.index(column)] = factor
    covariance = factors @ chosen.covariance().to_numpy() @ factors.T
    sd = np.sqrt(np.maximum(np.diag(covariance), 0.0))
    refuse_constant(sd, [*made, outcome], size=factors @ chosen.mean().to_numpy())
    correlations = covariance / np.outer(sd, sd)
    smallest, direction = np.linalg.eigh(correlations[:-1, :-1])
    if smallest[0] < SINGULAR:
        involved = [name for name, part in zip(made, direction[:, 0], strict=True) if abs(part) > 1e-3]
        raise ValueError(
            phrase(
                "{names} cannot be told apart (exact combinations of each other, or pairwise correlations that fit no "
                'data). Leave one out, or use missing="complete".',
                names=", ".join(involved),
            )
        )
    refuse_impossible(float(r_squared(correlations[:-1, :-1], correlations[:-1, -1])), outcome)
    return n, correlations


def _shared_out(
    correlations: np.ndarray, sampled: np.ndarray, names: list[str], outcome: str, *, n: float, confidence: float
) -> Drivers:
    """R squared shared out, with intervals from the draws' correlations (draws, p + 1, p + 1)."""
    check_confidence(confidence)
    inner, outer = correlations[:-1, :-1], correlations[:-1, -1]
    usable = sampled[clear_of_singular(sampled[:, :-1, :-1]) & np.isfinite(sampled[:, :, -1]).all(axis=1)]
    usable = usable[r_squared(usable[:, :-1, :-1], usable[:, :-1, -1]) <= 1 + ROUNDING]
    if not len(usable):
        raise ValueError(
            phrase("no draw could be used: in each a predictor or the outcome was constant. Use more respondents.")
        )
    inners, outers = usable[:, :-1, :-1], usable[:, :-1, -1]
    few = len(names) <= MOST_PREDICTORS
    lost = len(sampled) - len(usable)
    johnson = importance_table(johnson_weights(inner, outer), johnson_weights(inners, outers), names, confidence)
    dominance = (
        importance_table(general_dominance(inner, outer), general_dominance(inners, outers), names, confidence)
        if few
        else None
    )
    return Drivers(
        n=int(n),
        source="",
        method=weights_method(outcome, len(names), confidence=confidence, draws=len(usable), lost=lost),
        johnson=johnson,
        dominance=dominance,
        regression=regression_table(inner, outer, inners, outers, names, confidence),
        fit=fit_table(inner, outer, inners, outers, outcome, n, confidence),
        outcome=outcome,
        confidence=confidence,
    )
