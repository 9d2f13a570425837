"""Least-squares weights from moments: the answers themselves are no longer needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import special

from gapkit.measure.moments import Moments
from gapkit.survey.phrase import phrase, sentences
from gapkit.survey.result import Result

ROUNDING = 1e-9
"""How far above 1 rounding may lift R squared."""


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Regression(Result):
    """Least-squares weights of one outcome on some predictors.

    Parameters
    ----------
    weights : DataFrame, intercept and predictors x (`weight`, `se`, `t`, `p`, `standardised`)
        `weight` in units of the outcome per unit of the predictor.
    fit : DataFrame, one row: `r2`, `adjusted_r2`, `residual_sd`, `df`
        Share of the outcome's variance that the predictors account for, and what they leave.
    """

    weights: pd.DataFrame
    fit: pd.DataFrame

    @property
    def headline(self) -> str:
        """R squared and how many predictors it took."""
        return f"R² = {self.fit['r2'].iloc[0]:.3f} with {len(self.weights) - 1} predictors, n = {self.n}"


def regression(moments: Moments, *, outcome: str, predictors: Sequence[str]) -> Regression:
    """Least-squares weights of an outcome on predictors, from moments.

    The normal equations are solved between standardised columns, so that a column in thousands beside one in
    hundredths costs no digits.

    Parameters
    ----------
    moments : Moments
        Over the outcome and the predictors; with unanswered items the pairwise-complete sums are used.
    outcome : str
        The column to account for.
    predictors : sequence of str
        The columns that account for it.

    Returns
    -------
    Regression
        With missing answers, standard errors use the smallest number of respondents behind any pair; `method` says so.

    Raises
    ------
    ValueError
        There are too few respondents, or a predictor is constant or an exact combination of the others.

    References
    ----------
    .. [1] Longley, J. W. (1967). An appraisal of least squares programs for the electronic computer from the point of
       view of the user. Journal of the American Statistical Association, 62, 819-841.

    Examples
    --------
    >>> import gapkit as gk
    >>> answers = pd.DataFrame({"staff": [1, 2, 3, 4, 5], "rooms": [2, 1, 4, 3, 5], "overall": [3, 4.1, 8, 8.9, 12]})
    >>> weights = gk.regression(gk.moments(answers), outcome="overall", predictors=["staff", "rooms"]).weights
    >>> weights["weight"].round(3).to_dict()
    {'intercept': -0.067, 'staff': 1.711, 'rooms': 0.711}
    """
    names = [*predictors, outcome]
    chosen = moments.select(names)
    n = float(chosen.pair_counts().to_numpy().min())
    df = n - len(names)
    if df <= 0:
        raise ValueError(
            f"{len(predictors)} predictors and an intercept need more than {len(names)} respondents; there are {n:g}. "
            "Use fewer predictors."
        )
    mean, sd = chosen.mean().to_numpy(), chosen.sd().to_numpy()
    constant = [name for name, spread in zip(names, sd, strict=True) if not spread > 0]
    if constant:
        raise ValueError(f"{', '.join(constant)} does not vary: a constant column explains nothing. Leave it out.")
    correlation = chosen.covariance().to_numpy() / np.outer(sd, sd)
    inner, outer = correlation[:-1, :-1], correlation[:-1, -1]
    _refuse_combinations(inner, list(predictors))
    standardised = np.linalg.solve(inner, outer)
    weight = standardised * sd[-1] / sd[:-1]
    intercept = mean[-1] - weight @ mean[:-1]

    r2 = float(standardised @ outer)
    refuse_impossible(r2, outcome)
    sum_of_squares = sd[-1] ** 2 * (n - 1)
    residual_variance = (1 - r2) * sum_of_squares / df
    inverse = np.linalg.inv(inner) / np.outer(sd[:-1], sd[:-1]) / (n - 1)
    se = np.sqrt(residual_variance * np.diag(inverse))
    se_intercept = np.sqrt(residual_variance * (1 / n + mean[:-1] @ inverse @ mean[:-1]))
    table = pd.DataFrame(
        {
            "weight": [intercept, *weight],
            "se": [se_intercept, *se],
            "standardised": [np.nan, *standardised],
        },
        index=pd.Index(["intercept", *predictors], name="term"),
    )
    table.insert(2, "t", table["weight"] / table["se"])
    table.insert(3, "p", 2 * special.stdtr(df, -table["t"].abs()))
    fit = pd.DataFrame(
        {
            "r2": [r2],
            "adjusted_r2": [1 - (1 - r2) * (n - 1) / df],
            "residual_sd": [np.sqrt(residual_variance)],
            "df": [df],
        },
        index=[outcome],
    )
    missing = phrase("Answers are missing: pairwise sums, standard errors for n = {n:g}.", n=n)
    weighted = phrase("Weighted; standard errors use Kish's effective n.")
    return Regression(
        n=chosen.n,
        source=chosen.source,
        method=sentences(
            phrase(
                "Least squares of {outcome} on {predictors} with an intercept.",
                outcome=outcome,
                predictors=", ".join(predictors),
            ),
            "" if chosen.complete else missing,
            weighted if chosen.weighted else "",
        ),
        weights=table,
        fit=fit,
    )


def refuse_impossible(r2: float, outcome: str) -> None:
    """Raise where correlations of different respondents would explain more than there is."""
    if r2 > 1 + ROUNDING:
        raise ValueError(
            phrase(
                "{outcome}: R² would be {r2:.2f}. The pairs of columns were answered by different respondents, and "
                "their correlations fit no data. Use those who answered all of these columns, or leave out columns "
                "that few answered.",
                outcome=outcome,
                r2=r2,
            )
        )


def _refuse_combinations(inner: np.ndarray, predictors: list[str]) -> None:
    """Raise where a predictor is an exact combination of the others."""
    smallest, direction = np.linalg.eigh(inner)
    if smallest[0] < 1e-12:
        involved = [name for name, part in zip(predictors, direction[:, 0], strict=True) if abs(part) > 1e-3]
        raise ValueError(
            f"{', '.join(involved)} are exact combinations of each other: their weights cannot be told apart. "
            "Leave one of them out."
        )
