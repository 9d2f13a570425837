"""How well a factor model reproduces the correlations: the indices psych's ``fa`` prints, by its definitions."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import chdtr, chdtrc, chndtr

from gapkit.measure.smoothing import is_singular, smooth

Floats = NDArray[np.floating]

FIT_COLUMNS = ["chi2", "df", "p", "rmsea", "rmsea_low", "rmsea_high", "tli", "bic", "rmsr", "objective"]
_FIT_INDEX = pd.Index(FIT_COLUMNS)


def degrees_of_freedom(items: int, n_factors: int) -> int:
    """Correlations less free parameters: ((p - k)^2 - p - k) / 2."""
    return ((items - n_factors) ** 2 - items - n_factors) // 2


def most_factors(items: int) -> int:
    """The largest number of factors with no negative degrees of freedom."""
    return max(k for k in range(items) if degrees_of_freedom(items, k) >= 0)


def fit_statistics(R: Floats, model: Floats, *, n_factors: int, n: float | None) -> pd.DataFrame:
    """Fit of the correlations that loadings imply.

    Parameters
    ----------
    R : array (p, p)
        Observed correlations, positive definite.
    model : array (p, p)
        ``loadings @ phi @ loadings.T``; its diagonal is not used.
    n_factors : int
    n : float or None
        Respondents that count: the fewest behind any pair of items, by Kish's effective number if weighted, as for
        Bartlett's test, parallel analysis and `confirm`. Without it, only df, rmsr and objective are known. psych
        counts every respondent, also where pairs of items have fewer.

    Returns
    -------
    DataFrame, one row, columns `FIT_COLUMNS`

    Notes
    -----
    With M the model with a unit diagonal, objective = trace(inv(M) R) - log det(inv(M) R) - p, and
    chi2 = objective (n - 1 - (2 p + 5)/6 - 2 k/3), Bartlett's correction. rmsea's interval is the 90 % one; bic is
    chi2 - df log n; rmsr is the root mean square of the off-diagonal residuals. Undefined entries are NaN: all but the
    last two without degrees of freedom; what rests on chi2 where respondents are too few for Bartlett's correction; all
    but df and rmsr where R is singular or was before it was smoothed, as its determinant is then the value its smallest
    eigenvalues were raised to.
    """
    p = len(R)
    df = degrees_of_freedom(p, n_factors)
    residual = R - model
    np.fill_diagonal(residual, 0.0)
    rmsr = math.sqrt((residual**2).sum() / (p * (p - 1)))
    implied = model.copy()
    np.fill_diagonal(implied, 1.0)
    row: dict[str, float] = dict.fromkeys(FIT_COLUMNS, math.nan) | {"df": df, "rmsr": rmsr}
    if is_singular(R):
        return pd.DataFrame({name: [value] for name, value in row.items()}, columns=_FIT_INDEX)
    ratio = np.linalg.solve(smooth(implied).matrix, R)
    objective = float(np.trace(ratio) - np.linalg.slogdet(ratio)[1] - p)
    row["objective"] = objective
    corrected = math.nan if n is None else n - 1 - (2 * p + 5) / 6 - 2 * n_factors / 3
    if n is not None and corrected > 0:
        chi2 = max(objective * corrected, 0.0)
        row["chi2"] = chi2
        if df > 0:
            independence = -float(np.linalg.slogdet(R)[1]) * 2 / (p * (p - 1))  # per degree of freedom, as objective/df
            low, high = rmsea_interval(chi2, df, n)
            row |= {
                "p": float(chdtrc(df, chi2)),
                "rmsea": math.sqrt(max(chi2 / (df * n) - 1 / (n - 1), 0.0)),
                "rmsea_low": low,
                "rmsea_high": high,
                "tli": (independence - objective / df) / (independence - 1 / corrected),
                "bic": chi2 - df * math.log(n),
            }
    return pd.DataFrame({name: [value] for name, value in row.items()}, columns=_FIT_INDEX)


def rmsea_interval(chi2: float, df: int, n: float, level: float = 0.90) -> tuple[float, float]:
    """Limits of RMSEA: those noncentralities under which chi2 is at the (1 - level)/2 tails.

    Examples
    --------
    >>> low, high = rmsea_interval(100.0, 50, 300)
    >>> round(low, 4), round(high, 4)
    (0.0412, 0.0743)
    """
    tail = (1 - level) / 2

    def limit(share: float) -> float:
        """RMSEA at the noncentrality under which a share of all samples have a smaller chi2."""
        if chdtr(df, chi2) <= share:
            return 0.0
        low, high = 0.0, chi2 + 10 * math.sqrt(chi2) + 100
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (middle, high) if chndtr(chi2, df, middle) > share else (low, middle)
        return math.sqrt((low + high) / 2 / (df * (n - 1)))

    return limit(1 - tail), limit(tail)
